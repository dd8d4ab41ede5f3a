"""The systems that benchmarks put side by side, behind one question: what changes?"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from gnothi.core.interaction import Interaction
from gnothi_lab.baselines.rules import Rules
from gnothi_lab.intents import effects

Json = Mapping[str, Any]
Changes = Mapping[str, Mapping[str, Any]]


class Subject(Protocol):
    """A system that obeys sentences in a home."""

    def changes(self, text: str, home: Json, hears: str | None) -> Changes:
        """Return what differs in *home* after *text*, heard by the device *hears*."""
        ...


class Gnothi:
    """Ours, as ``gnothi ask --json --confirm`` answers."""

    def __init__(self, seed: int = 0) -> None:
        """Open the models and skills once."""
        from gnothi.serve.trial import Trial

        self._trial = Trial(seed=seed)
        self._loop = asyncio.new_event_loop()

    def changes(self, text: str, home: Json, hears: str | None) -> Changes:
        """Answer *text* as the first turn of a session; guarded actions are confirmed."""
        return self.ask(text, home, hears).changes

    def ask(
        self, text: str, home: Json, hears: str | None, *, now: datetime | None = None
    ) -> Interaction:
        """Return the whole interaction."""
        told = self._trial.answer(text, home=home, device=hears, now=now, confirm=True)
        return self._loop.run_until_complete(told)

    def close(self) -> None:
        """Close what is open."""
        self._loop.close()


class Keywords:
    """The baseline of rules."""

    def changes(self, text: str, home: Json, hears: str | None) -> Changes:
        """Return what the rules change."""
        return Rules(home).changes(text, area=area_of(home, hears))


class Hassil:
    """Home Assistant's recogniser and what its intents do."""

    def __init__(self) -> None:
        """Recognisers are kept by the name of the home."""
        from gnothi_lab.peers.hassil import Recogniser

        self._recogniser = Recogniser
        self._known: dict[str, Any] = {}

    def changes(self, text: str, home: Json, hears: str | None) -> Changes:
        """Return the effects of the recognised intent; none when nothing is recognised."""
        known = self._known.setdefault(home["name"], self._recogniser(home))
        area = area_of(home, hears)
        intent = known.recognise(text, area=area)
        return effects(intent, home, area=area) if intent else {}


def area_of(home: Json, device: str | None) -> str | None:
    """Return the id of the room in which *device* stands."""
    return next((one["area"] for one in home["devices"] if one["id"] == device), None)


def states(home: Json) -> dict[str, dict[str, Any]]:
    """Return state and attributes of every device, as judging wants them."""
    return {
        device["id"]: {"state": device["state"], **device["attributes"]}
        for device in home["devices"]
    }
