"""Simulated listeners to whom music is recommended in conversation (CONTRACTS, section 8).

Policies meet :class:`Listeners`; :class:`Judge` is for benchmarks.
"""

from gnothi_lab.worlds.listeners.client import Listeners, Reaction, Session
from gnothi_lab.worlds.listeners.judging import Judge, Recorded, Transcript, Truth

__all__ = ["Judge", "Listeners", "Reaction", "Recorded", "Session", "Transcript", "Truth"]
