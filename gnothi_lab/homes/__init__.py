"""Homes of the lab: the family, and thirty-seven made from public data."""
