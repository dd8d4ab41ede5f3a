"""Tell the weather: now, on a day, over some days; rain, snow, wind, warmth, sun."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.errors import ProviderError
from gnothi.core.protocols import Name
from gnothi.core.risk import Risk
from gnothi.home.grounding.outdoors import outdoor_thermometer
from gnothi.home.house import House
from gnothi.home.state import DeviceState
from gnothi.skills.builtin.home import actions as home
from gnothi.skills.builtin.weather.forecast import Forecast, Spell, together
from gnothi.skills.builtin.weather.provider import Location, OpenMeteo, Report
from gnothi.skills.fill import carried
from gnothi.skills.spoken import decimal
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.fuzzy import NameIndex
from gnothi.text.moments import parse_moment
from gnothi.text.remainder import without
from gnothi.text.temperatures import Scale, from_celsius, to_celsius

SKILL = "weather"
DAY = timedelta(days=1)
LIKELY, POSSIBLE = 50, 25
"""Chances of rain, in per cent, that are a yes and a perhaps."""
COLD, COOL = 10, 18
"""Degrees Celsius below which one dresses warmly, and below which a jacket is welcome."""
SNOWFALL = 0.1
"""Centimetres that count as snow."""

UNIT = "unit_of_measurement"
_SCALES: Mapping[str, Scale] = {"C": "celsius", "F": "fahrenheit", "K": "kelvin"}
_WARMTH = ("", "temperature", "jacket")
"""Aspects that the thermometer says something about when there is no forecast."""

_ROOM_TEMPERATURE = Call(
    home.SKILL, "query", {"question": "value", "targets": [], "attribute": "temperature"}
)

_WORDS = Vocabulary.beside(__file__)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, resolved against a forecast."""

    forecast: Forecast
    spell: Spell
    place: str
    start: datetime
    when: object
    """A moment or a day, to be said."""
    present: bool
    """Whether it is about this moment."""
    imperial: bool
    now: datetime


async def propose_forecast(turn: Turn) -> Proposal:
    """Find the aspect, the place and the time that are asked about."""
    arguments = carried(turn, "forecast")
    if aspect := _WORDS.meaning("aspects", turn.text):
        arguments["aspect"] = aspect
    if turn.carried and arguments.get("aspect") == "temperature" and _names_room(turn):
        return await home.propose_query(replace(turn, carried=_ROOM_TEMPERATURE))
    moment = parse_moment(turn.text, turn.now)
    if place := _place(turn, moment.spans if moment else ()):
        arguments["place"] = place
    if moment:
        arguments["start"] = moment.when
        arguments["end"] = moment.until or moment.when + timedelta(hours=1)
    return Proposal(Call(SKILL, "forecast", arguments), Risk.FREE)


async def forecast(
    turn: Turn,
    *,
    aspect: str = "",
    place: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
) -> Outcome:
    """Tell the weather, or plainly that it is not known."""
    outside = _outside(turn.services.house) if not place and _is_present(start, turn) else None
    if outside and aspect == "temperature":
        return Outcome(Status.DONE, (outside,))
    service = OpenMeteo(turn.services.store, turn.services.settings)
    try:
        location = await _located(service, place, turn)
        if location is None:
            return _failed(Act("weather-unknown-place", {"place": place}))
        imperial = turn.services.house.home.units == "imperial"
        report = await service.report(location, turn.now, imperial=imperial)
    except ProviderError:
        known = (outside,) if outside and aspect in _WARMTH else ()
        return Outcome(Status.FAILED, (Act("weather-offline"), *known))
    return _answer(report, location, aspect, start, end, turn)


def _outside(house: House) -> Act | None:
    """Return what the home's own thermometer outside says, if there is one."""
    sensor = outdoor_thermometer(house)
    state = house.state(sensor.id) if sensor else DeviceState()
    if sensor is None or not state.known or not _is_number(state.state):
        return None
    unit = str(state.attributes.get(UNIT) or sensor.attributes.get(UNIT) or "")
    home: Scale = "fahrenheit" if house.home.units == "imperial" else "celsius"
    scale: Scale = _SCALES.get(unit[-1:], home)
    value = from_celsius(to_celsius(float(str(state.state)), scale), home)
    return Act("weather-outside", {"temperature": decimal(round(value, 1), house)})


