"""A forecast, as Open-Meteo tells it (https://open-meteo.com/en/docs), in our types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo

from gnothi.core.errors import ProviderError

CURRENT = (
    "temperature_2m,apparent_temperature,relative_humidity_2m,precipitation,weather_code,"
    "wind_speed_10m"
)
HOURLY = (
    "temperature_2m,precipitation_probability,precipitation,snowfall,weather_code,wind_speed_10m"
)
DAILY = (
    "weather_code,temperature_2m_max,temperature_2m_min,precipitation_probability_max,"
    "precipitation_sum,snowfall_sum,wind_speed_10m_max,sunrise,sunset"
)
DAYS = 10

SKIES: Mapping[str, Sequence[int]] = {
    "clear": (0, 1),
    "partly": (2,),
    "cloudy": (3,),
    "fog": (45, 48),
    "drizzle": (51, 53, 55, 56, 57),
    "rain": (61, 63, 65, 66, 67, 80, 81, 82),
    "snow": (71, 73, 75, 77, 85, 86),
    "thunder": (95, 96, 99),
}
"""Weather codes of the WMO (table 4677) by what people call them."""


@dataclass(frozen=True, slots=True)
class Now:
    """The weather at this moment."""

    temperature: float
    feels: float
    humidity: float
    rain: float
    sky: str
    wind: float


@dataclass(frozen=True, slots=True)
class Spell:
    """The weather over some time: some hours, or a day."""

    low: float
    high: float
    chance: float
    """Of rain or snow, in per cent."""
    snow: float
    """In centimetres."""
    sky: str
    wind: float


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour."""

    at: datetime
    spell: Spell


@dataclass(frozen=True, slots=True)
class Day:
    """One day."""

    day: date
    spell: Spell
    sunrise: datetime
    sunset: datetime


@dataclass(frozen=True, slots=True)
class Forecast:
    """The weather at one place, now and for some days."""

    now: Now
    hours: tuple[Hour, ...]
    days: tuple[Day, ...]

    def day(self, wanted: date) -> Day | None:
        """Return the forecast for a day."""
        return next((day for day in self.days if day.day == wanted), None)

    def spell(self, start: datetime, end: datetime) -> Spell | None:
        """Return what the hours from *start* until *end* are like together."""
        spells = [hour.spell for hour in self.hours if start <= hour.at < end]
        return together(spells) if spells else None


def together(spells: Sequence[Spell]) -> Spell:
    """Return several spells as one: the extremes, and the worst sky."""
    worst = max(spells, key=lambda spell: list(SKIES).index(spell.sky))
    return Spell(
        low=min(spell.low for spell in spells),
        high=max(spell.high for spell in spells),
        chance=max(spell.chance for spell in spells),
        snow=sum(spell.snow for spell in spells),
        sky=worst.sky,
        wind=max(spell.wind for spell in spells),
    )


def read_forecast(data: Mapping[str, Any]) -> Forecast:
    """Return the forecast in an answer of the service.

    Raises:
        ProviderError: the answer is not what the service documents.
    """
    try:
        zone = ZoneInfo(str(data["timezone"]))
        return Forecast(
            now=_now(data["current"]),
            hours=tuple(_hour(row, zone) for row in _rows(data["hourly"])),
            days=tuple(_day(row, zone) for row in _rows(data["daily"])),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise ProviderError(
            f"The weather service answered something unexpected: {error!r}."
        ) from error


def _rows(columns: Mapping[str, Sequence[object]]) -> list[dict[str, Any]]:
    """Turn columns into rows; hours that the service has no figures for are left out."""
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [row for row in rows if None not in row.values()]


def _now(row: Mapping[str, Any]) -> Now:
    return Now(
        temperature=float(row["temperature_2m"]),
        feels=float(row["apparent_temperature"]),
        humidity=float(row["relative_humidity_2m"]),
        rain=float(row["precipitation"]),
        sky=_sky(row["weather_code"]),
        wind=float(row["wind_speed_10m"]),
    )


def _hour(row: Mapping[str, Any], zone: tzinfo) -> Hour:
    temperature = float(row["temperature_2m"])
    spell = Spell(
        temperature,
        temperature,
        float(row["precipitation_probability"]),
        float(row["snowfall"]),
        _sky(row["weather_code"]),
        float(row["wind_speed_10m"]),
    )
    return Hour(_moment(row["time"], zone), spell)


def _day(row: Mapping[str, Any], zone: tzinfo) -> Day:
    spell = Spell(
        float(row["temperature_2m_min"]),
        float(row["temperature_2m_max"]),
        float(row["precipitation_probability_max"]),
        float(row["snowfall_sum"]),
        _sky(row["weather_code"]),
        float(row["wind_speed_10m_max"]),
    )
    day = date.fromisoformat(row["time"])
    return Day(day, spell, _moment(row["sunrise"], zone), _moment(row["sunset"], zone))


def _moment(text: object, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(cast("str", text)).replace(tzinfo=zone)


def _sky(code: object) -> str:
    number = int(cast("float", code))
    return next((sky for sky, codes in SKIES.items() if number in codes), "cloudy")
