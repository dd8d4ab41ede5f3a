"""What people say at home is learned from recordings, where it is heard better by it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.clock import FixedClock
from gnothi.core.hearing import NO_USAGE, Samples, Usage
from gnothi.core.protocols import Name
from gnothi.core.risk import Risk
from gnothi.journal.journal import Journal
from gnothi.learning.hearing import HearingCycle, How, Pair, Transcript
from gnothi.learning.rollout import Phase
from gnothi.learning.turns import judge_by_signals
from gnothi.learning.workshop import Workshop
from gnothi.registry.registry import Registry
from gnothi.speech.usage import NAME

NOW = datetime(2026, 11, 2, 18, tzinfo=UTC)
OWN = [
    *(f"hush the {one}" for one in "parrot piano heron kettle ferret fountain goblin".split()),
    *(f"feed the {one}" for one in "ferns trout koi newts toad".split()),
]
ORDINARY = [f"turn on the {one}" for one in "lamp fan oven tv heater".split()]
NAMES = (Name("Heron", "light.heron", "device"),)


@dataclass
class Home:
    """Recordings that are their own transcripts, and somebody who hears only what they know."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    said: list[Transcript] = field(default_factory=list[Transcript])
    names: Sequence[Name] = NAMES
    obsessed: bool = False
    """Hears what is learned in everything."""
    is_teachable: bool = True
    listened: int = 0

    def say(self, text: str, who: str = "ana") -> None:
        self.clock.moment += timedelta(minutes=7)
        turn = f"{len(self.said):032x}"
        self.said.append(Transcript(turn, self.clock.moment, who, text, How.DONE))

    def transcripts(self) -> Sequence[Transcript]:
        return self.said

    def sound(self, transcript: Transcript) -> Samples:
        return np.frombuffer(transcript.text.encode(), np.uint8).astype(np.float32)

    def hear(self, sound: Samples, usage: Usage) -> str:
        self.listened += 1
        text = sound.astype(np.uint8).tobytes().decode()
        known = {symbols for symbols, _ in usage.sentences}
        if self.obsessed and known:
            return " ".join(max(known))
        symbols = tuple("[device]" if word == "heron" else word for word in text.split())
        return text if text in ORDINARY or symbols in known else "and the"

    def ordinary(self) -> Sequence[tuple[str, Samples]]:
        return [
            (text, np.frombuffer(text.encode(), np.uint8).astype(np.float32))
            for text in ORDINARY * 3
        ]


@pytest.fixture
def home() -> Home:
    """Return a home in which nothing was said yet."""
    return Home()


@pytest.fixture
def registry(home: Home, tmp_path: Path) -> Registry:
    """Return what keeps what was learned."""
    return Registry.open(tmp_path / "registry", clock=home.clock)


@pytest.fixture
def cycle(home: Home, registry: Registry, tmp_path: Path) -> HearingCycle:
    """Return what learns in *home*."""
    shop = Workshop(
        Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}"),
        registry,
        tmp_path / "learning",
        home.clock,
        judge=judge_by_signals,
        risk_of=lambda _: Risk.FREE,
    )
    return HearingCycle(shop, home, lambda: home)


def live_a_week(home: Home, texts: Sequence[str], who: str = "ana") -> None:
    """Say everything three times."""
    for text in [*texts, *ORDINARY] * 3:
        home.say(text, who)
    home.clock.moment += timedelta(hours=8)


def test_without_recordings_nothing_is_learned(home: Home, cycle: HearingCycle) -> None:
    """Nobody asked for any, or there are too few."""
    assert cycle.run().key == "hearing-none"
    home.say(OWN[0])
    told = cycle.run()
    assert (told.key, told.values["missing"]) == ("hearing-few", 31)
    assert cycle.live() == NO_USAGE


def test_what_is_said_here_is_heard_better(
    home: Home, cycle: HearingCycle, registry: Registry
) -> None:
    """Sentences of the home's own are known from now on, a name standing for all of its kind."""
    live_a_week(home, OWN)
    told = cycle.run()
    assert told.key == "hearing-live"
    assert told.values["wer"] == 0
    assert float(str(told.values["wer_before"])) > 0.3
    live = cycle.live()
    assert (("hush", "the", "[device]"), 20.0) in live.sentences
    assert (("heron",), 2.0) in live.names
    assert cycle.standing().phase is Phase.LIVE
    assert cycle.run().key == "hearing-nothing-new"
    registry.roll_back(NAME)
    assert cycle.standing().phase is Phase.ROLLED_BACK
    assert (cycle.run().key, cycle.live()) == ("hearing-nothing-new", NO_USAGE)


