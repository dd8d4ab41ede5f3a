"""Of two things alike, the one to the left of a third: what a dot product can't know, a rule can.

A phrase as a whole names both of them and the third; the box of a thing knows nothing of others.
Nor does our attention: it judges each thing apart, and never learned a phrase with a relation.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gnothi.core.seeing import Sighting
from gnothi.vision.boxes import overlaps
from gnothi.vision.finding import rules
from gnothi.vision.finding.finder import Finder
from gnothi.vision.finding.wanted import wanted
from gnothi_lab.sight.finding.rendered import Other
from gnothi_train.vision.find.measure import RIGHT
from gnothi_train.vision.scenes.composing import Placed, Scene
from gnothi_train.vision.scenes.phrases import Phrase

_APART = 20.0
"""Pixels by which both are beside the third at least."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things of a noun, and one between them."""

    scene: Scene
    text: str
    meant: Placed
    twin: Placed


def pairs(scenes: Sequence[Scene], seed: int) -> Iterator[Pair]:
    """Yield at most one question of each scene that has two things alike around another."""
    random = np.random.default_rng(seed)
    for scene in scenes:
        found = [
            (one, twin, other)
            for one in scene.placed
            for twin in scene.placed
            for other in scene.placed
            if one.noun == twin.noun != other.noun
            and _middle(one) + _APART < _middle(other) < _middle(twin) - _APART
            and _alone(scene, one, other)
        ]
        if found:
            left, right, other = found[int(random.integers(len(found)))]
            side = "left" if random.random() < 0.5 else "right"
            meant, twin = (left, right) if side == "left" else (right, left)
            text = f"the {meant.noun} to the {side} of the {other.noun}"
            yield Pair(scene, text, meant, twin)


def shares(asked: Sequence[Pair], finder: Finder, joint: Other) -> Mapping[str, float]:
    """Return how often each takes the right one, of the times that it takes one of the two."""
    right: dict[str, list[bool]] = {"dot": [], "joint": [], "rule": []}
    for one in asked:
        glance = finder.look(one.scene.pixels)
        chances = finder.seer.likely(glance.view, (one.text,))[:, 0]
        seen = joint.look(one.scene)
        judged = joint.judge(seen, [Phrase(one.text, frozenset())])[:, 0]
        boxes = {
            "dot": glance.view.boxes[chances.argmax()],
            "joint": seen.boxes[judged.argmax()],
            "rule": _by_rule(one, finder),
        }
        for name, box in boxes.items():
            if box is None:
                continue
            if _is(box, one.meant):
                right[name].append(True)
            elif _is(box, one.twin):
                right[name].append(False)
    return {name: float(np.mean(told)) for name, told in right.items() if told} | {
        f"{name}_pairs": float(len(told)) for name, told in right.items()
    }


def _by_rule(one: Pair, finder: Finder) -> np.ndarray | None:
    """Return the box that is said; ``None`` where neither or no third thing was found."""
    glance, meant = finder.look(one.scene.pixels), wanted(one.text)
    assert meant.other is not None
    likely = finder.seer.likely(glance.view, (finder.phrase(meant), finder.phrase(meant.other)))
    sightings = [Sighting("", tuple(box.tolist()), 1.0) for box in glance.view.boxes]
    other = sightings[int(likely[:, 1].argmax())]
    beside = rules.related(sightings, meant.relation, [other])
    if not beside:
        return None
    return np.array(max(beside, key=lambda each: likely[sightings.index(each), 0]).box)


def _alone(scene: Scene, one: Placed, other: Placed) -> bool:
    nouns = [placed.noun for placed in scene.placed]
    return nouns.count(one.noun) == 2 and nouns.count(other.noun) == 1


def _middle(one: Placed) -> float:
    return (one.box[0] + one.box[2]) / 2


def _is(box: np.ndarray, one: Placed) -> bool:
    return bool(overlaps(box[None], np.array([one.box]))[0, 0] >= RIGHT)
