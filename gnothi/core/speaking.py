"""From words to sound: what is said and how, and what a speaker makes of it.

``gnothi.testing.speaking`` ships the checks that every speaker passes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

BLOCK_S = 0.1
"""Seconds of sound in the longest block: who stops listening after one is silent within this."""

Block: TypeAlias = NDArray[np.float32]
"""Mono sound at the rate of its speaker, from -1 to 1; its shape is (samples,)."""


class Emphasis(StrEnum):
    """How much a piece stands out from the rest of its sentence."""

    NONE = "none"
    REDUCED = "reduced"
    MODERATE = "moderate"
    STRONG = "strong"


class Ability(StrEnum):
    """What a speaker does truthfully when a piece asks for it; it ignores the rest."""

    RATE = "rate"
    PITCH = "pitch"
    VOLUME = "volume"
    PAUSE = "pause"
    EMPHASIS = "emphasis"
    PHONEMES = "phonemes"
    WHISPER = "whisper"
    EMOTION = "emotion"


@dataclass(frozen=True, slots=True)
class Manner:
    """How something is said, relative to how the voice usually speaks."""

    rate: float = 1.0
    """Times as fast, from 0.25 to 4."""
    pitch: float = 0.0
    """Semitones higher, from -12 to 12."""
    volume: float = 0.0
    """Decibels louder, from -60 to 12."""
    emphasis: Emphasis = Emphasis.NONE
    is_whispered: bool = False
    emotion: str = ""
    """``excited`` or ``disappointed``; empty for none."""


USUAL = Manner()
"""As the voice usually speaks."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that are said in one manner, and the silence after them."""

    text: str
    """As it is spoken: "7 30", not "7:30"; numbers may stand in digits. May be empty."""
    manner: Manner = USUAL
    phonemes: str = ""
    """How it is pronounced, in IPA, where a speaker must not guess; else empty."""
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is spoken in one breath."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(piece.text for piece in self.pieces if piece.text)


@dataclass(frozen=True, slots=True)
class Speech:
    """What is said, sentence by sentence; ``gnothi.speech.speaking`` makes it of text and SSML."""

    sentences: tuple[Sentence, ...]
    language: str = "en"

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(sentence.text for sentence in self.sentences if sentence.text)


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who can speak."""

    name: str
    """What it is chosen by."""
    language: str
    about: str = ""


class Speaking(Protocol):
    """One piece of speaking, in blocks of at most ``BLOCK_S``; an iterator.

    Blocks come as soon as they are made, the first sentence first, and faster than they are heard.
    """

    def __iter__(self) -> "Speaking":
        """Return itself."""
        ...

    def __next__(self) -> Block:
        """Return the next block; waits until it is made.

        Raises:
            StopIteration: all was said, or it was closed, even while this waited.
            ProviderError: the voice failed; what came before was right.
        """
        ...

    def close(self) -> None:
        """Stop at once: nothing more comes, and nothing more is computed.

        May be called from any thread, at any time, and more than once.
        """
        ...


class Speaker(Protocol):
    """Turns words into sound; speaks to several at once, each with a voice of its own."""

    @property
    def name(self) -> str:
        """What it is called where people choose among speakers."""
        ...

    @property
    def rate(self) -> int:
        """Samples a second of every block."""
        ...

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it does truthfully."""
        ...

    def voices(self) -> Sequence[Voice]:
        """Return its voices; the first is the one that speaks where nobody chooses."""
        ...

    def speak(self, speech: Speech, *, voice: str | None = None) -> Speaking:
        """Begin to say *speech*, with the *voice* of that name; nothing is said of no words.

        Raises:
            InputError: it has no such voice.
            ProviderError: it can't speak now.
        """
        ...
