"""The measures that a process declares."""
