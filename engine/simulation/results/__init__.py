"""What came of the runs, as figures and as sections of a study."""
