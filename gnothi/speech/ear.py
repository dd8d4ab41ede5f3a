"""From a stream of sound to utterances: gain, pauses, and a recogniser for what lies between.

An ear is driven from outside, by whoever has the sound: ``accept`` for each piece of it, ``finish``
at its end. It keeps no thread and takes no lock: one thread at a time may use it, whichever it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from gnothi.core.errors import InputError
from gnothi.core.hearing import (
    NO_HINTS,
    Hints,
    Hypothesis,
    Partial,
    Recogniser,
    Samples,
    require_sound,
)
from gnothi.speech.endpoint.breaking import Trail
from gnothi.speech.endpoint.habit import GOES_ON_S, Habit
from gnothi.speech.endpoint.pointer import EndPointer, Following, Moment
from gnothi.speech.level import Gain, Meter
from gnothi.speech.voice import (
    STATEMENT,
    Began,
    Ended,
    Ending,
    Event,
    Heard,
    Patience,
    Pauses,
    Segmenter,
    VoiceDetector,
)


@dataclass(frozen=True, slots=True)
class Listening:
    """Somebody is speaking; this was recognised so far."""

    begin_s: float
    partial: Partial


@dataclass(frozen=True, slots=True)
class Utterance:
    """Somebody has spoken."""

    begin_s: float
    end_s: float
    """Seconds from the beginning of the recording."""
    hypotheses: Sequence[Hypothesis]
    """Best first; empty where there was speech that nobody could make out."""
    ending: Ending = Ending.DECIDED
    decided_s: float = 0.0
    """Seconds from the beginning of the recording to the last sample that was needed to know."""
    broke_off: bool = False
    """Whether the sound ended, or was ended, while somebody spoke."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """Speech was awaited, and nobody began to speak in time."""

    at_s: float
    """Seconds from the beginning of the recording."""


Sound: TypeAlias = Listening | Utterance | Nobody


class Ear:
    """Listens to one stream of sound, in memory that does not grow with its length."""

    def __init__(
        self,
        recogniser: Recogniser,
        detector: VoiceDetector,
        hints: Hints = NO_HINTS,
        pauses: Pauses | None = None,
        *,
        patience: Patience = STATEMENT,
        end_pointer: EndPointer | None = None,
        habit: Habit | None = None,
    ) -> None:
        """Recognise what *detector* takes for speech, with *hints* and *patience*.

        *end_pointer* says when somebody has finished; without it, pauses alone do. *habit* is how
        patient to be with the person who speaks, and learns from them.
        """
        self._recogniser = recogniser
        self._hints = hints
        self._patience = patience
        self._segmenter = Segmenter(detector.open(), pauses or Pauses())
        self._gain = Gain()
        self._trail = Trail()
        self._end_pointer = end_pointer
        self._habit = habit
        self._following: Following | None = None
        self._level: int | None = None
        self._unsure: _Unsure | None = None
        self._now = patience
        self._begin = 0.0
        self._until: float | None = None
        self.meter = Meter()
        """How loud the recording was so far."""

    def expect(
        self,
        hints: Hints | None = None,
        patience: Patience | None = None,
        *,
        is_awaited: bool = False,
    ) -> None:
        """Say what comes next: it holds from the next utterance on, not for one that has begun.

        What is not said stays as it was. Where speech *is_awaited*, the ear says ``Nobody``, once,
        unless somebody begins to speak within ``patience.wait_s`` from here on.
        """
        self._hints = self._hints if hints is None else hints
        self._patience = self._patience if patience is None else patience
        self._until = self._segmenter.heard_s + self._patience.wait_s if is_awaited else None

    @property
    def is_speaking(self) -> bool:
        """Whether somebody speaks, pauses included."""
        return self._segmenter.is_speaking

    def accept(self, samples: Samples) -> list[Sound]:
        """Take in the next *samples*, any number of them; return what is said in them.

        While somebody speaks, it is at most one ``Listening`` with the latest of what was
        recognised, even where nothing was: that somebody speaks is worth knowing. It comes after
        the utterances that ended in *samples*.

        Raises:
            InputError: this is no sound of the right kind.
            GnothiError: the recogniser failed; the ear is closed, and can begin anew.
        """
        return list(self._accept(samples))

    def finish(self) -> list[Sound]:
        """Return what is left when the sound ends; the ear can begin anew with other sound."""
        return list(self._finish())

    def conclude(self) -> list[Sound]:
        """End what is being said, here and now, for a button was released; sound may go on."""
        ended = [self._segmenter.end(Ending.STOPPED)] if self.is_speaking else []
        return list(self._heard(ended))

    def close(self) -> None:
        """Give up what is being said. May be called at any time, and more than once."""
        if self.is_speaking:
            self._segmenter.end(Ending.STOPPED)
        if self._following:
            self._following.stream.close()
            self._following = None

    def skip(self, blocks: int) -> None:
        """Let time go by unheard, in *blocks* of ``BLOCK_S``: the microphone was off.

        What was being said is given up, and whether the last end was right is never known.
        """
        self.close()
        self._unsure = None
        self._segmenter.skip(blocks)

    def hear(self, blocks: Iterable[Samples]) -> Iterator[Sound]:
        """Yield what is said in *blocks* while it is said, and each utterance when it is over.

        Raises:
            InputError: *blocks* broke off; what was heard until then has been told.
            GnothiError: the recogniser failed.
        """
        broken: InputError | None = None
        rest = iter(blocks)
        try:
            while True:
                try:
                    block = next(rest)
                except StopIteration:
                    break
                except InputError as error:
                    broken = error
                    break
                yield from self._accept(block)
            yield from self._finish()
        finally:
            self.close()
        if broken:
            raise broken

    def _accept(self, samples: Samples) -> Iterator[Sound]:
        self.meter.watch(require_sound(samples))
        self._trail.accept(samples)
        yield from self._heard(self._segmenter.accept(self._gain.take(samples)))
        self._learn(is_on=False)
        if self._until is not None and self._segmenter.heard_s >= self._until:
            self._until = None
            if not self.is_speaking:
                yield Nobody(self._segmenter.heard_s)

    def _finish(self) -> Iterator[Sound]:
        rest = self._gain.take(np.zeros(0, np.float32), is_last=True)
        yield from self._heard(self._segmenter.accept(rest))
        yield from self._heard(self._segmenter.finish())

    def _heard(self, events: Iterable[Event]) -> Iterator[Sound]:
        try:
            yield from self._followed(events)
        except BaseException:
            self.close()
            raise

    def _followed(self, events: Iterable[Event]) -> Iterator[Sound]:
        is_heard = False
        for event in events:
            match event:
                case Began(at_s):
                    self._learn(is_on=True)
                    self._begin, self._until = at_s, None
                    self._following = self._followed_from_here()
                case Heard() if self._following:
                    moment = self._following.take(event)
                    is_heard = True
                    if moment and self._is_over(moment):
                        is_heard = False
                        yield self._told(self._following, self._segmenter.end(Ending.DECIDED))
                case Ended() if self._following:
                    is_heard = False
                    yield self._told(self._following, event)
                case _:
                    pass
        if is_heard and self._following and self._following.partial:
            yield Listening(self._begin, self._following.partial)

    def _followed_from_here(self) -> Following:
        patience = self._now = self._patience
        asks = self._end_pointer if patience.pause_s <= patience.wait_s else None
        self._segmenter.pause_s = patience.wait_s if asks else patience.pause_s
        self._level = self._habit.choose() if self._habit and asks else None
        pointing = asks.open(self._hints) if asks else None
        return Following(self._recogniser.open(self._hints), pointing)

    def _is_over(self, moment: Moment) -> bool:
        assert self._end_pointer
        shift = 0.0
        if self._habit and self._level is not None:
            shift = self._habit.levels[self._level].shift
        return self._end_pointer.is_over(moment, self._now, shift=shift)

    def _told(self, following: Following, event: Ended) -> Utterance:
        try:
            following.hand_over()
            found = following.stream.finish()
        finally:
            following.stream.close()
            self._following = None
        if self._level is not None and event.ending is Ending.DECIDED:
            self._unsure = _Unsure(self._level, event.decided_s, event.decided_s - event.at_s)
        is_stopped = event.ending is Ending.STOPPED
        broke_off = is_stopped and self._trail.breaks_off(self._segmenter.heard_s - self._begin)
        return Utterance(self._begin, event.at_s, found, event.ending, event.decided_s, broke_off)

    def _learn(self, *, is_on: bool) -> None:
        """Learn whether the last end was right: who goes on (*is_on*) soon had not finished."""
        unsure, since = self._unsure, self._segmenter.heard_s
        if unsure is None or not self._habit:
            return
        is_late = since - unsure.decided_s > GOES_ON_S
        if is_on or is_late:
            self._unsure = None
            was_early = is_on and not is_late
            self._habit.learn(unsure.level, was_early=was_early, waited_s=unsure.waited_s)


@dataclass(frozen=True, slots=True)
class _Unsure:
    """An end that was decided a moment ago, and may have been too early."""

    level: int
    decided_s: float
    waited_s: float
