"""Whether words may be a whole sentence: the language model's probability that it ends there."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gnothi.speech.ngrams import BEGIN, END, ORDER
from gnothi.speech.wording import LanguageModel
from gnothi.speech.words import said

Floats = NDArray[np.float32]

NUMBERS = 5
"""Numbers about a text."""
NOTHING = np.array([0, 0, 0, 0, 0], np.float32)
"""Nothing is known of the words."""
_LONGEST_NAME = 5


class Completeness:
    """Judges texts by the language model of what may be said here."""

    def __init__(self, model: LanguageModel) -> None:
        """Judge by *model*, names of the home included."""
        self._ngrams = model.ngrams
        self._kinds: dict[tuple[str, ...], list[str]] = {}
        for kind, names in model.classes.items():
            for name in names:
                self._kinds.setdefault(name, []).append(kind)
        self._usual = math.log(self._ngrams.chance(END, ()))

    def chance(self, words: tuple[str, ...]) -> float:
        """Return the logarithm of the probability that a sentence with *words* ends there."""
        if not words:
            return math.log(self._ngrams.chance(END, (BEGIN, BEGIN)))
        return max(math.log(self._ngrams.chance(END, context)) for context in self._contexts(words))

    def numbers(self, text: str) -> Floats:
        """Return ``NUMBERS`` numbers: with the last word and without, it may be unfinished."""
        words = said(text)
        told = (
            1.0,
            self.chance(words) - self._usual,
            self.chance(words[:-1]) - self._usual,
            min(len(words), 12) / 4,
            float(not words),
        )
        return np.array(told, np.float32)

    def _contexts(self, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Yield what the end may come after: plain words, or a name and what stands before it."""
        framed = (BEGIN,) * (ORDER - 1) + words
        yield framed[-2:]
        for length in range(1, min(_LONGEST_NAME, len(words)) + 1):
            for kind in self._kinds.get(words[-length:], ()):
                yield (framed[-length - 1], kind)
