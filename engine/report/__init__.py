"""Values to text, pictures and files. Untrusted text is escaped here."""
