"""Ten things of a household: rendered pictures to teach them with, and others to find them in.

No network of ours was trained on these nouns (``UNSEEN``), nor on drawings of this hand (OpenMoji,
CC BY-SA). Each thing is *one* drawing in one paint, turned, squeezed, lit
and laid among others like it on wood, cloth, shelves and photos. Rendered, not photographed.

    python -m gnothi_lab.sight.teaching.household --pictures DIR --out DIR
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from gnothi.core.clock import SystemClock
from gnothi.learning.teaching import Demonstration
from gnothi.learning.things import LabelledEyes, TaughtThings
from gnothi.registry.registry import Registry
from gnothi.vision.boxes import Boxes, overlaps
from gnothi.vision.finding.networks import SightNetworks
from gnothi.vision.teaching.bank import read_bank
from gnothi.vision.teaching.folders.plain import NAMES
from gnothi.vision.teaching.folders.reading import read_folder
from gnothi.vision.teaching.learner import Learned
from gnothi.vision.teaching.looking import Look, look
from gnothi_train.vision.scenes.backgrounds import Picture, read_backgrounds
from gnothi_train.vision.scenes.composing import Scene, compose
from gnothi_train.vision.scenes.paint import COLOURS
from gnothi_train.vision.scenes.sprites import Sprite, of_styles, read_sprites
from gnothi_train.vision.scenes.things import UNSEEN

STYLE = "openmoji"
COUNT, TAUGHT, TRIED = 10, 5, 10
"""Things, and pictures of each to teach and to try with."""
SIDE = 320
OTHERS = (4, 7)
"""Fewest and most other things in a picture."""
SAME = 0.5
"""Overlap from which on a thing was found."""


@dataclass(frozen=True, slots=True)
class Told:
    """How well one thing was found."""

    name: str
    hits: int
    """Pictures with it in which it was found."""
    tried: int
    alarms: int
    """Other things taken for it, in pictures with it."""
    strange_alarms: int
    """Things taken for it, in pictures of the other nine."""
    strange: int
    """Those pictures."""
    proposed: int
    """Boxes that one drawn box proposed rightly in the other pictures."""


def make(pictures: Path, out: Path, *, seed: int = 0) -> list[str]:
    """Write folders ``NAME/teach`` and ``NAME/try`` to *out*; return the names."""
    sprites = of_styles(read_sprites(pictures), [STYLE])
    photos = read_backgrounds(pictures)
    random = np.random.default_rng(seed)
    nouns = [noun for noun in UNSEEN if any(one.thing.noun == noun for one in sprites)][:COUNT]
    for noun in nouns:
        own = next(one for one in sprites if one.thing.noun == noun)
        colour = str(random.choice(sorted(COLOURS))) if own.takes_paint else None
        others = [one for one in sprites if one.thing.noun != noun]
        for part, count in (("teach", TAUGHT), ("try", TRIED)):
            scenes = [_scene((own, colour), others, photos, random) for _ in range(count)]
            _write(out / noun.replace(" ", "-") / part, noun, scenes)
    return nouns


def measure(
    folder: Path, things: TaughtThings, networks: SightNetworks, *, alone: bool = False
) -> Iterator[Told]:
    """Teach *things* each thing in *folder* by its boxes, and look for it in all test pictures.

    One after another, so that later ones are told from those before; *alone* each is forgotten
    before the next is taught.
    """
    names = sorted(path.name for path in folder.iterdir() if (path / "teach").is_dir())
    tried = {
        name: [
            (look(networks, one.pixels), one.boxes)
            for one in _examples(folder / name / "try", name)
        ]
        for name in names
    }
    for name in names:
        lesson = _examples(folder / name / "teach", name)
        proposed = things.propose([one.pixels for one in lesson], lesson[0].boxes[:1])
        learned = things.teach(name, lesson).thing.learned
        if alone:
            things.forget(name)
        own = [_counted(learned, *one) for one in tried[name]]
        strange = [seen for other in names if other != name for seen, _ in tried[other]]
        alarms = [len(learned.judge.find(seen, learned.threshold).boxes) for seen in strange]
        yield Told(
            name,
            hits=sum(hit for hit, _ in own),
            tried=len(own),
            alarms=sum(wrong for _, wrong in own),
            strange_alarms=sum(alarms),
            strange=len(strange),
            proposed=sum(map(_same, proposed[1:], (one.boxes for one in lesson[1:]))),
        )


def _scene(
    own: tuple[Sprite, str | None],
    others: Sequence[Sprite],
    photos: Sequence[Picture],
    random: np.random.Generator,
) -> Scene:
    """Return a scene with a thing of one's *own* among *others*, painted at random."""
    names, beside = sorted(COLOURS), list[tuple[Sprite, str | None]]()
    for at in random.integers(len(others), size=int(random.integers(*OTHERS))):
        colour = str(random.choice(names)) if others[at].takes_paint else None
        beside.append((others[at], colour))
    return compose([own, *beside], photos, random, side=SIDE)


def _write(folder: Path, noun: str, scenes: Sequence[Scene]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    told: dict[str, list[list[float]]] = {}
    for number, scene in enumerate(scenes):
        name = f"{number:02}.jpg"
        (folder / name).write_bytes(scene.jpeg)
        told[name] = [list(one.box) for one in scene.placed if one.noun == noun]
    (folder / NAMES[0]).write_text(json.dumps(told), encoding="utf-8")


def _examples(folder: Path, name: str) -> list[Demonstration]:
    none = np.zeros((0, 4))
    return [
        Demonstration(f"{name} {one.name}", one.pixels, one.boxes, none)
        for one in read_folder(folder, name).read()
    ]


def _counted(learned: Learned, seen: Look, true: Boxes) -> tuple[bool, int]:
    """Return whether the thing was found in what was *seen*, and how much was taken for it."""
    near = overlaps(true, learned.judge.find(seen, learned.threshold).boxes) >= SAME
    return bool(near.any()), int((~near.any(axis=0)).sum())


def _same(proposed: Boxes, true: Boxes) -> bool:
    return bool((overlaps(proposed, true) >= SAME).any())


@click.command()
@click.option("--pictures", type=click.Path(path_type=Path), help="Emoji, clip art, backgrounds.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the sets.")
@click.option("--eyes", type=click.Path(path_type=Path), help="Artifact; else what is shipped.")
@click.option("--alone", is_flag=True, help="Teach each thing in a household that knows no other.")
@click.option(
    "--bank/--no-bank", default=True, help="With the other things that came with the eyes."
)
@click.option("--seed", type=int, default=0, show_default=True)
def main(
    *, pictures: Path | None, out: Path, eyes: Path | None, alone: bool, bank: bool, seed: int
) -> None:
    """Make ten sets of pictures (with --pictures), teach each thing and look for it."""
    if pictures:
        click.echo(", ".join(make(pictures, out, seed=seed)))
    with TemporaryDirectory() as kept:
        registry = Registry.open(Path(kept))
        folder = eyes or registry.get("sight/eyes").folder
        networks = SightNetworks.read(folder)
        seen = LabelledEyes(networks, "sight/eyes@measured", read_bank(folder) if bank else ())
        things = TaughtThings(registry, lambda: seen, SystemClock())
        told = list(measure(out, things, networks, alone=alone))
    for one in told:
        click.echo(json.dumps(asdict(one)))
    total = {
        key: sum(getattr(one, key) for one in told)
        for key in ("hits", "tried", "alarms", "strange_alarms", "strange", "proposed")
    }
    click.echo(json.dumps({"all": total}))


if __name__ == "__main__":
    main()
