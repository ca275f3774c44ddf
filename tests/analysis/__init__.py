"""What happened, as the analyses tell it."""
