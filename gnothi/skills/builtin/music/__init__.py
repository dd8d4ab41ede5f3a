"""The household's own music."""
