"""Choosing and judging under uncertainty, without knowledge of any domain."""
