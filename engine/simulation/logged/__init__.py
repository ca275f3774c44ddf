"""The log of a run as the five tables, and as a file that is read like any other."""
