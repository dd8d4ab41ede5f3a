"""How somebody reacts, from the words alone: liking by degree, no opinion, and wishes.

A linear model over words, pairs of words, pieces of words, and a lexicon of words of liking.
General tools for sentiment read "not that one", "skip" and "meh" as neutral: they carry no
sentiment, but an intent. It is small because simulations ask it millions of times; a reply takes
some tens of microseconds. Where the shared encoder is at hand, a second linear model over its
embeddings has half the say: right more often, in milliseconds. ``gnothi_train.responses`` fits
both.
"""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from math import exp, log
from pathlib import Path
from typing import NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.recommend.acts import Wish
from gnothi.recommend.replies.phrasing import (
    REMEMBERED,
    clauses,
    phrases,
    pieces_of,
    spoken,
    words_of,
)
from gnothi.text.encoder import SharedEncoder

Floats: TypeAlias = NDArray[np.float32]
Chances: TypeAlias = tuple[float, ...]
Line: TypeAlias = tuple[float, float]
Encode: TypeAlias = Callable[[Sequence[str]], Floats]
"""Sentences to rows of embeddings: :meth:`gnothi.text.encoder.SharedEncoder.encode`."""

NAME = "recommend/responses"
"""The artifact."""
FILE = "responses.npz"
SHIPPED = Path(__file__).parents[2] / "models" / "responses"


class Reaction(StrEnum):
    """How somebody takes what was prompted."""

    STRONG_NO = "strong-no"
    NO = "no"
    LUKEWARM = "lukewarm"
    YES = "yes"
    STRONG_YES = "strong-yes"
    UNSURE = "unsure"
    """No opinion."""
    NONE = "none"
    """Nothing of the kind was said."""


REACTIONS = tuple(Reaction)
WISHES = tuple(Wish)
DEGREES: Mapping[Reaction, float] = {
    Reaction.STRONG_NO: -1.0,
    Reaction.NO: -0.7,
    Reaction.LUKEWARM: 0.0,
    Reaction.YES: 0.6,
    Reaction.STRONG_YES: 1.0,
}
_NONE = REACTIONS.index(Reaction.NONE)
_TINY = 1e-9
_LEAST_KNOWN = 3
"""A clause is read where at least one word in so many is known."""
_EMPHASIS = frozenset("!.…")
"""Signs that say nothing by themselves."""


class Direction(StrEnum):
    """A reaction without its degree: what is surest of it."""

    AGAINST = "against"
    BETWEEN = "between"
    FOR = "for"
    UNSURE = "unsure"
    NONE = "none"


DIRECTIONS: Mapping[Reaction, Direction] = {
    Reaction.STRONG_NO: Direction.AGAINST,
    Reaction.NO: Direction.AGAINST,
    Reaction.LUKEWARM: Direction.BETWEEN,
    Reaction.YES: Direction.FOR,
    Reaction.STRONG_YES: Direction.FOR,
    Reaction.UNSURE: Direction.UNSURE,
    Reaction.NONE: Direction.NONE,
}
_DIRECTIONS = tuple(Direction)
_REACTIONS = {
    Direction.BETWEEN: Reaction.LUKEWARM,
    Direction.UNSURE: Reaction.UNSURE,
    Direction.NONE: Reaction.NONE,
}
_STRONG_NO, _NO = DEGREES[Reaction.STRONG_NO], DEGREES[Reaction.NO]
_YES, _STRONG_YES = DEGREES[Reaction.YES], DEGREES[Reaction.STRONG_YES]


