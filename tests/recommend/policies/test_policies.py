"""Policies: they find something, explore with known chances, and log what learners need."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from gnothi.policy.reading import read_log
from gnothi.recommend.acts import Answer, Ask, Wish
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.closeness import closeness, path, usefulness
from gnothi.recommend.conversation import End, Recommender
from gnothi.recommend.decisions import Decision, Logged, decision, success_only, table
from gnothi.recommend.features import MOMENT, NAMES
from gnothi.recommend.policies import Exploring, Policy, Uniform
from gnothi.recommend.policies.gain import InformationGain
from gnothi.recommend.policies.rules import Rules
from tests.recommend.listener import Listener, converse

MUSIC = shipped("music")
BASE = Recommender.over(MUSIC, Rules())
SESSIONS = 24
EVERY = [Rules(), InformationGain(), Exploring(Rules()), Uniform()]


def successes(policy: Policy) -> float:
    """The share of simulated listeners who get what they want within their patience."""
    recommender = Recommender.over(shipped("films"), policy)
    return float(np.mean([converse(recommender, seed)[2] for seed in range(SESSIONS)]))


def test_rules_and_information_beat_chance() -> None:
    """The baseline that ought to lose does, on simulated listeners."""
    chance = successes(Uniform())
    assert successes(Rules()) > chance + 0.1
    assert successes(InformationGain()) > chance + 0.2


@pytest.mark.parametrize("policy", EVERY)
def test_chances_are_chances(policy: Policy) -> None:
    """They add to 1 over all candidates, and the same seed chooses the same."""
    one = BASE.begin(np.random.default_rng(0), first=Answer(is_unsure=True))
    menu = one.menu()
    chances = policy.chances(menu)
    assert chances.shape == (len(menu.candidates),)
    assert chances.sum() == pytest.approx(1)
    assert len(menu.candidates) <= BASE.breadth.most
    first, second = (policy.choose(menu, np.random.default_rng(3)) for _ in range(2))
    assert first.prompt == second.prompt
    assert first.propensity == pytest.approx(chances[first.place])
    slots = [candidate.slot for candidate in menu.candidates]
    assert len(slots) == len(set(slots))


def test_exploring_leaves_nothing_without_chance() -> None:
    """Every candidate has the floor, and the draws are as often as they say."""
    menu = BASE.begin(np.random.default_rng(0), first=Answer(is_unsure=True)).menu()
    policy, rng = Exploring(Rules(), floor=0.02), np.random.default_rng(0)
    chances = policy.chances(menu)
    assert chances.min() == pytest.approx(0.02)
    drawn = np.bincount([policy.choose(menu, rng).place for _ in range(1500)])
    assert np.abs(drawn / 1500 - chances).max() < 0.04


def test_features_are_numbers_and_hold_no_ids() -> None:
    """One row a candidate; the order of items in a catalogue leaves no trace."""
    menu = BASE.begin(np.random.default_rng(0), first=Answer(is_unsure=True)).menu()
    assert menu.features.shape == (len(menu.candidates), len(NAMES))
    assert np.isfinite(menu.features).all()
    assert np.ptp(menu.features[:, : len(MOMENT)], axis=0).max() == 0


def test_rules_change_the_facet_after_two_refusals() -> None:
    """After two refusals about one facet they ask about another, or play something."""
    one = replace(BASE, policy=Rules(sample_turn=90)).begin(
        np.random.default_rng(0), first=Answer(is_unsure=True)
    )
    facets: list[str] = []
    for _ in range(12):
        assert one.prompt is not None
        facets.append(MUSIC.attributes[one.prompt.values[0]].facet if one.prompt.values else "")
        one.reply(Answer(degree=-0.9), np.random.default_rng(0))
    for place in range(2, 12):
        assert not facets[place] or len(set(facets[place - 2 : place + 1])) > 1


def test_rules_sample_in_time_and_play_when_late() -> None:
    """A threshold of turns brings a sample, a later one a play."""
    rules = Rules(sample_turn=2, rest=0, play_turn=4)
    one = replace(BASE, policy=rules).begin(np.random.default_rng(0))
    asks: list[Ask] = []
    while one.prompt is not None and len(asks) < 6:
        asks.append(one.prompt.ask)
        one.reply(Answer(wish=Wish.MORE), np.random.default_rng(0))
    assert asks[0] is Ask.OPEN
    assert asks[2:] == [Ask.SAMPLE, Ask.SAMPLE, Ask.PLAY, Ask.PLAY]


def test_good_conversations_come_closer() -> None:
    """Closeness to what is played rises; what the prompts did for it adds up to the rise."""
    played = [converse(BASE, seed) for seed in range(8)]
    ended = [one for one, _, good in played if good and one.end is End.PLAYED]
    assert ended
    for one in ended:
        assert one.played is not None
        way = list(path(one.start, one.turns, one.played))
        helped = usefulness(one.start, one.turns, one.played)
        assert 0 <= min(way) <= max(way) <= 1
        assert sum(helped) == pytest.approx(np.log(way[-1] / way[0]))
        assert way[-1] > way[0]
        assert closeness(one.belief, one.played) == pytest.approx(way[-1])


def logged(episode: int, person: str) -> Logged:
    """A simulated conversation with an exploring policy, as it is logged."""
    recommender = replace(BASE, policy=Exploring(Rules()))
    rng, decided = np.random.default_rng(episode), list[Decision]()
    listener = Listener(MUSIC, np.random.default_rng([episode, 7]))
    one = recommender.begin(rng)
    while one.prompt is not None and len(one.turns) < 8:
        if (made := decision(one)) is not None:
            decided.append(made)
        one.reply(listener.answer(one.prompt), rng)
    rewards = success_only(one, len(decided))
    return Logged(f"session {episode}", person, MUSIC.kind, decided, rewards)


def test_decisions_are_a_log_that_off_policy_evaluation_reads(tmp_path: Path) -> None:
    """Parquet with propensities of all candidates; no names, and keys that differ each time."""
    sessions = [logged(episode, "ana" if episode % 2 else "ben") for episode in range(6)]
    exported = table(sessions, key=b"once")
    pq.write_table(exported, tmp_path / "decisions.parquet")
    read = read_log(tmp_path / "decisions.parquet", targets=["chances"])
    assert (read.log.count, len(np.unique(read.log.clusters))) == (6, 2)
    assert read.log.features == MOMENT
    assert read.targets[0].taken == pytest.approx(read.log.propensities)
    assert "suggest.1" in read.log.names
    row = exported.to_pylist()[0]
    words = {word for act in exported["act"].to_pylist() for word in act.split()}
    assert words <= {*map(str, Ask), *MUSIC.facets}
    assert not {"ana", "ben", "session 0"} & {*exported["person"].to_pylist(), row["episode"]}
    assert len(row["menu"]) == len(row["candidates"]) * len(NAMES)
    other = table(sessions, key=b"another")
    assert not set(exported["person"].to_pylist()) & set(other["person"].to_pylist())
