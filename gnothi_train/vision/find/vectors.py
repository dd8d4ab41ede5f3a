"""Phrases and their words as the product's shared text encoder sees them, each encoded once."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from gnothi.text.encoder import SharedEncoder
from gnothi_train.vision.find.network import WORDS

LONGEST = 6
"""Words of a phrase that a joint network attends to."""


class PhraseVectors:
    """The encoder with a memory: it is frozen, so nothing is encoded twice."""

    def __init__(self, encoder: SharedEncoder) -> None:
        """Ask *encoder*."""
        self._encoder = encoder
        self._known: dict[str, Tensor] = {}

    def of(self, texts: Sequence[str]) -> Tensor:
        """Return (texts, WORDS)."""
        self._learn(texts)
        return torch.stack([self._known[text] for text in texts])

    def words_of(self, texts: Sequence[str]) -> Tensor:
        """Return (texts, LONGEST, WORDS): each word by itself, zeros after the last."""
        split = [text.split()[:LONGEST] for text in texts]
        self._learn(word for words in split for word in words)
        result = torch.zeros(len(texts), LONGEST, WORDS)
        for row, words in enumerate(split):
            for at, word in enumerate(words):
                result[row, at] = self._known[word]
        return result

    def _learn(self, texts: Iterable[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            found = self._encoder.encode(new).astype(np.float32)
            self._known.update(zip(new, torch.from_numpy(found), strict=True))
