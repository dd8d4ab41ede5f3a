"""How the eyes learn: what things mean first, cut out of scenes; then where they are.

Attention and the dot product that is served learn beside each other, from the same cuts, and then
each by itself for as long; the dot product goes on with captions.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

import torch
from torch import nn

from gnothi_train.vision.find.batches import Batch, batches
from gnothi_train.vision.find.crops import COUNT, FEW, Crops, Proposed, crops, hints
from gnothi_train.vision.find.learning import Watcher, watched
from gnothi_train.vision.find.measure import look
from gnothi_train.vision.find.naming import Pupil, objective
from gnothi_train.vision.find.network import LOOK, WIDTH, Apart, Eyes, Joint, Labels, Regions
from gnothi_train.vision.find.vectors import PhraseVectors
from gnothi_train.vision.loop import CHECKPOINT, Loop, Recipe, seeded
from gnothi_train.vision.origins import begin, digest
from gnothi_train.vision.scenes.composing import Scene
from gnothi_train.vision.scenes.paint import COLOURS
from gnothi_train.vision.scenes.things import things

SIZE = 8
"""Scenes of a batch: with sixteen, half as many steps in the same time led nowhere near as far."""
_HINTED, _EACH = 5, 14
"""Pictures with captions beside each batch, and boxes of each."""
LABELS, REGIONS, BOXES = "labels", "regions", "boxes"
"""What things are called; what they mean, by both ways of meeting phrases; where they are."""
APART, JOINT = "apart", "joint"
"""A dot product alone; attention alone."""
TOLD = "told"
"""A dot product with captions: that is served."""
Tell = Callable[[int, Mapping[str, float]], None]
_Network = TypeVar("_Network", bound=nn.Module)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is rendered and learned."""

    scenes: int = 14_000
    told: int = 2_000
    """Scenes with captions alone."""
    label_steps: int = 6_000
    """With things cut out of the scenes, by their labels alone: such a step costs a third."""
    region_steps: int = 4_000
    """The same, by labels and both ways of meeting phrases."""
    box_steps: int = 2_000
    """With whole scenes: where things are."""
    own_steps: int = 200
    """Of each way by itself, from the regions on."""
    told_steps: int = 600
    """Of a dot product with captions, from there on."""
    seed: int = 0

    def recipe(self, stage: str) -> Recipe:
        """Return how *stage* is learned."""
        steps, rate, average = {
            LABELS: (self.label_steps, 2e-3, 0.998),
            REGIONS: (self.region_steps, 2.5e-3, 0.998),
            BOXES: (self.box_steps, 1.6e-3, 0.995),
            APART: (self.own_steps, 4e-4, 0.99),
            JOINT: (self.own_steps, 4e-4, 0.99),
            TOLD: (self.told_steps, 5e-4, 0.99),
        }[stage]
        return Recipe(steps, rate=rate, warm_up=50, decay=2e-2, average=average, seed=self.seed)


def pupil(stage: str) -> Pupil:
    """Return what learns meanings in *stage*; it has not learned anything."""
    known = len(things()), len(COLOURS)
    return Pupil(
        Regions(),
        labels=Labels(LOOK, *known) if stage in (LABELS, REGIONS) else None,
        apart=Apart() if stage in (REGIONS, APART, TOLD) else None,
        joint=Joint() if stage in (REGIONS, JOINT) else None,
    )


def watcher() -> Watcher:
    """Return what learns where things are; it has not learned anything."""
    return Watcher(Eyes(), Labels(WIDTH, len(things()), len(COLOURS)))


def learned(folder: Path, stage: str) -> Pupil:
    """Return the pupil of *stage* as its checkpoint in *folder* has it.

    Raises:
        FileNotFoundError: that stage was not learned.
    """
    return _read(folder / stage, pupil(stage))


def learned_eyes(folder: Path) -> Eyes:
    """Return what finds things, as its checkpoint in *folder* has it.

    Raises:
        FileNotFoundError: it was not learned.
    """
    return _read(folder / BOXES, watcher()).eyes


