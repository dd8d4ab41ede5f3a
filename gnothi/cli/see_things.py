"""``gnothi see teach``, ``things`` and ``forget``: things that the camera is taught."""

import json
import subprocess
import sys
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gnothi.learning.teaching import Demonstration, Taught
    from gnothi.learning.things import TaughtThings

BOXES = "boxes.json"
_HELD_BACK = 4
"""gnothi-train teach holds one picture of so many back."""
_FORMATS = (
    "FOLDER holds 1 to 200 pictures, and where you drew boxes: boxes.json, COCO JSON, PASCAL VOC "
    "XML or YOLO text files. Without boxes I take what the pictures have in common."
)


@click.command(epilog=_FORMATS)
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--keep-pictures", is_flag=True, help="Keep small cuts of the thing, to show them.")
@click.option("--boxes", "write_boxes", is_flag=True,
              help="Only write what would be taken to boxes.json, to be put right.")  # fmt: skip
@click.option("--thorough", is_flag=True,
              help="Also train a network of its own, in minutes: the extra 'train'.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="What was learned as one JSON object.")
def teach(
    name: str,
    folder: Path,
    *,
    keep_pictures: bool,
    write_boxes: bool,
    thorough: bool,
    as_json: bool,
) -> None:
    """Teach the camera the thing called NAME from the pictures in FOLDER."""
    from gnothi.serve.things import from_folder, told
    from gnothi.vision.teaching.folders.reading import read_folder

    if thorough:
        _require_trainer()
    if write_boxes:
        _require_free(folder / BOXES)
    collection = read_folder(folder, name)
    if thorough:
        _require_plenty(folder, len(collection.entries))
    things = _opened()
    with click.progressbar(length=len(collection.entries), label="Reading", file=sys.stderr) as bar:
        examples = from_folder(collection, name, tell=lambda _: bar.update(1))
    if not any(len(one.boxes) for one in examples):
        examples = _proposed(things, examples)
    if write_boxes:
        _write(folder / BOXES, examples)
        return
    with click.progressbar(length=len(examples), label="Learning", file=sys.stderr) as bar:
        taught = things.teach(
            name, examples, keep_pictures=keep_pictures, tell=lambda _: bar.update(1)
        )
    if thorough:
        taught = _thoroughly(things, name, examples)
    click.echo(json.dumps(_object(taught), ensure_ascii=False) if as_json else told(taught.told))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def things(*, as_json: bool) -> None:
    """List what the camera was taught, and how well it knows each thing."""
    from dataclasses import asdict

    from gnothi.serve.things import expected

    taught = _opened()
    taught.renew()
    known = taught.things().things
    if not known and not as_json:
        click.echo("I was not taught any thing yet: gnothi see teach NAME FOLDER")
    for one in known:
        if as_json:
            told = {"name": one.name, "pictures": len(one.shown), "waiting": len(one.waiting)}
            click.echo(json.dumps({**told, **asdict(one.learned.expectation)}, ensure_ascii=False))
        else:
            click.echo(expected(one, seen=taught.sees(one)))


@click.command()
@click.argument("name")
def forget(name: str) -> None:
    """Forget the thing called NAME, and everything that was seen of it."""
    _opened().forget(name)
    click.echo(f"I have forgotten {name}.")


def _opened() -> "TaughtThings":
    from gnothi.core.settings import Settings
    from gnothi.serve.household import open_registry
    from gnothi.serve.things import open_things

    return open_things(open_registry(Settings.from_environment()))


def _proposed(things: "TaughtThings", examples: "list[Demonstration]") -> "list[Demonstration]":
    """Return *examples* with what their pictures have in common, and say what that is."""
    import numpy as np

    from gnothi.serve.things import with_boxes

    click.echo("Nobody drew boxes, so I take what the pictures have in common:", err=True)
    found = with_boxes(examples, things.propose([one.pixels for one in examples], np.zeros((0, 4))))
    for one in found:
        box = ", ".join(f"{value:.0f}" for value in one.boxes[0]) if len(one.boxes) else "nothing"
        click.echo(f"  {one.name}: {box}", err=True)
    click.echo("If that is wrong, put it right: --boxes writes it to boxes.json.", err=True)
    return found


def _require_free(path: Path) -> None:
    from gnothi.core.errors import InputError

    if path.exists():
        raise InputError(f"{path} is there already: delete it, or move it away, first.")


def _write(path: Path, examples: "list[Demonstration]") -> None:
    from gnothi.core.errors import InputError

    if len({one.name for one in examples}) < len(examples):
        raise InputError("Two pictures have the same name: give each its own, or use one folder.")
    told = {one.name: one.boxes.round(1).tolist() for one in examples}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo(f"Written to {path}: left, top, right, bottom in pixels of each picture.")


def _require_trainer() -> None:
    from gnothi.core.errors import MissingExtraError

    trainers = {point.name for point in entry_points(group="gnothi.trainers")}
    if "teach" not in trainers or find_spec("torch") is None:
        raise MissingExtraError("train", "Teaching a thing thoroughly")


def _require_plenty(folder: Path, pictures: int) -> None:
    from gnothi.core.errors import InputError
    from gnothi.learning.teaching import LEAST_HELD

    least = LEAST_HELD * _HELD_BACK
    if pictures < least:
        raise InputError(
            f"{folder.name} holds {pictures} pictures; for a network of its own I need {least}, to "
            f"try it on {LEAST_HELD} that it did not learn from. Without --thorough fewer will do."
        )


def _thoroughly(things: "TaughtThings", name: str, examples: "list[Demonstration]") -> "Taught":
    """Let a process train a network for the thing, and try it against what is known of it."""
    from gnothi.core.errors import InputError
    from gnothi.vision.teaching.examples import identity
    from gnothi.vision.teaching.folders.writing import write_folder

    pictures = [(f"{identity(one.pixels)}.jpg", one.pixels, one.boxes) for one in examples]
    with TemporaryDirectory() as place:
        given, made = Path(place, "pictures"), Path(place, "made")
        write_folder(given, name, pictures)
        command = [sys.executable, "-m", "gnothi_train", "teach", str(given), "--out", str(made)]
        command += ["--threads", "1"]  # several wait for each other on a busy machine
        code = subprocess.run(command, check=False, stdout=sys.stderr).returncode  # noqa: S603 - ours
        if code:
            ended = f"it was ended by signal {-code}" if code < 0 else "its own words are above"
            raise InputError(
                f"The network could not be trained ({ended}); what was learned lightly stays."
            )
        return things.add_network(name, made, examples)


def _object(taught: "Taught") -> dict[str, object]:
    from dataclasses import asdict

    return {
        "name": taught.thing.name,
        "used": taught.is_used,
        "pictures": len(taught.thing.shown),
        "threshold": round(taught.thing.learned.threshold, 4),
        **asdict(taught.thing.learned.expectation),
    }
