"""What the deals came to: counts, rates, times and money, each with its interval, open deals counted as open."""
