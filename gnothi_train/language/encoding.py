"""Sentences into numbers, with the tokeniser of the product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from gnothi.core.understanding import Kind
from gnothi.text.encoder import NO_WORD, SITUATIONS, Pieces, cut
from gnothi.text.tokenise import Word, tokenise
from gnothi_train.language.examples import Example, Span
from gnothi_train.language.network import Batch

UNKNOWN = -100


@dataclass(frozen=True, slots=True)
class Labels:
    """The names that the heads' outputs stand for."""

    intents: tuple[str, ...]
    slots: tuple[str, ...]

    @property
    def tags(self) -> int:
        """Number of tags: outside, then begin and inside of every slot."""
        return 1 + 2 * len(self.slots)


@dataclass(frozen=True, slots=True)
class Encoded:
    """One sentence in numbers; ``UNKNOWN`` where nothing is known."""

    ids: list[int]
    firsts: list[int]
    intent: int
    tags: list[int]
    scope: int
    moves: list[int]
    pauses: list[int]
    situation: int
    text: str


class Encoder:
    """Turns examples into batches."""

    def __init__(self, tokeniser: Tokenizer, labels: Labels) -> None:
        """Read with *tokeniser*, as the product does."""
        self.tokeniser, self.labels = tokeniser, labels
        self._intents = {name: number for number, name in enumerate(labels.intents)}
        self._slots = {name: number for number, name in enumerate(labels.slots)}
        self._kinds = {kind.value: number for number, kind in enumerate(Kind)}

    def encode(self, examples: Sequence[Example]) -> list[Encoded]:
        """Return *examples* in numbers; those without a word are left out."""
        sentences = [tokenise(example.text) for example in examples]
        rows = zip(examples, cut(self.tokeniser, sentences), strict=True)
        return [self._encode(*row) for row in rows if row[1].words]

    def _encode(self, example: Example, pieces: Pieces) -> Encoded:
        return Encoded(
            ids=pieces.ids,
            firsts=pieces.firsts,
            intent=UNKNOWN if example.intent is None else self._intents[example.intent],
            tags=_tags(pieces.words, example.spans, self._slots),
            scope=UNKNOWN if example.in_scope is None else int(not example.in_scope),
            moves=_tags(pieces.words, example.moves, self._kinds),
            pauses=[word.pause for word in pieces.words],
            situation=SITUATIONS.index(example.situation),
            text=example.text,
        )


def _tags(words: list[Word], spans: tuple[Span, ...] | None, names: Mapping[str, int]) -> list[int]:
    """Return a tag for each word: outside, begin or inside of one of *names*."""
    if spans is None:
        return [UNKNOWN] * len(words)
    tags: list[int] = []
    last: Span | None = None
    for word in words:
        span = next((s for s in spans if s.start < word.end and word.start < s.end), None)
        begin = span is not last
        number = names[span.name] if span else 0
        tags.append(0 if span is None else 1 + number + (0 if begin else len(names)))
        last = span
    return tags


def collate(sentences: Sequence[Encoded]) -> Batch:
    """Return *sentences* as one padded batch."""
    return Batch(
        ids=_pad([s.ids for s in sentences], 0),
        mask=_pad([[1] * len(s.ids) for s in sentences], 0),
        firsts=_pad([s.firsts for s in sentences], 0),
        intents=torch.tensor([s.intent for s in sentences]),
        tags=_pad([s.tags for s in sentences], UNKNOWN),
        scopes=torch.tensor([s.scope for s in sentences]),
        moves=_pad([s.moves for s in sentences], UNKNOWN),
        pauses=_pad([s.pauses for s in sentences], NO_WORD),
        situations=torch.tensor([s.situation for s in sentences]),
    )


def _pad(rows: Sequence[Sequence[int]], value: int) -> Tensor:
    width = max(map(len, rows))
    padded = np.full((len(rows), width), value, np.int64)
    for number, row in enumerate(rows):
        padded[number, : len(row)] = row
    return torch.from_numpy(padded)
