"""``gnothi learn``: learn from the journal, show and explain what was learned, forget it."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

import click

from gnothi.core.acting import Act
from gnothi.core.errors import InputError

if TYPE_CHECKING:
    from gnothi.serve.learning import Learning


@click.group()
def learn() -> None:
    """Learn from what went wrong, show what was learned, or forget it."""


@learn.command()
def now() -> None:
    """Do a round of learning now. What is found is watched before it is used."""
    with _opened() as learning:
        done = learning.cycle.run()
        click.echo(_say(done.reason))
        for one in sorted(done.candidate, key=lambda one: one.id):
            click.echo(f"  {_line(one.source, one.target, one.person)}")
        for use in done.withdrawn:
            values = {"said": use.rewrite.source, "losses": use.losses}
            click.echo(_say(Act("learning-withdrawn", values)))


@learn.command()
def show() -> None:
    """Show what is in use, with the name by which it can be forgotten."""
    with _opened() as learning:
        live = sorted(learning.cycle.live(), key=lambda one: one.id)
    if not live:
        click.echo(_say(Act("learning-nothing")))
    for one in live:
        click.echo(f"{one.id:40} {_line(one.source, one.target, one.person)}")


@learn.command()
@click.argument("name")
def explain(name: str) -> None:
    """Say why the rewrite called NAME is in use."""
    from gnothi.serve.learning import told

    with _opened() as learning:
        found = next((one for one in learning.cycle.live() if one.id == name), None)
    if found is None:
        raise InputError(f"Nothing called {name!r} was learned; see: gnothi learn show")
    click.echo(_say(Act("learning-why", told(found))))


@learn.command()
@click.argument("name")
def forget(name: str) -> None:
    """Stop using the rewrite called NAME, and never learn it again."""
    with _opened() as learning:
        [gone] = learning.forget([name])
    click.echo(_say(Act("learning-forgotten", {"said": gone.source})))


def _line(said: str, becomes: str, person: str | None) -> str:
    return f"“{said}” → “{becomes}”" + (f"  ({person})" if person else "")


def _say(act: Act) -> str:
    from gnothi.dialogue.wording import Wording
    from gnothi.learning.sentences import in_percent, learning_pack

    wording = Wording([learning_pack()], rng=Random(0))
    return wording.say(in_percent(act), datetime.now().astimezone())


@contextmanager
def _opened() -> "Generator[Learning]":
    from gnothi.core.settings import Settings
    from gnothi.journal.journal import Journal
    from gnothi.serve.household import open_registry, open_skills
    from gnothi.serve.learning import open_learning

    settings = Settings.from_environment()
    settings.folder.mkdir(parents=True, exist_ok=True)
    with Journal.open(settings.journal_url) as journal:
        yield open_learning(settings, journal, open_registry(settings), open_skills(settings))
