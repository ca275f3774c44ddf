"""The terminal's door: read options, ask a room below, print. Judges nothing."""
