"""A word that wakes the assistant: what listens for it all day, in little memory.

``gnothi.testing.waking`` ships the checks that every implementation passes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gnothi.core.hearing import Samples


@dataclass(frozen=True, slots=True)
class Woken:
    """A wake word was said."""

    word: str
    """One of the words of its ``WakeWord``."""
    end_s: float
    """Seconds from the first sample of the stream to the end of the word, as far as is known: what
    follows is a request. Never later than what was taken in."""
    score: float = 1.0
    """How sure it is, from 0 to 1; 1 where it does not tell."""


class WakeStream(Protocol):
    """One piece of listening, as long as a day."""

    def accept(self, samples: Samples) -> Sequence[Woken]:
        """Take in the next *samples*, any number of them; return what was said in them, in order.

        A word that is said once is told once.

        Raises:
            InputError: the stream is closed, or this is no sound of the right kind.
            ProviderError: what listens is elsewhere, and is away.
        """
        ...

    def close(self) -> None:
        """Stop to listen. May be called at any time, and more than once."""
        ...


class WakeWord(Protocol):
    """Listens for its words, in one stream or several at once."""

    @property
    def name(self) -> str:
        """What it is called where people choose among them."""
        ...

    @property
    def words(self) -> Sequence[str]:
        """What wakes it; empty where that is known elsewhere only."""
        ...

    def open(self) -> WakeStream:
        """Begin to listen.

        Raises:
            ProviderError: what listens is elsewhere, and is away.
        """
        ...
