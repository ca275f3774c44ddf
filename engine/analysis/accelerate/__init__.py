"""Where a process can be made faster: what it would bring to advance sooner from a stage, and what deals wait for."""
