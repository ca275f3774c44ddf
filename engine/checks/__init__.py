"""Is it sound? Findings on a process or rule set that can be read but does not hold together."""
