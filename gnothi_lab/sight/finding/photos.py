"""Templates on real photos (``referring_templated``): no person's words, and no RefCOCO."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from gnothi.core.seeing import Sighting
from gnothi.vision.boxes import areas
from gnothi.vision.finding import rules
from gnothi.vision.finding.finder import Finder, Glance, Search
from gnothi.vision.finding.wanted import Wanted, wanted
from gnothi.vision.pictures import read_picture
from gnothi_lab.progress import watched
from gnothi_lab.sight.finding.rendered import is_right

FORCED = "ours without a threshold"
"""The same search, that takes whatever is likeliest; of nouns that it has not learned, nothing."""
_SURE = 0.3


@dataclass(frozen=True, slots=True)
class Asked:
    """A phrase and the box of what it means."""

    image: str
    phrase: str
    box: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    kind: str
    """``unique``, ``extreme``, ``size`` or ``relation``."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A phrase, who was right, and whether its noun was ever learned."""

    asked: Asked
    is_known: bool
    right: Mapping[str, bool]
    found: tuple[float, ...]
    """The box that we take; empty for none."""


def read(data: Path) -> list[Asked]:
    """Return the phrases in the folder of public *data*."""
    path = data / "vision" / "referring_templated" / "phrases.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Asked(row["image"], row["phrase"], _box(row["bbox"]), row["kind"])
        for row in sorted(rows, key=lambda row: row["image"])
    ]


def answer(asked: Sequence[Asked], finder: Finder, data: Path) -> list[Answered]:
    """Return who answers which of the phrases *asked* right."""
    found: list[Answered] = []
    groups = [(image, list(rows)) for image, rows in groupby(asked, lambda one: one.image)]
    for image, rows in watched(groups, "photos"):
        pixels = read_picture(data / "vision" / image)
        glance = finder.look(pixels)
        labels = finder_labels(glance, finder)
        for one in rows:
            meant = wanted(one.phrase)
            told = {
                "ours": _first(glance.search(meant)),
                FORCED: _first(glance.search(meant, least=_half(glance, finder, meant))),
                "largest object": _largest(glance),
                "its own labels": _labelled(labels, meant, finder),
            }
            right = {name: _is_right(box, one) for name, box in told.items()}
            ours = told["ours"]
            known = finder.knows(meant.noun)
            found.append(Answered(one, known, right, ours.box if ours else ()))
    return found


def finder_labels(glance: Glance, finder: Finder) -> Sequence[Sighting]:
    """Return every thing with its likeliest noun, however unlikely."""
    view = glance.view
    likely = finder.seer.likely(view, tuple(f"the {noun}" for noun in finder.nouns))
    return [
        Sighting(finder.nouns[int(row.argmax())], tuple(box.tolist()), float(row.max()))
        for row, box in zip(likely, view.boxes, strict=True)
    ]


def _first(search: Search) -> Sighting | None:
    return search.found[0] if search.found else None


def _half(glance: Glance, finder: Finder, meant: Wanted) -> float:
    """Return half of how likely the likeliest thing is: something is always there.

    Of a phrase with two things, of the one that is less likely there.
    """
    asked = [one for one in (meant, meant.other) if one is not None]
    likely = finder.seer.likely(glance.view, tuple(finder.phrase(one) for one in asked))
    return 0.5 * float(likely.max(axis=0, initial=0.0).min())


def _largest(glance: Glance) -> Sighting | None:
    view = glance.view
    if not len(view.boxes):
        return None
    best = int((areas(view.boxes) * (view.sure > _SURE)).argmax())
    return Sighting("", tuple(view.boxes[best].tolist()), 1.0)


def _labelled(labels: Sequence[Sighting], meant: Wanted, finder: Finder) -> Sighting | None:
    """Return the surest box whose likeliest noun is the one that is meant."""
    own = [one for one in labels if finder.same(one.name, meant.noun)]
    if meant.extreme and own:
        return rules.extreme(own, meant.extreme)[0]
    return max(own, key=lambda one: one.confidence, default=None)


def _is_right(found: Sighting | None, one: Asked) -> bool:
    if found is None:
        return False
    return is_right(found.box, one.box)


def _box(told: Sequence[float]) -> tuple[float, float, float, float]:
    left, top, width, height = told
    return left, top, left + width, top + height
