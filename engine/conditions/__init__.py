"""The language of conditions: text to tree to verdict. Never runs a user's code, never raises on a user's text."""
