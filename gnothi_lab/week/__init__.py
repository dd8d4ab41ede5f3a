"""The household week (CONTRACTS, section 8)."""
