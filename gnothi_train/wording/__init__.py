"""How assistants are spoken to, as counts that a home completes with its names."""
