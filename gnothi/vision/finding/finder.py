"""Looking for things in a picture: what was taught first, then what the eyes have learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from gnothi.core.seeing import KnownThings, Pixels, Sighting, require_picture
from gnothi.vision.boxes import Boxes, overlaps, suppressed
from gnothi.vision.finding import rules
from gnothi.vision.finding.models import SHIPPED, Encode, Seer, View
from gnothi.vision.finding.nouns import THING, key
from gnothi.vision.finding.wanted import Wanted

_SAME = 0.45
"""Overlap from which two boxes with one name are around one thing."""
_WITHIN = 0.8
"""Share of a box inside another of the same name from which it is a part of that thing."""
_LISTED = 0.7
"""Probability from which a thing is named without having been asked for: there are hundreds of
nouns that it might be."""
_SURE = 0.3
"""Probability of there being a thing at all, for that."""


class _Nothing:
    """Nothing was taught."""

    names: tuple[str, ...] = ()

    def find(self, name: str, pixels: Pixels) -> tuple[Sighting, ...]:
        """Return nothing."""
        return ()


NOTHING = _Nothing()


@dataclass(frozen=True, slots=True)
class Search:
    """What came of looking for something."""

    wanted: Wanted
    found: tuple[Sighting, ...] = ()
    """Surest first."""
    unknown: str = ""
    """The noun that nobody taught; nothing was found for that reason."""
    missing: str = ""
    """What it should have stood in a relation to, which was not found either."""
    taught: str = ""
    """The name of what somebody taught, where that was looked for."""


class Glance:
    """One picture that was looked at; phrases cost a dot product each."""

    def __init__(self, finder: "Finder", pixels: Pixels) -> None:
        """Look at *pixels*."""
        self.finder, self._pixels = finder, require_picture(pixels)
        self._view: View | None = None

    @property
    def view(self) -> View:
        """The things that the eyes see."""
        if self._view is None:
            self._view = self.finder.seer.view(self._pixels)
        return self._view

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the picture in pixels."""
        return self._pixels.shape[0], self._pixels.shape[1]

    def search(
        self, wanted: Wanted, taught: KnownThings = NOTHING, *, least: float | None = None
    ) -> Search:
        """Return where what is *wanted* is, by the network and by rules over what it found.

        What was *taught* under that name is asked first, unless a colour or size is asked for
        that only the network tells apart. *least* is the probability from which something is
        seen, by default that of the eyes.
        """
        is_known = self.finder.knows(wanted.noun)
        name = wanted.taught if wanted.is_bare or not is_known else ""
        if not name and wanted.noun and not is_known:
            return Search(wanted, unknown=wanted.noun)
        height, width = self.size
        own = taught.find(name, self._pixels) if name else self._found(wanted, least)
        found = rules.in_place(own, wanted.place, width, height)
        if wanted.other is not None:
            other = self.search(wanted.other, taught, least=least)
            if not other.found:
                return Search(wanted, unknown=other.unknown, missing=wanted.other.name)
            found = rules.related(found, wanted.relation, other.found)
        return Search(wanted, rules.extreme(found, wanted.extreme), taught=name)

    def things(self, taught: KnownThings = NOTHING) -> tuple[Sighting, ...]:
        """Return what is seen without asking: each thing by its likeliest noun, if likely enough.

        What was *taught* comes first.
        """
        known = [one for name in taught.names for one in taught.find(name, self._pixels)]
        nouns = self.finder.nouns
        likely = self.finder.seer.likely(self.view, tuple(f"the {noun}" for noun in nouns))
        best = likely.argmax(axis=1)
        chances = likely.max(axis=1)
        taken = np.flatnonzero((chances >= _LISTED) & (self.view.sure >= _SURE))
        boxes, values = self.view.boxes[taken], chances[taken]
        kept = taken[_apart(boxes, values)]
        own = [
            _sighting(nouns[int(best[at])], self.view.boxes[at], float(chances[at])) for at in kept
        ]
        return (*known, *(one for one in own if not _covers(known, one)))

    def _found(self, wanted: Wanted, least: float | None) -> Sequence[Sighting]:
        finder = self.finder
        chances = finder.seer.likely(self.view, (finder.phrase(wanted),))[:, 0]
        taken = np.flatnonzero(chances >= (finder.seer.settings.least if least is None else least))
        kept = taken[_apart(self.view.boxes[taken], chances[taken])]
        return [_sighting(wanted.name, self.view.boxes[at], float(chances[at])) for at in kept]


class Finder:
    """Finds things by the words for them."""

    name = "eyes"

    def __init__(self, seer: Seer) -> None:
        """Look with the eyes of *seer*."""
        self.seer = seer
        words = seer.settings.words
        self._words = {key(word): word for word in words} | {word: word for word in words}
        self.nouns = tuple(dict.fromkeys(chain.from_iterable(words.values())))
        """Every noun that the eyes have learned."""

    def look(self, pixels: Pixels) -> Glance:
        """Return *pixels* looked at.

        Raises:
            InputError: this is no picture of the right kind.
        """
        return Glance(self, pixels)

    def knows(self, noun: str) -> bool:
        """Whether the eyes have learned *noun*, in the singular or plural."""
        return noun == THING or bool(self._word(noun))

    def same(self, noun: str, said: str) -> bool:
        """Whether *noun*, one of ours, may be what somebody *said*."""
        return noun in self.seer.settings.words.get(self._word(said), ())

    def phrase(self, wanted: Wanted) -> str:
        """Return what the network is asked: the noun of *wanted* as it was learned."""
        learned = self._word(wanted.noun)
        if not wanted.noun or not learned:
            return wanted.phrase or f"the {THING}"
        return wanted.phrase.removesuffix(wanted.noun) + learned

    def _word(self, noun: str) -> str:
        """Return the learned word that *noun* is: "glasses" as it stands, "mugs" as "mug"."""
        return self._words.get(noun) or self._words.get(key(noun), "")


def open_finder(encode: Encode, *, folder: Path = SHIPPED, threads: int = 1) -> Finder:
    """Return a finder with the eyes in *folder*; *encode* is the product's shared text encoder.

    Raises:
        ArtifactError: there are none.
    """
    return Finder(Seer(folder, encode, threads=threads))


def _sighting(name: str, box: np.ndarray, confidence: float) -> Sighting:
    left, top, right, bottom = (float(side) for side in box)
    return Sighting(name, (left, top, right, bottom), confidence)


def _apart(boxes: Boxes, chances: np.ndarray) -> np.ndarray:
    """Return the indices of the likeliest boxes of which none is the same thing or a part of it."""
    kept: list[int] = []
    for at in suppressed(boxes, chances, _SAME).tolist():
        shares = [_share(boxes[at], boxes[other]) for other in kept]
        if not shares or max(shares) < _WITHIN:
            kept.append(at)
    return np.asarray(kept, dtype=np.intp)


def _share(one: np.ndarray, other: np.ndarray) -> float:
    """Return the share of the smaller of two boxes that lies in the other."""
    shared = np.clip(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), 0, None)
    smaller = min(float(np.prod(box[2:] - box[:2])) for box in (one, other))
    return float(np.prod(shared)) / max(smaller, 1e-9)


def _covers(some: Sequence[Sighting], one: Sighting) -> bool:
    boxes = np.array([other.box for other in some], dtype=np.float64).reshape(-1, 4)
    return bool((overlaps(np.array([one.box]), boxes) >= _SAME).any())
