"""A pipeline of seven stages, to be simulated here and by SimPy."""
