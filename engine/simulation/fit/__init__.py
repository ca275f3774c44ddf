"""A scenario learnt from what happened, and the test of how far it can be trusted."""
