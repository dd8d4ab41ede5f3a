"""Requests that were cut off: as graphs, typed, and spoken."""
