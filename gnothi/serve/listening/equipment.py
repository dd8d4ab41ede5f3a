"""Who listens and who speaks in one household: opened when first needed, shared by all doors."""

import asyncio
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from gnothi.core.errors import ArtifactError, GnothiError, StorageError
from gnothi.core.hearing import Expected, Hints, Recogniser, Usage
from gnothi.core.protocols import Name
from gnothi.serve.hearing import hints
from gnothi.serve.listening.rehearing import LiveUsage
from gnothi.serve.premises import Premises
from gnothi.serve.voice import HouseVoice
from gnothi.serve.wholeness import Wholeness
from gnothi.speech.backends import open_recogniser
from gnothi.speech.ear import Ear
from gnothi.speech.endpoint.habit import Habit
from gnothi.speech.endpoint.pointer import EndPointer
from gnothi.speech.endpoint.shipped import end_pointer
from gnothi.speech.voice import Patience, VoiceDetector

NAMESPACE = "hearing"
"""Where what is learned of a person's way to speak is kept, with what is theirs."""
_USED = "used"
_KEPT = 16
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Awaited:
    """What is said next, as far as the conversation knows."""

    expected: Expected = Expected.REQUEST
    choices: tuple[str, ...] | None = None
    """What a question offered; ``None`` where a yes or a no is awaited, or nothing."""
    nods: bool = False
    """Whether people may just show that they listen."""


ANYTHING = Awaited(nods=True)
"""A request, or a nod: one language model serves both, so that none is made while one is needed."""


class Equipment:
    """The recogniser, the detector of voices and the speaker of a household. Any thread may ask."""

    def __init__(
        self,
        household: Premises,
        *,
        recogniser: Callable[[], Recogniser] | None = None,
        detector: VoiceDetector | None = None,
        voice: HouseVoice | None = None,
        judges: bool = True,
    ) -> None:
        """Open what the household's settings name; nothing is loaded yet.

        Without *judges*, pauses alone tell when somebody has finished.
        """
        settings = household.settings
        self._household = household
        self._open_recogniser = recogniser or (lambda: open_recogniser(settings.recogniser or None))
        self.voice = voice or HouseVoice(settings)
        """Who speaks."""
        self._lock = threading.Lock()
        self._detector = detector or VoiceDetector()
        self._recogniser: Recogniser | None = None
        self._judges = judges
        self._end_pointer: EndPointer | None = None
        self._usage = LiveUsage(household.registry)
        self._hints: OrderedDict[tuple[tuple[Name, ...], Awaited, Usage], Hints] = OrderedDict()

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

    @property
    def was_used(self) -> bool:
        """Whether a microphone was ever opened in this household."""
        try:
            return self._household.journal.store(NAMESPACE).get(_USED) is True
        except StorageError:
            return False

    def note_use(self) -> None:
        """Remember that a microphone was opened: from now on, who listens is ready at the start."""
        if not self.was_used:
            with suppress(StorageError):
                self._household.journal.store(NAMESPACE).put(_USED, value=True)

    def warm(self) -> None:
        """Make ready what takes seconds at the first word; what is missing is told when needed."""
        try:
            self.prepared(ANYTHING)
        except GnothiError as error:
            _log.warning("Nobody can listen: %s", error)
        self.voice.warm()

    @property
    def end_pointer(self) -> EndPointer | None:
        """Who judges whether somebody has finished; ``None`` where pauses alone tell."""
        recogniser = self.recogniser
        with self._lock:
            if self._judges and self._end_pointer is None:
                try:
                    household = self._household
                    whole = Wholeness(household.understander, household.skills)
                    self._end_pointer = end_pointer(recogniser, whole)
                except ArtifactError as error:
                    self._judges = False
                    _log.warning("Only pauses tell when somebody has finished: %s", error)
            return self._end_pointer

    def ear(self, patience: Patience, person: str | None = None) -> Ear:
        """Return a new ear that expects a request, as patient as *person* needs it to be.

        Raises:
            GnothiError: nobody can listen here.
        """
        told, judge = self.prepared(ANYTHING), self.end_pointer
        habit = None
        if judge and person is not None:
            store = self._household.journal.store(NAMESPACE, person=person)
            habit = Habit(judge.levels, np.random.default_rng(), store)
        return Ear(
            self.recogniser,
            self._detector,
            told,
            patience=patience,
            end_pointer=judge,
            habit=habit,
        )

    def hints(self, awaited: Awaited) -> Hints:
        """Return what is known of what comes next; the same object where it is the same."""
        house, skills = self._household.house, self._household.skills
        names = tuple(house.names())
        key = (names, awaited, self._usage.now())
        with self._lock:
            found = self._hints.get(key)
            if found is None:
                told = hints(
                    _Names(names),
                    skills,
                    awaited.expected,
                    choices=awaited.choices,
                    nods=awaited.nods,
                )
                found = self._hints[key] = replace(told, usage=key[-1])
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
        if judge := self.end_pointer:
            judge.open(told)
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
