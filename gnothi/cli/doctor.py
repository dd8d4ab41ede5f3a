"""``gnothi doctor``: what is missing, and how to get it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click

from gnothi.core.errors import ArtifactError, GnothiError
from gnothi.core.settings import Settings

OK, MISSING, OPTIONAL = "ok", "missing", "optional"
_MARKS = {OK: "✔", MISSING: "✘", OPTIONAL: "-"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: str
    advice: str = ""


@click.command()
def doctor() -> None:
    """Say what is missing and how to get it; fails when something necessary is."""
    findings = list(examine(Settings.from_environment()))
    for finding in findings:
        advice = f"  → {finding.advice}" if finding.advice else ""
        click.echo(f"{_MARKS[finding.state]} {finding.what}{advice}")
    if any(finding.state == MISSING for finding in findings):
        sys.exit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything that Gnothi needs, or could use, with *settings*."""
    yield from (_python(), _folder(settings))
    yield _tried("understanding", _understanding)
    yield from _skills(settings)
    yield _tried(
        f"journal at {_without_password(settings.journal_url)}", lambda: _journal(settings)
    )
    yield _broker(settings)
    yield _training()
    yield _speaking(settings)
    yield _reading()
    yield _tried("finding things in pictures", lambda: _finding(settings))
    yield from (_program(name, package, use) for name, package, use in PROGRAMS)


PROGRAMS = (
    ("mosquitto", "mosquitto", "an MQTT broker of your own"),
    ("chromium", "chromium chromium-driver", "testing the page"),
    ("psql", "postgresql", "a journal in PostgreSQL"),
    ("java", "default-jre-headless", "mining with Spark"),
)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(f"Python {version}", OK)


def _folder(settings: Settings) -> Finding:
    what = f"folder {settings.folder}"
    try:
        settings.folder.mkdir(parents=True, exist_ok=True)
        probe = settings.folder / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        return Finding(what, MISSING, f"{error.strerror}; choose another with GNOTHI_FOLDER")
    free = shutil.disk_usage(settings.folder).free / 1e9
    return Finding(f"{what}, {free:.0f} GB free", OK)


def _tried(what: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(f"{what}: {attempt()}", OK)
    except GnothiError as error:
        return Finding(what, MISSING, str(error))


def _understanding() -> str:
    from gnothi.serve.household import open_understander

    understanding = open_understander().understand("turn on the kitchen light")
    return understanding.artifact


def _skills(settings: Settings) -> Iterator[Finding]:
    from gnothi.serve.household import open_skills

    skills = open_skills(settings)
    yield Finding(f"skills: {len(list(skills))} loaded", OK)
    for problem in skills.problems:
        yield Finding(f"own skill: {problem}", MISSING, "mend it, or take its folder away")


def _journal(settings: Settings) -> str:
    from gnothi.journal.journal import Journal

    with Journal.open(settings.journal_url) as journal:
        return f"{journal.count()} turns"


def _broker(settings: Settings) -> Finding:
    if not settings.mqtt_url:
        return Finding("MQTT", OPTIONAL, "set GNOTHI_MQTT to mqtt://HOST to join devices")
    return Finding(f"MQTT at {_without_password(settings.mqtt_url)}", OK)


def _training() -> Finding:
    from importlib.util import find_spec

    if find_spec("torch"):
        return Finding("training", OK)
    return Finding("training", OPTIONAL, "pip install 'gnothi[train]' to train models yourself")


def _speaking(settings: Settings) -> Finding:
    from gnothi.serve.voice import HouseVoice

    voice = HouseVoice(settings)
    if voice.speaker is not None:
        chosen = voice.speaker.voices()[0].name
        return Finding(f"speaking: {voice.speaker.name}, {chosen}", OK)
    return Finding("speaking: answers are written only", OPTIONAL, voice.lacks)


def _reading() -> Finding:
    from gnothi.vision.reading.readers import chosen

    if name := chosen():
        return Finding(f"reading pictures: {name}", OK)
    return Finding("reading pictures", OPTIONAL, "pip install 'gnothi[sight]'")


def _finding(settings: Settings) -> str:
    from gnothi.serve.household import open_registry
    from gnothi.serve.sight import open_eyes

    finder = open_eyes(settings, open_registry(settings)).finder
    if finder is None:
        raise ArtifactError("the network for it is not installed")
    return f"{len(finder.nouns)} kinds of things"


def _program(name: str, package: str, use: str) -> Finding:
    if shutil.which(name):
        return Finding(f"{name} ({use})", OK)
    return Finding(f"{name} ({use})", OPTIONAL, f"apt-get install {package}")


def _without_password(url: str) -> str:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "an address that can't be read"
