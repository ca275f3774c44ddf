"""A scenario and a process to the plan that every engine plays."""
