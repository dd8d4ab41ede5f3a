"""``gnothi see``: what is written in a picture, and answers about it."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from gnothi.cli.see_files import shown
from gnothi.cli.see_readings import correct, readings
from gnothi.cli.see_things import forget, teach, things

if TYPE_CHECKING:
    from gnothi.vision.eyes import Seen

_WHERE = (
    "FILE is a picture, a film, a folder (its newest picture), the address of a camera "
    "(rtsp://HOST/PATH), or - for a picture from standard input."
)


class _Seeing(click.Group):
    """A group whose first word may also be what to look at."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Look at what is no command; options of that may stand before it."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["ask", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Seeing)
def see() -> None:
    """Read what is written in a picture, answer questions about it, and be taught things.

    gnothi see receipt.jpg "what's the total?" is short for gnothi see ask.

    Reading needs an extra, finding does not: pip install 'gnothi[sight]'
    """


see.add_command(teach)
see.add_command(things)
see.add_command(forget)
see.add_command(correct)
see.add_command(readings)


@see.command(epilog=_WHERE)
@click.argument("file")
@click.argument("question", default="")
@click.option("--json", "as_json", is_flag=True, help="The turn as one JSON object.")
@click.option("--home", type=click.Path(path_type=Path), help="A home file; else the starter home.")
def ask(file: str, question: str, *, as_json: bool, home: Path | None) -> None:
    """Answer QUESTION about FILE: where something is, or what is written; else tell what it says.

    gnothi see shelf.jpg "where is the red mug?" needs no extra.
    """
    from gnothi.core.errors import MissingExtraError
    from gnothi.serve.answer import answer_json
    from gnothi.serve.trial import Trial
    from gnothi.skills.builtin.sight.finding import is_quick

    trial = Trial()
    picture = shown(trial.eyes, file)
    if not is_quick(question):
        with suppress(MissingExtraError):  # the answer says so, if reading is what it needs
            trial.eyes.read(picture.id)  # takes as long as it takes; an action may not
    given = str(home) if home else None
    answer = asyncio.run(trial.answer(question, home=given, picture=picture.id))
    click.echo(
        json.dumps(answer_json(answer), ensure_ascii=False) if as_json else answer.reply.text
    )


@see.command(epilog=_WHERE)
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Places, confidences and what stands out.")
def read(file: str, *, as_json: bool) -> None:
    """Print everything that is written in FILE, in the order of reading."""
    from gnothi.core.settings import Settings
    from gnothi.serve.household import open_registry
    from gnothi.serve.sight import open_eyes, open_readings

    settings = Settings.from_environment()
    readings = open_readings(open_registry(settings), learns=False)
    eyes = open_eyes(settings, readings=readings)
    picture = shown(eyes, file)
    began = perf_counter()
    seen = eyes.read(picture.id)
    if as_json:
        ms = (perf_counter() - began) * 1000
        click.echo(json.dumps(_object(seen, ms), ensure_ascii=False))
    elif seen.page.rows:
        click.echo(seen.page.text)
    else:
        click.echo("I can't make out any words in it.", err=True)


def _object(seen: "Seen", ms: float) -> dict[str, object]:
    from gnothi.core.plain import plain
    from gnothi.vision.reading.answers import gist

    told = gist(seen.page)
    return {
        "source": seen.picture.source,
        "width": seen.picture.width,
        "height": seen.picture.height,
        "reader": seen.reader,
        "ms": round(ms, 1),
        "text": seen.page.text,
        "lines": [
            {
                "row": row,
                **_place(line.text, line.corners, line.confidence),
                "words": [_place(one.text, one.corners, one.confidence) for one in line.words],
            }
            for row, one_row in enumerate(seen.page.rows)
            for line in one_row.lines
        ],
        "title": told.title,
        "total": str(told.total.value) if told.total else None,
        "expiry": plain(told.expiry.value or told.expiry.text) if told.expiry else None,
        "found": [{"sort": one.sort.value, "text": one.text, "row": one.row} for one in told.found],
    }


def _place(text: str, corners: object, confidence: float) -> dict[str, object]:
    import numpy as np

    points = np.round(np.asarray(corners, dtype=float), 1).tolist()
    return {"text": text, "corners": points, "confidence": round(confidence, 3)}