def _names_room(turn: Turn) -> bool:
    """Whether a follow-up goes indoors: "and in the kitchen?"."""
    areas = turn.services.house.areas()
    rooms = NameIndex(Name(name, area.id, "area") for area in areas for name in area.names)
    return bool(rooms.find(turn.text))


def _is_number(state: str | None) -> bool:
    try:
        return math.isfinite(float(str(state)))
    except ValueError:
        return False


def _is_present(start: datetime | None, turn: Turn) -> bool:
    return start is None or abs(start - turn.now) < timedelta(minutes=30)


def _place(turn: Turn, spans: tuple[tuple[int, int], ...]) -> str:
    slots = turn.interpretation.values("place_name")
    name = slots[0] if slots else _named_place(without(turn.text, spans))
    return "" if name.strip(" ?.!") in _WORDS["not_places"] else name.strip(" ?.!")


def _named_place(text: str) -> str:
    """Return what follows the last preposition, "paris" in "the weather in paris"."""
    preposition = _WORDS["prepositions"].last(text)
    name = text[preposition.end() :].strip(" ?.!,") if preposition else ""
    return "" if _WORDS.meaning("aspects", name) else name


async def _located(service: OpenMeteo, place: str, turn: Turn) -> Location | None:
    """Return where *place* is; without one, where the home is, or the city of its time zone."""
    if place:
        return await service.locate(place)
    home = turn.services.house.home
    where = cast("Mapping[str, Any]", home.extra.get("location") or home.extra)
    if "latitude" in where and "longitude" in where:
        name = str(where.get("name") or home.name)
        return Location(name, float(where["latitude"]), float(where["longitude"]))
    city = home.time_zone.rpartition("/")[2].replace("_", " ")
    return await service.locate(city)


def _answer(
    report: Report,
    location: Location,
    aspect: str,
    start: datetime | None,
    end: datetime | None,
    turn: Turn,
) -> Outcome:
    begin, finish = start or turn.now, end or turn.now + timedelta(hours=1)
    if finish <= turn.now - timedelta(hours=1) and begin.date() < turn.now.date():
        return _failed(Act("weather-past"))
    last = report.forecast.days[-1].day
    if begin.date() > last:
        return _failed(Act("weather-too-far", {"last": last}))
    if finish - begin > DAY and not aspect:
        acts = [_span(report.forecast, location.name, begin, finish)]
    else:
        acts = _told(aspect, _question(report.forecast, location.name, begin, finish, turn, start))
    if report.age:
        acts.append(Act("weather-stale", {"age": report.age}))
    display = {"kind": "weather", "place": location.name, "days": list(report.forecast.days)}
    return Outcome(Status.DONE, tuple(acts), display=display, entities={"place": location.name})


def _question(
    forecast: Forecast,
    place: str,
    begin: datetime,
    finish: datetime,
    turn: Turn,
    start: datetime | None,
) -> _Question:
    whole_day = finish - begin >= DAY
    day = forecast.day(begin.date())
    hours = forecast.spell(begin - timedelta(minutes=59), finish)
    days = [one.spell for one in forecast.days if begin.date() <= one.day < finish.date()]
    spell = (together(days) if days else None) if whole_day else hours
    present = _is_present(start, turn)
    return _Question(
        forecast,
        spell or (day or forecast.days[0]).spell,
        place,
        begin,
        begin.date() if whole_day or present else begin,
        present,
        turn.services.house.home.units == "imperial",
        turn.now,
    )


