"""The things that a household taught: where they are kept, who sees them, and what is told."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

from gnothi.core.acting import Act
from gnothi.core.clock import Clock, SystemClock
from gnothi.core.errors import ArtifactError, InputError
from gnothi.dialogue.wording import Wording
from gnothi.learning.teaching import Demonstration
from gnothi.learning.things import LabelledEyes, TaughtThings
from gnothi.registry.registry import Registry
from gnothi.skills.skillset import BUILTIN
from gnothi.vision.boxes import Boxes
from gnothi.vision.finding.networks import SightNetworks
from gnothi.vision.teaching.bank import read_bank
from gnothi.vision.teaching.folders.collection import Collection
from gnothi.vision.teaching.looking import LONGEST
from gnothi.vision.teaching.names import plain_name
from gnothi.vision.teaching.things import Thing

EYES = "sight/eyes"
"""The artifact of the networks that everybody's things are seen with."""
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""No sentence about things tells a time."""


def open_things(
    registry: Registry, clock: Clock | None = None, *, learns: bool = True
) -> TaughtThings:
    """Return the things that are kept in *registry*; the eyes open when they are needed."""
    return TaughtThings(registry, lambda: _eyes(registry), clock or SystemClock(), learns=learns)


def from_folder(
    collection: Collection, name: str, *, tell: Callable[[Path], None] = lambda path: None
) -> list[Demonstration]:
    """Return the pictures of *collection* as examples of *name*; *tell* hears of each.

    Boxes of other things are examples of what it is not.

    Raises:
        InputError: a picture can't be read, or nothing in them is called so.
    """
    own = _class_of(collection, name)
    found: list[Demonstration] = []
    for entry in collection.entries:
        one = collection.example(entry, LONGEST)
        mine = one.classes == own
        found.append(Demonstration(one.name, one.pixels, one.boxes[mine], one.boxes[~mine]))
        tell(entry.path)
    return found


def with_boxes(examples: Sequence[Demonstration], proposed: Sequence[Boxes]) -> list[Demonstration]:
    """Return *examples* with the boxes that were *proposed* for each."""
    none = np.zeros((0, 4))
    return [
        Demonstration(one.name, one.pixels, boxes, none)
        for one, boxes in zip(examples, proposed, strict=True)
    ]


def told(act: Act) -> str:
    """Return *act*, which is about a thing that was taught, in a sentence."""
    return _wording().say(act, _ANY_DAY)


def expected(thing: Thing, *, seen: bool = True) -> str:
    """Return in a sentence how well *thing* is known; not *seen*, by the eyes that look now."""
    if not seen:
        return told(Act("sight-thing-again", {"name": thing.name}))
    known = thing.learned.expectation
    if not known.pictures:
        return told(Act("sight-thing-one", {"name": thing.name}))
    values = {**asdict(known), "pictures": len(thing.shown), "name": thing.name}
    return told(Act("sight-thing-expected", values))


@cache
def _wording() -> Wording:
    return Wording([(BUILTIN / "sight" / "en.ftl").read_text(encoding="utf-8")], rng=Random(0))


def _class_of(collection: Collection, name: str) -> int:
    plain = [plain_name(one) for one in collection.names]
    if plain_name(name) in plain:
        return plain.index(plain_name(name))
    if len(plain) > 1:
        raise InputError(
            f"The boxes are of {', '.join(collection.names)}: none of them is called {name!r}."
        )
    return 0


def _eyes(registry: Registry) -> LabelledEyes:
    try:
        artifact = registry.get(EYES)
    except ArtifactError as error:
        raise InputError(
            f"I have no eyes to see things with: no artifact {EYES} is installed."
        ) from error
    networks, bank = SightNetworks.read(artifact.folder), read_bank(artifact.folder)
    return LabelledEyes(networks, artifact.label, bank)
