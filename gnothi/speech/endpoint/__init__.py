"""When somebody has finished speaking: two passes, and patience that is learned per person."""
