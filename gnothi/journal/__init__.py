"""What happened: turns, their signals, the memory of skills, and copies of all that."""
