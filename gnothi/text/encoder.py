"""The one network for text: words in, scores and sentence embeddings out.

Everything textual is a head on this encoder. Heads that were trained along with it are outputs
of the same ONNX file, so that one pass serves all; heads that learn later in the product work on
:meth:`SharedEncoder.encode`, a frozen embedding that was kept close to that of the general
network it came from.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import Card, read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.core.onnx import open_session
from gnothi.core.understanding import Situation
from gnothi.text.tokenise import Word, tokenise

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]


class _Network(Protocol):
    """What is used of ``onnxruntime.InferenceSession``, which carries no types."""

    def run(self, names: None, inputs: dict[str, Ints], /) -> list[NDArray[Any]]:
        """Return all outputs for *inputs*."""
        ...


MODEL, VOCABULARY = "model.onnx", "tokenizer.json"
SITUATIONS = tuple(Situation)
INPUTS = frozenset({"ids", "mask", "firsts", "pauses", "situations"})
NO_WORD = 3
"""Stands for the pause before a word where a shorter sentence has no more words."""
POSITIONS = 128
"""Longest sentence in word pieces, with the two that frame it; the rest is not read."""
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Pieces:
    """One sentence as the network reads it."""

    ids: list[int]
    firsts: list[int]
    """Index of the first piece of each word."""
    words: list[Word]
    """The words that fit in."""
    unknown: float
    """Share of the pieces that the vocabulary lacks: near 1 for other scripts."""
    strange: float = 0.0
    """Share of the words that the vocabulary only spells: near 1 for "flibber the wug"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network makes of one sentence; all scores are logits."""

    words: list[Word]
    unknown: float
    intents: Floats
    considered: Ints
    """The likeliest intents, best first."""
    tags: Floats
    """Considered intents by words by tags."""
    scope: float
    """Above 0: more likely out of scope than not."""
    moves: Floats
    """Words by tags of moves (``gnothi.core.understanding.Kind``)."""
    embedding: Floats
    """384 numbers, of unit length."""
    strange: float = 0.0
    """As in :class:`Pieces`."""


def cut(tokeniser: "Tokenizer", sentences: Sequence[Sequence[Word]]) -> list[Pieces]:
    """Return *sentences* in pieces of the vocabulary of *tokeniser*; training does the same."""
    forms = [[word.form for word in words] for words in sentences]
    encoded = tokeniser.encode_batch(forms, is_pretokenized=True, add_special_tokens=False)
    begin, end = _id(tokeniser, "[CLS]"), _id(tokeniser, "[SEP]")
    unknown = _id(tokeniser, "[UNK]")
    found: list[Pieces] = []
    for words, sentence in zip(sentences, encoded, strict=True):
        ids = sentence.ids[: POSITIONS - 2]
        owners = sentence.word_ids[: POSITIONS - 2]
        first = [i for i, owner in enumerate(owners) if i == 0 or owners[i - 1] != owner]
        found.append(
            Pieces(
                ids=[begin, *ids, end],
                firsts=[1 + i for i in first],
                words=[words[owners[i] or 0] for i in first],
                unknown=ids.count(unknown) / max(1, len(ids)),
                strange=sum(end - begin > 1 for begin, end in pairwise([*first, len(ids)]))
                / max(1, len(first)),
            )
        )
    return found


class SharedEncoder:
    """The network of one artifact; it is opened at the first use and then kept.

    Safe to share between threads. Each call works on one core: serve more at once by calling
    from several threads.
    """

    def __init__(self, folder: Path) -> None:
        """Serve the artifact in *folder*; nothing is loaded yet."""
        self.folder = folder
        self._lock = threading.Lock()
        self._card: Card | None = None
        self._session: _Network | None = None
        self._tokeniser: Tokenizer | None = None

    @property
    def card(self) -> Card:
        """The artifact's card."""
        if self._card is None:
            self._card = read_card(self.folder)
        return self._card

    def open(self) -> None:
        """Verify and load the artifact now rather than at the first sentence.

        Raises:
            ArtifactError: a file is missing, damaged, or can't be loaded.
        """
        with self._lock:
            if self._session is None:
                verify(self.folder, self.card)
                self._tokeniser = _open_tokeniser(self.folder / VOCABULARY)
                self._session = _open_network(self.folder / MODEL)

    def read(
        self, sentences: Sequence[Sequence[Word]], situation: Situation = Situation.IDLE
    ) -> list[Reading]:
        """Return what the network makes of *sentences*, each with at least one word.

        Only the scores of moves depend on the *situation* in which they are said.
        """
        batches = _batches(sentences)
        return [reading for batch in batches for reading in self._read(batch, situation)]

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return the embedding of each of *texts*, n by 384, of unit length.

        A text without a word gets zeros, which are similar to nothing.
        """
        sentences = [tokenise(text) for text in texts]
        spoken = [number for number, words in enumerate(sentences) if words]
        result = np.zeros((len(texts), 384), np.float32)
        for number, reading in zip(
            spoken, self.read([sentences[number] for number in spoken]), strict=True
        ):
            result[number] = reading.embedding
        return result

    def _read(self, sentences: Sequence[Sequence[Word]], situation: Situation) -> Iterator[Reading]:
        self.open()
        assert self._session is not None and self._tokeniser is not None
        batch = cut(self._tokeniser, sentences)
        inputs = {
            "ids": _pad([pieces.ids for pieces in batch]),
            "mask": _pad([[1] * len(pieces.ids) for pieces in batch]),
            "firsts": _pad([pieces.firsts or [0] for pieces in batch]),
            "pauses": _pad([[word.pause for word in p.words] or [0] for p in batch], NO_WORD),
            "situations": np.full(len(batch), SITUATIONS.index(situation), np.int64),
        }
        outputs = self._session.run(None, inputs)
        for number, pieces in enumerate(batch):
            intents, considered, tags, scope, moves, embedding = (
                output[number] for output in outputs
            )
            many = len(pieces.words)
            yield Reading(
                words=pieces.words,
                unknown=pieces.unknown,
                strange=pieces.strange,
                intents=intents,
                considered=considered,
                tags=tags[:, :many],
                scope=float(scope),
                moves=moves[:many],
                embedding=embedding,
            )


def _id(tokeniser: "Tokenizer", piece: str) -> int:
    number = tokeniser.token_to_id(piece)
    if number is None:
        raise ArtifactError(f"The vocabulary lacks {piece}.")
    return number


def _pad(rows: Sequence[Sequence[int]], value: int = 0) -> Ints:
    padded = np.full((len(rows), max(map(len, rows))), value, np.int64)
    for number, row in enumerate(rows):
        padded[number, : len(row)] = row
    return padded


def _batches(sentences: Sequence[Sequence[Word]]) -> Iterator[Sequence[Sequence[Word]]]:
    for start in range(0, len(sentences), _BATCH):
        yield sentences[start : start + _BATCH]


def _open_tokeniser(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(path))


def _open_network(path: Path) -> _Network:
    session = open_session(path)
    found: frozenset[str] = frozenset(entry.name for entry in session.get_inputs())
    if found != INPUTS:
        raise ArtifactError(f"{path} was made for another version of Gnothi.")
    return session
