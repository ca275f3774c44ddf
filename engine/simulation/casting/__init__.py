"""Who takes part in a run: open deals and new prospects, what is known of them, and what the rules refuse them."""
