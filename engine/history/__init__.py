"""Files and entries to deals that happened and to tables."""
