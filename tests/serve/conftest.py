"""A household with a starter home and somebody who answers, behind real doors."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from gnothi.core.acting import Action, Call, Reply, Stage, Status
from gnothi.core.clock import FixedClock
from gnothi.core.errors import InputError
from gnothi.core.identity import time_ordered_id
from gnothi.core.interaction import Interaction
from gnothi.core.plain import Json
from gnothi.core.risk import Risk
from gnothi.core.seeing import TextReader
from gnothi.core.settings import Settings
from gnothi.core.understanding import Interpretation, Slot, Understanding, Utterance
from gnothi.home.alarms import Alarms
from gnothi.home.house import STARTER, House
from gnothi.home.model import Home
from gnothi.journal.journal import Journal
from gnothi.learning.readings import TaughtReadings
from gnothi.learning.things import LabelledEyes, TaughtThings
from gnothi.registry.registry import Registry
from gnothi.serve.api import build_app
from gnothi.serve.explaining import Explanation
from gnothi.serve.player import PagePlayer
from gnothi.skills.skillset import SkillSet
from gnothi.vision.eyes import Eyes
from tests.serve.schooling import learned_in
from tests.vision.teaching.patches import PatchEyes

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class _Memory:
    """A store that forgets when the test ends."""

    def __init__(self) -> None:
        self._kept: dict[str, Json] = {}

    def get(self, key: str) -> Json:
        return self._kept.get(key)

    def put(self, key: str, value: Json) -> None:
        self._kept[key] = value

    def delete(self, key: str) -> None:
        self._kept.pop(key, None)

    def items(self, prefix: str = "") -> list[tuple[str, Json]]:
        return sorted(item for item in self._kept.items() if item[0].startswith(prefix))


class _Understander:
    """Understands one sentence, and two of them joined by "and"."""

    def understand(self, text: str) -> Understanding:
        known = [part for part in text.split(" and ") if part == "turn on the kitchen light"]
        slot = Slot("house_place", "kitchen", 12, 19)
        request = Interpretation("iot", "iot_hue_lighton", 0.97, (slot,), end=len(text))
        return Understanding(text, (request,) * len(known), out_of_scope=not known)


@dataclass
class _Assistant:
    """Turns the kitchen light on when asked to; says what it heard otherwise."""

    house: House
    rng: Random
    journal: Journal
    heard: list[tuple[Utterance, str]]

    async def turn(
        self,
        utterance: Utterance,
        *,
        session: str,
        now: datetime | None = None,
        confirm: bool = False,
    ) -> Interaction:
        self.heard.append((utterance, session))
        understanding = _Understander().understand(utterance.text)
        before = self.house.snapshot()
        actions: tuple[Action, ...] = ()
        if understanding.requests:
            await self.house.call("light.turn_on", ["light.kitchen"], {})
            call = Call("home", "control", {"targets": ["light.kitchen"]})
            actions = (Action(call, Status.DONE, Risk.REVERSIBLE, "On."),)
        interaction = Interaction(
            id=time_ordered_id(now or NOON, self.rng),
            at=now or NOON,
            session=session,
            user=utterance.speaker,
            utterance=utterance,
            understanding=understanding,
            actions=actions,
            reply=Reply("On." if actions else f"You said: {utterance.text}"),
            changes=self.house.changes_since(before),
            trace=(Stage("understand", 2.5, "language/understand@1"), Stage("say", 0.1)),
        )
        self.journal.append(interaction)
        return interaction

    def forget_person(self, user: str) -> None:
        """Nothing is remembered here."""


@cache
def _skills() -> SkillSet:
    return SkillSet.load()


def _nobody_reads() -> TextReader:
    raise InputError("Nobody reads here.")


class Household:
    """The parts that the doors open onto."""

    def __init__(self, folder: Path) -> None:
        self.settings = replace(
            Settings.from_environment({"GNOTHI_FOLDER": str(folder)}), music=folder / "music"
        )
        self.clock = FixedClock(NOON)
        self.house = House.from_file(STARTER, clock=self.clock)
        self.journal = Journal.open(f"sqlite:///{folder}/journal.sqlite", clock=self.clock)
        self.registry = Registry.open(folder / "registry", shipped=folder / "none")
        self.skills = _skills()
        self.assistant = _Assistant(self.house, Random(1), self.journal, [])
        self.understander = _Understander()
        self.alarms = Alarms(_Memory(), self.clock, self.house.time_zone, rng=Random(2))
        self.player = PagePlayer()
        self.readings = TaughtReadings(self.registry, self.clock)
        self.eyes = Eyes(_nobody_reads, mend=self.readings.mended)
        self.things = TaughtThings(
            self.registry, lambda: LabelledEyes(PatchEyes(), "1"), self.clock
        )
        self.setup_done = False
        self.running: bool | None = None

    def explain(self, text: str) -> Explanation:
        raise InputError("nothing is understood")

    async def start(self) -> None:
        """Begin."""
        self.running = True

    async def stop(self) -> None:
        """End."""
        self.running = False

    async def move_in(self, home: Home) -> None:
        self.house = House(home, clock=self.clock)
        self.assistant.house = self.house
        self.setup_done = True


@pytest.fixture
def household(tmp_path: Path) -> Iterator[Household]:
    """A household that nobody set up yet."""
    household = Household(tmp_path)
    yield household
    household.journal.close()


@pytest.fixture(scope="session")
def learned_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a household that learned for two weeks, to be copied."""
    folder = tmp_path_factory.mktemp("learned")
    learned_in(folder)
    return folder


@pytest.fixture
def app(household: Household) -> FastAPI:
    """The household behind loopback doors."""
    return build_app(household)


@pytest.fixture
def here(app: FastAPI) -> Iterator[TestClient]:
    """A browser on the machine itself."""
    with TestClient(app, base_url="http://127.0.0.1:8765", client=("127.0.0.1", 50_000)) as client:
        yield client


@pytest.fixture
def stranger(app: FastAPI) -> Iterator[TestClient]:
    """Somebody on the network without a token."""
    with TestClient(app, base_url="http://127.0.0.1:8765", client=("192.168.1.9", 50_000)) as one:
        yield one
