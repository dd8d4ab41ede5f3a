"""What a home learned to hear: put to use at the next utterance, and tried on recordings."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from random import Random

import numpy as np

from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import NO_USAGE, Hints, Recogniser, Samples, Teachable, Usage
from gnothi.core.protocols import Name
from gnothi.registry.registry import Registry
from gnothi.speech.level import Gain
from gnothi.speech.reciting import recite, sentences, voices
from gnothi.speech.usage import NAME, read_usage

ORDINARY = 24
"""Ordinary commands that must not be heard worse."""
_log = logging.getLogger(__name__)


class LiveUsage:
    """Asks the registry, each time, what is said in this home; each version is read once."""

    def __init__(self, registry: Registry) -> None:
        """Ask *registry*; nothing is read before it is needed."""
        self._registry = registry
        self._read: tuple[str | None, Usage] = (None, NO_USAGE)

    def now(self) -> Usage:
        """Return what counts now; nothing where nothing was learned, or it can't be read."""
        version = self._registry.serving(NAME)
        if version != self._read[0]:
            self._read = version, self._usage(version)
        return self._read[1]

    def _usage(self, version: str | None) -> Usage:
        if version is None:
            return NO_USAGE
        try:
            return read_usage(self._registry.get(NAME, version).folder)
        except ArtifactError as error:
            _log.error("%s %s can't be used: %s", NAME, version, error)
            return NO_USAGE


class HouseListener:
    """Hears recordings as the household does, with what was learned and without."""

    def __init__(self, recogniser: Callable[[], Recogniser], hints: Callable[[], Hints]) -> None:
        """Hear with *recogniser* what *hints* expect; both are opened when they are needed."""
        self._recogniser, self._hints = recogniser, hints

    @cached_property
    def _who(self) -> Recogniser:
        return self._recogniser()

    @cached_property
    def _told(self) -> Hints:
        return self._hints()

    @property
    def names(self) -> Sequence[Name]:
        """How the home calls its things."""
        return self._told.names

    @property
    def is_teachable(self) -> bool:
        """Whether what is learned changes what is heard."""
        return isinstance(self._who, Teachable) and self._who.reads_usage

    def hear(self, sound: Samples, usage: Usage) -> str:
        """Return what is heard in *sound* where *usage* is known.

        Raises:
            GnothiError: nobody can listen here.
        """
        stream = self._who.open(replace(self._told, usage=usage))
        try:
            stream.accept(Gain().take(sound, is_last=True))
            found = stream.finish()
        finally:
            stream.close()
        return found[0].text if found else ""

    def ordinary(self) -> Sequence[tuple[str, Samples]]:
        """Return ordinary commands, said by the machines' voices that are installed here.

        Raises:
            ProviderError: a voice failed.
        """
        said_by = list(voices().values())
        texts = sentences(self._told, ORDINARY, Random(0)) if said_by else ()
        read = recite(texts, said_by, np.random.default_rng(0)) if said_by else ()
        return [(one.text, one.samples) for one in read]
