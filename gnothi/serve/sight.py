"""The eyes of a household: who reads for it, and through which camera it looks."""

import os
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gnothi.core.clock import Clock, SystemClock
from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.settings import Settings
from gnothi.learning.readings import TaughtReadings
from gnothi.registry.registry import Registry
from gnothi.vision.cameras import open_camera
from gnothi.vision.eyes import Eyes
from gnothi.vision.finding.finder import Finder, open_finder
from gnothi.vision.finding.models import NAME, TextEncoder
from gnothi.vision.reading.readers import open_reader

THREADS = 2
"""Cores that reading takes at most, for a second or two."""


def open_eyes(
    settings: Settings,
    registry: Registry | None = None,
    encoder: Callable[[], TextEncoder | None] = lambda: None,
    *,
    readings: TaughtReadings | None = None,
) -> Eyes:
    """Return eyes that open who reads, and the camera of *settings*, when they are needed.

    Things are found with the network in *registry*, and phrases are read by *encoder*. What is
    read is mended by what *readings* were put right.
    """
    threads = min(THREADS, len(os.sched_getaffinity(0)))
    camera = partial(open_camera, settings.camera) if settings.camera else None
    finder = _finder(registry, encoder, threads) if registry else None
    read = partial(open_reader, threads=threads)
    if readings is None:
        return Eyes(read, camera, finder=finder)
    return Eyes(read, camera, finder=finder, mend=readings.mended, recall=readings.told)


def open_readings(
    registry: Registry, clock: Clock | None = None, *, learns: bool = True
) -> TaughtReadings:
    """Return what was put right of what was read, as it is kept in *registry*."""
    return TaughtReadings(registry, clock or SystemClock(), learns=learns)


def _finder(
    registry: Registry, encoder: Callable[[], TextEncoder | None], threads: int
) -> Callable[[], Finder] | None:
    """Return how a finder is opened; ``None`` where its network is not installed."""
    try:
        artifact = registry.get(NAME)
    except ArtifactError:
        return None

    def read(texts: Sequence[str]) -> NDArray[np.float32]:
        found = encoder()
        if found is None:
            raise InputError("The network for language is not installed.")
        return found.encode(texts)

    return partial(open_finder, read, folder=artifact.folder, threads=threads)
