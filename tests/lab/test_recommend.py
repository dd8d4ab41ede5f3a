"""Sessions between policies and simulated listeners; the tiny world needs no data."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.learner import Lessons, Recipe, learn
from gnothi.recommend.policies.matching import Matching
from gnothi_lab.recommend import training
from gnothi_lab.recommend.ceiling import Ordered, fitted_to_truth, whole_mood
from gnothi_lab.recommend.comparing import Sums
from gnothi_lab.recommend.deleting import Deleted, reached_without
from gnothi_lab.recommend.hearing import SKIPPED, heard
from gnothi_lab.recommend.listening import Listening
from gnothi_lab.recommend.logging import export
from gnothi_lab.recommend.sessions import MANY, Outcomes, Room, Way, outcomes, play
from gnothi_lab.worlds.listeners import Reaction

EXPLORING = Matching(training.GAIN, 0.7)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    """A world that invents its listeners."""
    made = Room.of("tiny", seed=3)
    yield made
    made.close()


def test_the_same_sessions_go_the_same_way(room: Room) -> None:
    """Two runs of one policy are equal to the last prompt; another policy meets the same people."""
    sessions = room.sessions(12, test=False)
    one, two = (list(play(room, training.RULES, sessions)) for _ in range(2))
    assert [played.turns for played in one] == [played.turns for played in two]
    other = list(play(room, EXPLORING, sessions))
    assert [played.truth.mood for played in one] == [played.truth.mood for played in other]
    assert [played.session.text for played in one] == [played.session.text for played in other]


def test_listeners_are_kept_apart(room: Room) -> None:
    """Nobody who is learned from is tested on."""
    learned, tested = ({key for key, _ in room.sessions(200, test=test)} for test in (False, True))
    assert not learned & tested


def test_logs_are_lessons(room: Room) -> None:
    """What is exported names no act that is unknown, and a policy can be learned from it."""
    told = export(room, EXPLORING, room.sessions(30, test=False), Way(MANY), seed=1)
    lessons = Lessons.of(told.table)
    assert len(lessons) == len(told.playback)
    assert lessons.propensities.min() > 0
    assert 0 <= lessons.rewards.min() <= lessons.rewards.max() <= 1
    assert np.all(lessons.rewards[told.playback == 0] == 0)
    columns = set(told.table.column_names)
    assert not columns & {"text", "title", "key"}
    policy = learn(lessons, Recipe(trees=5, least=10))
    done = outcomes(play(room, policy, room.sessions(5, test=True)), room.cap)
    assert len(done.keys) == 5


def test_without_a_prompt_the_session_goes_another_way(room: Room) -> None:
    """Leaving out the play that succeeded loses the success, unless another is found."""
    played = [
        one
        for one in play(room, EXPLORING, room.sessions(30, test=False), seed=2)
        if one.truth.is_success and one.places
    ]
    deleted = [Deleted(one, one.places[-1]) for one in played]
    without = reached_without(room, EXPLORING, Way(), deleted, seed=0, draws=1)
    assert without.shape == (len(played),)
    assert without.mean() < 1


def test_a_stopped_play_is_a_refusal_whatever_is_said(room: Room) -> None:
    """Kind words while music is stopped do not make the assistant content."""
    stopped = Reaction("rather something with guitars, please", "skipped", 20, is_over=False)
    assert heard(room.replies, Prompt(Ask.PLAY, item=0), stopped).degree <= SKIPPED
    silent = Reaction("", "skipped", 3, is_over=False)
    assert heard(room.replies, Prompt(Ask.SAMPLE, item=0), silent) == Answer(degree=SKIPPED)


def test_changes_are_relative_and_by_listener() -> None:
    """A policy that succeeds twice as often has a gain of 1."""
    keys = tuple("abcde" * 20)
    flags = np.zeros(100, np.bool_)
    base = Outcomes(keys, np.tile([1.0, 0.0], 50), np.full(100, 10.0), flags * 1.0, flags, flags)
    better = replace(base, success=np.ones(100), turns=np.full(100, 5.0))
    sums = Sums()
    sums.add("rules", base)
    sums.add("learned", better)
    gain, (low, high) = sums.change("learned", "rules", 1, np.random.default_rng(0))
    assert gain == pytest.approx(1.0)
    assert low <= gain <= high
    assert sums.change("learned", "rules", 2, np.random.default_rng(0))[0] == pytest.approx(-0.5)


def test_listeners_are_a_world_for_off_policy_evaluation(room: Room) -> None:
    """Logs of any policy over slots come with the propensities that it says."""
    world = Listening(room)

    def anything(features: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        del features
        return allowed / allowed.sum(1, keepdims=True)

    log = world.converse(anything, 20, np.random.default_rng(0), each=2)
    assert np.allclose(log.propensities, 1 / log.allowed.sum(1))
    assert log.contexts.shape == (log.size, len(world.features))
    assert 0 <= log.returns().min() <= log.returns().max() <= 1
    assert len(np.unique(log.clusters)) <= 10


def test_ceilings_know_what_nobody_can_know(room: Room) -> None:
    """With the truth about items and the whole mood, what is heard names all of the mood."""
    sessions = room.sessions(40, test=False)
    hint = whole_mood(room)
    told = list(play(room, training.RULES, sessions, hint=hint))
    named = [
        (set(turn.answer.likes), set(one.truth.mood))
        for one in told
        for turn in one.turns
        if turn.answer.likes and not turn.answer.wish
    ]
    whole = [mood <= likes for likes, mood in named if mood & likes]
    assert whole
    assert np.mean(whole) > 0.9
    forest, count = fitted_to_truth(room, [EXPLORING], sessions, Way(MANY))
    offered = [
        items for one in play(room, EXPLORING, sessions, way=Way(MANY)) for items in one.offers
    ]
    assert count == sum(map(len, offered))
    done = outcomes(play(room, Ordered(training.RULES, forest), sessions), room.cap)
    assert len(done.keys) == len(sessions)
