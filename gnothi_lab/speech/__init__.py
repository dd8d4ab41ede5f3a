"""Recordings to measure recognisers on."""
