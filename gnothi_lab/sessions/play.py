"""Plays written sessions to a real household on disk, its clock in our hands."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from gnothi.core.acting import Reply
from gnothi.core.clock import FixedClock
from gnothi.core.errors import GnothiError
from gnothi.core.interaction import Interaction
from gnothi.core.settings import Settings
from gnothi.core.understanding import Utterance
from gnothi.home.alarms import Phase
from gnothi.serve.household import HOME_FILE, Household
from gnothi_lab.sessions.script import Json, Ring, Script, Step

States = Mapping[str, Mapping[str, Any]]

OFFLINE = "http://127.0.0.1:9/"
"""Nobody answers there: scripts don't depend on a network or on the weather."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a household looks like at one moment."""

    states: States
    """State and attributes of every device."""
    lists: Mapping[str, tuple[str, ...]]
    """Open items."""
    rings: Mapping[str, tuple[Ring, ...]]


@dataclass(frozen=True, slots=True)
class Played:
    """One step as it went."""

    step: Step
    before: Seen
    after: Seen
    reply: Reply
    """What was answered; its text is the error's when the turn failed."""
    interaction: Interaction | None = None
    """``None`` when the turn failed."""


class Stage:
    """A household in a folder, opened anew after every power cut."""

    def __init__(self, folder: Path, home: Json, *, seed: int) -> None:
        """Furnish *folder* with *home*."""
        self._clock = FixedClock(datetime.fromisoformat("2026-11-23T12:00:00+01:00"))
        self._settings = Settings.from_environment(
            {"GNOTHI_FOLDER": str(folder), "GNOTHI_WEATHER": OFFLINE, "GNOTHI_PLACES": OFFLINE}
        )
        self._seed = seed
        self._session = 0
        folder.mkdir(parents=True, exist_ok=True)
        (folder / HOME_FILE).write_text(json.dumps(home), encoding="utf-8")
        self._household = self._open()

    async def play(self, step: Step) -> Played:
        """Say what *step* says, at its moment; what came due before has rung."""
        if step.restart:
            self._household.journal.close()
            self._household = self._open()
        self._session += step.new_session
        self._clock.moment = step.at
        for alarm in await self._household.alarms.run_due(step.at):
            self._household.alarms.dismiss(alarm)
        before = self._look()
        try:
            turn = await self._turn(step)
        except GnothiError as error:
            return Played(step, before, self._look(), Reply(f"(failed) {error}"))
        return Played(step, before, self._look(), turn.reply, turn)

    async def _turn(self, step: Step) -> Interaction:
        return await self._household.assistant.turn(
            Utterance(step.say, device=step.device, speaker=step.user),
            session=f"session-{self._session}",
            now=step.at,
            confirm=step.confirm,
        )

    def close(self) -> None:
        """Close the household."""
        self._household.close()

    def _open(self) -> Household:
        return Household.open(self._settings, clock=self._clock, rng=Random(self._seed))

    def _look(self) -> Seen:
        house = self._household.house
        states = {device.id: house.state(device.id) for device in house.devices()}
        return Seen(
            {name: {"state": state.state, **state.attributes} for name, state in states.items()},
            {todo.id: tuple(item.text for item in todo.open_items) for todo in house.lists()},
            {f"{kind}s": tuple(self._waiting(kind)) for kind in ("timer", "alarm", "reminder")},
        )

    def _waiting(self, kind: str) -> Iterator[Ring]:
        """Yield what waits, a paused timer with the moment at which it would ring."""
        now = self._clock.now()
        for alarm in self._household.alarms.all():
            if alarm.kind == kind and alarm.phase in {Phase.WAITING, Phase.PAUSED}:
                yield Ring(now + alarm.left if alarm.left is not None else alarm.due, alarm.name)


@contextmanager
def stage(home: Json, *, seed: int) -> Iterator[Stage]:
    """Open a household with *home* in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        opened = Stage(Path(folder), home, seed=seed)
        try:
            yield opened
        finally:
            opened.close()


async def play(script: Script, *, seed: int) -> Sequence[Played]:
    """Play a whole session; return every step as it went."""
    with stage(script.home, seed=seed) as household:
        return [await household.play(step) for step in script.steps]
