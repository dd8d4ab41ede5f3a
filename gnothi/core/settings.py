"""Where things are and how the assistant behaves; read once, from the environment.

What was chosen by a command stands in for what the environment does not say.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gnothi.core.choices import chosen

FORECASTS = "https://api.open-meteo.com/v1/forecast"
PLACES = "https://geocoding-api.open-meteo.com/v1/search"

EXPLORE = 0.1
"""What it takes to learn which questions are good, at a price that is hardly noticed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one installation."""

    folder: Path
    """Everything that is kept: journal, registry, home, skills' memory, certificates."""
    journal_url: str
    """SQLAlchemy URL of the journal; SQLite in ``folder`` by default."""
    data: Path | None = None
    """Public data sets for training and benchmarks (``GNOTHI_DATA``)."""
    skills: Path | None = None
    """A folder with the household's own skills."""
    music: Path | None = None
    """A folder with the household's own music."""
    mqtt_url: str | None = None
    """``mqtt://user:password@host:port``; no broker by default."""
    weather_url: str = FORECASTS
    places_url: str = PLACES
    explore: float = EXPLORE
    """Share of talks that try other questions now and then (``GNOTHI_EXPLORE``, from 0 to 1)."""
    speaker: str = ""
    """Who speaks (``GNOTHI_SPEAKER``), as ``gnothi speech`` lists them; empty for the usual one,
    ``none`` for nobody."""
    voice: str = ""
    """With which voice (``GNOTHI_VOICE``); empty for the usual one."""
    speed: float = 1.0
    """Times as fast as it usually speaks (``GNOTHI_SPEED``, from 0.5 to 2)."""
    recogniser: str = ""
    """Who listens (``GNOTHI_RECOGNISER``, else what ``gnothi speech setup`` chose), as
    ``gnothi speech`` lists them; empty for the usual."""
    camera: str = ""
    """What the assistant looks through when it is shown nothing (``GNOTHI_CAMERA``): a file, a
    folder, ``rtsp://HOST/PATH``; empty for nothing."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read ``GNOTHI_*`` variables; everything has a default.

        ``GNOTHI_FOLDER`` defaults to ``$XDG_DATA_HOME/gnothi`` or ``~/.local/share/gnothi``.
        """
        folder = _folder(environment)

        def path(name: str, default: Path | None = None) -> Path | None:
            return Path(environment[name]).expanduser() if environment.get(name) else default

        return cls(
            folder=folder,
            journal_url=environment.get("GNOTHI_JOURNAL") or f"sqlite:///{folder}/journal.sqlite",
            data=path("GNOTHI_DATA"),
            skills=path("GNOTHI_SKILLS", folder / "skills"),
            music=path("GNOTHI_MUSIC", folder / "music"),
            mqtt_url=environment.get("GNOTHI_MQTT"),
            weather_url=environment.get("GNOTHI_WEATHER") or FORECASTS,
            places_url=environment.get("GNOTHI_PLACES") or PLACES,
            explore=_number(environment.get("GNOTHI_EXPLORE"), EXPLORE, 0.0, 1.0),
            speaker=environment.get("GNOTHI_SPEAKER", ""),
            voice=environment.get("GNOTHI_VOICE", ""),
            speed=_number(environment.get("GNOTHI_SPEED"), 1.0, 0.5, 2.0),
            recogniser=environment.get("GNOTHI_RECOGNISER") or chosen(folder, "recogniser"),
            camera=environment.get("GNOTHI_CAMERA", ""),
        )


def _number(text: str | None, usual: float, low: float, high: float) -> float:
    try:
        found = float(text) if text else usual
    except ValueError:
        return usual
    return min(max(found, low), high)


def _folder(environment: Mapping[str, str]) -> Path:
    if chosen := environment.get("GNOTHI_FOLDER"):
        return Path(chosen).expanduser()
    base = environment.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "gnothi"
