"""Time, date and time zones."""
