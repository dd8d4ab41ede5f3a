"""The light learner as one more method: each class by itself, on what the shared eyes see."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import process_time

import numpy as np

import gnothi.vision.teaching
from gnothi.vision.boxes import Boxes
from gnothi.vision.finding.networks import NAMING, NETWORK, SightNetworks
from gnothi.vision.teaching.examples import Shown, see
from gnothi.vision.teaching.folders.collection import Example
from gnothi.vision.teaching.learner import Judge, fit
from gnothi.vision.teaching.looking import Look, look
from gnothi_lab.sight.detection import FoundBoxes, TruthBoxes, precision
from gnothi_lab.sight.teaching.domains import Domain, shots
from gnothi_lab.sight.teaching.keys import code, content, key
from gnothi_lab.sight.teaching.runs import Outcome

_CODE = tuple(
    Path(gnothi.vision.teaching.__path__[0]) / name
    for name in ("examples.py", "learner.py", "looking.py")
)
_LEAST = 0.01
"""Scores below this are no findings."""


class LightLaboratory:
    """Teaches domains by the light learner, and keeps what came of it."""

    def __init__(self, folder: Path, eyes: Path) -> None:
        """Keep outcomes in *folder*; see through the *network*."""
        self._folder, self._eyes = folder, eyes
        self._networks = SightNetworks.read(eyes)
        self._tests: dict[str, list[Look]] = {}

    def outcome(self, domain: Domain, count: int, seed: int) -> Outcome:
        """Return what comes of teaching *domain* from *count* boxes of each class."""
        place = self.place(domain, count, seed)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            told = asdict(self._do(domain, shots(domain, count, seed)))
            place.write_text(json.dumps(told), encoding="utf-8")
        return Outcome(**json.loads(place.read_text(encoding="utf-8")))

    def place(self, domain: Domain, count: int, seed: int) -> Path:
        """Return where the outcome is kept."""
        mark = key(
            (count, seed, code(_CODE), content(domain)),
            [self._eyes / name for name in (NETWORK, NAMING)],
        )
        return self._folder / "runs" / f"{domain.name}-light-{count}-{seed}-{mark}.json"

    def _do(self, domain: Domain, drawn: Sequence[Example]) -> Outcome:
        began = process_time()
        none = np.zeros((0, 4))
        shown = [see(self._networks, one.name, one.pixels, one.boxes, none) for one in drawn]
        judges = [
            fit([_of(kind, picture, one) for picture, one in zip(shown, drawn, strict=True)])
            for kind in range(domain.classes)
        ]
        seconds = process_time() - began
        found = [_found(seen, judges) for seen in self._seen(domain)]
        told = precision([TruthBoxes(one.boxes, one.classes) for one in domain.test], found)
        return Outcome(told.ap50, told.ap, seconds, len(drawn))

    def _seen(self, domain: Domain) -> list[Look]:
        if domain.name not in self._tests:
            self._tests[domain.name] = [look(self._networks, one.pixels) for one in domain.test]
        return self._tests[domain.name]


def _of(kind: int, shown: Shown, example: Example) -> Shown:
    """Return *shown* as an example of one *kind* of thing: boxes of others are wrong."""
    mine = example.classes == kind
    boxes, others = (tuple(one[mask] for one in shown.boxes) for mask in (mine, ~mine))
    return Shown(shown.name, shown.looks, boxes, others)


def _found(seen: Look, judges: Sequence[Judge]) -> FoundBoxes:
    boxes: list[Boxes] = [np.zeros((0, 4))]
    classes: list[int] = []
    scores: list[float] = []
    for kind, judge in enumerate(judges):
        found = judge.find(seen, _LEAST)
        boxes.append(found.boxes)
        classes += [kind] * len(found.scores)
        scores += found.scores.tolist()
    return FoundBoxes(np.concatenate(boxes), np.array(classes, np.int64), np.array(scores))
