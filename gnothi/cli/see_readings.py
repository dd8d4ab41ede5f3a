"""``gnothi see correct`` and ``readings``: what was read is put right, listed and exported."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gnothi.learning.readings import TaughtReadings
    from gnothi.vision.eyes import Seen


@click.command()
@click.argument("file")
@click.argument("read")
@click.argument("written")
@click.option("--keep-pictures", is_flag=True, help="Keep a small picture of the line.")
@click.option("--json", "as_json", is_flag=True, help="What became of it as one JSON object.")
def correct(file: str, read: str, written: str, *, keep_pictures: bool, as_json: bool) -> None:
    """Say that where READ was read in FILE, it says WRITTEN.

    gnothi see correct receipt.jpg "GRFEN MARKET" "GREEN MARKET"

    READ is a line as gnothi see read prints it, or some characters of one. Where the like is read
    again, it is mended, unless that would make earlier readings worse.
    """
    from gnothi.cli.see_files import shown
    from gnothi.core.settings import Settings
    from gnothi.serve.household import open_registry
    from gnothi.serve.sight import open_eyes, open_readings
    from gnothi.serve.things import told
    from gnothi.skills.builtin.sight.correcting import put_right

    settings = Settings.from_environment()
    readings = open_readings(open_registry(settings))
    eyes = open_eyes(settings, readings=readings)
    seen = eyes.read(shown(eyes, file).id)
    line, text = _place(seen, read, written)
    done = put_right(eyes, readings, seen, line, text, "", keep_picture=keep_pictures)
    if as_json:
        before, now = (one.page.lines[line].text for one in (seen, eyes.read(seen.picture.id)))
        answer = {"read": before, "written": now, "used": done.is_used}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo(told(done.told))


@click.command()
@click.option("--export", "folder", type=click.Path(path_type=Path, file_okay=False),
              help="Write them to a folder, for a reader to learn from.")  # fmt: skip
@click.option("--forget", "written", help="Forget what was put right to this, in every version.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def readings(*, folder: Path | None, written: str | None, as_json: bool) -> None:
    """List what was put right of what was read.

    --export writes lines.jsonl, an object a line with text, read, reader and picture: the name of a
    small picture of the line beside it, or null where nobody agreed that one is kept.
    """
    from gnothi.core.settings import Settings
    from gnothi.serve.household import open_registry
    from gnothi.serve.sight import open_readings

    if written is not None and folder is not None:
        raise click.UsageError("--export and --forget can't be given together.")
    known = open_readings(open_registry(Settings.from_environment()))
    if written is not None:
        known.forget(written)
        click.echo(f"I have forgotten {written}.")
    elif folder is not None:
        click.echo(f"{_export(known, folder)} lines are in {folder}.")
    else:
        _list(known, click.echo, as_json=as_json)


def _list(known: "TaughtReadings", tell: Callable[[str], None], *, as_json: bool) -> None:
    lines = [(page, line) for page in known.pages for line in page.lines if line.is_told]
    for page, line in lines:
        if as_json:
            told = {"read": line.read, "written": line.written, "reader": page.reader}
            tell(json.dumps({**told, "has_picture": bool(line.cut)}, ensure_ascii=False))
        else:
            tell(f"{line.read} → {line.written}{' (with a picture)' if line.cut else ''}")
    if not lines and not as_json:
        tell("Nothing was put right yet: gnothi see correct FILE READ WRITTEN")


def _place(seen: "Seen", read: str, written: str) -> tuple[int, str]:
    """Return the line in which *read* stands, and the whole of it as it is *written*."""
    from gnothi.core.errors import InputError

    wanted, new = (" ".join(text.split()) for text in (read, written))
    if not new:
        raise InputError("WRITTEN is empty: say what stands there.")
    found = [at for at, line in enumerate(seen.page.lines) if wanted and wanted in line.text]
    if len(found) != 1:
        often = "in no line" if not found else f"in {len(found)} lines: give more of the one"
        raise InputError(f"I read {wanted!r} {often}. gnothi see read prints every line.")
    return found[0], seen.page.lines[found[0]].text.replace(wanted, new, 1)


def _export(known: "TaughtReadings", folder: Path) -> int:
    """Write what was put right to a new *folder*; return how many lines there are."""
    from gnothi.core.errors import InputError

    try:
        if folder.exists() and any(folder.iterdir()):
            raise InputError(f"{folder} holds something already: name a new folder.")
        return known.export(folder)
    except OSError as error:
        raise InputError(f"Nothing can be written to {folder}: {error.strerror}.") from None
