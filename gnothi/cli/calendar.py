"""``gnothi calendar``: bring a calendar in from elsewhere, or take it along."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gnothi.skills.builtin.calendar.agenda import Agenda

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group()
def calendar() -> None:
    """Take the household's calendar in and out as iCalendar (RFC 5545)."""


@calendar.command("import")
@FILE
def import_events(file: Path) -> None:
    """Put the events of FILE (.ics) in the calendar; known ones, by their UID, are replaced."""
    from gnothi.core.errors import InputError

    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror}.") from error
    with _opened() as agenda:
        amount = agenda.read(data)
    click.echo(f"{amount} {'event is' if amount == 1 else 'events are'} in the calendar.")


@calendar.command("export")
@FILE
def export_events(file: Path) -> None:
    """Write the calendar to FILE (.ics), with what was imported and not understood."""
    from gnothi.core.errors import InputError

    with _opened() as agenda:
        data = agenda.write()
    try:
        file.write_bytes(data)
    except OSError as error:
        raise InputError(f"{file} can't be written: {error.strerror}.") from error
    click.echo(f"The calendar is in {file}.")


@contextmanager
def _opened() -> "Generator[Agenda]":
    from gnothi.core.settings import Settings
    from gnothi.home.house import STARTER, House
    from gnothi.journal.journal import Journal
    from gnothi.serve.household import HOME_FILE
    from gnothi.skills.builtin.calendar.actions import SKILL
    from gnothi.skills.builtin.calendar.agenda import Agenda

    settings = Settings.from_environment()
    settings.folder.mkdir(parents=True, exist_ok=True)
    home = settings.folder / HOME_FILE
    zone = House.from_file(home if home.exists() else STARTER).time_zone
    with Journal.open(settings.journal_url) as journal:
        yield Agenda(journal.store(f"skill.{SKILL}"), zone)
