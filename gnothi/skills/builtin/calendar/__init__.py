"""The household's calendar."""
