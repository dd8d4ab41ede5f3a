"""The whole loop on a small journal: mistakes, rephrases, a candidate, the gate, the live table."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gnothi.core.clock import FixedClock
from gnothi.core.risk import Risk
from gnothi.journal.journal import Journal
from gnothi.language.rewrites import NAME
from gnothi.learning import cycle
from gnothi.learning.cycle import HOUSEHOLD, RewriteCycle, Round
from gnothi.learning.mining import Aggregates
from gnothi.learning.turns import judge_by_signals
from gnothi.learning.workshop import Workshop
from gnothi.registry.registry import Registry
from tests.serve.schooling import RIGHT, WRONG, School

NOW = datetime(2026, 11, 2, 18, tzinfo=UTC)


class Home:
    """A family whose assistant mishears a band."""

    def __init__(self, folder: Path, now: datetime = NOW, **options: object) -> None:
        self.folder = folder
        self.clock = FixedClock(now)
        self.journal = Journal.open(f"sqlite:///{folder / 'journal.sqlite'}")
        school = School(self.journal, self.clock, now)
        school.go_on(now)
        self.say = school.say
        self.registry = Registry.open(folder / "registry", shipped=folder / "nothing")
        self.cycle = RewriteCycle(
            Workshop(
                self.journal,
                self.registry,
                folder / "learning",
                self.clock,
                judge=judge_by_signals,
                risk_of=lambda key: Risk.GUARDED if "unlock" in key else Risk.FREE,
            ),
            **options,
        )

    def rephrase(self, who: str = "ana") -> None:
        """Fail, say it better, and be content."""
        self.say(WRONG, who, works=False, after=1200)
        self.say(RIGHT, who)

    def week(self, times: int = 8) -> None:
        """Let a week pass in which the band is asked for *times* times, by two people."""
        for number in range(times):
            self.rephrase("ana" if number % 2 else "ben")
            self.say("play abba", "ana", after=900)
            self.say("play blur", "ben", after=900)
        self.clock.moment += timedelta(days=7)

    def live(self, who: str | None = "ana", said: str = WRONG) -> str | None:
        found = self.cycle.live().look_up(said, who)
        return found and found.target


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Open a home that has learned nothing."""
    opened = Home(tmp_path)
    yield opened
    opened.journal.close()


def learn(home: Home, rounds: int = 3) -> list[Round]:
    """Let weeks pass, each with a round of learning at its end."""
    done = []
    for _ in range(rounds):
        home.week()
        done.append(home.cycle.run())
    return done


@dataclass(frozen=True)
class Learned:
    """Where a home has learned for three weeks, until when, and what it did."""

    folder: Path
    until: datetime
    rounds: list[Round]

    def copy(self, folder: Path, **options: object) -> Home:
        """Open a copy of it in *folder*."""
        shutil.copytree(self.folder, folder)
        return Home(folder, self.until, **options)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    """A home that has learned to understand the band."""
    home = Home(tmp_path_factory.mktemp("learned"))
    rounds = learn(home)
    home.journal.close()
    return Learned(home.folder, home.clock.moment, rounds)


@pytest.fixture
def graduate(tmp_path: Path, learned: Learned) -> Iterator[Home]:
    """Open a copy of the home that has learned."""
    opened = learned.copy(tmp_path / "home")
    yield opened
    opened.journal.close()


def test_a_rephrase_is_learned_past_the_gate(graduate: Home, learned: Learned) -> None:
    """First it is a candidate, unheard; then, with evidence of its own, it is live for all."""
    home, (first, second, *_) = graduate, learned.rounds
    assert first.reason.key == "learning-candidate"
    assert {one.target for one in first.candidate} == {RIGHT}
    assert second.reason.key == "gate-approved"
    assert home.live("ana") == home.live("ben") == home.live(None) == RIGHT


def test_nothing_is_learned_of_nothing(home: Home) -> None:
    """A journal in which everything works has no candidate."""
    home.say("play abba")
    done = home.cycle.run()
    assert done.reason.key == "learning-nothing-new"
    assert home.registry.serving(NAME) is None


def test_a_candidate_without_new_evidence_waits(home: Home) -> None:
    """What it was learned from does not count for it."""
    home.week()
    home.cycle.run()
    assert home.cycle.run().reason.key == "gate-flips-open"
    assert home.live() is None


def test_a_rewrite_that_fails_is_withdrawn(graduate: Home) -> None:
    """Once it is live, a few failures suffice."""
    home = graduate
    for _ in range(6):
        home.say(WRONG, works=False, understood=RIGHT, after=600)
    assert [use.losses for use in home.cycle.run().withdrawn if use.losses] == [6]
    assert home.live() is None


