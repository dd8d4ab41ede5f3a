"""``gnothi ask``: answer sentences over a home as it is given; nothing is kept."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from gnothi.cli.lines import sentences
from gnothi.core.errors import InputError
from gnothi.core.interaction import Interaction

if TYPE_CHECKING:
    from gnothi.core.settings import Settings
    from gnothi.serve.trial import Trial


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence and where it is said."""

    text: str
    home: str | dict[str, Any] | None
    device: str | None
    user: str | None
    now: datetime | None


@click.command()
@click.argument("text", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--home", type=click.Path(path_type=Path), help="A home file; else the starter home.")
@click.option("--device", help="The device that hears: its area is context.")
@click.option("--user", help="Who speaks.")
@click.option("--now", help="The moment, in ISO 8601.")
@click.option("--confirm", is_flag=True, help="Confirm guarded actions, once.")
def ask(
    text: tuple[str, ...],
    *,
    as_json: bool,
    home: Path | None,
    device: str | None,
    user: str | None,
    now: str | None,
    confirm: bool,
) -> None:
    """Answer TEXT, or each line of standard input, over a home; nothing is kept.

    A line is plain text, or an object {"text", "home", "device", "user", "now"}, in which home is
    a file or the object itself. Each line is a session of its own over its home as given.
    What your household has learned is used; --user says for whom.
    """
    default = Line("", str(home) if home else None, device, user, _moment(now))
    lines = _from_arguments(text, default) if text else _from_input(default)
    asyncio.run(_answer_all(lines, as_json=as_json, confirm=confirm))


async def _answer_all(lines: Iterator[Line | InputError], *, as_json: bool, confirm: bool) -> None:
    from gnothi.core.settings import Settings
    from gnothi.serve.trial import Trial

    settings = Settings.from_environment()
    trial = Trial(settings, refused=lambda: _refused(settings))
    for line in lines:
        try:
            interaction = await _answer(trial, line, confirm=confirm)
        except InputError as error:
            click.echo(json.dumps({"error": str(error)}) if as_json else f"gnothi: {error}")
            continue
        _print(interaction, as_json=as_json)


@cache
def _refused(settings: "Settings") -> frozenset[str]:
    """Return what people switched off or forgot; where there is no journal yet, none is made."""
    from gnothi.journal.journal import Journal
    from gnothi.serve.unwanted import refused

    file = settings.journal_url.removeprefix("sqlite:///")
    if file != settings.journal_url and not Path(file).exists():
        return frozenset()
    with Journal.open(settings.journal_url) as journal:
        return refused(journal)


async def _answer(trial: "Trial", line: Line | InputError, *, confirm: bool) -> Interaction:
    if isinstance(line, InputError):
        raise line
    return await trial.answer(
        line.text,
        home=line.home,
        device=line.device,
        user=line.user,
        now=line.now,
        confirm=confirm,
    )


def _print(interaction: Interaction, *, as_json: bool) -> None:
    from gnothi.serve.answer import answer_json

    if as_json:
        click.echo(json.dumps(answer_json(interaction), ensure_ascii=False))
    else:
        click.echo(interaction.reply.text)


def _from_arguments(text: tuple[str, ...], default: Line) -> "Iterator[Line | InputError]":
    yield _replaced(default, {"text": " ".join(text)})


def _from_input(default: Line) -> "Iterator[Line | InputError]":
    for sentence in sentences(()):
        try:
            yield _line(sentence, default)
        except InputError as error:
            yield error


def _line(sentence: str, default: Line) -> Line:
    if not sentence.lstrip().startswith("{"):
        return _replaced(default, {"text": sentence})
    try:
        parsed: object = json.loads(sentence)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"This line begins like JSON but is none: {error}") from error
    fields = cast("dict[str, Any]", parsed)
    if not isinstance(fields.get("text"), str):
        raise InputError('A line of JSON needs a string under "text".')
    return _replaced(default, fields)


def _replaced(default: Line, fields: Mapping[str, Any]) -> Line:
    home = fields.get("home", default.home)
    if home is not None and not isinstance(home, str | dict):
        raise InputError('"home" is the name of a file, or the home itself as an object.')
    return Line(
        text=fields["text"],
        home=cast("str | dict[str, Any] | None", home),
        device=fields.get("device", default.device),
        user=fields.get("user", default.user),
        now=_moment(fields["now"]) if "now" in fields else default.now,
    )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise InputError(f"'{text}' is not a moment in ISO 8601.") from error
    return moment
