"""How the eyes learn: things cut out, then everything, then each way of meeting phrases.

What is served goes on with captions, and at last with what things mean alone: by then the backbone
and the boxes change little, and a step without them costs half.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch

from gnothi_train.vision.backbone import freeze
from gnothi_train.vision.find.batches import Batch, batches, captions
from gnothi_train.vision.find.crops import Crops, crops, named
from gnothi_train.vision.find.learning import Pupil, meant, objective
from gnothi_train.vision.find.network import Apart, Eyes, Joint, Labels
from gnothi_train.vision.find.vectors import PhraseVectors
from gnothi_train.vision.loop import CHECKPOINT, Loop, Recipe, seeded
from gnothi_train.vision.scenes.composing import Scene
from gnothi_train.vision.scenes.paint import COLOURS
from gnothi_train.vision.scenes.things import things

SIZE = 8
"""Scenes of a batch: with sixteen, half as many steps in the same time led nowhere near as far."""
_HINTED = 2
"""Scenes with captions beside each batch."""
CROPS, FIRST, APART, JOINT = "crops", "first", "apart", "joint"
"""Things cut out; everything; a dot product alone; attention alone."""
TOLD, MEANINGS = "told", "meanings"
"""A dot product with captions; then what things mean alone: that is served."""
_BEGUN = "begun"
"""File beside a checkpoint: what the stage began from."""
Tell = Callable[[int, Mapping[str, float]], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is rendered and learned."""

    scenes: int = 14_000
    told: int = 2_000
    """Scenes with captions alone."""
    crop_steps: int = 2_200
    """With things cut out of the scenes, by their labels."""
    steps: int = 5_000
    """With labels and both ways of meeting phrases, on the same eyes."""
    own_steps: int = 150
    """Of each way by itself, from there on."""
    told_steps: int = 1_300
    """Of a dot product with labels and captions, from there on."""
    meaning_steps: int = 2_000
    """Of what things mean, against all nouns and with captions; all else stays as it is."""
    seed: int = 0

    @property
    def crops(self) -> Recipe:
        """How things cut out are learned."""
        return Recipe(
            self.crop_steps, rate=2e-3, warm_up=30, decay=2e-2, average=0.995, seed=self.seed
        )

    @property
    def first(self) -> Recipe:
        """How everything is learned."""
        return Recipe(
            self.steps, rate=1.6e-3, warm_up=30, decay=2e-2, average=0.998, seed=self.seed
        )

    @property
    def own(self) -> Recipe:
        """How each way goes on by itself."""
        return Recipe(
            self.own_steps, rate=4e-4, warm_up=20, decay=2e-2, average=0.99, seed=self.seed
        )

    def recipe(self, stage: str) -> Recipe:
        """Return how *stage*, one of those by themselves, is learned."""
        if stage == TOLD:
            return Recipe(
                self.told_steps, rate=1.2e-3, warm_up=20, decay=2e-2, average=0.995, seed=self.seed
            )
        if stage == MEANINGS:
            return Recipe(
                self.meaning_steps, rate=3e-3, warm_up=20, decay=1e-2, average=0.99, seed=self.seed
            )
        return self.own


def pupil(stage: str) -> Pupil:
    """Return what learns in *stage*; it has not learned anything."""
    labels = Labels(len(things()), len(COLOURS)) if stage in (FIRST, TOLD) else None
    return Pupil(
        Eyes(),
        labels=labels,
        apart=None if stage == JOINT else Apart(),
        joint=Joint() if stage in (FIRST, JOINT) else None,
    )


def learned(folder: Path, stage: str) -> Pupil:
    """Return the pupil of *stage* as its checkpoint in *folder* has it.

    Raises:
        FileNotFoundError: that stage was not learned.
    """
    found = pupil(stage)
    state = torch.load(folder / stage / CHECKPOINT, map_location="cpu", weights_only=True)
    found.load_state_dict(state["averaged"] or state["network"])
    return found.eval()


def learn_first(
    plan: Plan, folder: Path, scenes: Sequence[Scene], vectors: PhraseVectors, tell: Tell
) -> None:
    """Learn what is cut out of *scenes*, then everything; begun again, it goes on where it was.

    What was learned from other scenes is forgotten.
    """
    seeded(plan.seed)
    seen = _digest(scenes)
    _begin(folder / CROPS, seen)
    loop: Loop[Crops] = Loop(pupil(FIRST), named, plan.crops, folder=folder / CROPS)
    loop.resume()
    loop.run(crops(scenes, plan.seed + loop.step), f"Learning ({CROPS})", tell=tell)
    own = pupil(FIRST)
    own.load_state_dict(loop.result.state_dict())
    _begin(folder / FIRST, seen + _digest_of(own))
    _run(own, plan.first, folder / FIRST, scenes, vectors, tell)


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
    """Go on with one way of meeting phrases from where all ended; *told* have captions.

    What things mean goes on from where captions ended. A stage that began from weights or scenes
    that are no more is forgotten.
    """
    seeded(plan.seed)
    whole, own = learned(folder, TOLD if stage == MEANINGS else FIRST), pupil(stage)
    known = own.state_dict()
    own.load_state_dict({name: whole.state_dict()[name] for name in known})
    if stage == MEANINGS:
        leave_meanings_alone(own)
    _begin(folder / stage, _digest_of(whole) + _digest(scenes) + _digest(told))
    _run(own, plan.recipe(stage), folder / stage, scenes, vectors, tell, told)


def leave_meanings_alone(own: Pupil) -> None:
    """Let nothing of *own* learn but what things mean and how phrases are read."""
    for part in (own.eyes.backbone, own.eyes.neck, own.eyes.places):
        freeze(part)
    own.eyes.scales.requires_grad_(requires_grad=False)


def _run(
    own: Pupil,
    recipe: Recipe,
    folder: Path,
    scenes: Sequence[Scene],
    vectors: PhraseVectors,
    tell: Tell,
    told: Sequence[Scene] = (),
) -> None:
    hints = captions(told, _HINTED, recipe.seed + 1) if told else None
    learn = meant if folder.name == MEANINGS else objective
    loop: Loop[Batch] = Loop(own, learn(vectors, hints), recipe, folder=folder)
    loop.resume()
    source = batches(scenes, SIZE, recipe.seed, skip=loop.step)
    if hints is not None:
        next(islice(hints, loop.step, loop.step), None)  # those were learned from already
    loop.run(source, f"Learning ({folder.name})", tell=tell)


def _begin(folder: Path, origin: str) -> None:
    """Remove the checkpoint in *folder* unless its stage began from *origin*."""
    told = folder / _BEGUN
    if not told.exists() or told.read_text(encoding="utf-8") != origin:
        (folder / CHECKPOINT).unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        told.write_text(origin, encoding="utf-8")


def _digest(scenes: Sequence[Scene]) -> str:
    """Return a hash of *scenes*, as they are told as well as drawn."""
    whole = hashlib.sha256()
    for scene in scenes:
        whole.update(scene.jpeg + repr(scene.placed).encode())
    return whole.hexdigest()


def _digest_of(own: Pupil) -> str:
    """Return a hash of the weights of *own*."""
    whole = hashlib.sha256()
    for name, value in own.state_dict().items():
        whole.update(name.encode() + value.cpu().contiguous().numpy().tobytes())
    return whole.hexdigest()
