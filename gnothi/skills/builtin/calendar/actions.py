"""Keep the household's calendar. Reminders go to the reminders skill."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from gnothi.core.acting import Act, Call, Outcome, Question, Status
from gnothi.core.errors import InputError
from gnothi.core.risk import Risk
from gnothi.skills.builtin.alarms import actions as alarms
from gnothi.skills.builtin.calendar import reading
from gnothi.skills.builtin.calendar.agenda import DAY, HOUR, Agenda, Event
from gnothi.skills.builtin.calendar.reading import WORDS, Period
from gnothi.skills.builtin.reminders import actions as reminders
from gnothi.skills.fill import carried
from gnothi.skills.timing import When, rule_values, when
from gnothi.skills.turn import SPOKEN_OF, Proposal, Turn

SKILL = "calendar"
_ELSEWHERE = {skill.SKILL: skill for skill in (reminders, alarms)}
"""Skills that keep what people also call an entry of their calendar."""
TOLD = 5
"""Events that are told one by one; the screen shows all."""


def agenda(turn: Turn) -> Agenda:
    """Open the household's events."""
    return Agenda(turn.services.store, turn.services.house.time_zone)


async def propose_add(turn: Turn) -> Proposal:
    """Find title and time of an event; "remind me" makes a reminder instead."""
    if not turn.carried and reminders.is_reminder(turn.text):
        return await reminders.propose_set(turn)
    if not turn.carried and turn.text in WORDS["move"] and (proposal := _propose_move(turn)):
        return proposal
    kept = carried(turn, "add_event")
    before = kept.get("start")
    timed = before if isinstance(before, datetime) and not kept.get("all_day") else None
    hours = reading.hours(f"{turn.text} {kept.get('title', '')}")
    found = when(reading.masked(turn.text), turn.now, before=timed, prefer=hours)
    kept |= _times(turn, found, _length(kept))
    title = reading.title(turn, found.spans)
    if title and turn.answers != "start" and _is_new_title(turn, found, kept):
        kept["title"] = title
    if places := turn.interpretation.values("place_name"):
        kept["place"] = places[0]
    call = Call(SKILL, "add_event", kept)
    lacking = next((one for one in ("title", "start") if one not in kept), None)
    question = Question(lacking, Act(f"calendar-ask-{lacking}")) if lacking else None
    return Proposal(call, Risk.REVERSIBLE, question)


def _is_new_title(turn: Turn, found: When, kept: Mapping[str, object]) -> bool:
    """Tell "and the dentist at five" from "make it five" and "the dentist at five" once more."""
    if not (turn.carried and found.spans):
        return True
    before = set(str(kept.get("title", "")).casefold().split())
    rest = reading.without_times(turn.text, found.spans)
    title = reading.title(turn, found.spans)
    new = WORDS["introduces"].starts(rest) or len(title.split()) > 1
    return new and not before & set(rest.casefold().split())


async def propose_move(turn: Turn) -> Proposal:
    """Find the event that shall be at another time, and the time."""
    proposal = _propose_move(turn)
    call = Call(SKILL, "move_event", carried(turn, "move_event"))
    problem = (Act("calendar-none-called", {"title": reading.named(turn) or turn.text}),)
    return proposal or Proposal(call, Risk.REVERSIBLE, problem=problem)


def _propose_move(turn: Turn) -> Proposal | None:
    """Propose to move an event, ``None`` when the request names no event or no time."""
    found = when(reading.masked(turn.text), turn.now, prefer=reading.hours(turn.text))
    events = agenda(turn)
    before = events.first(str(carried(turn, "move_event").get("event", "")))
    event = reading.moved(turn, events.between(turn.now, turn.now + reading.AHEAD)) or before
    if event is None or not (found.due or found.day):
        return None
    first = events.first(event.uid)
    if first and first.rule:
        problem = (Act("calendar-cant-move", _about(event, turn)),)
        return Proposal(Call(SKILL, "move_event"), Risk.REVERSIBLE, problem=problem)
    start, all_day = reading.moved_start(turn, event, found)
    end = found.until or start + (event.end - event.start)
    arguments = {"event": event.uid, "start": start, "end": end, "all_day": all_day}
    return Proposal(Call(SKILL, "move_event", arguments), Risk.REVERSIBLE)


