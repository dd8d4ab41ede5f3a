"""What was learned: artifacts, their versions, and which of them is in use."""
