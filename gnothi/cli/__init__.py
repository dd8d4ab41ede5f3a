"""The command line. Each command imports what it needs when it runs, so that help is instant."""

import sys

import click

from gnothi import __version__
from gnothi.cli.lazy import LazyGroup
from gnothi.core.errors import GnothiError

COMMANDS = {
    "run": ("gnothi.cli.run", "run", "Start the assistant and print the address of its page."),
    "ask": ("gnothi.cli.ask", "ask", "Answer sentences over a home, without keeping anything."),
    "talk": ("gnothi.cli.talk", "talk", "Talk in the terminal with your own household."),
    "hear": ("gnothi.cli.hear", "hear", "Recognise what is said in a recording."),
    "say": ("gnothi.cli.say", "say", "Say something, aloud or into a file."),
    "see": ("gnothi.cli.see", "see", "Read what is written in a picture."),
    "speech": ("gnothi.cli.speech", "speech", "List recognisers and speakers; measure them."),
    "understand": ("gnothi.cli.understand", "understand", "Show what is understood of sentences."),
    "explain": ("gnothi.cli.understand", "explain", "Show which words decided."),
    "journal": ("gnothi.cli.journal", "journal", "Look at, export or erase what happened."),
    "learn": ("gnothi.cli.learn", "learn", "Learn from mistakes; show, explain or forget it."),
    "models": (
        "gnothi.cli.models",
        "models",
        "List, verify, switch and roll back what was learned.",
    ),
    "policy": ("gnothi.cli.policy", "policy", "Judge policies by logged decisions."),
    "calendar": ("gnothi.cli.calendar", "calendar", "Take the calendar in and out as iCalendar."),
    "library": (
        "gnothi.cli.library",
        "library",
        "Say what there is to play, and what people listened to.",
    ),
    "skill": ("gnothi.cli.skill", "skill", "List and check skills."),
    "backup": ("gnothi.cli.backup", "backup", "Write everything that is kept into one file."),
    "restore": ("gnothi.cli.backup", "restore", "Put a backup back."),
    "doctor": ("gnothi.cli.doctor", "doctor", "Say what is missing and how to get it."),
}


@click.group(cls=LazyGroup, commands_at=COMMANDS)
@click.version_option(__version__)
def cli() -> None:
    """Gnothi: a private assistant that gets better by being used."""


def main() -> None:
    """Run the command line; what Gnothi raises on purpose becomes one sentence."""
    try:
        cli()
    except GnothiError as error:
        click.echo(f"gnothi: {error}", err=True)
        sys.exit(2)
