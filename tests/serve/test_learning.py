"""Learning as a household meets it: rounds, decisions, the chronicle, an erase."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gnothi.core.acting import Act
from gnothi.core.clock import FixedClock
from gnothi.core.errors import InputError, StorageError
from gnothi.core.settings import Settings
from gnothi.journal.journal import Journal
from gnothi.language.rewrites import NAME
from gnothi.learning.chronicle import Fate
from gnothi.learning.turns import judge_by_signals
from gnothi.registry.registry import Registry
from gnothi.serve.learned import digest, entries, find, judged_json, model_changes
from gnothi.serve.learning import Learning, open_learning
from gnothi.skills.skillset import SkillSet
from tests.serve.schooling import (
    ANAS,
    EVERYBODYS,
    FIRST,
    GRADUATION,
    HERS,
    RIGHT,
    WOW,
    WRONG,
    School,
)


class Home:
    """A household's learning and the school in which it learns."""

    def __init__(self, folder: Path, skills: SkillSet) -> None:
        self.folder = folder
        clock = FixedClock(FIRST)
        settings = Settings.from_environment({"GNOTHI_FOLDER": str(folder)})
        self.journal = Journal.open(settings.journal_url, clock=clock)
        self.registry = Registry.open(folder / "registry", shipped=folder / "no", clock=clock)
        self.school = School(self.journal, clock)
        opened = open_learning(
            settings,
            self.journal,
            self.registry,
            skills,
            clock=clock,
            threads=1,
            judge=judge_by_signals,
        )
        self.learning: Learning = replace(opened, others=())  # They have tests of their own.

    def live(self, said: str = WRONG, who: str | None = "ana") -> str | None:
        found = self.learning.cycle.live().look_up(said, who)
        return found and found.target

    def fates(self) -> dict[str, Fate]:
        return {one.rewrite.id: one.fate for one in entries(self.learning)}


@pytest.fixture(scope="module")
def skills() -> SkillSet:
    """The built-in skills."""
    return SkillSet.load()


@pytest.fixture
def fresh(tmp_path: Path, skills: SkillSet) -> Iterator[Home]:
    """Open a home that has learned nothing."""
    opened = Home(tmp_path, skills)
    yield opened
    opened.journal.close()


@pytest.fixture
def home(tmp_path: Path, learned_folder: Path, skills: SkillSet) -> Iterator[Home]:
    """Open a copy of the home that learned for two weeks."""
    shutil.copytree(learned_folder, tmp_path / "home")
    opened = Home(tmp_path / "home", skills)
    opened.school.go_on(GRADUATION)
    yield opened
    opened.journal.close()


def test_a_rewrite_has_a_history_that_people_can_read(home: Home) -> None:
    """Live, with the gate's reason, its evidence, and its use week by week."""
    home.school.use()
    home.learning.learn()
    found = find(home.learning, EVERYBODYS)
    assert found is not None and found.fate is Fate.LIVE and found.at is not None
    told = found.json()
    assert told["because"][0].startswith(f"I take “{WRONG}” for “{RIGHT}”.")
    assert any("Approved" in sentence for sentence in told["because"])
    assert (found.wins, found.losses) == (7, 0)
    assert [one.name for one in found.measures] == ["said", "meant", "used"]
    assert all(one.low <= one.rate <= one.high for one in found.measures)
    json.dumps(told)


def test_what_is_being_tried_says_how_far_the_gate_is(fresh: Home) -> None:
    """While a candidate waits, the turns that were seen are counted."""
    fresh.school.week()
    fresh.learning.learn()
    whole = {name: fate for name, fate in fresh.fates().items() if "=" not in name}
    assert whole == {EVERYBODYS: Fate.TRIED, ANAS: Fate.TRIED}
    fresh.school.say(WRONG, works=False, after=600)
    fresh.school.say(RIGHT)
    fresh.learning.learn()
    last = fresh.learning.last()
    assert last is not None and last.evidence["turns"] == 2 and last.evidence["mended"] == 1


def test_off_is_off_until_it_is_on_again(home: Home) -> None:
    """What is off is not served and not learned again; on brings back the very same."""
    before = {one.id: one for one in home.learning.cycle.live()}
    home.learning.switch_off(EVERYBODYS, by="ben")
    assert home.live() is None
    assert home.live(WOW) == HERS
    home.school.week()
    home.learning.learn()
    assert home.live() is None
    found = find(home.learning, EVERYBODYS)
    assert found is not None and (found.fate, found.by) == (Fate.OFF, "ben")
    home.learning.switch_on(EVERYBODYS, by="ana")
    assert {one.id: one for one in home.learning.cycle.live()} == before
    with pytest.raises(InputError, match="is off"):
        home.learning.switch_on(EVERYBODYS)


def test_forgetting_is_for_good(home: Home) -> None:
    """It is never learned again, and only that it was forgotten remains."""
    home.learning.forget([EVERYBODYS], by="ana")
    home.school.learn(home.learning, 1)
    assert home.live() is None
    assert home.fates()[EVERYBODYS] is Fate.FORGOTTEN
    assert [one.fate for one in home.learning.chronicle.events() if one.rewrite.id == EVERYBODYS]
    with pytest.raises(InputError, match="learned"):
        home.learning.forget(["*/nothing"])