@dataclass(frozen=True, slots=True)
class Response:
    """What the model makes of one reply."""

    reactions: Chances
    """The chance of each of :data:`REACTIONS`."""
    wishes: Chances
    """The chance of each of :data:`WISHES`."""
    line: Line = (1.0, 0.0)
    """What makes chances as sure as they are right."""

    @property
    def directions(self) -> tuple[float, float, float, float, float]:
        """The chance of each direction, in the order of :class:`Direction`."""
        strong_no, no, lukewarm, yes, strong_yes, unsure, none = self.reactions
        return strong_no + no, lukewarm, yes + strong_yes, unsure, none

    @property
    def direction(self) -> Direction:
        """The likeliest direction."""
        chances = self.directions
        return _DIRECTIONS[chances.index(max(chances))]

    @property
    def reaction(self) -> Reaction:
        """The likeliest reaction of the likeliest direction."""
        strong_no, no, _, yes, strong_yes, _, _ = self.reactions
        match self.direction:
            case Direction.AGAINST:
                return Reaction.STRONG_NO if strong_no > no else Reaction.NO
            case Direction.FOR:
                return Reaction.STRONG_YES if strong_yes > yes else Reaction.YES
            case other:
                return _REACTIONS[other]

    @property
    def degree(self) -> float | None:
        """From -1 to 1, the mean over the degrees of its direction; ``None`` without liking."""
        strong_no, no, _, yes, strong_yes, _, _ = self.reactions
        match self.direction:
            case Direction.AGAINST:
                return _between(_NO, _STRONG_NO, strong_no / (no + strong_no))
            case Direction.BETWEEN:
                return 0.0
            case Direction.FOR:
                return _between(_YES, _STRONG_YES, strong_yes / (yes + strong_yes))
            case _:
                return None

    @property
    def wish(self) -> Wish:
        """The likeliest wish."""
        return WISHES[self.wishes.index(max(self.wishes))]

    @property
    def sureness(self) -> float:
        """The probability that direction and wish are both right, calibrated."""
        return self._calibrated(self.chance)

    @property
    def wish_sureness(self) -> float:
        """The probability that the wish is right."""
        return self._calibrated(max(self.wishes))

    @property
    def chance(self) -> float:
        """What :attr:`sureness` is computed from."""
        return max(self.directions) * max(self.wishes)

    def _calibrated(self, chance: float) -> float:
        slope, offset = self.line
        return 1 / (1 + exp(-slope * log_odds(chance) - offset))

    @property
    def is_known(self) -> bool:
        """Whether any of the words is known."""
        return self is not _NOTHING


def log_odds(chance: float) -> float:
    """Return log(p / (1 - p)), kept finite."""
    kept = min(max(chance, 1e-4), 1 - 1e-4)
    return log(kept / (1 - kept))


def _between(one: float, other: float, share: float) -> float:
    return round(one + (other - one) * share, 3)


class _Seen(NamedTuple):
    rows: tuple[int, ...]
    """Of the word and its pieces."""
    is_known: bool
    """Whether the word, or most of its pieces, occurred in training."""


@dataclass(frozen=True, eq=False)
class ResponseModel:
    """Weights of features, and of embeddings, for reactions and wishes."""

    features: Mapping[str, int]
    """The row of each feature; row 0 is the bias."""
    weights: Floats
    """Rows by reactions and then wishes."""
    lexicon: Mapping[str, int]
    """Words of liking, from -3 to 3."""
    head: Floats
    """Dimensions of the embedding and the bias, by reactions and then wishes."""
    lines: tuple[Line, Line] = ((1.0, 0.0), (1.0, 0.0))
    """Slope and offset of log odds that calibrate words alone, and both."""
    encoder: str = ""
    """The encoder that the head was fitted on, as its card calls it."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it is damaged, or no model of responses.
        """
        card = read_card(folder)
        verify(folder, card)
        try:
            with np.load(folder / FILE, allow_pickle=False) as content:
                return cls(
                    {name: at for at, name in enumerate(_lines(content["features"]), 1)},
                    content["weights"] * content["weights_scale"],
                    dict(zip(_lines(content["lexicon"]), content["values"].tolist(), strict=True)),
                    content["head"] * content["head_scale"],
                    _pair_of_lines(content["lines"]),
                    next(iter(card.parents), ""),
                )
        except (OSError, ValueError, KeyError) as error:
            raise ArtifactError(f"{folder} holds no model of responses: {error}") from error

    def dump(self) -> bytes:
        """Return the artifact's file: weights in steps of 1/127 of a column's largest."""
        names = sorted(self.features, key=lambda name: self.features[name])
        weights, weights_scale = _rounded(self.weights)
        head, head_scale = _rounded(self.head)
        file = io.BytesIO()
        np.savez_compressed(
            file,
            features=_bytes(names),
            weights=weights,
            weights_scale=weights_scale,
            lexicon=_bytes(self.lexicon),
            values=np.asarray(list(self.lexicon.values()), np.int8),
            head=head,
            head_scale=head_scale,
            lines=np.asarray(self.lines),
        )
        return file.getvalue()

    def encode_by(self, encoder: SharedEncoder) -> Encode | None:
        """Return how *encoder* embeds; ``None`` if the head was fitted on another network."""
        return encoder.encode if encoder.card.label == self.encoder else None

    def read(self, text: str, encode: Encode | None = None) -> Response:
        """Return how *text* reacts; names in it are best replaced by their stand-ins."""
        parts = clauses(text)
        read = [self._by_words(part) for part in parts]
        if not any(one.is_known for one in read):
            return _NOTHING
        line = self.lines[0]
        if encode is not None:
            line = self.lines[1]
            read = [*map(_mean, read, self._by_meaning(parts, encode))]
        joined = read[0] if len(read) == 1 else _joined(read)
        return Response(joined.reactions, joined.wishes, line)

    def _by_words(self, clause: str) -> Response:
        raw, words = words_of(clause)
        known, seen = self.features, 0
        rows = [known[name] for name in phrases(raw, words, self.lexicon) if name in known]
        for word in words:
            found = self._seen.get(word) or self._look_up(word)
            rows += found.rows
            seen += found.is_known
        if seen * _LEAST_KNOWN < len(words) or not words:
            return _NOTHING
        rows.append(0)
        return _response(self.weights[rows].sum(0).tolist())

    def _look_up(self, word: str) -> "_Seen":
        if len(self._seen) >= REMEMBERED:
            self._seen.clear()
        pieces = pieces_of(word)
        rows = tuple(self.features[one] for one in pieces if one in self.features)
        is_known = word in self.features or word in self.lexicon or len(rows) * 2 > len(pieces)
        is_known = is_known and word not in _EMPHASIS
        return self._seen.setdefault(word, _Seen(rows, is_known))

    @cached_property
    def _seen(self) -> "dict[str, _Seen]":
        """The words that were read so far."""
        return {}

    def _by_meaning(self, parts: Sequence[str], encode: Encode) -> list[Response]:
        embedded = encode([spoken(part) for part in parts])
        scores: list[list[float]] = (embedded @ self.head[:-1] + self.head[-1]).tolist()
        return [*map(_response, scores)]