def test_what_would_hear_worse_is_refused(home: Home, cycle: HearingCycle) -> None:
    """A candidate that hears itself in everything breaks what works, and is never used."""
    home.obsessed = True
    live_a_week(home, OWN)
    assert cycle.run().key == "hearing-refused"
    assert cycle.live() == NO_USAGE
    assert cycle.run().key == "hearing-nothing-new"


def test_what_gains_nothing_waits(home: Home, cycle: HearingCycle) -> None:
    """Where everything is understood already, nothing changes."""
    for text in ORDINARY * 8:
        home.say(text)
    assert cycle.run().key == "hearing-waits"
    assert cycle.live() == NO_USAGE
    for text in OWN[:8]:  # it was not learned from these
        home.say(text)
    assert cycle.run().key == "hearing-waits"
    live_a_week(home, OWN)
    assert cycle.run().key == "hearing-live"  # another one was


def test_who_can_learn_nothing_hears_no_recording(home: Home, cycle: HearingCycle) -> None:
    """Recordings would be sent to a service in vain, night after night."""
    home.is_teachable = False
    live_a_week(home, OWN)
    assert (cycle.run().key, home.listened) == ("hearing-unused", 0)
    home.is_teachable = True
    assert cycle.run().key == "hearing-live"
    home.is_teachable, home.listened = False, 0
    live_a_week(home, OWN)
    assert (cycle.run().key, home.listened) == ("hearing-unused", 0)


def test_a_gain_that_a_hundred_recordings_do_not_prove_is_refused(
    home: Home, cycle: HearingCycle
) -> None:
    """It takes no more than are heard; what learned from others is tried next."""
    for text in ORDINARY * 60:
        home.say(text)
    assert cycle.run().key == "hearing-refused"
    assert cycle.live() == NO_USAGE


def test_figures_are_told_though_the_version_was_there_before(
    home: Home, cycle: HearingCycle, registry: Registry
) -> None:
    """What an erase left is learned again: its card knows no figures."""
    for text in [*OWN, *ORDINARY] * 2 + OWN[:10] * 2:  # the last ones are held back
        home.say(text)
    assert cycle.run().key == "hearing-live"
    home.said = home.said[: len(OWN) + len(ORDINARY)]
    cycle.unlearn()
    for text in OWN[:10] * 2:
        home.say(text)
    cycle.run()
    assert cycle.standing().version in {card.version for card in registry.versions(NAME)}
    assert "wer" in cycle.standing().figures


def test_what_turns_out_to_hear_worse_is_withdrawn(home: Home, cycle: HearingCycle) -> None:
    """Once it is in use, it is compared with what was before on everything that is said."""
    live_a_week(home, OWN)
    assert cycle.run().key == "hearing-live"
    home.obsessed = True
    live_a_week(home, [])
    assert cycle.run().key == "hearing-withdrawn"
    assert cycle.live() == NO_USAGE


def test_erased_recordings_are_unlearned(
    home: Home, cycle: HearingCycle, registry: Registry
) -> None:
    """What only one person said is gone with their recordings; what others said stays."""
    live_a_week(home, [*OWN, "wake the dragon"], "ana")
    live_a_week(home, OWN[:9], "ben")
    assert cycle.run().key == "hearing-live"
    assert ("wake", "the", "dragon") in dict(cycle.live().sentences)
    home.said = [one for one in home.said if one.person == "ben"]
    cycle.unlearn()
    left = {" ".join(symbols) for symbols, _ in cycle.live().sentences}
    assert left <= {*OWN[:9], "hush the [device]", *ORDINARY}
    assert left >= {OWN[0]}
    assert len(registry.versions(NAME)) == 1
    home.said = []
    cycle.unlearn()
    assert cycle.live() == NO_USAGE


def test_the_same_sentence_on_another_day_is_evidence_of_its_own() -> None:
    """What is said again and again on one day, by one person, is not."""
    first, again, later, other = (
        Pair(OWN[0], "and the", OWN[0], who, day).outcome.session
        for who, day in (("ana", "1"), ("ana", "1"), ("ana", "2"), ("ben", "1"))
    )
    assert first == again
    assert len({first, later, other}) == 3
