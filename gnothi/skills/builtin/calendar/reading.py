"""What the words of a request say about events: the title, the days, the event that is meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from gnothi.core.protocols import Name
from gnothi.skills.builtin.calendar.agenda import DAY, HOUR, Event
from gnothi.skills.timing import Spans, When, when
from gnothi.skills.turn import Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.durations import Duration, find_durations
from gnothi.text.fuzzy import NameIndex
from gnothi.text.moments import parse_moment
from gnothi.text.remainder import without
from gnothi.text.times import Prefer

WORDS = Vocabulary.beside(__file__)
SOON = timedelta(days=14)
"""How far "my calendar" looks."""
AHEAD = timedelta(days=366)
"""How far "my next appointment" looks."""
ALIKE = 0.6
"""Score from which a title is the one that was said."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a question is about."""

    start: datetime
    end: datetime
    said: bool
    """Whether the question named them."""


def period(turn: Turn) -> Period:
    """Return the days that *turn* is about; from now on when it names none."""
    moment = parse_moment(masked(turn.text), turn.now)
    if moment is None:
        return Period(turn.now, turn.now + AHEAD, said=False)
    if moment.or_today:
        return Period(
            turn.now, datetime.combine(turn.now + DAY, time(), turn.now.tzinfo), said=True
        )
    if moment.time_known:
        return Period(moment.when, moment.until or moment.when + HOUR, said=True)
    start = max(moment.when, turn.now) if moment.when.date() == turn.now.date() else moment.when
    return Period(start, moment.until or moment.when + DAY, said=True)


def masked(text: str) -> str:
    """Return *text*, as long as before, without meals: "lunch" is an event here and no hour."""
    for meal in WORDS["meals"].every(text):
        text = text[: meal.start()] + "_" * len(meal.group()) + text[meal.end() :]
    return text


def hours(text: str) -> Prefer:
    """Return which half of the day an event is in: supper at eight is no breakfast."""
    if text in WORDS["evening"]:
        return "evening"
    return "morning" if text in WORDS["morning"] else "day"


def title(turn: Turn, spans: Spans) -> str:
    """Return the title of a new event: what the slots mark, else what is left of the sentence."""
    if name := named(turn):
        return _with_company(_with_owner(name, turn.text), turn)
    lasting = _lasting(turn.text, spans)
    taken = [*spans, (lasting.start, lasting.end)] if lasting else spans
    rest = WORDS["outer"].strip(WORDS["frame"].cut(without(turn.text, taken)))
    return "" if is_generic(rest) else rest


def named(turn: Turn) -> str:
    """Return the name of an event as the slots mark it; "appointment" alone is no name."""
    names = turn.interpretation.values("event_name", "meal_type")
    specific = [name for name in names if not is_generic(name)]
    return specific[0] if specific else ""


def is_generic(name: str) -> bool:
    """Whether *name* could be any event."""
    return not WORDS["outer"].strip(WORDS["generic"].cut(name))


def mentioned(turn: Turn, events: Sequence[Event], *, strict: bool = False) -> list[Event]:
    """Return the *events* whose title the text says, all of them when it says none.

    When *strict*, words that could be a title but are none in the calendar pick nothing.
    """
    said = named(turn) or (_left(turn) if strict else "")
    found = named_in(turn, events)
    if not found and said:
        index = _index(events)
        found = {one.name.target for one in index.best(said) if one.score >= ALIKE}
    chosen = [event for event in events if event.uid in found]
    return chosen if chosen or (said and not is_generic(said)) else list(events)


def named_in(turn: Turn, events: Sequence[Event]) -> set[str]:
    """Return the ids of those of *events* whose title stands in the text."""
    return {one.name.target for one in _index(events).find(turn.text)}


def _index(events: Sequence[Event]) -> NameIndex:
    return NameIndex(Name(event.title, event.uid, "event") for event in events)


def at_clock(turn: Turn, events: Sequence[Event]) -> list[Event]:
    """Return the *events* that begin at the time that *turn* says without a day: "the two one"."""
    moment = parse_moment(masked(turn.text), turn.now, prefer="day")
    if moment is None or moment.date_known or not moment.time_known:
        return []
    wanted = moment.when.hour % 12, moment.when.minute
    timed = (one for one in events if not one.all_day)
    return [one for one in timed if (one.start.hour % 12, one.start.minute) == wanted]


def moved(turn: Turn, events: Sequence[Event]) -> Event | None:
    """Return the next of *events* that a request to move one names."""
    said = named(turn) or _left(turn)
    best = (
        next((one for one in _index(events).best(said) if one.score >= ALIKE), None)
        if said
        else None
    )
    return next((one for one in events if best and one.uid == best.name.target), None)


def moved_start(turn: Turn, event: Event, found: When) -> tuple[datetime, bool]:
    """Return when *event* shall begin, and whether it takes the whole day.

    A day alone keeps the time that the event has; a time alone keeps its day.
    """
    if found.due:
        again = when(turn.text, turn.now, before=event.start, prefer=hours(turn.text))
        return (found.due if event.all_day else again.due or found.due), False
    assert found.day is not None
    if event.all_day:
        return found.day, True
    return datetime.combine(found.day, event.start.timetz()), False


def length(turn: Turn, found: When, before: timedelta) -> timedelta:
    """Return how long an event lasts: "for two hours", "from three to five", else as *before*."""
    if found.due and found.until:
        return found.until - found.due
    lasting = _lasting(turn.text, found.spans)
    return lasting.length if lasting else before


def without_times(text: str, spans: Spans) -> str:
    """Return *text* without its times and what leads on from an earlier event ("and")."""
    return WORDS["and"].strip(without(text, spans))


def _lasting(text: str, spans: Spans) -> Duration | None:
    """Return the "for two hours" in *text* that is no part of the moment itself."""
    for duration in find_durations(text):
        lead = text[: duration.start].rstrip().rpartition(" ")[2]
        if lead in WORDS["for"] and not _inside(duration.start, spans):
            return duration
    return None


def timeless(turn: Turn) -> str:
    """Return the request without its moment: "next week" asks for no next event."""
    moment = parse_moment(masked(turn.text), turn.now)
    return without(turn.text, moment.spans if moment else ())


def _left(turn: Turn) -> str:
    rest = WORDS["all"].cut(timeless(turn))
    return WORDS["outer"].strip(WORDS["frame"].cut(rest))


def _with_owner(name: str, text: str) -> str:
    """Add whose it is: "anna's birthday" when only "birthday" is marked."""
    before = text[: max(text.find(name), 0)].rstrip().rpartition(" ")[2]
    return f"{before} {name}" if before.endswith(("'s", "s'", "\u2019s", "s\u2019")) else name


def _with_company(name: str, turn: Turn) -> str:
    """Add "with laura" to "lunch", when the sentence says so right after it."""
    for slot in turn.interpretation.slots:
        before = turn.text[: slot.start].rstrip().rpartition(" ")[2]
        company = slot.name in {"person", "relation", "business_name"}
        if company and before in WORDS["with"] and slot.value not in name:
            return f"{name} {before} {slot.value}"
    return name


def _inside(place: int, spans: Spans) -> bool:
    return any(start <= place < end for start, end in spans)
