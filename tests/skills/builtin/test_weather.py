"""The weather, against a local server that speaks the format of Open-Meteo."""

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from gnothi.core.errors import ProviderError
from gnothi.skills.builtin.weather.forecast import read_forecast
from gnothi.testing.talk import Talk

TODAY = date(2026, 11, 20)
PLACES = {
    "berlin": {"name": "Berlin", "latitude": 52.52, "longitude": 13.41},
    "london": {"name": "London", "latitude": 51.51, "longitude": -0.13},
}


def answer(*, fahrenheit: bool) -> dict[str, Any]:
    """Return ten days of weather: dry today, rain tomorrow, snow on Sunday."""
    days = [TODAY + timedelta(days=number) for number in range(10)]
    hours = [f"{day}T{hour:02}:00" for day in days for hour in range(24)]
    codes = [0, 63, 73, 3, 2, 45, 95, 1, 80, 51]
    chances = [5, 90, 60, 10, 0, 0, 70, 30, 55, 40]
    snow = [0, 0, 4.2, 0, 0, 0, 0, 0, 0, 0]
    return {
        "latitude": 52.52,
        "longitude": 13.419998,
        "generationtime_ms": 0.2,
        "utc_offset_seconds": 3600,
        "timezone": "Europe/Berlin",
        "timezone_abbreviation": "CET",
        "elevation": 38.0,
        "current_units": {"time": "iso8601", "temperature_2m": "°F" if fahrenheit else "°C"},
        "current": {
            "time": "2026-11-20T09:00",
            "interval": 900,
            "temperature_2m": 44.4 if fahrenheit else 6.9,
            "apparent_temperature": 3.8,
            "relative_humidity_2m": 81,
            "precipitation": 0.0,
            "weather_code": 2,
            "wind_speed_10m": 14.6,
        },
        "hourly": {
            "time": hours,
            "temperature_2m": [5.0 + number % 24 / 4 for number in range(len(hours))],
            "precipitation_probability": [chances[number // 24] for number in range(len(hours))],
            "precipitation": [0.0] * len(hours),
            "snowfall": [snow[number // 24] / 24 for number in range(len(hours))],
            "weather_code": [codes[number // 24] for number in range(len(hours))],
            "wind_speed_10m": [12.0] * (len(hours) - 24) + [None] * 24,
        },
        "daily": {
            "time": [str(day) for day in days],
            "weather_code": codes,
            "temperature_2m_max": [9.1, 8.0, 1.0, 4.0, 6.0, 7.0, 9.0, 12.0, 11.0, 10.0],
            "temperature_2m_min": [3.2, 4.4, -3.0, -1.0, 1.0, 2.0, 3.0, 6.0, 7.0, 5.0],
            "precipitation_probability_max": chances,
            "precipitation_sum": [0.0] * 10,
            "snowfall_sum": snow,
            "wind_speed_10m_max": [20.0] * 10,
            "sunrise": [f"{day}T07:35" for day in days],
            "sunset": [f"{day}T16:02" for day in days],
        },
    }


class _Service(BaseHTTPRequestHandler):
    asked: ClassVar[list[dict[str, list[str]]]] = []
    broken: ClassVar[str] = ""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        self.asked.append(query)
        if self.broken:
            self._send(500 if self.broken == "error" else 200, self.broken.encode())
        elif address.path == "/v1/search":
            found = PLACES.get(query["name"][0].lower())
            self._send(200, json.dumps({"results": [found]} if found else {}).encode())
        else:
            fahrenheit = query.get("temperature_unit") == ["fahrenheit"]
            self._send(200, json.dumps(answer(fahrenheit=fahrenheit)).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Keep quiet."""


@pytest.fixture
def service() -> Iterator[str]:
    """The address of a weather service."""
    _Service.asked.clear()
    _Service.broken = ""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def weather(talk: Talk, service: str) -> Talk:
    """A conversation in which the weather service can be reached."""
    from dataclasses import replace

    talk.stage.settings = replace(
        talk.stage.settings,
        weather_url=f"{service}/v1/forecast",
        places_url=f"{service}/v1/search",
    )
    return talk


@pytest.mark.parametrize(
    ("text", "keys", "said"),
    [
        ("what's the weather", "weather-now", "7 degrees"),
        ("what's the weather tomorrow", "weather-day weather-day-rain", "4 to 8 degrees"),
        ("what's the weather in london", "weather-now", "London"),
        ("will it rain tomorrow", "weather-rain", "Yes"),
        ("will it rain today", "weather-rain", "No"),
        ("is it raining", "weather-rain-now", "No"),
        ("do i need an umbrella", "weather-umbrella", "No umbrella"),
        ("should i take an umbrella tomorrow", "weather-umbrella", "Yes"),
        ("is it going to snow on sunday", "weather-snow", "4.2 centimetres"),
        ("how windy is it", "weather-wind-now", "15 kilometres per hour"),
        ("what is the temperature outside", "weather-outside", "9.5 degrees"),
        ("temperature on monday", "weather-temperature", "-1 and 4 degrees"),
        ("when does the sun set tomorrow", "weather-sunset", "4:02 PM"),
        ("when is sunrise", "weather-sunrise", "7:35 AM"),
        ("how humid is it", "weather-humidity", "81 percent"),
        ("do i need a jacket tomorrow", "weather-jacket", "Yes"),
        ("what will the weather be like this week", "weather-span", "rain on 2 days"),
        ("what's the weather in nowhereville", "weather-unknown-place", "nowhereville"),
        ("what's the weather on december 24th", "weather-too-far", "November 29"),
        ("how was the weather yesterday", "weather-past", "today on"),
    ],
)
async def test_questions(weather: Talk, text: str, keys: str, said: str) -> None:
    """Questions about the weather are answered for the home, other places and other days."""
    assert await weather(text, "weather_query") == keys
    assert said in weather.spoken


async def test_another_day_and_place(weather: Talk) -> None:
    """A follow-up keeps what it does not change."""
    await weather("will it rain tomorrow", "weather_query")
    assert await weather("and on tuesday") == "weather-rain"
    assert await weather("and in london") == "weather-rain"
    assert "London" in weather.spoken


async def test_answers_are_remembered(weather: Talk) -> None:
    """The service is asked once in half an hour, and for a place only once."""
    for _ in range(3):
        await weather("what's the weather in london", "weather_query")
    assert len(_Service.asked) == 2
    weather.stage.clock.moment += timedelta(minutes=31)
    await weather("what's the weather in london", "weather_query")
    assert len(_Service.asked) == 3


async def test_an_old_answer_is_called_old(weather: Talk) -> None:
    """When the service goes away, the last answer is given with its age, and not for ever."""
    await weather("what's the weather", "weather_query")
    _Service.broken = "error"
    weather.stage.clock.moment += timedelta(hours=2)
    assert await weather("what's the weather", "weather_query") == "weather-now weather-stale"
    assert "2 hours" in weather.spoken
    weather.stage.clock.moment += timedelta(days=2)
    assert "weather-offline" in await weather("what's the weather", "weather_query")


@pytest.mark.parametrize("broken", ["error", "<html>", "[]", '{"results": 3}', '{"hourly": {}}'])
async def test_a_broken_service_is_admitted(weather: Talk, broken: str) -> None:
    """Whatever a broken service answers, the assistant says that it does not know."""
    _Service.broken = broken
    said = await weather("what's the weather", "weather_query")
    assert said.startswith(("weather-offline", "weather-unknown-place"))


async def test_offline(talk: Talk) -> None:
    """Without a network the answer is honest, and quick."""
    assert await talk("will it rain tomorrow", "weather_query") == "weather-offline"


def test_a_forecast_without_its_parts_is_refused() -> None:
    """An answer that lacks what the service documents is an error of the service."""
    whole = answer(fahrenheit=False)
    assert read_forecast(whole).day(TODAY + timedelta(days=1)) is not None
    for part in ("timezone", "current", "hourly", "daily"):
        with pytest.raises(ProviderError):
            read_forecast({key: value for key, value in whole.items() if key != part})


@pytest.mark.parametrize(
    "text",
    ["what's the temperature outside", "how cold is it outside", "how warm is it right now"],
)
async def test_the_thermometer_of_the_home(talk: Talk, text: str) -> None:
    """How warm it is now the home's own thermometer knows best, without any service."""
    assert await talk(text, "weather_query") == "weather-outside"
    assert "9.5 degrees" in talk.spoken


async def test_the_thermometer_helps_offline(talk: Talk) -> None:
    """Where the service can't be reached, the thermometer is better than nothing."""
    assert await talk("what's the weather", "weather_query") == "weather-offline weather-outside"
    assert await talk("how cold is it tonight", "weather_query") == "weather-offline"
    assert await talk("how cold is it in london", "weather_query") == "weather-offline"
    assert await talk("is it raining", "weather_query") == "weather-offline"