async def move_event(
    turn: Turn, *, event: str, start: datetime, end: datetime, all_day: bool = False
) -> Outcome:
    """Let an event be at another time, and say what it collides with there."""
    events = agenda(turn)
    before = events.text(event)
    events.move(event, start, end, all_day=all_day)
    undo = Call(SKILL, "restore_events", {"texts": {event: before}})
    moved = events.first(event)
    if moved is None:
        raise InputError("It has already gone.")
    acts = [Act("calendar-moved", _about(moved, turn))]
    acts += [Act("calendar-conflict", {"other": one.title}) for one in events.conflicts(moved)[:1]]
    return Outcome(Status.DONE, tuple(acts), undo, entities={"event": event})


async def add_event(
    turn: Turn,
    *,
    title: str,
    start: datetime,
    end: datetime,
    all_day: bool = False,
    rule: str = "",
    place: str = "",
) -> Outcome:
    """Put an event in the calendar, and say what it collides with."""
    uid = str(uuid5(NAMESPACE_URL, f"{turn.now.isoformat()}/{title}/{start.isoformat()}"))
    event = Event(uid, title, start, end, all_day, place, rule)
    events = agenda(turn)
    others = events.conflicts(event)
    events.add(event, turn.now)
    acts = [Act("calendar-added", _about(event, turn))]
    acts += [Act("calendar-conflict", {"other": other.title}) for other in others[:1]]
    undo = Call(SKILL, "remove_events", {"events": [uid]})
    return Outcome(Status.DONE, tuple(acts), undo, entities={"event": uid})


async def propose_query(turn: Turn) -> Proposal:
    """Find the days and the event that are asked about."""
    if reminders.is_reminder(turn.text) and not turn.carried:
        return await reminders.propose_query(turn)
    kept = carried(turn, "query_events")
    days = reading.period(turn)
    if days.said or "start" not in kept:
        kept |= {"start": days.start, "end": days.end, "said": days.said}
    name, asked = reading.named(turn), _asked(reading.timeless(turn))
    if not (days.said or name or asked or turn.carried):
        kept["end"] = days.start + reading.SOON
    if name or not turn.carried:
        kept |= {"title": name, "what": asked or str(kept.get("what", ""))}
    return Proposal(Call(SKILL, "query_events", kept), Risk.FREE)


async def query_events(
    turn: Turn,
    *,
    start: datetime,
    end: datetime,
    said: bool = True,
    title: str = "",
    what: str = "",
) -> Outcome:
    """Tell what happens, when something is, where, or whether there is time."""
    events = agenda(turn).between(start, end)
    found = reading.mentioned(turn, events) if events else []
    acts = _answer(found, Period(start, end, said), title, what, turn)
    shown = found if found or title else events
    return Outcome(Status.DONE, tuple(acts), display={"kind": "events", "events": shown})


async def propose_remove(turn: Turn) -> Proposal:
    """Find the events to remove; many at once are confirmed first."""
    if reminders.is_reminder(turn.text) and not turn.carried:
        return await reminders.propose_remove(turn)
    days = reading.period(turn)
    events = agenda(turn).between(days.start, days.end)
    pointed = _ELSEWHERE.get(str(turn.focus.get(SPOKEN_OF)))
    points = turn.text in WORDS["pointing"] and not turn.carried
    if pointed and points and not reading.named_in(turn, events):
        return await pointed.propose_remove(turn)
    found = reading.mentioned(turn, events, strict=True) if events else []
    if not found:
        ahead = agenda(turn).between(turn.now, turn.now + reading.AHEAD)
        found = reading.at_clock(turn, ahead)
    if turn.text in WORDS["next"]:
        found = found[:1]
    chosen = {event.uid: event for event in reversed(found)}
    call = Call(SKILL, "remove_events", {"events": list(chosen)})
    if not (chosen or turn.carried) and (elsewhere := await _propose_elsewhere(turn)):
        return elsewhere
    if not chosen:
        return Proposal(call, Risk.FREE, problem=(_nothing(days, reading.named(turn)),))
    everything = turn.text in WORDS["all"] or (len(chosen) > 1 and turn.text in WORDS["plural"])
    if everything:
        return _propose_clear(list(chosen.values()))
    if len(chosen) == 1:
        return Proposal(call, Risk.REVERSIBLE)
    return _ask_which(call, list(reversed(chosen.values()))[:TOLD])


async def _propose_elsewhere(turn: Turn) -> Proposal | None:
    """Propose to remove the reminder or the alarm that *turn* tells when no event is meant."""
    for skill in _ELSEWHERE.values():
        if skill.is_meant(turn):
            return await skill.propose_remove(turn)
    return None


