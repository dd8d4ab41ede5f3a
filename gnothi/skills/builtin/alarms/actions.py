"""Set, ask for, remove, snooze and stop alarms. Reminders go to the reminders skill."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from gnothi.core.acting import Act, Call, Outcome, Question, Status
from gnothi.core.risk import Risk
from gnothi.home.alarms import SNOOZE, Alarm, Kind
from gnothi.skills import ringing
from gnothi.skills.builtin.reminders import actions as reminders
from gnothi.skills.fill import carried
from gnothi.skills.format import Api
from gnothi.skills.timing import further, rule_values, when
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.durations import parse_duration
from gnothi.text.moments import parse_moment
from gnothi.text.times import impossible_clock

SKILL = "alarms"
SAID = "said"
"""Keeps the words for a day until the time is known; it never reaches an action."""

_WORDS = Vocabulary.beside(__file__)


async def propose_set(turn: Turn) -> Proposal:
    """Find when the alarm shall ring; ask for the time when only a day was said."""
    if turn.services.alarms.ringing() and turn.text in _WORDS["snooze"]:
        return await propose_snooze(turn)
    if reminders.is_reminder(turn.text) and not turn.carried:
        return await reminders.propose_set(turn)
    kept = carried(turn, "set_alarm")
    said = str(kept.pop(SAID, ""))
    before = kept.get("due")
    found = when(
        f"{turn.text} {said}".strip(),
        turn.now,
        before=before if isinstance(before, datetime) else None,
        prefer="morning" if said or turn.text in _WORDS["wake"] else "next",
    )
    if found.due:
        kept |= {"due": found.due} | ({"rule": found.rule} if found.rule else {})
        kept.pop("others", None)
        if others := further(turn.text, found, turn.now, _WORDS):
            kept["others"] = others
    if name := _name(turn.text):
        kept["name"] = name
    call = Call(SKILL, "set_alarm", kept)
    if not found.due and (said_so := impossible_clock(turn.text)):
        problem = (Act("alarms-no-time", {"said": said_so}),)
        return Proposal(call, Risk.FREE, problem=problem, refuses=True)
    if "due" not in kept:
        return _ask_time(call, turn.text if found.day or found.rule else said, found.day)
    if found.due and found.due <= turn.now:
        return Proposal(call, Risk.FREE, problem=(Act("alarms-past"),))
    return Proposal(call, Risk.FREE)


async def set_alarm(
    turn: Turn,
    *,
    due: datetime,
    rule: str = "",
    name: str = "",
    others: Sequence[datetime] = (),
) -> Outcome:
    """Set an alarm, and *others* like it at other times."""
    device, user = turn.utterance.device, turn.user
    service = turn.services.alarms
    alarms = [
        service.set(Kind.ALARM, one, name=name, rule=rule, user=user, device=device)
        for one in sorted({due, *others})
    ]
    undo = Call(SKILL, "remove_alarms", {"alarms": [alarm.id for alarm in alarms]})
    act = Act("alarms-set-several" if others else "alarms-set", _about(alarms, turn))
    return Outcome(Status.DONE, (act,), undo, entities={"alarm": alarms[0].id})


async def propose_query(turn: Turn) -> Proposal:
    """Find the alarms that are asked about: all, or those of a day, or the next."""
    if reminders.is_reminder(turn.text) and not turn.carried:
        return await reminders.propose_query(turn)
    alarms = ringing.at_time(turn.text, turn.now, _alarms(turn))
    if alarms and turn.text in _WORDS["next"]:
        alarms = alarms[:1]
    arguments: dict[str, object] = {"alarms": [alarm.id for alarm in alarms]}
    moment = parse_moment(turn.text, turn.now)
    if moment and moment.date_known:
        arguments["day"] = moment.when.date()
    return Proposal(Call(SKILL, "query_alarms", arguments), Risk.FREE)


async def query_alarms(turn: Turn, *, alarms: Sequence[str], day: date | None = None) -> Outcome:
    """Tell which alarms are set, and which were missed while the assistant was off."""
    service = turn.services.alarms
    found = [alarm for one in alarms if (alarm := service.get(one))]
    missed = [alarm for alarm in service.missed() if alarm.kind is Kind.ALARM]
    acts = [_told(found, day, turn), *(Act("alarms-missed", _about([one], turn)) for one in missed)]
    for alarm in missed:
        service.dismiss(alarm)
    return Outcome(Status.DONE, tuple(acts), display={"kind": "alarms", "alarms": found})


async def propose_remove(turn: Turn) -> Proposal:
    """Find the alarms to remove; what rings is only silenced."""
    if turn.text in _WORDS["snooze"] and not turn.carried:
        return await propose_snooze(turn)
    if turn.services.alarms.ringing() and turn.text in _WORDS["stop"]:
        return await propose_stop(turn)
    if reminders.is_reminder(turn.text) and not turn.carried:
        return await reminders.propose_remove(turn)
    found = _wanted(turn)
    if not (turn.carried or is_meant(turn)) and reminders.is_meant(turn):
        return await reminders.propose_remove(turn)
    return ringing.propose(turn, Api("remove_alarms"), SKILL, found)


def is_meant(turn: Turn) -> bool:
    """Whether *turn* speaks of alarms, or tells one by its name or its time."""
    told = ringing.described(turn.text, turn.now, _alarms(turn))
    return turn.text in _WORDS["alarm"] or bool(told)


async def remove_alarms(turn: Turn, *, alarms: Sequence[str]) -> Outcome:
    """Remove alarms, with all their repetitions."""
    service = turn.services.alarms
    found = ringing.existing(service, alarms)
    for alarm in found:
        service.remove(alarm)
    return ringing.changed(found, SKILL, Act("alarms-removed", _about(found, turn)))


async def propose_snooze(turn: Turn) -> Proposal:
    """Find what rings, and for how long it shall be quiet."""
    rings = [alarm.id for alarm in turn.services.alarms.ringing()]
    duration = parse_duration(turn.text)
    arguments = {"alarms": rings, "duration": duration.length if duration else SNOOZE}
    call = Call(SKILL, "snooze_alarms", arguments)
    return Proposal(call, Risk.FREE, problem=() if rings else (Act("alarms-none-rings"),))


async def snooze_alarms(
    turn: Turn, *, alarms: Sequence[str], duration: timedelta = SNOOZE
) -> Outcome:
    """Silence what rings for a while."""
    for alarm in ringing.existing(turn.services.alarms, alarms):
        turn.services.alarms.snooze(alarm, duration)
    return Outcome(Status.DONE, (Act("alarms-snoozed", {"by": duration}),))


async def propose_stop(turn: Turn) -> Proposal:
    """Find what rings."""
    rings = [alarm.id for alarm in turn.services.alarms.ringing()]
    call = Call(SKILL, "stop_alarms", {"alarms": rings})
    return Proposal(call, Risk.FREE, problem=() if rings else (Act("alarms-none-rings"),))


async def stop_alarms(turn: Turn, *, alarms: Sequence[str]) -> Outcome:
    """Silence what rings; a recurring alarm stays set."""
    for alarm in ringing.existing(turn.services.alarms, alarms):
        turn.services.alarms.dismiss(alarm)
    return Outcome(Status.DONE, (Act("alarms-stopped"),))


async def restore_alarms(turn: Turn, *, alarms: Sequence[Alarm]) -> Outcome:
    """Put alarms back as they were."""
    return ringing.restored(turn, alarms, "alarms-restored")


def _ask_time(call: Call, said: str, day: datetime | None) -> Proposal:
    kept = Call(call.skill, call.api, {**call.arguments, SAID: said} if said else call.arguments)
    ask = Act("alarms-ask-due-day", {"day": day.date()}) if day else Act("alarms-ask-due")
    return Proposal(kept, Risk.FREE, Question("due", ask))


def _name(text: str) -> str:
    called = _WORDS["called"].find(text)
    return text[called.end() :].strip(" ,.!?\"'") if called else ""


def _alarms(turn: Turn) -> tuple[Alarm, ...]:
    return turn.services.alarms.all(Kind.ALARM)


def _wanted(turn: Turn) -> ringing.Wanted:
    alarms = _alarms(turn)
    if turn.text in _WORDS["recurring"]:
        alarms = tuple(alarm for alarm in alarms if alarm.rule) or alarms
    timed = ringing.at_time(turn.text, turn.now, alarms)
    if len(timed) < len(alarms) and turn.text not in _WORDS["all"]:
        return ringing.Wanted(timed, described=True)
    found = ringing.wanted(turn, timed, _WORDS)
    if turn.text in _WORDS["next"] and found.candidates:
        return ringing.Wanted(found.candidates[:1], described=True)
    return found


def _told(alarms: Sequence[Alarm], day: date | None, turn: Turn) -> Act:
    if not alarms:
        return Act("alarms-none-then", {"day": day}) if day else Act("alarms-none")
    if turn.text in _WORDS["next"]:
        return Act("alarms-next", _about(alarms, turn))
    key = "alarms-one" if len(alarms) == 1 else "alarms-several"
    return Act(key, _about(alarms, turn))


def _about(alarms: Sequence[Alarm], turn: Turn) -> dict[str, object]:
    first = alarms[0]
    return {
        **ringing.about(alarms),
        **rule_values(first.rule, turn.services.house),
        "clock": first.due.time(),
        "clocks": [alarm.due.time() for alarm in alarms],
        "dues": [alarm.due for alarm in alarms],
    }