def _told(aspect: str, asked: _Question) -> list[Act]:
    tell: dict[str, Callable[[_Question], list[Act]]] = {
        "rain": _rain,
        "umbrella": lambda asked: [_wet("weather-umbrella", asked)],
        "snow": _snow,
        "wind": _wind,
        "humidity": _humidity,
        "temperature": _temperature,
        "jacket": _jacket,
        "sunrise": lambda asked: [Act("weather-sunrise", _sun(asked))],
        "sunset": lambda asked: [Act("weather-sunset", _sun(asked))],
    }
    return tell.get(aspect, _general)(asked)


def _general(asked: _Question) -> list[Act]:
    if asked.present:
        return [Act("weather-now", _values(asked))]
    acts = [Act("weather-day", _values(asked))]
    if asked.spell.chance >= POSSIBLE:
        acts.append(Act("weather-day-rain", _values(asked)))
    return acts


def _rain(asked: _Question) -> list[Act]:
    if not asked.present:
        return [_wet("weather-rain", asked)]
    today = asked.forecast.spell(asked.now, _midnight(asked.now)) or asked.spell
    answer = "yes" if asked.forecast.now.rain > 0 else "no"
    values = {**_values(asked), "answer": answer, "chance": round(today.chance)}
    return [Act("weather-rain-now", values)]


def _wet(key: str, asked: _Question) -> Act:
    spell = asked.spell
    if asked.present:
        spell = asked.forecast.spell(asked.now, _midnight(asked.now)) or spell
    chance = round(spell.chance)
    answer = "yes" if chance >= LIKELY else "maybe" if chance >= POSSIBLE else "no"
    return Act(key, {**_values(asked), "answer": answer, "chance": chance})


def _snow(asked: _Question) -> list[Act]:
    answer = "yes" if asked.spell.snow >= SNOWFALL else "no"
    values = {**_values(asked), "answer": answer, "amount": round(asked.spell.snow, 1)}
    return [Act("weather-snow", values)]


def _wind(asked: _Question) -> list[Act]:
    return [Act("weather-wind-now" if asked.present else "weather-wind", _values(asked))]


def _humidity(asked: _Question) -> list[Act]:
    return [Act("weather-humidity", _values(asked))]


def _temperature(asked: _Question) -> list[Act]:
    key = "weather-temperature-now" if asked.present else "weather-temperature"
    return [Act(key, _values(asked))]


def _jacket(asked: _Question) -> list[Act]:
    celsius = (asked.spell.high - 32) / 1.8 if asked.imperial else asked.spell.high
    answer = "yes" if celsius < COLD else "maybe" if celsius < COOL else "no"
    return [Act("weather-jacket", {**_values(asked), "answer": answer})]


def _sun(asked: _Question) -> dict[str, object]:
    day = asked.forecast.day(asked.start.date()) or asked.forecast.days[0]
    return {**_values(asked), "sunrise": day.sunrise.time(), "sunset": day.sunset.time()}


def _span(forecast: Forecast, place: str, begin: datetime, finish: datetime) -> Act:
    days = [one for one in forecast.days if begin.date() <= one.day < finish.date()]
    days = days or [forecast.days[0]]
    spell = together([day.spell for day in days])
    wet = sum(day.spell.chance >= LIKELY for day in days)
    values = {"place": place, "when": days[0].day, "last": days[-1].day, "wet": wet}
    return Act("weather-span", {**values, "low": round(spell.low), "high": round(spell.high)})


def _values(asked: _Question) -> dict[str, object]:
    now, spell = asked.forecast.now, asked.spell
    return {
        "place": asked.place,
        "when": asked.when,
        "sky": now.sky if asked.present else spell.sky,
        "temperature": round(now.temperature),
        "feels": round(now.feels),
        "humidity": round(now.humidity),
        "low": round(spell.low),
        "high": round(spell.high),
        "chance": round(spell.chance),
        "wind": round(now.wind if asked.present else spell.wind),
        "imperial": asked.imperial,
    }


def _midnight(now: datetime) -> datetime:
    return (now + DAY).replace(hour=0, minute=0, second=0, microsecond=0)


def _failed(act: Act) -> Outcome:
    return Outcome(Status.FAILED, (act,))
