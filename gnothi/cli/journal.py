"""``gnothi journal``: look at, export or erase what happened."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gnothi.core.errors import InputError

if TYPE_CHECKING:
    from gnothi.journal.journal import Journal


@click.group(invoke_without_command=True)
@click.option("--last", default=20, show_default=True, help="How many turns to show.")
@click.option("--user", help="Only this person's.")
@click.pass_context
def journal(context: click.Context, *, last: int, user: str | None) -> None:
    """Show the newest turns, or do one of the commands below."""
    if context.invoked_subcommand:
        return
    with _opened() as opened:
        for turn in reversed(list(opened.recent(limit=last, user=user))):
            who = turn.user or "guest"
            click.echo(f"{turn.at:%Y-%m-%d %H:%M}  {turn.id}  {who}: {turn.utterance.text}")
            click.echo(f"{'':18}{turn.reply.text}")


@journal.command()
@click.argument("turn")
def show(turn: str) -> None:
    """Show one TURN (its id) whole, as JSON."""
    from gnothi.serve.answer import answer_json

    with _opened() as opened:
        interaction = opened.get(turn)
    if interaction is None:
        raise InputError(f"The journal has no turn '{turn}'.")
    click.echo(json.dumps(answer_json(interaction), indent=2, ensure_ascii=False))


@journal.command()
@click.argument("user")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(user: str, file: Path) -> None:
    """Write everything that USER said and did to FILE, one JSON object a line."""
    with _opened() as opened:
        click.echo(f"{opened.export(user, file)} turns of {user} are in {file}.")


@journal.command()
@click.argument("user")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(user: str, *, yes: bool) -> None:
    """Erase everything that USER said and did. It can't be brought back."""
    if not yes:
        click.confirm(f"Erase everything of {user} for good?", abort=True)
    from gnothi.core.settings import Settings
    from gnothi.serve.forgetting import forget
    from gnothi.serve.household import Household

    household = Household.open(Settings.from_environment())
    try:
        forget(household, user)
    finally:
        household.close()
    click.echo(f"Everything of {user} is erased.")


@journal.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def parquet(folder: Path) -> None:
    """Write the journal to FOLDER as Parquet, one part for each day; only what changed."""
    with _opened() as opened:
        written = opened.parquet(folder)
    click.echo(f"{len(list(written))} days written to {folder}.")


@journal.command()
@click.argument("skill")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def recordings(skill: str, folder: Path) -> None:
    """Copy kept recordings of requests to SKILL to FOLDER, to adapt a recogniser to it.

    Recordings are kept of those who asked for it. A table says what was meant in each: what was
    understood and done, and neither corrected, undone nor complained about.

    These copies are yours to look after: nobody finds them, nor what was learned from them, when a
    person is erased.
    """
    from gnothi.core.settings import Settings
    from gnothi.serve.listening.gathering import gather
    from gnothi.serve.listening.recordings import Recordings

    with _opened() as opened:
        kept = Recordings(Settings.from_environment().folder, opened)
        count = gather(opened, kept, skill, folder)
    click.echo(f"{count} recordings of requests to '{skill}' are in {folder}.")


@journal.command()
@click.argument("turn")
@click.argument("text")
def correct(turn: str, text: str) -> None:
    """Write down that TEXT is what was said in the spoken TURN (its id).

    Nothing is done again. Where the recording was kept, it is learned to hear that better.
    """
    from gnothi.core.clock import SystemClock
    from gnothi.serve.listening.transcripts import correct as write_down

    with _opened() as opened:
        write_down(opened, SystemClock(), turn, text)
    click.echo(f"It is written down that this was said: {text}")


@contextmanager
def _opened() -> "Generator[Journal]":
    from gnothi.core.settings import Settings
    from gnothi.journal.journal import Journal

    settings = Settings.from_environment()
    settings.folder.mkdir(parents=True, exist_ok=True)
    opened = Journal.open(settings.journal_url)
    try:
        yield opened
    finally:
        opened.close()
