"""Forgetting a person: everything that is kept of them, wherever it is kept."""

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
        StorageError: the journal can't be written; nothing is half erased there.
    """
    done = household.journal.erase(person)
    household.things.unlearn(person)
    household.readings.unlearn(person)
    Recordings(household.settings.folder, household.journal).erase(person)
    open_learning(
        household.settings,
        household.journal,
        household.registry,
        household.skills,
        clock=household.clock,
    ).unlearn(person)
    return done


def silence(household: Premises, person: str) -> None:
    """Drop what goes on for *person*: conversations and alarms. Belongs to the event loop."""
    household.assistant.forget_person(person)
    for alarm in household.alarms.all():
        if alarm.user == person:
            household.alarms.remove(alarm)
