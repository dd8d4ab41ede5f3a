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
    Stream,
    require_sound,
)
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
    ) -> None:
        """Recognise what *detector* takes for speech, with *hints* and *patience*."""
        self._recogniser = recogniser
        self._hints = hints
        self._patience = patience
        self._segmenter = Segmenter(detector.open(), pauses or Pauses())
        self._gain = Gain()
        self._stream: Stream | None = None
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
        if self._stream:
            self._stream.close()
            self._stream = None

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
        yield from self._heard(self._segmenter.accept(self._gain.take(samples)))
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
        latest: Partial | None = None
        for event in events:
            match event:
                case Began(at_s):
                    self._begin, self._until = at_s, None
                    self._segmenter.pause_s = self._patience.pause_s
                    self._stream = self._recogniser.open(self._hints)
                case Heard(samples) if self._stream:
                    latest = self._stream.accept(samples)
                case Ended() if self._stream:
                    latest = None
                    yield self._told(self._stream, event)
                case _:
                    pass
        if latest:
            yield Listening(self._begin, latest)

    def _told(self, stream: Stream, event: Ended) -> Utterance:
        try:
            found = stream.finish()
        finally:
            stream.close()
            self._stream = None
        return Utterance(self._begin, event.at_s, found, event.ending, event.decided_s)
