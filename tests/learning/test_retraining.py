"""The whole loop on a small journal: a home that douses its lights is understood after a while."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from gnothi.core.acting import Action, Call, Reply, Status
from gnothi.core.clock import FixedClock
from gnothi.core.errors import ArtifactError
from gnothi.core.interaction import Interaction
from gnothi.core.risk import Risk
from gnothi.core.understanding import Utterance
from gnothi.journal.journal import Journal
from gnothi.language.heads import ADJUSTED, NAME
from gnothi.learning.retraining import HeadsCycle, Retraining
from gnothi.learning.turns import judge_by_signals
from gnothi.registry.registry import Registry
from gnothi.serve.understanding import LiveUnderstander

NOW = datetime(2026, 11, 2, 18, tzinfo=UTC)
SAID, MEANT = "douse the {} lights", "turn off the {} lights"
ROOMS = ("kitchen", "hall", "garage", "office", "attic", "cellar")
ORDINARY = (
    "turn on the kitchen lights",
    "turn off the hall lights",
    "dim the bedroom lights",
    "what is the weather tomorrow",
    "play some jazz",
    "set a timer for ten minutes",
)


def risk_of(key: str) -> Risk:
    """Tell the class of an intent, as skills would."""
    if key.startswith(("iot_unlock", "iot_disarm")):
        return Risk.GUARDED
    return Risk.REVERSIBLE if key.startswith(("iot", "?")) else Risk.FREE


class Home:
    """A family that is understood by the shipped network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FixedClock(NOW)
        self.journal = Journal.open(f"sqlite:///{folder / 'journal.sqlite'}")
        self.registry = Registry.open(folder / "registry", clock=self.clock)
        self.understander = LiveUnderstander(self.registry)
        self._numbers = count()
        self.cycle = HeadsCycle(
            self.journal,
            self.registry,
            folder / "learning",
            clock=self.clock,
            judge=judge_by_signals,
            risk_of=risk_of,
            network=self.understander.plain,
        )

    def say(self, text: str, who: str, *, wants: str, after: int = 900) -> bool:
        """Journal a turn; it fails where something else was understood than is wanted."""
        self.clock.moment += timedelta(seconds=after)
        session = f"{who}/kitchen"
        understanding = self.understander.choose(session).understander.understand(text)
        works = self.means(text) == wants
        status = Status.DONE if works else Status.FAILED
        action = Action(Call("home", "switch"), status, Risk.REVERSIBLE, "")
        self.journal.append(
            Interaction(
                id=f"{next(self._numbers):032x}",
                at=self.clock.moment,
                session=session,
                user=who,
                utterance=Utterance(text, speaker=who),
                understanding=replace(understanding, requests=understanding.requests),
                actions=(action,),
                reply=Reply(""),
            )
        )
        return works

    def means(self, text: str) -> str:
        found = self.understander.understand(text).requests
        return found[0].intent if found else ""

    def douse(self, room: str, who: str) -> None:
        """Ask for darkness, twice if need be."""
        if not self.say(SAID.format(room), who, wants="iot_hue_lightoff"):
            assert self.say(MEANT.format(room), who, wants="iot_hue_lightoff", after=5)

    def week(self) -> None:
        """Let a week pass."""
        for number, room in enumerate(ROOMS * 2):
            who = "ana" if number % 2 else "ben"
            self.douse(room, who)
            for text in ORDINARY:
                self.say(text, who, wants=self.means(text))
        self.clock.moment += timedelta(days=7)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Open a home that has learned nothing."""
    opened = Home(tmp_path)
    yield opened
    opened.journal.close()


def learn(home: Home, rounds: int) -> list[Retraining]:
    """Let weeks pass, each with a round of learning at its end."""
    done: list[Retraining] = []
    for _ in range(rounds):
        home.week()
        done.append(home.cycle.learn())
    return done


def test_a_way_of_speaking_is_learned_past_the_gate(home: Home) -> None:
    """Rephrases teach it for some rooms; then it is understood for a room never named, too."""
    assert home.means("douse the bedroom lights") == "iot_hue_lighton"
    first, second = learn(home, 2)
    assert first.reason.key == "learning-heads-candidate"
    assert home.means("douse the bedroom lights") == "iot_hue_lightoff"
    found = home.understander.understand("douse the bedroom lights")
    assert [(slot.name, slot.value) for slot in found.requests[0].slots] == [
        ("house_place", "bedroom")
    ]
    assert NAME in found.artifact and found.notes[ADJUSTED] is True
    for text in ORDINARY:
        assert home.means(text) == home.understander.plain().understand(text).requests[0].intent
