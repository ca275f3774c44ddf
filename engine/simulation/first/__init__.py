"""A first scenario from what a process declares."""