@cache
def shipped() -> ResponseModel:
    """Return the model that comes with Gnothi."""
    return ResponseModel.load(SHIPPED)


def _joined(read: Sequence[Response]) -> Response:
    """Join clauses: those that react count by how surely they do, the first one double."""
    silent, total = 1.0, [0.0] * len(REACTIONS)
    for at, one in enumerate(read):
        share = 1.0 - one.reactions[_NONE]
        silent *= one.reactions[_NONE]
        weight = share * (1 if at else 4)
        total = [old + weight * new for old, new in zip(total, one.reactions, strict=True)]
    total[_NONE] = 0.0
    scale = (1 - silent) / max(sum(total), _TINY)
    reactions = [chance * scale for chance in total]
    reactions[_NONE] = silent
    return Response(tuple(reactions), min(read, key=lambda one: one.wishes[0]).wishes)


def _mean(one: Response, other: Response) -> Response:
    return Response(_means(one.reactions, other.reactions), _means(one.wishes, other.wishes))


def _means(ones: Chances, others: Chances) -> Chances:
    return tuple((one + other) / 2 for one, other in zip(ones, others, strict=True))


def _response(scores: Sequence[float]) -> Response:
    return Response(_softmax(scores[: len(REACTIONS)]), _softmax(scores[len(REACTIONS) :]))


def _softmax(scores: Sequence[float]) -> Chances:
    highest = max(scores)
    return _shares([exp(score - highest) for score in scores])


def _shares(values: Sequence[float]) -> Chances:
    total = sum(values)
    return tuple(value / total for value in values)


def _lines(content: NDArray[np.uint8]) -> list[str]:
    return content.tobytes().decode().split("\n")


def _pair_of_lines(content: NDArray[np.float64]) -> tuple[Line, Line]:
    (slope, offset), (other_slope, other_offset) = content.tolist()
    return (slope, offset), (other_slope, other_offset)


def _bytes(names: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), np.uint8)


def _rounded(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    scale = (np.maximum(np.abs(weights).max(0), 1e-6) / 127).astype(np.float32)
    return np.rint(weights / scale).astype(np.int8), scale


_NOTHING = Response((0.0,) * (len(REACTIONS) - 1) + (1.0,), (1.0,) + (0.0,) * (len(WISHES) - 1))
"""Nothing in the text is known."""
