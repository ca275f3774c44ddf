"""A process compiled: the verdict on one move, or on many."""
