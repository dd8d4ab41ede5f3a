"""Remind people of things at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any, cast

from gnothi.core.acting import Act, Call, Outcome, Question, Status
from gnothi.core.protocols import Name
from gnothi.core.risk import Risk
from gnothi.home.alarms import Alarm, Kind
from gnothi.home.model import Person
from gnothi.skills import ringing
from gnothi.skills.fill import carried
from gnothi.skills.format import Api
from gnothi.skills.timing import Spans, rule_values, when
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.fuzzy import find_names
from gnothi.text.moments import parse_moment
from gnothi.text.remainder import without
from gnothi.text.times import PARTS, impossible_clock

SKILL = "reminders"
MORNING = time(9)
"""When a reminder for a whole day or a morning comes; nobody wants it at midnight or at six."""
TOLD = 5
MOST_TOPICS = 2
"""Things that "remind me about that" can mean; of more we ask which."""

WORDS = Vocabulary.beside(__file__)


async def propose_set(turn: Turn) -> Proposal:
    """Find the thing and the moment; ask for what is missing."""
    first, *rest = [_propose_one(one) for one in _wishes(turn)]
    if not rest:
        return first
    if any(one.question for one in rest):
        return _propose_one(turn)
    if problem := next((one for one in (first, *rest) if one.problem), None):
        return problem
    others = [one.call.arguments for one in rest]
    call = replace(first.call, arguments={**first.call.arguments, "others": others})
    return replace(first, call=call)


def _wishes(turn: Turn) -> list[Turn]:
    """Part "remind me to call mum at seven and to feed the cat at eight", each with its moment."""
    starts = [0, *(match.start() for match in WORDS["and_to"].every(turn.text))]
    parts = [turn.text[start:end] for start, end in pairwise([*starts, len(turn.text)])]
    if turn.carried or len(parts) == 1 or not all(_timed(part, turn.now) for part in parts):
        return [turn]
    return [replace(turn, text=part) for part in parts]


def _timed(text: str, now: datetime) -> bool:
    found = when(text, now)
    return bool(found.due or found.day)


def _propose_one(turn: Turn) -> Proposal:
    kept = carried(turn, "set_reminder")
    before = kept.get("due")
    found = when(turn.text, turn.now, before=before if isinstance(before, datetime) else None)
    due = found.due or _morning(found.day, turn.now)
    if due:
        kept |= {"due": due} | ({"rule": found.rule} if found.rule else {})
    person = _person(turn)
    if text := _text(turn, found.spans, person, kept, timed=due is not None):
        kept["text"] = text
    if person:
        kept["person"] = person.id
    call = Call(SKILL, "set_reminder", kept)
    if not found.due and (said := impossible_clock(turn.text)):
        problem = (Act("reminders-no-time", {"said": said}),)
        return Proposal(call, Risk.FREE, problem=problem, refuses=True)
    return _complete(call, due, turn)


def _text(
    turn: Turn, spans: Spans, person: Person | None, kept: dict[str, object], *, timed: bool
) -> str:
    """Return what to remind of as *turn* says it; empty when it says only when.

    With an earlier reminder, "make it nine" is another time for it, and "at nine to put the bins
    out" another reminder, which leaves the repetition and the others of the first behind.
    """
    rest = without(turn.text, spans)
    text = _thing(rest, person, turn)
    if turn.answers == "due" or (turn.carried and rest in WORDS["pointing"]):
        return ""
    if not (turn.carried and timed):
        return text
    if not _says_another(rest) or _shares_words(str(kept.get("text", "")), rest):
        return ""
    for name in ("others", "rule"):
        kept.pop(name, None)
    return text


def _says_another(rest: str) -> bool:
    """Whether *rest* of a follow-up names a thing: "to put the bins out", "and the bins"."""
    return WORDS["introduces"].starts(WORDS["and"].strip(rest))


def _spoken_of(text: str, turn: Turn) -> str | None:
    """Return what "that" and "do that" mean: what was spoken of last; empty when unclear.

    ``None`` when *text* says itself what it is about.
    """
    points = WORDS["that"].last(text)
    if points is None or WORDS["noise"].strip(text[points.end() :]):
        return None
    verb = WORDS["outer"].strip(text[: points.start()])
    if verb and WORDS["getting"].strip(verb):
        return None
    topics = [str(one) for one in cast("Sequence[object]", turn.focus.get("items") or ())]
    if not 0 < len(topics) <= MOST_TOPICS:
        return ""
    both = f" {WORDS['and'].all[0]} "
    return f"{verb} {both.join(topics)}".strip()


async def set_reminder(
    turn: Turn,
    *,
    text: str,
    due: datetime,
    rule: str = "",
    person: str = "",
    others: Sequence[Mapping[str, Any]] = (),
) -> Outcome:
    """Set a reminder, and *others* for the same person."""
    service, device = turn.services.alarms, turn.utterance.device
    user = person or turn.user
    wishes: list[Mapping[str, Any]] = [{"text": text, "due": due, "rule": rule}, *others]
    alarms = [
        service.set(
            Kind.REMINDER,
            one["due"],
            name=one["text"],
            rule=one.get("rule", ""),
            user=user,
            device=device,
        )
        for one in wishes
    ]
    whom = next((one.name for one in turn.services.house.people() if one.id == person), "me")
    acts = [Act("reminders-set", {**_about([alarm], turn), "whom": whom}) for alarm in alarms]
    undo = Call(SKILL, "remove_reminders", {"reminders": [alarm.id for alarm in alarms]})
    return Outcome(Status.DONE, tuple(acts), undo, entities={"reminder": alarms[0].id})


async def propose_query(turn: Turn) -> Proposal:
    """Find the reminders that are asked about."""
    found = ringing.at_time(turn.text, turn.now, _reminders(turn))
    moment = parse_moment(turn.text, turn.now)
    arguments: dict[str, object] = {"reminders": [one.id for one in found]}
    if moment and moment.date_known:
        arguments["day"] = moment.when.date()
    return Proposal(Call(SKILL, "query_reminders", arguments), Risk.FREE)


async def query_reminders(
    turn: Turn, *, reminders: Sequence[str], day: date | None = None
) -> Outcome:
    """Tell what is to come, and what came due while the assistant was off."""
    service = turn.services.alarms
    found = [alarm for one in reminders if (alarm := service.get(one))]
    missed = [alarm for alarm in service.missed() if alarm.kind is Kind.REMINDER]
    acts = [Act("reminders-missed", _about([alarm], turn)) for alarm in missed]
    for alarm in missed:
        service.dismiss(alarm)
    if found or not missed:
        acts += _told(found, day, turn)
    return Outcome(Status.DONE, tuple(acts), display={"kind": "alarms", "alarms": found})


async def propose_remove(turn: Turn) -> Proposal:
    """Find the reminders to remove: by their words, their time, or all."""
    timed = ringing.at_time(turn.text, turn.now, _reminders(turn))
    found = ringing.wanted(turn, timed, WORDS)
    about = tuple(one for one in timed if _shares_words(one.name, turn.text))
    if about and not found.everything:
        found = ringing.Wanted(about, described=True)
    return ringing.propose(turn, Api("remove_reminders"), SKILL, found)


def is_meant(turn: Turn) -> bool:
    """Whether *turn* tells a reminder by its words or its time: "the mum one"."""
    reminders = _reminders(turn)
    timed = ringing.described(turn.text, turn.now, reminders)
    return bool(timed) or any(_shares_words(one.name, turn.text) for one in reminders)


async def remove_reminders(turn: Turn, *, reminders: Sequence[str]) -> Outcome:
    """Remove reminders."""
    found = ringing.existing(turn.services.alarms, reminders)
    for alarm in found:
        turn.services.alarms.remove(alarm)
    return ringing.changed(found, SKILL, Act("reminders-removed", _about(found, turn)))


async def restore_reminders(turn: Turn, *, alarms: Sequence[Alarm]) -> Outcome:
    """Put reminders back as they were."""
    for alarm in alarms:
        turn.services.alarms.restore(alarm)
    return Outcome(Status.DONE, (Act("reminders-restored", _about(alarms, turn)),))


def is_reminder(text: str) -> bool:
    """Whether *text* is about reminders rather than appointments."""
    return text in WORDS["remind"]


def _complete(call: Call, due: datetime | None, turn: Turn) -> Proposal:
    if due and due <= turn.now:
        return Proposal(call, Risk.FREE, problem=(Act("reminders-past"),))
    for argument in ("text", "due"):
        if argument not in call.arguments:
            question = Question(argument, Act(f"reminders-ask-{argument}"))
            return Proposal(call, Risk.FREE, question)
    return Proposal(call, Risk.FREE)


def _morning(day: datetime | None, now: datetime) -> datetime | None:
    """Return when to remind on *day*: in the morning, or in an hour's time when that is over."""
    if day is None:
        return None
    early = day.hour <= PARTS["morning"][0]
    at = datetime.combine(day.date(), MORNING, now.tzinfo) if early else day
    return at if at > now or day.date() < now.date() else _later(now)


