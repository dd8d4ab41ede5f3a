"""How somebody reacts, from the words alone: liking by degree, no opinion, and wishes.

A linear model over words, pairs of words, pieces of words, and a lexicon of words of liking.
General tools for sentiment read "not that one", "skip" and "meh" as neutral: they carry no
sentiment, but an intent. It is small because simulations ask it millions of times; a reply takes
some tens of microseconds. Where the shared encoder is at hand, a second linear model over its
embeddings has half the say: right more often, in milliseconds. ``gnothi_train.responses`` fits
both.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.recommend.acts import Wish

Floats: TypeAlias = NDArray[np.float32]
Encode: TypeAlias = Callable[[Sequence[str]], Floats]
"""Sentences to rows of embeddings: :meth:`gnothi.text.encoder.SharedEncoder.encode`."""

NAME = "recommend/responses"
"""The artifact."""
FILE = "responses.npz"
SHIPPED = Path(__file__).parent.parent / "models" / "responses"

ATTRIBUTE, ITEM = "{a}", "{i}"
"""Stand for names of the catalogue, so that a band called Love is not liked for it."""


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
_VALUES = np.asarray([DEGREES.get(one, 0.0) for one in REACTIONS], np.float32)
_LIKING = np.asarray([one in DEGREES for one in REACTIONS])
_AGAINST, _BETWEEN, _FOR = slice(0, 2), slice(2, 3), slice(3, 5)
_UNSURE, _NONE = REACTIONS.index(Reaction.UNSURE), REACTIONS.index(Reaction.NONE)

_SPOKEN = {ATTRIBUTE: "jazz", ITEM: "Nina Simone"}
"""What the encoder reads for a stand-in."""

MAX_WORDS = 40
"""Of one clause; the rest is not read."""
MAX_CLAUSES = 8
_LONGEST_WORD = 24
_TOKEN = re.compile(r"\{[ai]\}|[^\W_]+(?:'[^\W_]+)*|[!?]+|\.{2,}|…|[^\w\s,.;:'\"()\-]")
_DRAWN = re.compile(r"(.)\1{2,}")
_CLAUSE = re.compile(
    r"(?<=[.!?;…])\s+|\n+|,?\s+(?=(?:but|however|though)\b)"
    r"|,\s*(?=(?:can|could|may|would) (?:you|i|we)\b|how about|what about|let'?s (?:add|have|try)"
    r"|do you have|add|please (?:add|play)|any(?:thing)? (?:by|from)|some(?:thing)? (?:by|from))",
    re.IGNORECASE,
)
_NEGATORS = frozenset("not no never nor without hardly cannot nothing neither nt none".split())
_REACH = 3
"""Words that a negation reaches."""
_JOINED = {
    **{f"{verb}nt": (verb, "nt") for verb in "do does did is are was were would could".split()},
    "cant": ("can", "nt"),
    "wont": ("will", "nt"),
    "aint": ("is", "nt"),
    "cannot": ("can", "nt"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gimme": ("give", "me"),
    "im": ("i", "m"),
    "ive": ("i", "ve"),
    "its": ("it", "s"),
    "thats": ("that", "s"),
    "whats": ("what", "s"),
    "theyre": ("they", "re"),
    "youre": ("you", "re"),
    "lets": ("let", "s"),
}


@dataclass(frozen=True, slots=True)
class Response:
    """What the model makes of one reply; probabilities are calibrated."""

    reactions: Floats
    """The probability of each of :data:`REACTIONS`."""
    wishes: Floats
    """The probability of each of :data:`WISHES`."""

    @property
    def reaction(self) -> Reaction:
        """The likeliest reaction: of those for, against or between first, then by degree."""
        coarse = self._coarse()
        best = max(coarse, key=lambda one: coarse[one])
        chosen = range(len(REACTIONS))[_SPANS[best]]
        return REACTIONS[max(chosen, key=lambda at: float(self.reactions[at]))]

    @property
    def degree(self) -> float | None:
        """From -1 to 1, the mean over the degrees of its direction; ``None`` without liking."""
        if self.reaction not in DEGREES:
            return None
        coarse = self._coarse()
        span = _SPANS[max(coarse, key=lambda one: coarse[one])]
        mass = self.reactions[span]
        return round(float(mass @ _VALUES[span] / mass.sum()), 3)

    @property
    def wish(self) -> Wish:
        """The likeliest wish."""
        return WISHES[int(self.wishes.argmax())]

    @property
    def sureness(self) -> float:
        """The probability that direction and wish are both right."""
        return float(max(self._coarse().values()) * self.wishes.max())

    def _coarse(self) -> dict[str, float]:
        return {name: float(self.reactions[span].sum()) for name, span in _SPANS.items()}


_SPANS = {
    "against": _AGAINST,
    "between": _BETWEEN,
    "for": _FOR,
    "unsure": slice(_UNSURE, _UNSURE + 1),
    "none": slice(_NONE, _NONE + 1),
}


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
    temperatures: tuple[float, float] = (1.0, 1.0)
    """What makes the probabilities of words alone, and those of both, as sure as they are right."""
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
                    tuple(content["temperatures"].tolist()),
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
            temperatures=np.asarray(self.temperatures),
        )
        return file.getvalue()

    def read(self, text: str, encode: Encode | None = None) -> Response:
        """Return how *text* reacts; names in it are best replaced by their stand-ins."""
        parts = clauses(text)
        read = [self._by_words(part) for part in parts]
        temperature = self.temperatures[0]
        if encode is not None and any(one is not _NOTHING for one in read):
            temperature = self.temperatures[1]
            read = [*map(_mean, read, self._by_meaning(parts, encode))]
        if not read:
            return _NOTHING
        return _tempered(read[0] if len(read) == 1 else _joined(read), temperature)

    def _by_words(self, clause: str) -> Response:
        known = self.features
        rows = [known[name] for name in features(clause, self.lexicon) if name in known]
        if not rows:
            return _NOTHING
        rows.append(0)
        return _response(self.weights[rows].sum(0))

    def _by_meaning(self, parts: Sequence[str], encode: Encode) -> list[Response]:
        embedded = encode([spoken(part) for part in parts])
        return [*map(_response, embedded @ self.head[:-1] + self.head[-1])]


@cache
def shipped() -> ResponseModel:
    """Return the model that comes with Gnothi."""
    return ResponseModel.load(SHIPPED)


def clauses(text: str) -> list[str]:
    """Return the parts of *text* that may react differently: "Great! Can I get more {i}?"."""
    parts = (part.strip() for part in _CLAUSE.split(text))
    return [part for part in parts if part][:MAX_CLAUSES]


def spoken(clause: str) -> str:
    """Return *clause* as the encoder reads it: with a name for each stand-in."""
    for stand_in, name in _SPOKEN.items():
        clause = clause.replace(stand_in, name)
    return clause


def features(clause: str, lexicon: Mapping[str, int]) -> list[str]:
    """Return the names of what is in a *clause*; one function for training and serving."""
    raw = _TOKEN.findall(clause)[:MAX_WORDS]
    words = list(_words(raw))
    framed = ["^", *words, "$"]
    found = [f"{one} {other}" for one, other in pairwise(framed)]
    found += words
    found += _negated(words, lexicon)
    found += _signs(raw, len(words))
    for word in words:
        found += _pieces(word)
    if 1 < len(words) <= _REACH + 1:
        found.append(f"={' '.join(words)}")
    return found


def _words(raw: Iterable[str]) -> Iterator[str]:
    for token in raw:
        word = token.lower()[:_LONGEST_WORD]
        if not (word[0].isalnum() or word[0] == "{"):
            yield word[0]
            continue
        if "'" in word:
            yield from _parted(word)
            continue
        word = _DRAWN.sub(r"\1\1", word)
        yield from _JOINED.get(word, (word,))


def _parted(word: str) -> Sequence[str]:
    head, _, tail = word.partition("'")
    if tail == "t" and head.endswith("n"):
        return _JOINED.get(f"{head}t", (head[:-1], "nt"))
    return (head, tail)


def _negated(words: Sequence[str], lexicon: Mapping[str, int]) -> list[str]:
    """Return words of liking, and all words that a negation reaches."""
    reach, found = 0, list[str]()
    for word in words:
        before = "~" if reach else ""
        if before:
            found.append(f"~{word}")
        if value := lexicon.get(word):
            found += (f"{before}§like{value}", f"{before}§{'good' if value > 0 else 'bad'}")
        reach = _REACH if word in _NEGATORS else max(0, reach - 1)
    return found


def _signs(raw: Sequence[str], size: int) -> list[str]:
    """Return emphasis: capitals, signs repeated, letters drawn out; and the length."""
    found = [f"§size{min(size.bit_length(), 5)}"]
    if any(len(token) > 1 and token.isupper() and token.isalpha() for token in raw):
        found.append("§capitals")
    found += [f"§{token[:2]}" for token in raw if token[0] in "!?.…"]
    if any(_DRAWN.search(token) for token in raw if token[0].isalpha()):
        found.append("§drawn")
    return found


@cache
def _pieces(word: str) -> tuple[str, ...]:
    """Return pieces of three and four letters: what remains of a misspelt word."""
    framed = f"<{word}>"
    sizes = (3, 4) if len(word) > 2 and word[0] != "{" else ()
    return tuple(
        f"+{framed[at : at + size]}" for size in sizes for at in range(len(framed) - size + 1)
    )


def _joined(read: Sequence[Response]) -> Response:
    """Join clauses: those that react count by how surely they do, the first one double."""
    shares = np.asarray([1.0 - one.reactions[_NONE] for one in read], np.float32)
    silent = np.float32(np.prod(1.0 - shares))
    shares[0] *= 2
    rows = np.stack([one.reactions for one in read])
    rows[:, _NONE] = 0
    mixed = (shares[:, None] ** 2 * rows / np.maximum(rows.sum(1, keepdims=True), 1e-9)).sum(0)
    reactions = mixed / max(float(mixed.sum()), 1e-9) * (1 - silent)
    reactions[_NONE] = silent
    best = max(read, key=lambda one: 1.0 - float(one.wishes[0]))
    return Response(reactions, best.wishes)


def _mean(one: Response, other: Response) -> Response:
    half = np.float32(0.5)
    reactions = (one.reactions + other.reactions) * half
    return Response(reactions, (one.wishes + other.wishes) * half)


def _tempered(one: Response, temperature: float) -> Response:
    if one is _NOTHING or temperature == 1.0:
        return one
    return Response(*(_sharpened(row, temperature) for row in (one.reactions, one.wishes)))


def _sharpened(row: Floats, temperature: float) -> Floats:
    raised = np.maximum(row, 1e-9) ** (1 / temperature)
    return raised / raised.sum()


def _response(scores: Floats) -> Response:
    return Response(_softmax(scores[: len(REACTIONS)]), _softmax(scores[len(REACTIONS) :]))


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max())
    return raised / raised.sum()


def _only(size: int, at: int) -> Floats:
    row: Any = np.zeros(size, np.float32)
    row[at] = 1.0
    return row


def _lines(content: NDArray[np.uint8]) -> list[str]:
    return content.tobytes().decode().split("\n")


def _bytes(names: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), np.uint8)


def _rounded(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    scale = (np.maximum(np.abs(weights).max(0), 1e-6) / 127).astype(np.float32)
    return np.rint(weights / scale).astype(np.int8), scale


_NOTHING = Response(_only(len(REACTIONS), _NONE), _only(len(WISHES), 0))
"""Nothing in the text is known."""
