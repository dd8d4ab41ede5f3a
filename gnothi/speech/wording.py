"""How assistants are spoken to: counted once, then joined with the names of a home.

The artifact ``hearing/wording`` holds how often triples of words follow each other in sentences to
assistants, with names replaced by their kind, and which names were said. A home's own names take
their places, and what its skills want to hear is counted on top.
"""

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import numpy as np

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import Expected, Hints, Pattern
from gnothi.speech.kept import Kept
from gnothi.speech.ngrams import BEGIN, ORDER, Gram, Ngrams, count, estimate
from gnothi.speech.words import said

NAME = "hearing/wording"
FILE = "wording.npz"
SHIPPED = Path(__file__).parent.parent / "models" / "wording"

DEVICE, AREA, LIST, PERSON = "[device]", "[area]", "[list]", "[person]"
CLASSES = {
    "device": DEVICE,
    "area": AREA,
    "floor": AREA,
    "list": LIST,
    "person": PERSON,
}
"""Kind of a name to the class that stands for it."""
_FIRST = (BEGIN,) * (ORDER - 1)
_KEPT = 4
"""Language models that stay ready; a home needs two or three."""
Names = Mapping[Gram, float]
"""Ways to say a class, in words, and how probable each is."""

OWN = 0.7
"""Share of the names that a home has, beside what homes in general have."""
PATTERN_WEIGHT = 3.0
"""How often a skill's sample counts, beside the sentences that were counted once."""
AWAITED = 0.95
"""Share of all that is said that the awaited answers have; people change their minds, too."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """What may be said in one home."""

    ngrams: Ngrams
    classes: Mapping[str, Names]

    @property
    def words(self) -> frozenset[str]:
        """Every word, those in names included."""
        plain = {one for one in self.ngrams.symbols if one not in self.classes}
        return frozenset(plain | {w for names in self.classes.values() for n in names for w in n})


@dataclass(frozen=True, slots=True)
class Wording:
    """Counts of what is said to assistants."""

    counts: Mapping[Gram, float]
    classes: Mapping[str, Names]
    _models: Kept[Hints, LanguageModel] = field(
        default_factory=partial(Kept[Hints, LanguageModel], _KEPT),
        init=False,
        repr=False,
        compare=False,
    )

    @classmethod
    def read(cls, folder: Path = SHIPPED) -> "Wording":
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it is missing, damaged or of another version.
        """
        verify(folder, read_card(folder))
        try:
            with np.load(folder / FILE, allow_pickle=False) as kept:
                symbols: list[str] = kept["symbols"].tolist()
                grams: list[list[int]] = kept["grams"].tolist()
                seen: list[float] = kept["seen"].tolist()
                told: list[str] = kept["names"].tolist()
                kinds: list[str] = kept["kinds"].tolist()
                shares: list[float] = kept["shares"].tolist()
        except (OSError, ValueError, KeyError) as error:
            raise ArtifactError(f"{folder / FILE} can't be read: {error}") from error
        counts = {
            (symbols[a], symbols[b], symbols[c]): times
            for (a, b, c), times in zip(grams, seen, strict=True)
        }
        classes: dict[str, dict[Gram, float]] = {kind: {} for kind in kinds}
        for name, kind, share in zip(told, kinds, shares, strict=True):
            classes[kind][tuple(name.split())] = share
        return cls(counts, classes)

    def packed(self) -> bytes:
        """Return the content of ``FILE``."""
        symbols = sorted({symbol for gram in self.counts for symbol in gram})
        place = {symbol: at for at, symbol in enumerate(symbols)}
        grams = sorted(self.counts)
        names = [(k, n, p) for k, told in sorted(self.classes.items()) for n, p in told.items()]
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            symbols=np.array(symbols),
            grams=np.array([[place[one] for one in gram] for gram in grams], np.uint16),
            seen=np.array([self.counts[gram] for gram in grams], np.float32),
            names=np.array([" ".join(name) for _, name, _ in names]),
            kinds=np.array([kind for kind, _, _ in names]),
            shares=np.array([share for _, _, share in names], np.float32),
        )
        return buffer.getvalue()

    def model(self, hints: Hints) -> LanguageModel:
        """Return what may be said where *hints* hold; whoever asks next gets the same again."""
        return self._models.get(hints, self._model)

    def _model(self, hints: Hints) -> LanguageModel:
        counts = defaultdict(float, self.counts)
        patterns = count(_sentences(hints.patterns))
        weight = PATTERN_WEIGHT
        if hints.expected is Expected.ANSWER and patterns:
            weight = AWAITED / (1 - AWAITED) * _beginnings(self.counts) / _beginnings(patterns)
        for gram, seen in patterns.items():
            counts[gram] += weight * seen
        for gram, seen in count((said(one), 1.0) for one in hints.phrases).items():
            counts[gram] += PATTERN_WEIGHT * seen
        for gram, seen in count(hints.usage.sentences).items():
            counts[gram] += seen
        return LanguageModel(estimate(counts), self._named(hints))

    def _named(self, hints: Hints) -> dict[str, Names]:
        own: dict[str, dict[Gram, float]] = {kind: {} for kind in self.classes}
        times = dict(hints.usage.names)
        for name in hints.names:
            if (kind := CLASSES.get(name.kind)) in own and (words := said(name.text)):
                own[kind][words] = 1.0 + times.get(words, 0.0)
        return {kind: _mixed(own[kind], general) for kind, general in self.classes.items()}


@cache
def shipped() -> Wording:
    """Return what comes with Gnothi."""
    return Wording.read()


def _beginnings(counts: Mapping[Gram, float]) -> float:
    """Return how many sentences were counted."""
    return sum(seen for gram, seen in counts.items() if gram[:-1] == _FIRST)


def _mixed(own: Mapping[Gram, float], general: Names) -> Names:
    """Return *general* names beside the *own* ones, each with how often it counts."""
    if not own:
        return general
    mixed = {name: (1 - OWN) * share for name, share in general.items()}
    whole = sum(own.values())
    for name, times in sorted(own.items()):
        mixed[name] = mixed.get(name, 0.0) + OWN * times / whole
    return mixed


def _sentences(patterns: Sequence[Pattern]) -> Iterator[tuple[Gram, float]]:
    """Yield sentences that say every alternative of every part at least once."""
    for pattern in patterns:
        many = max(map(len, pattern.parts), default=0)
        for at in range(many):
            texts = [part[at % len(part)] for part in pattern.parts if part]
            yield tuple(symbol for text in texts for symbol in _symbols(text)), 1 / many


def _symbols(text: str) -> Sequence[str]:
    return (text,) if text in CLASSES.values() else said(text)
