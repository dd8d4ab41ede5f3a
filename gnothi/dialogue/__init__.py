"""The conversation: what a turn means where it stands, and what to do and say about it."""
