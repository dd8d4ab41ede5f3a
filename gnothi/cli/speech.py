"""``gnothi speech``: what hears and speaks, what each lacks, and how well recognisers hear."""

import csv
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import track

from gnothi.cli.speech_setup import setup
from gnothi.cli.speech_shown import results
from gnothi.core.errors import InputError

if TYPE_CHECKING:
    from gnothi.speech.measuring import Recording

_TEXTS = "transcripts.tsv"


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each.")
@click.pass_context
def speech(context: click.Context, *, as_json: bool) -> None:
    """List what hears, speaks and listens for a wake word, and say what is missing for each."""
    if context.invoked_subcommand is not None:
        return
    from gnothi.core.settings import Settings
    from gnothi.speech.backends import backends, usual
    from gnothi.speech.speaking.speakers import speakers
    from gnothi.speech.waking.wakers import wakers

    kinds = {"hears": backends(), "speaks": speakers(), "wakes": wakers()}
    for does, one in ((does, one) for does, all_ in kinds.items() for one in all_):
        lacks = one.lacks()
        if as_json:
            told = {"name": one.name, "write": one.spelling, "about": one.about, "lacks": lacks}
            click.echo(json.dumps({**told, "does": does}))
        else:
            click.echo(f"{'-' if lacks else '✔'} {does:7}{one.spelling:24} {one.about}")
            if lacks:
                click.echo(f"  {'':31} → {lacks}")
    if not as_json:
        listens = Settings.from_environment().recogniser or usual() or "nobody"
        click.echo(f"\nNow listens: {listens}. gnothi speech setup fetches, measures and chooses.")


speech.add_command(setup)


@speech.command("measure")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--backend", multiple=True, help="A recogniser; repeat for more. Else all usable.")
@click.option("--home", type=click.Path(path_type=Path), help="A home file; else the starter home.")
@click.option("--dictation", is_flag=True, help="Expect anything rather than commands.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each recogniser.")
def measure_recordings(
    folder: Path, *, backend: tuple[str, ...], home: Path | None, dictation: bool, as_json: bool
) -> None:
    """Measure recognisers on the recordings in FOLDER.

    FOLDER has sound files and transcripts.tsv: a line with "file" and "text" parted by a tab, then
    the name and the words of each recording.
    """
    from gnothi.cli.hear import hints_for
    from gnothi.speech.backends import open_recogniser, ready
    from gnothi.speech.measuring import Measured, measure

    given = list(recordings(folder))
    hints = hints_for(home, is_dictation=dictation)
    shown = Console(stderr=True)
    found: list[Measured] = []
    for name in backend or ready():
        watched = partial(track, description=name, console=shown)
        found.append(measure(name, open_recogniser(name), hints, given, told=watched))
        if as_json:
            click.echo(json.dumps(found[-1].told()))
    if not as_json:
        Console().print(results(found, f"{len(given)} recordings"))


def recordings(folder: Path) -> "Iterator[Recording]":
    """Yield the recordings in *folder*, with what its table says of them.

    Raises:
        InputError: there is no table, or it is wrong, or a recording can't be read.
    """
    import numpy as np

    from gnothi.speech.audio import read_file
    from gnothi.speech.measuring import Recording

    for text, path in _listed(folder / _TEXTS):
        blocks = list(read_file(path))
        if not blocks:
            raise InputError(f"{path} is too short to be heard.")
        yield Recording(text, np.concatenate(blocks))


def _listed(path: Path) -> list[tuple[str, Path]]:
    """Return what is said in each recording, and where it is, as the table at *path* says."""
    if not path.is_file():
        raise InputError(f"{path.parent} has no {_TEXTS}: write there what is said in each file.")
    found: list[tuple[str, Path]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            columns = frozenset(rows.fieldnames or ())
            for row in rows if columns >= {"file", "text"} else ():
                if not row["file"] or not row["text"]:
                    raise InputError(
                        f"Line {rows.line_num} of {path} needs a file and what is said in it, "
                        "parted by a tab."
                    )
                found.append((row["text"], path.parent / row["file"]))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} is no table in UTF-8: save it as such.") from error
    if not found:
        raise InputError(f'{path} needs the columns "file" and "text", parted by tabs, and rows.')
    return found
