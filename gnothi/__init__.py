"""Gnothi: a self-hosted assistant that gets better by being used.

Everything the assistant hears, decides and does is an entry in a journal; every
behaviour that was learned is an artifact in a registry; between the two stands a
gate that asks for evidence.
"""

__version__ = "0.1.0"
