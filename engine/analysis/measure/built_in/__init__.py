"""The measures that every process has, one a module."""
