"""Greetings, thanks, help, jokes and questions about the assistant."""
