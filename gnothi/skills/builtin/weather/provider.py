"""Asks Open-Meteo, remembers the answers, and says how old they are when it can't be reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from gnothi.core.errors import ProviderError
from gnothi.core.plain import Json
from gnothi.core.protocols import Store
from gnothi.core.settings import Settings
from gnothi.skills.builtin.weather.forecast import (
    CURRENT,
    DAILY,
    DAYS,
    HOURLY,
    Forecast,
    read_forecast,
)

PATIENCE = 3.0
"""Seconds; people do not wait longer for the weather."""
FRESH = timedelta(minutes=30)
"""The service renews its figures every hour; asking more often gains nothing."""
USEFUL = timedelta(hours=24)
"""An older forecast is worse than none."""
KEPT = 50
"""Answers kept; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place on the earth."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Report:
    """A forecast, and how old it is when that must be said."""

    forecast: Forecast
    age: timedelta | None = None


class OpenMeteo:
    """The weather service of https://open-meteo.com (free for private use, CC BY 4.0)."""

    def __init__(self, store: Store, settings: Settings) -> None:
        """Remember answers in *store*; *settings* say where the service is."""
        self._store = store
        self._settings = settings

    async def locate(self, name: str, *, language: str = "en") -> Location | None:
        """Return the place called *name*, ``None`` when the service knows none.

        Raises:
            ProviderError: the service can't be reached and the place was never asked for before.
        """
        key = f"place/{name.casefold()}"
        known = self._store.get(key)
        if known is None:
            query = {"name": name, "count": 1, "language": language, "format": "json"}
            answer = await self._ask(self._settings.places_url, query)
            found = answer.get("results")
            known = cast("list[Json]", found) if isinstance(found, list) else []
            self._store.put(key, known)
        return _location(cast("list[dict[str, Any]]", known))

    async def report(self, place: Location, now: datetime, *, imperial: bool = False) -> Report:
        """Return the weather at *place*; an old answer, with its age, when the service is away.

        Raises:
            ProviderError: the service can't be reached and no useful answer is remembered.
        """
        key = f"forecast/{place.latitude:.2f},{place.longitude:.2f},{imperial}"
        kept = cast("dict[str, Any] | None", self._store.get(key))
        age = now - datetime.fromisoformat(kept["at"]) if kept else USEFUL
        if kept and timedelta() <= age < FRESH:
            return Report(read_forecast(kept["answer"]))
        try:
            answer = await self._ask(self._settings.weather_url, _query(place, imperial=imperial))
            forecast = read_forecast(answer)
        except ProviderError:
            if kept and timedelta() <= age < USEFUL:
                return Report(read_forecast(kept["answer"]), age)
            raise
        self._keep(key, {"at": now.isoformat(), "answer": cast("Json", dict(answer))})
        return Report(forecast)

    def _keep(self, key: str, value: dict[str, Json]) -> None:
        self._store.put(key, value)
        kept = cast("list[tuple[str, dict[str, Any]]]", self._store.items("forecast/"))
        for old, _ in sorted(kept, key=lambda pair: str(pair[1]["at"]))[:-KEPT]:
            self._store.delete(old)

    async def _ask(self, url: str, query: Mapping[str, str | float]) -> Mapping[str, Any]:
        import httpx

        try:
            async with httpx.AsyncClient(timeout=PATIENCE, follow_redirects=True) as client:
                response = await client.get(url, params=dict(query))
            answer = response.json()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            name = type(error).__name__
            raise ProviderError(f"The weather service can't be reached ({name}).") from error
        except ValueError as error:
            raise ProviderError("The weather service did not answer in JSON.") from error
        if not isinstance(answer, dict) or response.is_error:
            raise ProviderError(f"The weather service answered with error {response.status_code}.")
        return cast("dict[str, Any]", answer)


def _query(place: Location, *, imperial: bool) -> dict[str, str | float]:
    units: dict[str, str | float] = {}
    if imperial:
        units = {"temperature_unit": "fahrenheit", "wind_speed_unit": "mph"}
    return {
        "latitude": place.latitude,
        "longitude": place.longitude,
        "current": CURRENT,
        "hourly": HOURLY,
        "daily": DAILY,
        "timezone": "auto",
        "forecast_days": DAYS,
        **units,
    }


def _location(results: list[dict[str, Any]]) -> Location | None:
    if not results:
        return None
    first = results[0]
    try:
        return Location(str(first["name"]), float(first["latitude"]), float(first["longitude"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ProviderError("The weather service sent a place without coordinates.") from error
