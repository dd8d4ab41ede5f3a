"""Utterances in context with their moves marked: reading them, and making more of them.

``utterances/README.md`` has the format and the guide by which they were written.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from gnothi.core.understanding import Kind, Situation
from gnothi_train.language.examples import Example, Span

TUNE = "tune.txt"
"""Written by another author than the rest; only measured on."""
_MARKED = re.compile(r"\[(\w+) ([^\[\]]+)\]")
_SIGNS = re.compile(r"(?<=\w)[,.;:!?…]+(?=\s|$)|[-\u2013\u2014](?=\s)")
_ASIDE = ""

Signature = tuple[Situation, str, str, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an utterance: a move, or an aside where *kind* is empty."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """One line: the pieces of an utterance, and the situation in which it is said."""

    situation: Situation
    pieces: tuple[Piece, ...]

    def signatures(self) -> Iterator[Signature]:
        """Yield for each piece what it is, and what stands beside it."""
        kinds = ["^", *(piece.kind for piece in self.pieces), "$"]
        for before, kind, after in zip(kinds, kinds[1:], kinds[2:], strict=False):
            yield self.situation, before, kind, after


def read_marked(*, tune: bool) -> list[Marked]:
    """Return the marked lines for learning, or those for tuning."""
    folder = resources.files("gnothi_train.language").joinpath("utterances")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".txt")), key=lambda f: f.name)
    chosen = [f for f in files if (f.name == TUNE) == tune]
    lines = [line for file in chosen for line in file.read_text(encoding="utf-8").splitlines()]
    return [marked(line) for line in lines if line.strip()]


def marked(line: str) -> Marked:
    """Return what one *line* says: ``situation | before | text with [kind words]``."""
    situation, _, text = (part.strip() for part in line.split("|", 2))
    pieces: list[Piece] = []
    end = 0
    for match in _MARKED.finditer(text):
        pieces.append(Piece(_ASIDE, text[end : match.start()]))
        pieces.append(Piece(Kind(match[1]).value, match[2].strip()))
        end = match.end()
    pieces.append(Piece(_ASIDE, text[end:]))
    kept = (Piece(piece.kind, piece.text.strip()) for piece in pieces)
    return Marked(Situation(situation), tuple(piece for piece in kept if piece.text))


def example(line: Marked) -> Example:
    """Return *line* as an example of which only the moves are known."""
    text, spans = "", []
    for piece in line.pieces:
        clings = not piece.text[0].isalnum() and piece.text[0] not in "\"'(-\u2013\u2014£$€"
        text += "" if not text or clings else " "
        if piece.kind:
            spans.append(Span(piece.kind, len(text), len(text) + len(piece.text)))
        text += piece.text
    scope = True if any(span.name == Kind.REQUEST for span in spans) else None
    return Example(
        text, None, None, scope, moves=tuple(spans), situation=line.situation, source="moves"
    )


class Recombined:
    """Makes further utterances by exchanging pieces that stand between the same neighbours."""

    def __init__(self, lines: Sequence[Marked], requests: Sequence[str]) -> None:
        """Exchange pieces of *lines*; *requests* are further texts of whole requests."""
        self.lines, self._requests = lines, requests
        self._pieces: dict[Signature, list[Piece]] = defaultdict(list)
        for line in lines:
            for signature, piece in zip(line.signatures(), line.pieces, strict=True):
                self._pieces[signature].append(piece)

    def epoch(self, rng: np.random.Generator, *, more: int) -> list[Example]:
        """Return every line once, some without punctuation, and *more* made from them."""
        own = [self._spoken(line, rng) for line in self.lines]
        chosen = rng.integers(len(self.lines), size=more)
        return own + [self._spoken(self._mixed(self.lines[i], rng), rng) for i in chosen]

    def _mixed(self, line: Marked, rng: np.random.Generator) -> Marked:
        pieces = [
            self._other(piece, signature, rng) if rng.random() < _EXCHANGED else piece
            for signature, piece in zip(line.signatures(), line.pieces, strict=True)
        ]
        return Marked(line.situation, tuple(pieces))

    def _other(self, piece: Piece, signature: Signature, rng: np.random.Generator) -> Piece:
        if piece.kind in (Kind.REQUEST, Kind.INSTEAD) and rng.random() < _FOREIGN:
            return Piece(piece.kind, self._requests[rng.integers(len(self._requests))])
        among = self._pieces[signature]
        return among[rng.integers(len(among))]

    def _spoken(self, line: Marked, rng: np.random.Generator) -> Example:
        """Return *line* as it stands, or as a recogniser would write it."""
        if rng.random() < _BARE:
            pieces = (Piece(p.kind, _SIGNS.sub("", p.text).strip()) for p in line.pieces)
            line = Marked(line.situation, tuple(piece for piece in pieces if piece.text))
        return example(line)


_EXCHANGED, _FOREIGN, _BARE = 0.4, 0.6, 0.4
