"""``gnothi-train teach``: a detector of its own for the things in a folder of pictures."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
import torch
from torch import nn

from gnothi.core.artifact import Card
from gnothi.core.clock import SystemClock
from gnothi.core.errors import GnothiError, InputError
from gnothi.vision.boxes import overlaps
from gnothi.vision.teaching.folders.collection import Collection, Example
from gnothi.vision.teaching.folders.reading import read_folder
from gnothi_train.artifact import write_artifact
from gnothi_train.vision.pyramid import Detections
from gnothi_train.vision.teach.augment import fitted
from gnothi_train.vision.teach.detectors import ARCHITECTURES, load
from gnothi_train.vision.teach.export import NETWORK, figures
from gnothi_train.vision.teach.export import exported as as_onnx
from gnothi_train.vision.teach.finding import find
from gnothi_train.vision.teach.methods import Method, Start, Tuning, teach

TOLD = "detector.json"
EVERY = 4
"""One picture of so many is held back to judge by, where there are that many."""
_LONGEST = 640
_SAME = 0.5
"""Overlap from which on a box is right."""


_METHODS = [one.value for one in Method if one is not Method.META]


@click.command("teach")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to fill.")
@click.option("--start", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="Weights of gnothi-train teach-basis; else it begins with nothing.")  # fmt: skip
@click.option("--method", type=click.Choice(_METHODS),
              help="Full fine-tuning with --start, from scratch without.")  # fmt: skip
@click.option("--architecture", type=click.Choice(sorted(ARCHITECTURES)), default="pyramid",
              show_default=True)  # fmt: skip
@click.option("--steps", type=click.IntRange(1), default=400, show_default=True)
@click.option("--size", type=click.IntRange(64, 1024), default=192, show_default=True,
              help="Pixels of the longer side that the network sees.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True)
def main(
    *,
    folder: Path,
    out: Path,
    start: Path | None,
    method: str | None,
    architecture: str,
    steps: int,
    size: int,
    seed: int,
    threads: int,
) -> None:
    """Teach a detector the things in FOLDER: pictures with COCO, VOC, YOLO or boxes.json.

    Every fourth picture is held back; how well the things are found there is printed and stands on
    the card of what is written to --out: detector.onnx and detector.json.
    """
    torch.set_num_threads(threads)
    chosen = Method(method or ("full" if start else "scratch"))
    if (start is None) is not (chosen is Method.SCRATCH):
        raise click.UsageError("--start goes with every method but scratch.")
    try:
        collection = read_folder(folder)
        learned, held = parted(collection)
        known = load(start, architecture) if start else None
        tuning = Tuning(steps=steps, pictures=8, size=32 * round(size / 32))
        network = teach(chosen, Start(architecture, known), learned, len(collection.names), tuning,
                        seed=seed)  # fmt: skip
    except GnothiError as error:
        raise click.ClickException(str(error)) from error
    told = judged(network, held or learned, len(collection.names), tuning.size)
    told["held"] = [one.name for one in held]
    command = f"gnothi-train teach --method {chosen} --architecture {architecture} --steps {steps}"
    _write(out, network, collection.names, tuning.size, told, f"{command} --seed {seed}", seed)
    click.echo(json.dumps(told, indent=1))


def parted(collection: Collection) -> tuple[list[Example], list[Example]]:
    """Return what is learned from, and what is held back.

    Raises:
        InputError: there are no boxes.
    """
    examples = collection.read(_LONGEST)
    if not any(len(one.boxes) for one in examples):
        raise InputError("There is no box in any of the pictures: nothing can be learned.")
    held = examples[EVERY - 1 :: EVERY]
    learned = [one for at, one in enumerate(examples) if at % EVERY != EVERY - 1]
    return (learned, held) if any(len(one.boxes) for one in learned) else (examples, [])


def judged(
    network: nn.Module, examples: Sequence[Example], classes: int, size: int
) -> dict[str, object]:
    """Return the threshold with the best F1 on *examples*, and hits, boxes and alarms at it.

    It lies half-way between two scores: one that was a hit's own would be missed by the next.
    """
    found = find(network, examples, size)
    truth = [fitted(one, size) for one in examples]
    scores = np.unique(np.concatenate([one.scores for one in found] or [np.zeros(0)]))
    between = (scores + np.concatenate([[0.0], scores[:-1]])) / 2 if scores.size else scores
    tried = [float(one) for one in between[:: max(1, len(between) // 50)]] or [0.5]
    there = sum(len(one.boxes) for one in truth)
    best = max(tried, key=lambda limit: _f1(*_counted(truth, found, limit), there))
    hits, alarms = _counted(truth, found, best)
    return {"threshold": best, "hits": hits, "there": there, "alarms": alarms, "classes": classes}


def _counted(
    truth: Sequence[Example], found: Sequence[Detections], limit: float
) -> tuple[int, int]:
    """Return the boxes of *truth* that were found, and what was found that is none of them."""
    hits = alarms = 0
    for one, seen in zip(truth, found, strict=True):
        kept = seen.scores >= limit
        near = overlaps(one.boxes, seen.boxes[kept]) >= _SAME
        near &= one.classes[:, None] == seen.classes[kept][None]
        hits += int(near.any(axis=1).sum())
        alarms += int((~near.any(axis=0)).sum())
    return hits, alarms


def _f1(hits: int, alarms: int, there: int) -> float:
    return 2 * hits / max(1, there + hits + alarms)


def _write(
    out: Path,
    network: nn.Module,
    names: Sequence[str],
    size: int,
    told: dict[str, object],
    command: str,
    seed: int,
) -> None:
    content = {"names": list(names), "size": size, **told}
    counts = [int(str(told[key])) for key in ("hits", "there", "alarms")]
    card = Card(
        name="sight/detector",
        version=f"{SystemClock().now():%Y-%m-%d}.1",
        kind="onnx",
        files={},
        command=command,
        seed=seed,
        data=({"name": "pictures of a household", "sha256": "", "licence": "private"},),
        figures=figures(*counts),
        licence="private",
    )
    files = {NETWORK: as_onnx(network, size), TOLD: json.dumps(content, indent=1).encode()}
    write_artifact(out, card, files)