def learn_regions(
    plan: Plan, folder: Path, scenes: Sequence[Scene], vectors: PhraseVectors, tell: Tell
) -> None:
    """Learn what things mean from what is cut out of *scenes*; begun again, it goes on.

    What was learned from other scenes is forgotten.
    """
    seeded(plan.seed)
    seen, own = _digest(scenes), pupil(REGIONS)
    begin(folder / LABELS, seen)
    _name(pupil(LABELS), plan, folder / LABELS, scenes, vectors, tell)
    named = learned(folder, LABELS)
    own.load_state_dict(named.state_dict(), strict=False)
    begin(folder / REGIONS, seen + digest(named))
    _name(own, plan, folder / REGIONS, scenes, vectors, tell)


def learn_boxes(plan: Plan, folder: Path, scenes: Sequence[Scene], tell: Tell) -> None:
    """Learn where things are, beginning with the backbone that knows what they are called."""
    seeded(plan.seed)
    whole, own = learned(folder, LABELS), watcher()
    own.eyes.backbone.load_state_dict(whole.regions.backbone.state_dict())
    begin(folder / BOXES, digest(whole) + _digest(scenes))
    loop: Loop[Batch] = Loop(own, watched, plan.recipe(BOXES), folder=folder / BOXES)
    loop.resume()
    source = batches(scenes, SIZE, plan.seed, skip=loop.step)
    loop.run(source, f"Learning ({BOXES})", tell=tell)


def learn_own(
    stage: str,
    plan: Plan,
    folder: Path,
    scenes: Sequence[Scene],
    vectors: PhraseVectors,
    tell: Tell,
    *,
    told: Sequence[Scene] = (),
) -> None:
    """Go on with one way of meeting phrases from where both ended.

    With *told*, pictures with captions, a dot product goes on from where it ended by itself.

    A stage that began from weights or scenes that are no more is forgotten.
    """
    seeded(plan.seed)
    whole, own = learned(folder, APART if stage == TOLD else REGIONS), pupil(stage)
    own.load_state_dict({name: whole.state_dict()[name] for name in own.state_dict()})
    begun = digest(whole) + _digest(scenes) + _digest(told)
    proposed: Sequence[Proposed] = ()
    if told:
        eyes = learned_eyes(folder)
        begun += digest(eyes)
        proposed = [
            Proposed(scene, found.boxes, found.sure)
            for scene, found in zip(told, look(eyes, own.regions, told), strict=True)
            if len(found.boxes) >= _EACH
        ]
    begin(folder / stage, begun)
    _name(own, plan, folder / stage, scenes, vectors, tell, proposed)


def _name(
    own: Pupil,
    plan: Plan,
    folder: Path,
    scenes: Sequence[Scene],
    vectors: PhraseVectors,
    tell: Tell,
    proposed: Sequence[Proposed] = (),
) -> None:
    """Let *own* learn what things mean from what is cut out of *scenes*, and from captions."""
    given = hints(proposed, _HINTED, _EACH, plan.seed + 1) if proposed else None
    recipe = plan.recipe(folder.name)
    loop: Loop[Crops] = Loop(own, objective(vectors, given), recipe, folder=folder)
    loop.resume()
    if given is not None:
        next(islice(given, loop.step, loop.step), None)  # those were learned from already
    count = FEW if folder.name == LABELS else COUNT
    source = crops(scenes, plan.seed + loop.step, count=count)
    loop.run(source, f"Learning ({folder.name})", tell=tell)


def _read(folder: Path, network: _Network) -> _Network:
    state = torch.load(folder / CHECKPOINT, map_location="cpu", weights_only=True)
    network.load_state_dict(state["averaged"] or state["network"])
    return network.eval()


def _digest(scenes: Sequence[Scene]) -> str:
    """Return a hash of *scenes*, as they are told as well as drawn."""
    whole = hashlib.sha256()
    for scene in scenes:
        whole.update(scene.jpeg + repr(scene.placed).encode())
    return whole.hexdigest()
