"""What is understood but can't be done yet."""
