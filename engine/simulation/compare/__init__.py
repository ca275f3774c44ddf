"""Two simulations beside each other under the same luck: what differs, how surely, and what drives it."""
