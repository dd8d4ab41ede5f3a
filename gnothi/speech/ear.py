"""From a stream of sound to utterances: gain, pauses, and a recogniser for what lies between."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gnothi.core.errors import InputError
from gnothi.core.hearing import Hints, Hypothesis, Partial, Recogniser, Samples, Stream
from gnothi.speech.level import Gain, Meter
from gnothi.speech.voice import Began, Ended, Event, Heard, Pauses, Segmenter, VoiceDetector


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


class Ear:
    """Listens to one stream of sound, in memory that does not grow with its length."""

    def __init__(
        self, recogniser: Recogniser, detector: VoiceDetector, hints: Hints, pauses: Pauses
    ) -> None:
        """Recognise what *detector* takes for speech, with *hints*."""
        self._recogniser = recogniser
        self._hints = hints
        self._segmenter = Segmenter(detector.open(), pauses)
        self._gain = Gain()
        self._stream: Stream | None = None
        self._begin = 0.0
        self.meter = Meter()
        """How loud the recording was so far."""

    def hear(self, blocks: Iterable[Samples]) -> Iterator[Listening | Utterance]:
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
                self.meter.watch(block)
                yield from self._take(self._gain.take(block))
            yield from self._take(self._gain.take(np.zeros(0, np.float32), is_last=True))
            yield from self._heard(self._segmenter.finish())
        finally:
            self._close()
        if broken:
            raise broken

    def _take(self, samples: Samples) -> Iterator[Listening | Utterance]:
        yield from self._heard(self._segmenter.accept(samples))

    def _heard(self, events: Iterable[Event]) -> Iterator[Listening | Utterance]:
        latest: Partial | None = None
        for event in events:
            match event:
                case Began(at_s):
                    self._begin = at_s
                    self._stream = self._recogniser.open(self._hints)
                case Heard(samples) if self._stream:
                    latest = self._stream.accept(samples)
                case Ended(at_s) if self._stream:
                    found = self._stream.finish()
                    self._close()
                    latest = None
                    yield Utterance(self._begin, at_s, found)
                case _:
                    pass
        if latest:
            yield Listening(self._begin, latest)

    def _close(self) -> None:
        if self._stream:
            self._stream.close()
            self._stream = None
