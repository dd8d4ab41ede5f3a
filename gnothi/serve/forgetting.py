"""Forgetting a person: everything that is kept of them, wherever it is kept."""

from collections.abc import Callable

from gnothi.core.errors import GnothiError
from gnothi.journal.erasure import Erasure
from gnothi.serve.learning import open_learning
from gnothi.serve.listening.recordings import Recordings
from gnothi.serve.premises import Premises


def forget(household: Premises, person: str) -> Erasure:
    """Erase the turns, signals, memory, recordings, alarms and conversations of *person*.

    Things that they taught the camera are unlearned as far as they showed them, and so is what
    they put right of what was read.

    Raises:
        StorageError: the journal can't be written; nothing is half erased there.
    """
    silence(household, person)
    return erase(household, person)


def erase(household: Premises, person: str) -> Erasure:
    """Erase what is written down of *person*, and what was learned from it.

    Raises:
        StorageError: the journal can't be written; nothing is half erased there. Or something
            else can't: the rest is erased all the same.
    """
    done = household.journal.erase(person)
    recordings = Recordings(household.settings.folder, household.journal)
    learning = open_learning(
        household.settings,
        household.journal,
        household.registry,
        household.skills,
        clock=household.clock,
    )
    steps: list[Callable[[str], object]] = [
        household.things.unlearn,
        household.readings.unlearn,
        recordings.erase,
        learning.unlearn,
    ]
    problems: list[GnothiError] = []
    for step in steps:
        try:
            step(person)
        except GnothiError as error:
            problems.append(error)
    if problems:
        raise problems[0]
    return done


def silence(household: Premises, person: str) -> None:
    """Drop what goes on for *person*: conversations and alarms. Belongs to the event loop."""
    household.assistant.forget_person(person)
    for alarm in household.alarms.all():
        if alarm.user == person:
            household.alarms.remove(alarm)
