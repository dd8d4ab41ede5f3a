"""Replies to prompts, written and real, and what they mean."""
