"""What happened: how deals went, what they have in common, and how far they keep to a process."""
