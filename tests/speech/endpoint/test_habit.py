"""How patient to be is learned from each person, and kept where it can be erased."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.clock import FixedClock
from gnothi.journal.journal import Journal
from gnothi.speech.endpoint.habit import KEY, Habit, Level

LEVELS = (
    Level(-2.0, 0.30, 0.30),
    Level(0.0, 0.12, 0.60),
    Level(2.0, 0.04, 1.20),
)


def live(habit: Habit, early: tuple[float, ...], times: int) -> list[int]:
    """Let somebody speak *times* times who pauses so that each level is too *early* so often."""
    rng = np.random.default_rng(1)
    chosen: list[int] = []
    for _ in range(times):
        level = habit.choose()
        chosen.append(level)
        was_early = bool(rng.random() < early[level])
        habit.learn(level, was_early=was_early, waited_s=LEVELS[level].waits_s)
    return chosen


def test_who_hesitates_is_waited_for_and_who_does_not_is_answered_at_once() -> None:
    """Nobody says so: it follows from who goes on after an answer began."""
    hesitant, brisk = (Habit(LEVELS, np.random.default_rng(0)) for _ in range(2))
    late = live(hesitant, (0.8, 0.5, 0.05), 200)[-50:]
    soon = live(brisk, (0.01, 0.01, 0.0), 200)[-50:]
    assert late.count(2) > 40
    assert soon.count(0) > 40
    assert (hesitant.usual, brisk.usual) == (2, 0)


def test_strangers_are_met_as_most_people_are() -> None:
    """With nothing known, the level that is best for the people of the prior comes first."""
    costs = [4 * level.early + level.waits_s for level in LEVELS]
    assert Habit(LEVELS, np.random.default_rng(0)).usual == int(np.argmin(costs))


def test_habits_are_kept_with_the_person_and_erased_with_them(tmp_path: Path) -> None:
    """A new session goes on where the last one ended, until the person is erased."""
    clock = FixedClock(datetime(2026, 11, 29, tzinfo=UTC))
    with Journal.open(f"sqlite:///{tmp_path / 'journal.db'}", clock=clock) as journal:
        store = journal.store("hearing", person="ana")
        live(Habit(LEVELS, np.random.default_rng(0), store), (0.8, 0.5, 0.05), 100)
        assert Habit(LEVELS, np.random.default_rng(0), store).usual == 2
        assert Habit(LEVELS, np.random.default_rng(0), journal.store("hearing")).usual == 1
        journal.erase("ana")
        assert store.get(KEY) is None
        assert Habit(LEVELS, np.random.default_rng(0), store).usual == 1


def test_who_is_erased_while_a_microphone_is_open_stays_erased(tmp_path: Path) -> None:
    """Only what is said afterwards is known then, and two microphones know it both."""
    clock = FixedClock(datetime(2026, 11, 29, tzinfo=UTC))
    with Journal.open(f"sqlite:///{tmp_path / 'journal.db'}", clock=clock) as journal:
        store = journal.store("hearing", person="ana")
        one, other = (Habit(LEVELS, np.random.default_rng(0), store) for _ in range(2))
        live(one, (0.8, 0.5, 0.05), 20)
        journal.erase("ana")
        other.learn(1, was_early=False, waited_s=0.5)
        one.learn(2, was_early=True, waited_s=0.5)
        assert store.get(KEY) == {"levels": [[0, 0, 0], [1, 0, 0.5], [1, 1, 1.2]]}


@pytest.mark.parametrize("kept", ["nonsense", {"levels": [[1, 2]]}, {"levels": [["a"] * 3] * 3}])
def test_what_another_version_kept_is_not_used(tmp_path: Path, kept: object) -> None:
    """Levels change with the arbitrator: habits of other levels begin anew."""
    clock = FixedClock(datetime(2026, 11, 29, tzinfo=UTC))
    with Journal.open(f"sqlite:///{tmp_path / 'journal.db'}", clock=clock) as journal:
        store = journal.store("hearing", person="ana")
        store.put(KEY, kept)  # pyright: ignore[reportArgumentType] - it is JSON
        habit = Habit(LEVELS, np.random.default_rng(0), store)
        habit.learn(0, was_early=True, waited_s=0.2)
        assert habit.usual == 1
