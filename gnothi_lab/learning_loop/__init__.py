"""The learning loop on simulated households: weeks are lived, learned from, and judged."""
