"""Training of what listens for a wake word."""
