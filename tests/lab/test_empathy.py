"""The score that sets the tone is held against how sessions end, by a plain and honest measure."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from gnothi.recommend.policies.gain import InformationGain
from gnothi.recommend.tone import Signs
from gnothi_lab.benchmarks import empathy
from gnothi_lab.empathy import fitting
from gnothi_lab.empathy.measuring import auc, auc_interval, logistic, of_score
from gnothi_lab.empathy.moments import Moment, Moments, moments
from gnothi_lab.recommend.sessions import Played, Room, Way, play

POLICY = InformationGain(sample=3.0, play=6.0, bar=0.3)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    """Return a room with the listeners of the tiny world."""
    found = Room.of("tiny", seed=100)
    yield found
    found.close()


@pytest.fixture(scope="module")
def played(room: Room) -> list[Played]:
    """Return some sessions."""
    return list(play(room, POLICY, room.sessions(30, test=False)))


def _made(size: int = 400, *, seed: int = 0) -> Moments:
    """Return moments of people whose liking alone decides."""
    rng = np.random.default_rng(seed)
    signs = np.column_stack([rng.random(size), rng.uniform(-1, 1, size), rng.random(size)])
    made = [
        Moment(
            listener=str(number % 40),
            turn=1 + number % 3,
            signs=Signs(*row),
            degree=row[1],
            mass=row[0],
            is_last=number % 2 == 0,
            is_success=bool(rng.random() < (row[1] + 1) / 2),
        )
        for number, row in enumerate(signs.tolist())
    ]
    return Moments.of(made)


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=40))
def test_auc_is_that_of_everybody(rows: list[tuple[int, bool]]) -> None:
    """Ties count half, as in scikit-learn."""
    scores, hits = np.array([row[0] for row in rows], float), np.array([row[1] for row in rows])
    if hits.all() or not hits.any():
        assert np.isnan(auc(scores, hits))
    else:
        assert auc(scores, hits) == pytest.approx(roc_auc_score(hits, scores))


def test_intervals_draw_listeners() -> None:
    """Rows that only repeat what a listener did before make nothing surer."""
    found = _made()
    once = auc_interval(
        found.score, found.is_success, found.listeners, np.random.default_rng(1), draws=200
    )
    four = auc_interval(
        np.tile(found.score, 4),
        np.tile(found.is_success, 4),
        np.tile(found.listeners, 4),
        np.random.default_rng(1),
        draws=200,
    )
    assert once == pytest.approx(four)
    assert once[0] < auc(found.score, found.is_success) < once[1]


def test_moments_are_those_of_the_conversation(room: Room, played: list[Played]) -> None:
    """Gone through again, a conversation shows the signs that it had; its last prompt is marked."""
    recommender = room.recommender(POLICY, Way())
    found = list(moments(recommender, played))
    assert len(found) == sum(len(one.turns) - 1 for one in played)
    assert sum(one.is_last for one in found) == sum(len(one.turns) > 1 for one in played)
    first = next(one for one in played if one.is_led)
    again = recommender.begin(
        np.random.default_rng(0), person=first.session.key, first=first.turns[0].answer
    )
    assert next(moments(recommender, [first])).signs == again.signs


def test_the_score_follows_every_sign_on_recorded_sessions(
    room: Room, played: list[Played]
) -> None:
    """Its partial dependence on closeness, sentiment and sureness never falls."""
    found = Moments.of(list(moments(room.recommender(POLICY, Way()), played)))
    for factor in range(3):
        assert np.all(np.diff(of_score(found, factor)) >= 0)


def test_what_decides_is_found() -> None:
    """Where liking alone decides, fitted weights lean on it, and success follows it alone."""
    found = _made(2000)
    _, share = fitting.fit([found])
    assert share > 0.8
    told = empathy.monotone(found)
    assert told["rise_sentiment"] > 0.5 > abs(told["rise_closeness"])
    assert auc(logistic(found, found.signs), found.is_success) > 0.75


def test_figures_without_both_outcomes_are_left_out() -> None:
    """Nobody is told an AUC over sessions that all end alike."""
    found = Moments.of([Moment("x", 1, Signs(0.5, 0.0, 1.0), 0.0, 0.1, True, True)])
    assert empathy.foretold(found, lambda one: one.score) == ({}, {})
