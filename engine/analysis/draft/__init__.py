"""A first process, written down from deals that closed."""