def _later(now: datetime) -> datetime:
    return now.replace(hour=min(now.hour + 1, 23), minute=0 if now.hour < 23 else 59, second=0)


def _thing(text: str, person: Person | None, turn: Turn) -> str:
    """Return what is left of a request when its frame is cut off."""
    lead = WORDS["lead"].find(text)
    after = text[lead.end() :] if lead else text
    if person and (verb := WORDS["remind_verbs"].find(text)):
        after = text[verb.end() :].strip().partition(" ")[2]
    if (spoken_of := _spoken_of(after, turn)) is not None:
        return spoken_of
    if lead and not person and not WORDS["noise"].strip(after):
        after = text[: lead.start()]
    stripped = WORDS["outer"].strip(after)
    return stripped if WORDS["noise"].cut(stripped) else ""


def _person(turn: Turn) -> Person | None:
    """Return who shall be reminded when it is somebody else: "remind sam to …"."""
    verb = WORDS["remind_verbs"].find(turn.text)
    following = turn.text[verb.end() :].split() if verb else []
    if not following:
        return None
    people = {person.id: person for person in turn.services.house.people()}
    names = [
        Name(name, one.id, "person") for one in people.values() for name in (one.name, *one.aliases)
    ]
    found = find_names(following[0], names)
    return people[found[0].name.target] if found else None


def _reminders(turn: Turn) -> tuple[Alarm, ...]:
    return turn.services.alarms.all(Kind.REMINDER)


def _shares_words(name: str, text: str) -> bool:
    wanted = set(WORDS["noise"].cut(WORDS["remind"].cut(text)).lower().split())
    return bool(wanted & set(WORDS["noise"].cut(name).lower().split()))


def _told(reminders: Sequence[Alarm], day: date | None, turn: Turn) -> list[Act]:
    if not reminders:
        return [Act("reminders-none-then", {"day": day}) if day else Act("reminders-none")]
    if turn.text in WORDS["next"]:
        return [Act("reminders-next", _about(reminders[:1], turn))]
    if len(reminders) == 1:
        return [Act("reminders-one", _about(reminders, turn))]
    values = {**_about(reminders, turn), "texts": [one.name for one in reminders[:TOLD]]}
    return [Act("reminders-several", values)]


def _about(reminders: Sequence[Alarm], turn: Turn) -> dict[str, object]:
    first = reminders[0]
    return {
        **ringing.about(reminders),
        **rule_values(first.rule, turn.services.house),
        "text": first.name,
        "clock": first.due.time(),
        "today": first.due.date() == turn.now.date(),
    }
