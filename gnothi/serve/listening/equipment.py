"""Who listens and who speaks in one household: opened when first needed, shared by all doors."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from gnothi.core.hearing import Expected, Hints, Recogniser
from gnothi.core.protocols import Name
from gnothi.serve.hearing import hints
from gnothi.serve.premises import Premises
from gnothi.serve.voice import HouseVoice
from gnothi.speech.backends import open_recogniser
from gnothi.speech.ear import Ear
from gnothi.speech.voice import Patience, VoiceDetector

_KEPT = 16


@dataclass(frozen=True, slots=True)
class Awaited:
    """What is said next, as far as the conversation knows."""

    expected: Expected = Expected.REQUEST
    choices: tuple[str, ...] | None = None
    """What a question offered; ``None`` where a yes or a no is awaited, or nothing."""


ANYTHING = Awaited()


class Equipment:
    """The recogniser, the detector of voices and the speaker of a household. Any thread may ask."""

    def __init__(
        self,
        household: Premises,
        *,
        recogniser: Callable[[], Recogniser] | None = None,
        detector: VoiceDetector | None = None,
        voice: HouseVoice | None = None,
    ) -> None:
        """Open what the household's settings name; nothing is loaded yet."""
        settings = household.settings
        self._household = household
        self._open_recogniser = recogniser or (lambda: open_recogniser(settings.recogniser or None))
        self.voice = voice or HouseVoice(settings)
        """Who speaks."""
        self._lock = threading.Lock()
        self._detector = detector or VoiceDetector()
        self._recogniser: Recogniser | None = None
        self._hints: OrderedDict[tuple[tuple[Name, ...], Awaited], Hints] = OrderedDict()

    @property
    def recogniser(self) -> Recogniser:
        """Who listens.

        Raises:
            GnothiError: nobody can.
        """
        with self._lock:
            if self._recogniser is None:
                self._recogniser = self._open_recogniser()
            return self._recogniser

    def ear(self, patience: Patience) -> Ear:
        """Return a new ear that expects a request.

        Raises:
            GnothiError: nobody can listen here.
        """
        told = self.prepared(ANYTHING)
        return Ear(self.recogniser, self._detector, told, patience=patience)

    def hints(self, awaited: Awaited) -> Hints:
        """Return what is known of what comes next; the same object where it is the same."""
        house, skills = self._household.house, self._household.skills
        names = tuple(house.names())
        key = (names, awaited)
        with self._lock:
            found = self._hints.get(key)
            if found is None:
                found = hints(_Names(names), skills, awaited.expected, choices=awaited.choices)
                self._hints[key] = found
            self._hints.move_to_end(key)
            while len(self._hints) > _KEPT:
                self._hints.popitem(last=False)
        return found

    def prepared(self, awaited: Awaited) -> Hints:
        """Return hints that the recogniser has made a language model of: it may take seconds.

        Raises:
            GnothiError: nobody can listen here.
        """
        told = self.hints(awaited)
        self.recogniser.open(told).close()
        return told

    async def prepare(self, awaited: Awaited) -> Hints:
        """Do :meth:`prepared` beside the event loop."""
        return await asyncio.to_thread(self.prepared, awaited)


@dataclass(frozen=True, slots=True)
class _Names:
    """Names as they were a moment ago: the home may change meanwhile."""

    found: tuple[Name, ...]

    def names(self) -> tuple[Name, ...]:
        """Return them."""
        return self.found