async def remove_events(turn: Turn, *, events: Sequence[str]) -> Outcome:
    """Take events off the calendar."""
    return _removed(turn, events)


async def clear_events(turn: Turn, *, events: Sequence[str]) -> Outcome:
    """Take many events off the calendar, after a confirmation."""
    return _removed(turn, events)


async def restore_events(turn: Turn, *, texts: Mapping[str, str]) -> Outcome:
    """Put events back as they were."""
    for uid, text in texts.items():
        agenda(turn).put(uid, text)
    return Outcome(Status.DONE, (Act("calendar-restored", {"amount": len(texts)}),))


def _length(kept: Mapping[str, object]) -> timedelta:
    """Return how long the event of an earlier turn lasts, an hour when there is none."""
    start, end = kept.get("start"), kept.get("end")
    if kept.get("all_day") or not (isinstance(start, datetime) and isinstance(end, datetime)):
        return HOUR
    return end - start


def _times(turn: Turn, found: When, before: timedelta) -> dict[str, object]:
    rule: dict[str, object] = {"rule": found.rule} if found.rule else {}
    if found.due:
        end = found.due + reading.length(turn, found, before)
        return {"start": found.due, "end": end, "all_day": False, **rule}
    if found.day:
        return {"start": found.day, "end": found.day + DAY, "all_day": True, **rule}
    return {}


def _asked(text: str) -> str:
    asked = (name for name in ("free", "where", "next", "when") if text in WORDS[name])
    return next(asked, "")


def _answer(events: Sequence[Event], days: Period, title: str, what: str, turn: Turn) -> list[Act]:
    if what == "free":
        return [_free(events, days)]
    if not events:
        return [_nothing(days, title)]
    keys = {"next": "calendar-next", "where": "calendar-where"}
    if what in keys:
        return [Act(keys[what], _about(events[0], turn))]
    if len(events) == 1 or (what == "when" and title):
        key = "calendar-when" if what == "when" else "calendar-event"
        return [Act(key, _about(events[0], turn))]
    acts = [Act("calendar-count", {"amount": len(events)})]
    acts += [Act("calendar-event", _about(event, turn)) for event in events[:TOLD]]
    if len(events) > TOLD:
        acts.append(Act("calendar-more", {"amount": len(events) - TOLD}))
    return acts


def _free(events: Sequence[Event], days: Period) -> Act:
    start: object = days.start.date() if days.end - days.start >= DAY / 4 else days.start
    values = {"start": start, "amount": len(events), "titles": [one.title for one in events[:TOLD]]}
    return Act("calendar-busy" if events else "calendar-free", values)


def _nothing(days: Period, title: str) -> Act:
    if title:
        return Act("calendar-none-called", {"title": title})
    if not days.said:
        return Act("calendar-none")
    last = (days.end - DAY / 24).date()
    first = days.start.date()
    return Act("calendar-none-on", {"start": first, "last": last, "is_span": last > first})


def _propose_clear(events: Sequence[Event]) -> Proposal:
    confirmation = Act("calendar-confirm-clear", {"amount": len(events), "title": events[0].title})
    call = Call(SKILL, "clear_events", {"events": [event.uid for event in events]})
    return Proposal(call, Risk.GUARDED, confirmation=confirmation)


def _ask_which(call: Call, events: Sequence[Event]) -> Proposal:
    names = [event.title for event in events]
    choices = names if len(set(names)) == len(names) else [event.start for event in events]
    act = Act("calendar-ask-which", {"amount": len(events), "choices": choices})
    question = Question("events", act, tuple(names))
    return Proposal(Call(call.skill, call.api), Risk.REVERSIBLE, question)


def _removed(turn: Turn, uids: Sequence[str]) -> Outcome:
    events = agenda(turn)
    texts = {uid: text for uid in uids if (text := events.text(uid))}
    first = next((one for uid in texts if (one := events.first(uid))), None)
    for uid in texts:
        events.remove(uid)
    about = _about(first, turn) if first else {"title": "", "recurring": False}
    act = Act("calendar-removed", {**about, "amount": len(texts)})
    return Outcome(Status.DONE, (act,), Call(SKILL, "restore_events", {"texts": texts}))


def _about(event: Event, turn: Turn) -> dict[str, object]:
    return {
        "title": event.title,
        "start": event.start,
        "day": event.start.date(),
        "clock": event.start.time(),
        "today": event.start.date() == turn.now.date(),
        "all_day": event.all_day,
        "place": event.place,
        "has_place": bool(event.place),
        **rule_values(event.rule, turn.services.house),
    }
