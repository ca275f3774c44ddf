"""What will happen: a process played through under stated assumptions, often enough to know how sure that is."""
