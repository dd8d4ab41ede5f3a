"""A household's own library: what it has, where it came from, and who listened to what."""
