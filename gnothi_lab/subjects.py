"""The systems that benchmarks put side by side, behind one question: what changes?"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any, Protocol

from gnothi.core.clock import SystemClock
from gnothi.core.interaction import Interaction
from gnothi.core.settings import Settings
from gnothi.core.understanding import Utterance
from gnothi.dialogue.assistant import Assistant
from gnothi.home.alarms import Alarm, Alarms
from gnothi.home.house import House
from gnothi.journal.memory import MemoryStore
from gnothi.serve.assembly import Surroundings, assemble, open_wording
from gnothi.serve.household import open_skills, open_understander
from gnothi.serve.player import PagePlayer
from gnothi_lab.baselines.rules import Rules
from gnothi_lab.intents import effects
from gnothi_lab.sessions.play import OFFLINE

Json = Mapping[str, Any]
Changes = Mapping[str, Mapping[str, Any]]


class Subject(Protocol):
    """A system that obeys sentences in a home."""

    def changes(self, text: str, home: Json, hears: str | None) -> Changes:
        """Return what differs in *home* after *text*, heard by the device *hears*."""
        ...


@dataclass(frozen=True, slots=True)
class Running:
    """A timer that runs before anything is said."""

    length: timedelta
    name: str = ""
    device: str | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """One of our turns, with the timers as they were."""

    interaction: Interaction
    timers: Mapping[str, Running]
    """By the id under which the turn may speak of them."""
    lists: Mapping[str, tuple[str, ...]]
    """Open items after the turn."""


class Gnothi:
    """Ours, as ``gnothi ask --json --confirm`` answers: models and skills are opened once."""

    def __init__(self, seed: int = 0) -> None:
        """Open models and skills; *seed* makes identifiers and chooses among equal wordings."""
        self._settings = Settings.from_environment(
            {"GNOTHI_WEATHER": OFFLINE, "GNOTHI_PLACES": OFFLINE}
        )
        self._seed = seed
        self._understander = open_understander(self._settings)
        self._skills = open_skills(self._settings)
        self._wording = open_wording(self._skills, rng=Random(seed))
        self._loop = asyncio.new_event_loop()

    def changes(self, text: str, home: Json, hears: str | None) -> Changes:
        """Answer *text* as the first turn of a session; guarded actions are confirmed."""
        return self.ask(text, home, hears).interaction.changes

    def ask(
        self, text: str, home: Json, hears: str | None, *, running: Sequence[Running] = ()
    ) -> Answered:
        """Answer *text* in a fresh session, while the timers *running* run."""
        house = House.from_json(home)
        clock = SystemClock()
        alarms = Alarms(MemoryStore(), clock, house.time_zone, rng=Random(self._seed))
        for timer in running:
            alarm = alarms.start_timer(timer.length, name=timer.name, device=timer.device)
            if timer.paused:
                alarms.pause(alarm)
        known = {alarm.id: _running(alarm) for alarm in alarms.all()}
        turn = self._assistant(house, alarms, clock).turn(
            Utterance(text, device=hears), session="lab", confirm=True
        )
        interaction = self._loop.run_until_complete(turn)
        lists = {one.id: tuple(item.text for item in one.open_items) for one in house.lists()}
        return Answered(interaction, known, lists)

    @contextmanager
    def conversation(self, home: Json) -> Iterator["Conversation"]:
        """Begin a conversation in *home*."""
        house = House.from_json(home)
        clock = SystemClock()
        alarms = Alarms(MemoryStore(), clock, house.time_zone, rng=Random(self._seed))
        yield Conversation(self._assistant(house, alarms, clock), self._loop)

    def close(self) -> None:
        """Close what is open."""
        self._loop.close()

    def _assistant(self, house: House, alarms: Alarms, clock: SystemClock) -> Assistant:
        stores: dict[str, MemoryStore] = {}
        surroundings = Surroundings(
            house=house,
            alarms=alarms,
            player=PagePlayer(),
            stores=lambda skill: stores.setdefault(skill, MemoryStore()),
            settings=self._settings,
            clock=clock,
            encoder=lambda: self._understander.plain().encoder,
        )
        return assemble(
            surroundings,
            self._understander.choose,
            self._skills,
            self._wording,
            rng=Random(self._seed),
        )


@dataclass(frozen=True, slots=True)
class Conversation:
    """Several turns of one session; guarded actions are confirmed."""

    _assistant: Assistant
    _loop: asyncio.AbstractEventLoop

    def say(self, utterance: Utterance, hears: str | None) -> Interaction:
        """Say *utterance* to the device *hears*."""
        turn = self._assistant.turn(replace(utterance, device=hears), session="lab", confirm=True)
        return self._loop.run_until_complete(turn)


def _running(alarm: Alarm) -> Running:
    paused = alarm.left is not None
    return Running(alarm.length or timedelta(), alarm.name, alarm.device, paused=paused)


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
