"""Pieces of words that the recogniser writes: letters and frequent strings of letters.

A piece that begins a word starts with ``_``. Words are cut into as few pieces as can be; in
training, long pieces are dropped at random so that words come in several spellings (as BPE-dropout
does, arXiv 1910.13267), which keeps rare words and new names within reach.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

BEGIN = "_"
_LETTERS = "abcdefghijklmnopqrstuvwxyz'"


def choose(texts: Iterable[str], size: int) -> list[str]:
    """Return *size* pieces for *texts*, number 0 being the blank of CTC."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=BEGIN)
    letters = [*_LETTERS[:-1], *(BEGIN + letter for letter in _LETTERS[:-1]), "'"]
    trainer = trainers.BpeTrainer(
        vocab_size=2 * size, initial_alphabet=[*_LETTERS, BEGIN], show_progress=False,
        max_token_length=6,
    )  # fmt: skip
    tokenizer.train_from_iterator(texts, trainer)
    order = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    frequent = [piece for piece, _ in order if len(piece) > 1 and piece not in letters]
    return ["", *letters, *frequent[: size - 1 - len(letters)]]


class Speller:
    """Cuts texts into pieces."""

    def __init__(self, pieces: Sequence[str]) -> None:
        """Use *pieces*; number 0 is the blank."""
        self._numbers = {piece: number for number, piece in enumerate(pieces) if piece}
        self._longest = max(map(len, pieces))

    def spell(
        self, text: str, rng: np.random.Generator | None = None, dropped: float = 0.0
    ) -> list[int]:
        """Return the pieces of *text*; with *rng*, each long piece is left out as often as told."""
        return [piece for word in text.split() for piece in self._word(BEGIN + word, rng, dropped)]

    def _word(self, word: str, rng: np.random.Generator | None, dropped: float) -> list[int]:
        """Cut *word* into the fewest pieces."""
        best: list[tuple[int, list[int]]] = [(0, [])]
        for end in range(1, len(word) + 1):
            found: tuple[int, list[int]] | None = None
            for start in range(max(0, end - self._longest), end):
                count, before = best[start]
                number = self._numbers.get(word[start:end])
                if number is None or (found and found[0] <= count + 1):
                    continue
                long = end - start > 1 + (start == 0)
                if long and rng is not None and rng.random() < dropped:
                    continue
                found = (count + 1, [*before, number])
            best.append(found or (best[-1][0] + 9, best[-1][1]))
        return best[-1][1]
