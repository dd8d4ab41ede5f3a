"""The skills that come with Gnothi."""
