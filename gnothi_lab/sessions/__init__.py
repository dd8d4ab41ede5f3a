"""Scripted sessions with a household: the format, how they are played, and how they are judged."""
