"""Off-policy evaluation where the truth is known: conversations simulated under any policy."""
