"""What listens for a word that wakes the assistant."""
