"""Keep entries: append-only, chained, verifiable, on SQLite (PostgreSQL by URL)."""
