"""Conditions asked of deals as they stand at the end of the follow-up, of all of them at once."""
