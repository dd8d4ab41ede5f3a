"""``gnothi learn``: learn from the journal; show, explain, switch off or forget it."""

import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from gnothi.core.acting import Act
from gnothi.core.errors import InputError

if TYPE_CHECKING:
    from gnothi.core.plain import Json
    from gnothi.language.rewrites import Rewrite
    from gnothi.serve.learned import Entry
    from gnothi.serve.learning import Learned, Learning

_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group()
def learn() -> None:
    """Learn from what went wrong; show what was learned, switch it off, or forget it."""


@learn.command()
@_JSON
@click.option("--gently", is_flag=True, help="On one thread, and only while nobody else computes.")
def now(*, as_json: bool, gently: bool) -> None:
    """Do a round of learning now. What is found is watched before it is used.

    With --json, each step is told as it begins: {"step": "rewrites"}. The last line holds "done".
    """
    if gently:
        _make_way()
    with _opened(threads=1 if gently else None) as learning:
        done = learning.learn(_tell_step if as_json else lambda _: None)
    if as_json:
        _out({"done": _sentences(done)})
        return
    click.echo(_say(done.round.reason))
    for one in sorted(done.tried, key=lambda one: one.id):
        click.echo(f"  {_line(one)}")
    for sentence in _sentences(done)[1:]:
        click.echo(sentence)


@learn.command()
@_JSON
def show(*, as_json: bool) -> None:
    """Show what was learned and what became of it, with the name by which it is switched off.

    Which questions are good in talks is told at the end; with --json as {"prompting": …}.
    """
    from gnothi.serve.learned import entries
    from gnothi.serve.prompting import sentences
    from gnothi.serve.prompting import told as told_of

    with _opened() as learning:
        found, compared = entries(learning), learning.prompting()
    if as_json:
        for entry in found:
            _out(entry.json())
        if compared:
            _out({"prompting": told_of(compared)})
        return
    if not (found or compared):
        click.echo(_say(Act("learning-nothing")))
    for entry in sorted(found, key=lambda entry: entry.rewrite.id):
        one = entry.rewrite
        click.echo(f"{one.id:40} {entry.fate:9} {_line(one)}{_record(entry)}")
    for sentence in sentences(compared) if compared else ():
        click.echo(sentence)


@learn.command()
@click.argument("name")
@_JSON
def explain(name: str, *, as_json: bool) -> None:
    """Say why the rewrite or phrase called NAME is in use, or why it is not."""
    with _opened() as learning:
        found = _found(learning, name)
    told = found.json()
    if as_json:
        _out(told)
        return
    for act in found.because:
        click.echo(_say(act))


@learn.command()
@_JSON
def digest(*, as_json: bool) -> None:
    """Tell the last seven days: what was learned, what was put right, what still fails most."""
    from gnothi.core.clock import SystemClock
    from gnothi.core.settings import Settings
    from gnothi.serve.household import open_registry
    from gnothi.serve.learned import digest as tell

    registry = open_registry(Settings.from_environment())
    with _opened() as learning:
        learning.survey()
        told = tell(learning, registry, SystemClock().now())
    if as_json:
        _out(told.json())
        return
    for sentence in told.sentences:
        click.echo(sentence)
    for one in told.failing:
        click.echo(str(one["sentence"]))


@learn.command()
@_JSON
def hearing(*, as_json: bool) -> None:
    """Show what was learned from kept recordings of how people speak here.

    Whoever does not want it takes it back: gnothi models rollback hearing/usage

    When ten more recordings are known, another version may be tried.
    """
    from gnothi.serve.adapting import told_hearing

    with _opened() as learning:
        told = told_hearing(learning.others)
    if as_json:
        _out(told.json())
        return
    for sentence in told.lines():
        click.echo(sentence)


@learn.command()
@click.argument("name")
def off(name: str) -> None:
    """Stop using the rewrite or phrase called NAME, until it is switched on again."""
    with _opened() as learning:
        one = learning.switch_off(name)
    click.echo(_say(Act("learning-off", _told(one))))


@learn.command()
@click.argument("name")
def on(name: str) -> None:
    """Use the rewrite or phrase called NAME again, which was switched off."""
    with _opened() as learning:
        one = learning.switch_on(name)
    click.echo(_say(Act("learning-on", _told(one))))


@learn.command()
@click.argument("name")
def forget(name: str) -> None:
    """Stop using the rewrite or phrase called NAME, and never learn it again."""
    with _opened() as learning:
        [gone] = learning.forget([name])
    click.echo(_say(Act("learning-forgotten", _told(gone))))


def _found(learning: "Learning", name: str) -> "Entry":
    from gnothi.serve.learned import find

    if found := find(learning, name):
        return found
    raise InputError(f"Nothing called {name!r} was learned; see: gnothi learn show")


def _sentences(done: "Learned") -> "list[Json]":
    """Return what came of a round: of the rewrites first, then of what else is learned."""
    from gnothi.serve.fates import withdrawals

    withdrawn = withdrawals(done.round).values()
    return [_say(act) for act in (done.round.reason, *withdrawn, *done.others.values())]


def _tell_step(name: str) -> None:
    _out({"step": name})


def _out(line: "Mapping[str, Json]") -> None:
    click.echo(json.dumps(line, ensure_ascii=False))


def _line(one: "Rewrite") -> str:
    within = "…" if one.part else ""
    said, becomes = (f"“{within}{words}{within}”" for words in (one.source, one.target))
    return f"{said} → {becomes if one.target else '∅'}" + (
        f"  ({one.person})" if one.person else ""
    )


def _record(entry: "Entry") -> str:
    """Return how often it went well and how often it did not; nothing before its first use."""
    return f"  {entry.wins} ✓ {entry.losses} ✗" if entry.wins + entry.losses else ""


def _told(one: "Rewrite") -> "Mapping[str, object]":
    from gnothi.serve.telling import told

    return told(one)


def _say(act: Act) -> str:
    from gnothi.serve.sentences import learning_sentence

    return learning_sentence(act)


def _make_way() -> None:
    """Compute only while nobody else wants to, as far as the system lets one choose."""
    os.nice(19)
    if hasattr(os, "SCHED_BATCH"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


@contextmanager
def _opened(threads: int | None = None) -> "Generator[Learning]":
    from gnothi.core.settings import Settings
    from gnothi.journal.journal import Journal
    from gnothi.serve.household import open_registry, open_skills
    from gnothi.serve.learning import open_learning

    settings = Settings.from_environment()
    settings.folder.mkdir(parents=True, exist_ok=True)
    registry, skills = open_registry(settings), open_skills(settings)
    with Journal.open(settings.journal_url) as journal:
        yield open_learning(settings, journal, registry, skills, threads=threads)
