"""``gnothi speech``: the recognisers, what each lacks, and how well they hear."""

import csv
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from gnothi.core.errors import InputError

if TYPE_CHECKING:
    from gnothi.core.hearing import Hints, Recogniser, Samples

_TEXTS = "transcripts.tsv"
_BLOCK = 1600


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each recogniser.")
@click.pass_context
def speech(context: click.Context, *, as_json: bool) -> None:
    """List the recognisers and the speakers, and say what is missing for each."""
    if context.invoked_subcommand is not None:
        return
    from gnothi.speech.backends import backends
    from gnothi.speech.speaking.speakers import speakers

    for does, one in [("hears", one) for one in backends()] + [("speaks", o) for o in speakers()]:
        lacks = one.lacks()
        if as_json:
            told = {"name": one.name, "write": one.spelling, "about": one.about, "lacks": lacks}
            click.echo(json.dumps({**told, "does": does}))
        else:
            click.echo(f"{'-' if lacks else '✔'} {one.spelling:24} {one.about}")
            if lacks:
                click.echo(f"  {'':24} → {lacks}")


@dataclass(frozen=True, slots=True)
class Measured:
    """How well a recogniser heard."""

    recogniser: str
    word_error_rate: float
    all_right: float
    """Share of recordings with every word right."""
    real_time_factor: float
    """Seconds of computing for each second of sound, of this process alone."""
    finish_ms: float
    """Longest wait for the text after the last sample."""


@speech.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--backend", multiple=True, help="A recogniser; repeat for more. Else all usable.")
@click.option("--home", type=click.Path(path_type=Path), help="A home file; else the starter home.")
@click.option("--dictation", is_flag=True, help="Expect anything rather than commands.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each recogniser.")
def measure(
    folder: Path, *, backend: tuple[str, ...], home: Path | None, dictation: bool, as_json: bool
) -> None:
    """Measure recognisers on the recordings in FOLDER.

    FOLDER has sound files and transcripts.tsv: a line with "file" and "text" parted by a tab, then
    the name and the words of each recording.
    """
    from gnothi.cli.hear import hints_for
    from gnothi.speech.backends import open_recogniser, usable

    recordings = list(_recordings(folder))
    hints = hints_for(home, is_dictation=dictation)
    chosen = backend or tuple(one.name for one in usable())
    found: list[Measured] = []
    for name in chosen:
        found.append(_measured(name, open_recogniser(name), hints, recordings))
        if as_json:
            click.echo(json.dumps(asdict(found[-1])))
    if not as_json:
        _show(found, len(recordings))


def _recordings(folder: Path) -> "Iterator[tuple[str, Samples]]":
    import numpy as np

    from gnothi.speech.audio import read_file

    for text, path in _listed(folder / _TEXTS):
        blocks = list(read_file(path))
        if not blocks:
            raise InputError(f"{path} is too short to be heard.")
        yield text, np.concatenate(blocks)


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


def _measured(
    name: str,
    recogniser: "Recogniser",
    hints: "Hints",
    recordings: "list[tuple[str, Samples]]",
) -> Measured:
    from gnothi.core.hearing import RATE
    from gnothi.speech.word_errors import Errors, compare, rate

    # The first stream makes ready what the others use.
    recogniser.open(hints).close()
    errors, computed, waits = list[Errors](), 0.0, [0.0]
    for text, samples in track(recordings, description=name, console=Console(stderr=True)):
        began = time.process_time()
        stream = recogniser.open(hints)
        for at in range(0, len(samples), _BLOCK):
            stream.accept(samples[at : at + _BLOCK])
        last = time.perf_counter()
        found = stream.finish()
        waits.append(1000 * (time.perf_counter() - last))
        stream.close()
        computed += time.process_time() - began
        errors.append(compare(text, found[0].text if found else ""))
    seconds = sum(len(samples) for _, samples in recordings) / RATE
    return Measured(
        name,
        round(rate(errors), 4),
        round(sum(one.edits == 0 for one in errors) / len(errors), 4),
        round(computed / seconds, 3),
        round(max(waits)),
    )


def _show(found: list[Measured], count: int) -> None:
    table = Table(title=f"{count} recordings", title_justify="left")
    for column in ("recogniser", "word error rate", "all right", "real-time factor", "finish ms"):
        table.add_column(column)
    for one in found:
        table.add_row(*(str(value) for value in asdict(one).values()))
    Console().print(table)
