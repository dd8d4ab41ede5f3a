"""Tell the time and the date, here and elsewhere, and convert between time zones."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from gnothi.core.acting import Act, Call, Outcome, Question, Status
from gnothi.core.risk import Risk
from gnothi.home.house import House
from gnothi.skills import spoken
from gnothi.skills.builtin.calculation import actions as calculation
from gnothi.skills.builtin.clock.zones import Place, find_places, zone_of
from gnothi.skills.fill import carried
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.moments import parse_moment

SKILL = "clock"
MINUTE = timedelta(minutes=1)
LONGEST_GUESS = 4
"""Words of "is it a friday"; whoever says more asks something else."""

_WORDS = Vocabulary.beside(__file__)


async def propose_tell(turn: Turn) -> Proposal:
    """Find out what is asked: time, date, weekday …, where and for which day."""
    asked = _WORDS.meaning("asks", turn.text)
    counts = turn.text in _WORDS["counts"] and asked != "until" and not turn.carried
    conversion = calculation.proposed(turn) if counts else None
    if conversion and conversion.call.api == "convert" and not conversion.problem:
        return conversion  # "how many hours are three days"
    arguments = carried(turn, "tell")
    question = _WORDS.table("asks")[asked] if asked else None
    day = parse_moment(question.cut(turn.text), turn.now) if question else None
    day = day or parse_moment(turn.text, turn.now)
    place = _place(turn)
    if place:
        arguments |= {"place": _shown(place), "zone": place.zone}
    elif unknown := _unknown_place(turn):
        return _problem("tell", Act("clock-unknown-place", {"place": unknown}))
    if day and day.date_known and not place and asked not in {"time", "zone"}:
        arguments["day"] = _past(day.when.date(), turn)
    if asked == "until" and day and day.time_known and day.when > turn.now and not place:
        return Proposal(Call(SKILL, "tell", {"what": asked, "until": day.when}), Risk.FREE)
    if (guess := _guess(turn)) and not place:
        return Proposal(Call(SKILL, "tell", guess), Risk.FREE)
    if asked == "until" and turn.text in _WORDS["weeks"]:
        asked = "weeks"
    arguments["what"] = asked or arguments.get("what") or ("date" if "day" in arguments else "time")
    if asked in {"until", "weeks"} and "day" not in arguments and not place:
        return _problem("tell", Act("clock-unknown-day"))
    return Proposal(Call(SKILL, "tell", arguments), Risk.FREE)


def _guess(turn: Turn) -> dict[str, object]:
    """Return what "is it friday today" asks: whether a day is the day of the week it names."""
    named = _WORDS["relative"].cut(turn.text)
    weekday = _WORDS.meaning("weekdays", named)
    if (
        weekday is None
        or not _WORDS["is_it"].starts(turn.text)
        or len(named.split()) > LONGEST_GUESS
    ):
        return {}
    ahead = timedelta(days=1) if turn.text in _WORDS["tomorrow"] else timedelta()
    number = list(_WORDS.table("weekdays")).index(weekday)
    return {"what": "guess", "weekday": number, "day": turn.now.date() + ahead}


def _past(day: date, turn: Turn) -> date:
    """Return the *day* of a year ago where the question is how long ago it was."""
    ahead = turn.text in _WORDS["ago"] and day > turn.now.date()
    return day - relativedelta(years=1) if ahead else day


async def tell(
    turn: Turn,
    *,
    what: str,
    place: str = "",
    zone: str = "",
    day: date | None = None,
    until: datetime | None = None,
    weekday: int | None = None,
) -> Outcome:
    """Tell *what* is asked."""
    if until:
        values = {"left": timedelta(minutes=round((until - turn.now) / MINUTE)), "due": until}
        return Outcome(Status.DONE, (Act("clock-until-time", values),))
    if weekday is not None and day:
        return Outcome(Status.DONE, (_guessed(day, weekday, turn),))
    there = turn.now.astimezone(ZoneInfo(zone)) if zone else turn.now
    if what == "zone":
        act = _zone(there, place)
    elif what == "time":
        act = _time(there, place, turn)
    else:
        act = _dated(what, day or there.date(), turn.now.date(), turn.services.house)
    return Outcome(Status.DONE, (act,), entities={"place": place} if place else {})


async def propose_convert(turn: Turn) -> Proposal:
    """Find the two places, and the time to convert if there is one."""
    arguments = carried(turn, "convert")
    said = parse_moment(turn.text, turn.now)
    at = said.start if said and said.time_known else None
    pair = _pair(turn, at)
    if pair:
        arguments |= {"source": pair[0].zone, "target": pair[1].zone}
        arguments |= {"source_name": _shown(pair[0]), "target_name": _shown(pair[1])}
    if "source" not in arguments:
        question = Question("source", Act("clock-ask-place"))
        return Proposal(Call(SKILL, "convert", arguments), Risk.FREE, question)
    there = turn.now.astimezone(ZoneInfo(str(arguments["source"])))
    said = parse_moment(turn.text, there)
    if said and said.time_known:
        arguments["time"] = said.when
    elif "time" not in arguments and turn.text not in _WORDS["difference"]:
        arguments["time"] = there
    return Proposal(Call(SKILL, "convert", arguments), Risk.FREE)


async def convert(
    turn: Turn,
    *,
    source: str,
    target: str,
    source_name: str = "",
    target_name: str = "",
    time: datetime | None = None,
) -> Outcome:
    """Tell a time of *source* in *target*, or how far apart they are; no name means here."""
    first, second = ZoneInfo(source), ZoneInfo(target)
    names = {"source": source_name, "target": target_name}
    if time is None:
        if not target_name:
            first, second, names = second, first, {"source": "", "target": source_name}
        return Outcome(Status.DONE, (_difference(turn.now, first, second, names),))
    said, there = time.astimezone(first), time.astimezone(second)
    days = (there.date() - said.date()).days
    values = {
        **names,
        "time": said.time(),
        "converted": there.time(),
        "same_day": not days,
        "days": days,
    }
    key = "clock-converted" if source_name else "clock-converted-from-here"
    if not target_name:
        key = "clock-converted-here"
    return Outcome(Status.DONE, (Act(key, values),))


def _place(turn: Turn) -> Place | None:
    for slot in turn.interpretation.values("place_name", "time_zone"):
        if zone := zone_of(slot):
            return Place(slot, zone, 0, 0)
    if places := find_places(turn.text):
        return places[0]
    asked = _asked_place(turn.text)
    zone = zone_of(asked) if asked else None
    return Place(asked, zone, 0, 0) if zone else None


def _asked_place(text: str) -> str:
    """Return what follows the last preposition, "atlantis" in "the time in atlantis now"."""
    preposition = _WORDS["place_prepositions"].last(text)
    return _WORDS["not_a_place"].strip(text[preposition.end() :]) if preposition else ""


def _unknown_place(turn: Turn) -> str | None:
    """Return a place that was named and is not known; "here" is no such place."""
    slots = turn.interpretation.values("place_name", "time_zone")
    name = slots[0] if slots else _asked_place(turn.text)
    if not name or name in _WORDS["here"]:
        return None
    said = parse_moment(name, turn.now) or parse_moment(f"in {name}", turn.now)
    return None if said or name in _WORDS["not_a_place"] else name


def _pair(turn: Turn, at: int | None) -> tuple[Place, Place] | None:
    """Return from where to where; *at* is the place of the time, which belongs to the source."""
    places = list(find_places(turn.text))
    home = str(turn.services.house.time_zone)
    here = _WORDS["here"].find(turn.text)
    if here:
        places.append(Place("", home, here.start(), here.end()))
        places.sort(key=lambda place: place.start)
    if len(places) == 1:
        places = _with_home(places[0], turn.text, home)
    if len(places) < 2:
        return None
    first, second = places[:2]
    if at is not None and _distance(second, at) < _distance(first, at):
        return second, first
    return first, second


def _distance(place: Place, at: int) -> int:
    return min(abs(place.start - at), abs(place.end - at))


def _with_home(place: Place, text: str, home: str) -> list[Place]:
    """Add the home to the only place: it is the source of "to tokyo", else the target."""
    this = Place("", home, place.end, place.end)
    into = re.search(rf"\b(?:{'|'.join(_WORDS['into'].all)})\s+$", text[: place.start])
    return [this, place] if into else [place, this]


def _time(there: datetime, place: str, turn: Turn) -> Act:
    if not place:
        return Act("clock-time", {"time": there.time()})
    same = there.date() == turn.now.date()
    values = {"time": there.time(), "place": place, "same_day": same, "day": there.date()}
    return Act("clock-time-there", values)


def _guessed(day: date, weekday: int, turn: Turn) -> Act:
    house, today = turn.services.house, day == turn.now.date()
    values = {"right": day.weekday() == weekday, "is_today": today}
    return Act("clock-guess", {**values, "date": spoken.long_date(day, house)})


def _zone(there: datetime, place: str) -> Act:
    values = {"place": place, "zone": there.tzname() or "", **_offset(there.utcoffset())}
    return Act("clock-zone" if place else "clock-here", values)


def _offset(offset: timedelta | None) -> dict[str, object]:
    length = offset or timedelta()
    sign = "ahead" if length > timedelta() else "behind" if length else "same"
    return {"offset": abs(length), "offset_sign": sign}


def _difference(now: datetime, first: ZoneInfo, second: ZoneInfo, names: dict[str, str]) -> Act:
    here, there = now.astimezone(first).utcoffset(), now.astimezone(second).utcoffset()
    assert here is not None and there is not None
    gap = there - here
    key = "clock-ahead" if gap > timedelta() else "clock-behind" if gap else "clock-same"
    return Act(key, {**names, "offset": abs(gap), "here": not names["source"]})


def _dated(what: str, day: date, today: date, house: House) -> Act:
    days = (day - today).days
    values: dict[str, object] = {
        "date": spoken.long_date(day, house),
        "days": abs(days),
        "is_today": not days,
    }
    match what:
        case "weekday":
            return Act("clock-weekday", {**values, "weekday": spoken.weekday(day, house)})
        case "month":
            return Act("clock-month", {"month": spoken.month(day, house)})
        case "year":
            return Act("clock-year", {"year": str(day.year)})
        case "week":
            key = "clock-week" if not days else "clock-week-of"
            return Act(key, {"week": day.isocalendar().week, "year": str(day.isocalendar().year)})
        case "weeks":
            weeks, rest = divmod(abs(days), 7)
            return Act("clock-weeks", {**values, "weeks": weeks, "rest": rest, "past": days < 0})
        case "until":
            return Act("clock-until" if days >= 0 else "clock-since", values)
        case _:
            return Act("clock-date", {**values, "said": day})


def _shown(place: Place) -> str:
    """Return the name as it is written: "Tokyo", "EST", "USA"."""
    if place.name in _WORDS["capitals"]:
        return place.name.upper()
    return place.name if any(map(str.isupper, place.name)) else place.name.title()


def _problem(api: str, act: Act) -> Proposal:
    return Proposal(Call(SKILL, api), Risk.FREE, problem=(act,))
