"""How far deals keep to a process, and where they leave it."""
