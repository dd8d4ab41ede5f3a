"""The eyes of a household: who reads for it, and through which camera it looks."""

import os
from functools import partial

from gnothi.core.settings import Settings
from gnothi.vision.cameras import open_camera
from gnothi.vision.eyes import Eyes
from gnothi.vision.reading.readers import open_reader

THREADS = 2
"""Cores that reading takes at most, for a second or two."""


def open_eyes(settings: Settings) -> Eyes:
    """Return eyes that open who reads, and the camera of *settings*, when they are needed."""
    threads = min(THREADS, len(os.sched_getaffinity(0)))
    camera = partial(open_camera, settings.camera) if settings.camera else None
    return Eyes(partial(open_reader, threads=threads), camera)
