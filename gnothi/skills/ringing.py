"""Which of several timers, alarms or reminders is meant; shared by the skills that set them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gnothi.core.acting import Act, Call, Outcome, Question, Status
from gnothi.core.errors import InputError
from gnothi.core.protocols import Name
from gnothi.home.alarms import Alarm, Alarms, Kind
from gnothi.skills.format import Api
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.fuzzy import NameIndex
from gnothi.text.moments import parse_moment
from gnothi.text.numbers import find_numbers


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request says about the alarms it means."""

    candidates: tuple[Alarm, ...]
    """What is left after everything that was said; the next to ring first."""
    everything: bool = False
    """All of them are meant."""
    described: bool = False
    """The request tells which, by name, time or place in the order."""


def wanted(turn: Turn, alarms: Sequence[Alarm], words: Vocabulary) -> Wanted:
    """Narrow *alarms* down by what *turn* says: a name, a place in the order, or all of them."""
    if turn.text in words["all"]:
        return Wanted(tuple(alarms), everything=True)
    if named := _named(turn.text, alarms):
        return Wanted(named, described=True)
    if chosen := _ranked(turn.text, alarms, words):
        return Wanted(chosen, described=True)
    return Wanted(tuple(alarms))


def at_time(text: str, now: datetime, alarms: Sequence[Alarm]) -> tuple[Alarm, ...]:
    """Return the *alarms* that ring when *text* says; all of them when it says no time."""
    moment = parse_moment(text, now)
    if moment is None:
        return tuple(alarms)
    if not moment.time_known:
        until = moment.until or moment.when + timedelta(days=1)
        return tuple(alarm for alarm in alarms if moment.when <= alarm.due < until)
    if moment.date_known:
        return tuple(alarm for alarm in alarms if abs(alarm.due - moment.when) < MINUTE)
    exact = tuple(alarm for alarm in alarms if _clock(alarm) == _clock_of(moment.when))
    return exact or tuple(a for a in alarms if _half(_clock(a)) == _half(_clock_of(moment.when)))


MINUTE = timedelta(minutes=1)


def described(text: str, now: datetime, alarms: Sequence[Alarm]) -> tuple[Alarm, ...]:
    """Return those of *alarms* that *text* tells by name or by time, none when it does neither."""
    if named := _named(text, alarms):
        return named
    timed = parse_moment(text, now)
    return at_time(text, now, alarms) if timed else ()


def _clock(alarm: Alarm) -> tuple[int, int]:
    return _clock_of(alarm.due)


def _clock_of(moment: datetime) -> tuple[int, int]:
    return moment.hour, moment.minute


def _half(clock: tuple[int, int]) -> tuple[int, int]:
    """Return *clock* on a dial of twelve hours."""
    return clock[0] % 12, clock[1]


def _named(text: str, alarms: Sequence[Alarm]) -> tuple[Alarm, ...]:
    index = NameIndex(Name(alarm.name, alarm.id, "alarm") for alarm in alarms if alarm.name)
    ids = {found.name.target for found in index.find(text)}
    names = {alarm.name.casefold() for alarm in alarms if alarm.id in ids}
    return tuple(alarm for alarm in alarms if alarm.name and alarm.name.casefold() in names)


def _ranked(text: str, alarms: Sequence[Alarm], words: Vocabulary) -> tuple[Alarm, ...]:
    if text in words["newest"] and alarms:
        return (max(alarms, key=lambda alarm: alarm.id),)
    ranks = [int(number.value) for number in find_numbers(text) if number.ordinal]
    if not ranks or not alarms:
        return ()
    place = ranks[0] if ranks[0] < 0 else ranks[0] - 1
    return (alarms[place],) if -len(alarms) <= place < len(alarms) else ()


def propose(
    turn: Turn, api: Api, skill: str, found: Wanted, extra: Mapping[str, object] | None = None
) -> Proposal:
    """Propose a call on the alarms that *found* says, or ask which, or say that there are none.

    Messages are ``SKILL-none`` and ``SKILL-ask-which``; the argument is called as the skill.
    """
    call = Call(skill, api.name, {**(extra or {})})
    if skill in call.arguments and not (found.described or found.everything):
        return Proposal(call, api.risk)
    if not found.candidates:
        return Proposal(call, api.risk, problem=(Act(f"{skill}-none"),))
    if len(found.candidates) > 1 and not found.everything:
        return Proposal(call, api.risk, question=_which(found.candidates, skill, turn))
    ids = [alarm.id for alarm in found.candidates]
    return Proposal(Call(skill, api.name, {**call.arguments, skill: ids}), api.risk)


def _which(alarms: Sequence[Alarm], skill: str, turn: Turn) -> Question:
    choices = [label(alarm) for alarm in alarms]
    act = Act(f"{skill}-ask-which", {"choices": choices, "amount": len(choices)})
    return Question(skill, act, tuple(str(alarm.name) for alarm in alarms if alarm.name))


def label(alarm: Alarm) -> object:
    """Return what tells *alarm* from others: its name, its length or its moment."""
    return alarm.name or (alarm.length if alarm.kind is Kind.TIMER else alarm.due)


def existing(alarms: Alarms, ids: Sequence[str]) -> tuple[Alarm, ...]:
    """Return the alarms with *ids*.

    Raises:
        InputError: none of them is there any more.
    """
    found = tuple(alarm for one in ids if (alarm := alarms.get(one)))
    if ids and not found:
        raise InputError("It has already gone.")
    return found


def removed(turn: Turn, ids: Sequence[str], skill: str, act: str) -> Outcome:
    """Remove the alarms with *ids*; the outcome can put them back."""
    service = turn.services.alarms
    alarms = existing(service, ids)
    for alarm in alarms:
        service.remove(alarm)
    return changed(alarms, skill, Act(act, about(alarms)))


def changed(before: Sequence[Alarm], skill: str, *acts: Act) -> Outcome:
    """Return the outcome of a change of alarms that were *before*; undo puts them back."""
    undo = Call(skill, f"restore_{skill}", {"alarms": list(before)})
    return Outcome(Status.DONE, acts, undo=undo)


def restored(turn: Turn, alarms: Sequence[Alarm], act: str) -> Outcome:
    """Put *alarms* back as they were."""
    for alarm in alarms:
        turn.services.alarms.restore(alarm)
    return Outcome(Status.DONE, (Act(act, about(alarms)),))


def about(alarms: Sequence[Alarm]) -> dict[str, object]:
    """Return the values that messages about *alarms* may use."""
    first = alarms[0]
    return {
        "amount": len(alarms),
        "name": first.name,
        "named": bool(first.name),
        "length": first.length,
        "due": first.due,
        "recurring": bool(first.rule),
        "labels": [label(alarm) for alarm in alarms],
    }
