"""From sound to words: what a recogniser is told, what it says so far, and what it makes of it.

``gnothi.testing.hearing`` ships the checks that every recogniser passes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError
from gnothi.core.protocols import Name

RATE = 16_000
"""Samples a second of everything that is heard."""

Samples: TypeAlias = NDArray[np.float32]
"""Mono sound at ``RATE``, from -1 to 1; its shape is (samples,)."""

States: TypeAlias = NDArray[np.float32]
"""What an encoder made of the sound; its shape is (frames, features)."""


class Expected(StrEnum):
    """What kind of thing is likely to be said next."""

    REQUEST = "request"
    """Something that a skill can do, or a question."""
    ANSWER = "answer"
    """An answer to what was just asked: the patterns say which there are."""
    DICTATION = "dictation"
    """Anything at all: a note, a message."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to say something: a sequence of parts, each with the texts that can stand there.

    ``(("turn on the",), ("[device]",), ("now", "at once"))`` are two sentences about every
    device: ``[device]``, ``[area]``, ``[list]`` and ``[person]`` stand for names of that kind.
    """

    parts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What was found to be said in one home, beside what people say to assistants in general."""

    sentences: tuple[tuple[tuple[str, ...], float], ...] = ()
    """Sentences as words, where ``[device]``, ``[area]``, ``[list]`` and ``[person]`` stand for
    names, and how often each counts beside those of a language model."""
    names: tuple[tuple[tuple[str, ...], float], ...] = ()
    """Names of the home as words, and how often each was said."""

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.sentences or self.names)


NO_USAGE = Usage()


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known before anybody speaks. Recognisers use what they can and ignore the rest.

    Equal hints are common, from one turn to the next: a recogniser may keep what it made of them.
    """

    names: tuple[Name, ...] = ()
    """How the home calls its things, areas, lists and people: what its ``Gazetteer`` knows."""
    phrases: tuple[str, ...] = ()
    """Other words that are likelier here than elsewhere: what is played, what was just asked."""
    patterns: tuple[Pattern, ...] = ()
    """What people say to the skills."""
    expected: Expected = Expected.REQUEST
    language: str = "en"
    usage: Usage = NO_USAGE
    """What is said here, as far as it was learned."""


NO_HINTS = Hints()
"""Nothing is known beforehand."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, and when it was said."""

    text: str
    begin_s: float
    """Seconds from the first sample of the stream."""
    end_s: float
    confidence: float
    """Posterior probability in the recogniser's own eyes, from 0 to 1; not calibrated."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way to understand a piece of sound."""

    text: str
    """In lower case, without punctuation where the recogniser knows none."""
    score: float
    """Logarithm of a likelihood: it orders the hypotheses of one stream, and nothing else."""
    words: tuple[Word, ...] = ()
    """In order of time; empty where the recogniser does not know when words were said."""


@dataclass(frozen=True, slots=True)
class Partial:
    """What was recognised so far."""

    text: str
    stable: str = ""
    """The beginning of ``text`` that no later partial of this stream changes; often empty."""
    states: States | None = None
    """What the encoder made of the sound since the last partial, where it shows that."""


class Stream(Protocol):
    """One piece of listening, from the first sample to the last."""

    def accept(self, samples: Samples) -> Partial:
        """Take in the next *samples*, any number of them, and say what was recognised so far.

        Raises:
            InputError: the stream is finished, or this is no sound of the right kind.
            ProviderError: the recogniser is elsewhere and did not answer.
        """
        ...

    def finish(self) -> Sequence[Hypothesis]:
        """Return what was said, best first; nothing was said where the list is empty.

        Raises:
            InputError: the stream is finished already.
            ProviderError: the recogniser is elsewhere and did not answer.
        """
        ...

    def close(self) -> None:
        """Give up what is held for this stream. May be called at any time, and more than once."""
        ...


@runtime_checkable
class Flushing(Protocol):
    """A stream that holds sound back, to look ahead, and can be told not to wait."""

    def flush(self) -> Partial:
        """Work out what waits, and say what was recognised so far.

        Raises:
            InputError: the stream is finished.
        """
        ...


def flushed(stream: Stream) -> Partial | None:
    """Return what *stream* has recognised when it waits for nothing; nothing where it never does.

    Raises:
        InputError: the stream is finished.
    """
    return stream.flush() if isinstance(stream, Flushing) else None


@runtime_checkable
class Encoding(Protocol):
    """A recogniser that shows the states of its encoder in what it says so far."""

    @property
    def encoder(self) -> str:
        """The sha256 of the encoder: states of another one mean something else."""
        ...


@runtime_checkable
class Teachable(Protocol):
    """A recogniser that may count what was learned of what is said at home."""

    @property
    def reads_usage(self) -> bool:
        """Whether ``Hints.usage`` changes what it hears."""
        ...


class Recogniser(Protocol):
    """Turns sound into text, one stream after the other or several at once."""

    @property
    def name(self) -> str:
        """What it is called where people choose among recognisers."""
        ...

    def open(self, hints: Hints = NO_HINTS) -> Stream:
        """Begin to listen.

        Raises:
            InputError: it can't listen to one more stream now, or does not know the language.
            ProviderError: the recogniser is elsewhere and did not answer.
        """
        ...


def require_sound(samples: Samples) -> Samples:
    """Return *samples* when they are what a stream takes in.

    Raises:
        InputError: they have another type or shape, or hold what is no number.
    """
    if samples.dtype != np.float32 or samples.ndim != 1:
        raise InputError(
            f"A recogniser takes mono sound as float32, not {samples.dtype} of shape "
            f"{samples.shape}: read it with gnothi.speech.audio."
        )
    if not np.isfinite(samples).all():
        raise InputError("There are samples in the sound that are no numbers.")
    return samples
