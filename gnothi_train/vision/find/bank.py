"""The background that comes with the eyes: what places of training scenes look like to them.

``gnothi-train eyes`` writes it with the rest. For eyes that are there already:

    python -m gnothi_train.vision.find.bank --eyes ARTIFACT --scenes SHARD

writes ``bank.npz`` and the card anew, one version higher.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
import numpy as np

from gnothi.core.artifact import read_card
from gnothi.vision.boxes import suppressed
from gnothi.vision.finding.models import SHIPPED
from gnothi.vision.finding.networks import SightNetworks
from gnothi.vision.teaching.bank import BANK, packed_bank
from gnothi.vision.teaching.looking import Look, look
from gnothi_train.artifact import write_artifact
from gnothi_train.vision.scenes.composing import Scene
from gnothi_train.vision.scenes.shards import read_shard

SCENES, PLACES = 60, 10
"""Scenes in the bank, and places of each: things, parts of things, and what lies behind them."""
_APART = 0.5


def bank(networks: SightNetworks, scenes: Sequence[Scene]) -> bytes:
    """Return the file ``bank.npz`` of the last of *scenes*, as *networks* see them."""
    return packed_bank([_some(look(networks, one.pixels)) for one in scenes[-SCENES:]])


def _some(seen: Look) -> Look:
    """Return the surest places of *seen* that do not overlap."""
    kept = suppressed(seen.boxes, seen.objectness.astype(np.float64), _APART)[:PLACES]
    return Look(seen.boxes[kept], seen.objectness[kept], seen.marks[kept])


@click.command()
@click.option("--eyes", type=click.Path(path_type=Path, exists=True), default=SHIPPED,
              help="Artifact that lacks a bank, or has one of other code.")  # fmt: skip
@click.option("--scenes", type=click.Path(path_type=Path, exists=True), required=True,
              help="Shard of scenes that the eyes learned from.")  # fmt: skip
def main(*, eyes: Path, scenes: Path) -> None:
    """Make the bank of eyes that were learned before, and raise their version."""
    card = read_card(eyes)
    files = {name: (eyes / name).read_bytes() for name in card.files}
    files[BANK] = bank(SightNetworks.read(eyes), read_shard(scenes))
    day, _, number = card.version.rpartition(".")
    write_artifact(eyes, replace(card, version=f"{day}.{int(number) + 1}"), files)


if __name__ == "__main__":
    main()