def test_what_fails_in_use_is_told_as_withdrawn(home: Home) -> None:
    """The page says what went wrong, and how often."""
    home.school.use(6, works=False)
    home.learning.learn()
    found = find(home.learning, EVERYBODYS)
    assert found is not None
    events = home.learning.chronicle.events()
    event = next(e for e in events if e.fate is Fate.WITHDRAWN and not e.rewrite.part)
    assert event.reason == Act("learning-withdrawn", {"said": WRONG, "losses": 6, "wins": 0})


def test_an_erase_leaves_no_words_of_that_person(home: Home) -> None:
    """Neither in tables and chronicle, nor in what was switched off or forgotten."""
    home.learning.switch_off(ANAS, by="ana")
    home.learning.forget([EVERYBODYS], by="ana")
    home.journal.erase("ana")
    home.learning.unlearn("ana")
    events = home.learning.chronicle.events()
    assert not [one for one in events if one.by == "ana" or one.rewrite.person == "ana"]
    kept = json.dumps(home.journal.store("learning").items())
    assert "wow" not in kept and "kate" not in kept
    assert WRONG in kept  # Ben says it, too, and does not get it back.
    files = "".join(path.read_text() for path in home.folder.rglob("*.json"))
    assert "kate" not in files


def test_a_child_sees_everybodys_and_their_own(home: Home) -> None:
    """As in the journal: nobody but those in charge sees what another person said."""
    seen = {one.rewrite.id for one in entries(home.learning, "ben")}
    assert EVERYBODYS in seen and ANAS not in seen
    assert {name.partition("/")[0] for name in seen} == {"*", "ben"}
    assert {one.rewrite.id for one in entries(home.learning, "ana")} >= {EVERYBODYS, ANAS}
    home.school.say("play glorp", "ana", works=False, after=700)
    home.school.say("play glorp", "ana", works=False, after=700)
    home.learning.survey()
    now = home.school.clock.now()
    assert not digest(home.learning, home.registry, now, "ben").failing
    assert [one["text"] for one in digest(home.learning, home.registry, now, "ana").failing] == [
        "play glorp"
    ]


def test_the_week_is_told_in_sentences(home: Home) -> None:
    """What was learned, what was put right, and what still fails, as an offer."""
    home.school.use(3)
    for _ in range(3):
        home.school.say("play zorp", "ben", works=False, after=700)
    home.learning.survey()
    told = digest(home.learning, home.registry, home.school.clock.now())
    text = " ".join(told.sentences)
    assert f"I learned to take “{WRONG}” for “{RIGHT}”" in text
    assert "3 times; 3 of these went well" in text
    assert told.failing[0]["text"] == "play zorp" and told.failing[0]["times"] == 3
    later = home.school.clock.now() + timedelta(days=60)
    assert digest(home.learning, home.registry, later).sentences == ("I learned nothing new.",)


def test_only_one_learns_at_a_time(fresh: Home) -> None:
    """Whoever comes second is told, and changes nothing."""
    told: list[str] = []

    def meanwhile(_: str) -> None:
        with pytest.raises(InputError, match="already"):
            fresh.learning.learn()
        told.append("refused")

    fresh.school.week(2)
    fresh.learning.learn(meanwhile)
    assert set(told) == {"refused"}
    fresh.learning.learn()


class _Broken:
    """Learns nothing and fails."""

    name = "language/heads"

    def run(self) -> Act:
        raise StorageError("the disk is full.")


def test_one_learner_that_fails_does_not_stop_the_others(fresh: Home) -> None:
    """Rewrites are learned, and the failure is told in a sentence."""
    fresh.school.week()
    done = replace(fresh.learning, others=(_Broken(),)).learn()
    assert done.round.reason.key == "learning-candidate"
    assert done.others == {"language/heads": Act("learning-broke", {"reason": "the disk is full."})}
    last = fresh.learning.last()
    assert last is not None and last.others == done.others


def test_changes_of_models_are_told_without_the_tables(home: Home) -> None:
    """Tables of rewrites are told rewrite by rewrite."""
    assert NAME in home.registry.names()
    assert model_changes(home.registry) == []


def test_a_turn_says_whether_it_counts_as_failed(fresh: Home) -> None:
    """After a round, the signs that speak for it and against it are known."""
    fresh.school.say(WRONG, works=False, after=600)
    fresh.school.say(RIGHT)
    fresh.learning.learn()
    failed, fine = reversed(fresh.journal.recent(2))
    verdict = fresh.learning.judged(failed.id)
    assert verdict is not None and verdict.chance > 0.5
    told = judged_json(verdict)
    assert told["failed"] and "failed" in str(told["sentence"])
    assert "It did not work." in str(told["signs"])
    other = fresh.learning.judged(fine.id)
    assert other is not None and other.chance < 0.5
