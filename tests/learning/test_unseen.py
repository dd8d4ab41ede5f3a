"""The loop for requests that nobody has said before: journal, index, gate, live, erase."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from gnothi.core.acting import Action, Call, Reply, Status
from gnothi.core.clock import FixedClock
from gnothi.core.interaction import Interaction
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation, Slot, Understanding, Utterance
from gnothi.journal.journal import Journal
from gnothi.language.retrieval import NAME, Question
from gnothi.learning.turns import judge_by_signals
from gnothi.learning.unseen import HOME, RetrievalCycle
from gnothi.learning.workshop import Workshop
from gnothi.registry.registry import Registry

NOW = datetime(2026, 11, 2, 18, tzinfo=UTC)
ROOMS = ("kitchen", "bathroom", "hall", "attic", "cellar")


class Home:
    """A family that calls a lamp an owl."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(NOW)
        self.journal = Journal.open(f"sqlite:///{folder / 'journal.sqlite'}")
        self.registry = Registry.open(folder / "registry", shipped=folder / "nothing")
        self._numbers = count()
        self.cycle = RetrievalCycle(
            Workshop(
                self.journal,
                self.registry,
                folder / "learning",
                self.clock,
                judge=judge_by_signals,
                risk_of=lambda key: Risk.GUARDED if "unlock" in key else Risk.REVERSIBLE,
            )
        )

    def say(self, text: str, who: str, *, works: bool = True, heard: str = "") -> None:
        """Journal a turn, some seconds after the one before."""
        self.clock.moment += timedelta(seconds=5)
        thing = text.removeprefix("turn off the ")
        slot = Slot("device_name", thing, len(text) - len(thing), len(text))
        request = Interpretation("iot", "iot_turn_off", 0.9, (slot,), (), 0, len(text))
        status = Status.DONE if works else Status.FAILED
        self.journal.append(
            Interaction(
                id=f"{next(self._numbers):032x}",
                at=self.clock.moment,
                session=f"{who}/kitchen",
                user=who,
                utterance=Utterance(heard or text, speaker=who),
                understanding=Understanding(text, (request,)),
                actions=(Action(Call("home", "control"), status, Risk.REVERSIBLE, ""),),
                reply=Reply(""),
                artifacts={NAME: "1.0"} if heard else {},
            )
        )

    def days(self, many: int = 10, who: str = "ana") -> None:
        """Let days pass: each room's owl is a lamp after all."""
        for _ in range(many):
            for room in ROOMS:
                self.clock.moment += timedelta(minutes=30)
                self.say(f"turn off the {room} owl", who, works=False)
                self.say(f"turn off the {room} lamp", who)
            self.clock.moment += timedelta(hours=20)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A family and its journal."""
    found = Home(tmp_path)
    yield found
    found.journal.close()


def found_by(home: Home, text: str = "turn off the attic owl") -> str | None:
    """Return what the live index takes *text* for."""
    index = home.cycle.live()
    found = index.look_up(Question(text, "ana", HOME)) if index else None
    return found.target if found else None


def test_an_index_is_watched_and_then_used(home: Home) -> None:
    """It answers unheard until what happened shows that it would have been right."""
    assert home.cycle.run().key == "learning-unseen-nothing"
    home.days()
    assert home.cycle.run().key == "learning-unseen-candidate"
    assert found_by(home) is None
    home.days(6)
    assert home.cycle.run().key == "gate-approved"
    assert found_by(home) == "turn off the attic lamp"
    card = home.registry.get(NAME).card
    assert set(card.files) == {"retrieval.json", "retrieval.npz"}


def test_an_index_that_does_harm_goes(home: Home) -> None:
    """What is done wrongly again and again is not done any longer."""
    home.days()
    home.cycle.run()
    home.days(6)
    home.cycle.run()
    for _ in range(30):
        home.clock.moment += timedelta(minutes=30)
        home.say("turn off the attic lamp", "ana", works=False, heard="turn off attic owl")
    assert home.cycle.run().key in {"rollout-regressed", "gate-flips", "gate-flips-relative"}
    assert found_by(home) is None


def test_who_is_erased_takes_along_what_only_they_said(home: Home) -> None:
    """Afterwards the artifact is, bit by bit, the one that was learned without them."""
    home.days(10)
    home.days(10, who="ben")
    home.cycle.run()
    home.days(6)
    home.cycle.run()
    before = home.registry.get(NAME)
    assert b'"ben"' in (before.folder / "retrieval.json").read_bytes()
    home.journal.erase("ben")
    home.cycle.unlearn()
    after = home.registry.get(NAME)
    assert b'"ben"' not in (after.folder / "retrieval.json").read_bytes()
    again = home.cycle._learn(home.cycle.turns())
    assert home.cycle._put(again) == after.card.version
    assert [one.version for one in home.registry.versions(NAME)] == [after.card.version]