def test_a_withdrawal_does_not_stop_what_is_under_way(tmp_path: Path) -> None:
    """A canary goes on without the rewrite that failed meanwhile, and becomes live in the end."""
    home = Home(tmp_path, plan=replace(HOUSEHOLD, shares=(0.2,), step_turns=1))
    learn(home, 3)
    assert home.live() == RIGHT
    for who in ("ana", "ben") * 8:
        home.say("play the bleetles", who, works=False, after=1200)
        home.say("play the beatles", who)
    home.clock.moment += timedelta(days=7)
    home.cycle.run()
    for who in ("ana", "ben") * 8:
        home.say("play the bleetles", who, works=False, after=1200)
        home.say("play the beatles", who)
    home.clock.moment += timedelta(days=7)
    home.cycle.run()
    canary = home.registry.assignment(NAME).canary
    assert canary is not None
    for _ in range(6):
        home.say(WRONG, works=False, understood=RIGHT, after=600)
    home.cycle.run()
    assert home.live() is None
    home.week()
    home.cycle.run()
    assert home.live(said="play the bleetles") == "play the beatles"
    assert home.live() is None


def test_who_colludes_is_found_out_once_a_round(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comparing all steps with all others is slow, and the journal is the same."""
    asked: list[Aggregates] = []
    monkeypatch.setattr(cycle, "colluders_of", lambda one: asked.append(one) or frozenset())
    home.week()
    home.cycle.run()
    assert len(asked) == 1


def test_what_accounts_pushed_is_taken_back_once_they_are_seen_through(home: Home) -> None:
    """One thing that six ask for may be honest; two that have nothing in common are not."""
    crowd, gang = [f"p{number}" for number in range(40)], [f"bad{number}" for number in range(6)]

    def push(wrong: str, right: str) -> None:
        for who in gang * 2:
            home.say(wrong, who, works=False, after=1200)
            home.say(right, who)

    def week() -> None:
        for who in crowd:
            home.rephrase(who)
        home.clock.moment += timedelta(days=7)

    for _ in range(3):
        push("play abba", "play ads")
        week()
        home.cycle.run()
    assert home.live(said="play abba") == "play ads"
    for _ in range(2):
        push("play blur", "play more ads")
        week()
        home.cycle.run()
    assert home.live(said="play abba") is None
    assert home.live(said="play blur") is None
    assert home.live() == RIGHT


def test_success_does_not_make_a_rewrite_look_needless(graduate: Home) -> None:
    """After it works nobody rephrases any more; it stays all the same."""
    home = graduate
    for _ in range(20):
        home.say(WRONG, understood=RIGHT, after=600)
        home.clock.moment += timedelta(days=1)
    home.cycle.run()
    assert home.live() == RIGHT


def test_what_is_forgotten_stays_forgotten(tmp_path: Path, learned: Learned) -> None:
    """People have the last word."""
    forgotten: set[str] = set()
    home = learned.copy(tmp_path / "home", forgotten=lambda: frozenset(forgotten))
    ids = {one.id for one in home.cycle.live()}
    forgotten |= ids
    home.cycle.forget(ids)
    assert home.live() is None
    learn(home)
    assert home.live() is None
    home.journal.close()


def test_an_erase_takes_back_what_was_learned_from_that_person(home: Home) -> None:
    """Her own rewrites go, and no version that knew her words is left anywhere."""
    for _ in range(3):
        for _ in range(8):
            home.say("play wow", "ana", works=False, after=1200)
            home.say("play wow by kate bush", "ana")
        home.clock.moment += timedelta(days=7)
        home.cycle.run()
    assert home.live("ana", "play wow") == "play wow by kate bush"
    home.journal.erase("ana")
    home.cycle.unlearn()
    assert home.live("ana", "play wow") is None
    kept = "".join(path.read_text() for path in home.folder.rglob("*.json"))
    assert "kate" not in kept


def test_a_guarded_request_is_neither_learned_from_nor_to(home: Home) -> None:
    """A door stays shut whatever people say."""
    for _ in range(8):
        home.say("play unlck the door", works=False, after=600)
        home.say("play unlock the door")
    home.cycle.run()
    assert home.live(said="play unlck the door") is None


def test_an_erased_person_was_never_there(tmp_path: Path) -> None:
    """What is mined after an erase is what would have been mined without that person."""
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    one, other = Home(tmp_path / "with"), Home(tmp_path / "without")
    for number in range(8):
        for home in (one, other):
            home.rephrase("ana" if number % 2 else "ben")
        one.rephrase("eve")
        other.clock.moment = one.clock.moment
    one.cycle.run()
    one.journal.erase("eve")
    (tmp_path / "with" / "learning" / "state.json").unlink(missing_ok=True)
    mined = [
        sorted((r.id, r.target, str(r.evidence)) for r in home.cycle.run().candidate)
        for home in (one, other)
    ]
    assert mined[0] == mined[1] != []
    one.journal.close()
    other.journal.close()
