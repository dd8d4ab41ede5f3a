"""The simulated listeners: the same for every policy, honest about their truth, silent about it."""

import os
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import InputError
from gnothi.recommend.acts import Ask, Prompt
from gnothi_lab.worlds.listeners import Judge, Listeners, Transcript
from gnothi_lab.worlds.listeners.calibrating import choice
from gnothi_lab.worlds.listeners.parameters import NUMBERS, WORDS, Parameters, digest, words
from gnothi_lab.worlds.listeners.protocol import Desk
from gnothi_lab.worlds.listeners.validating import by_wizard, like_rate
from gnothi_lab.worlds.listeners.wording import Move, Wording
from gnothi_lab.worlds.listeners.world import Said, World

DATA = os.environ.get("GNOTHI_DATA")
RECORD = Path(__file__).parents[2] / "docs" / "decisions" / "0012-listeners.md"


@cache
def _world(*, seed: int = 1, family: str = "a") -> World:
    return World("tiny", seed=seed, family=family)


def _sessions(world: World, count: int, first: int = 0) -> list[tuple[str, int]]:
    keys = world.people.keys
    return [(keys[at % len(keys)], first + at // len(keys)) for at in range(count)]


def _asked(world: World, tags: Sequence[int], handles: Sequence[int]) -> list[Said]:
    known = world.people.records.attributes
    named = [(known[tag].facet, known[tag].value) for tag in tags]
    return [Said(handle, "suggest", [value]) for handle, value in zip(handles, named, strict=True)]


@pytest.fixture(scope="module")
def listeners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listeners]:
    """Return the world as a process."""
    cache = str(tmp_path_factory.mktemp("listeners"))
    with Listeners(data="tiny", seed=3, judged=True, cache=cache) as found:
        yield found


def _decide(transcripts: Sequence[Transcript]) -> list[Prompt]:
    """Ask one open question, then play one item after the other."""
    return [
        Prompt(Ask.PLAY, item=len(one.exchanges)) if one.exchanges else Prompt(Ask.OPEN)
        for one in transcripts
    ]


# What was fixed before.


def test_the_parameters_are_those_that_were_committed() -> None:
    """The record of the decision quotes the hashes of what was fixed before a policy ran."""
    assert f"sha256:{digest(NUMBERS)}" in RECORD.read_text()
    assert f"sha256:{digest(WORDS)}" in RECORD.read_text()


def test_a_sweep_changes_one_number() -> None:
    """What no data pins down can be swept, and a name that is none is refused."""
    assert Parameters.load("a", {"families.a.slip": 0.5}).family.slip == 0.5
    assert Parameters.load("a").family.slip < 0.5
    with pytest.raises(InputError, match="no number"):
        Parameters.load("a", {"families.a.humour": 1})


def test_families_share_hardly_any_wording() -> None:
    """Family B is for testing whether words that nobody tuned on are understood, too."""
    told = words()
    first, second = (
        {text for said in told[family]["common"].values() for text in said} for family in "ab"
    )
    assert len(first & second) / len(second) < 0.05


# Common random numbers.


def test_the_same_seed_gives_the_same_sessions() -> None:
    """Wish, temper and first words hang on seed, listener and session, not on what went before."""
    world, again = _world(), World("tiny", seed=1)
    sessions = _sessions(world, 50)
    early = again.open(sessions[::-1])[::-1]
    opened = world.open(sessions)
    assert [text for _, text in early] == [text for _, text in opened]
    for (left, _), (right, _) in zip(opened, early, strict=True):
        assert world.sitting(left).goal.mood == again.sitting(right).goal.mood
        assert world.sitting(left).patience == again.sitting(right).patience


def test_what_others_are_asked_changes_nothing() -> None:
    """A session goes the same way alone as among others."""
    world = _world()
    sessions = _sessions(world, 40, first=5)
    alone = [handle for handle, _ in world.open(sessions)]
    together = [handle for handle, _ in world.open(sessions)]
    heard = world.say([Said(handle, "open") for handle in together])
    assert heard == [world.say([Said(handle, "open")])[0] for handle in alone]


def test_an_opinion_stays() -> None:
    """Whoever does not know a tag, or does not want it, says so again when asked again."""
    world_changes = {"families.a.slip": 0.0, "families.a.silence": 0.0, "families.a.vague": 0.0}
    world = World("tiny", seed=2, changes=world_changes)
    handles = [handle for handle, _ in world.open(_sessions(world, 300))]
    tags = [at % len(world.people.records.attributes) for at in range(len(handles))]
    signs: list[list[bool | None]] = []
    for _ in range(2):
        handles_open = [handle for handle in handles if not world.sitting(handle).ending]
        some = [tags[handles.index(handle)] for handle in handles_open]
        world.say(_asked(world, some, handles_open))
        degrees = [world.sitting(handle).degree for handle in handles]
        signs.append([None if one is None else one >= 0 for one in degrees])
    still = [not world.sitting(handle).ending for handle in handles]
    kept = [left == right for left, right, is_open in zip(*signs, still, strict=True) if is_open]
    assert np.mean(kept) > 0.99


# How they answer.


def test_a_yes_gets_likelier_with_the_fit() -> None:
    """Tags that fit the goal well are taken, and those that do not are refused."""
    world = _world()
    handles = [handle for handle, _ in world.open(_sessions(world, 400, first=20))]
    first = [world.sitting(handle).goal.mood[0] for handle in handles]
    world.say(_asked(world, first, handles))
    fitting = [world.sitting(handle).degree for handle in handles]
    others = [handle for handle, _ in world.open(_sessions(world, 400, first=40))]
    world.say(_asked(world, first[::-1], others))
    random = [world.sitting(handle).degree for handle in others]
    assert _share_liked(fitting) > 0.85
    assert _share_liked(random) < 0.4


def test_rare_tags_are_known_by_fewer() -> None:
    """The fewer people use a tag, the more answer that they do not know it."""
    world = _world()
    unknown, taggers = world._answering.dont_know, world.people.tag_taggers
    order = np.argsort(taggers)
    assert (np.diff(unknown[order]) <= 1e-12).all()
    assert unknown[order[0]] > unknown[order[-1]]


def test_a_tag_fits_the_better_the_more_people_gave_it() -> None:
    """One person's tag says little of an artist; many people's says a lot."""
    people = _world().people
    counts, strength = people.records.taggers, people.strength
    for item in range(30):
        order = np.argsort(counts[item])
        assert (np.diff(strength[item][order]) >= 0).all()


def test_degrees_follow_closeness() -> None:
    """The closer to the goal what is played, the more pleased the answer."""
    world = _world()
    handles = [handle for handle, _ in world.open(_sessions(world, 600, first=60))]
    sittings = [world.sitting(handle) for handle in handles]
    titles = world.people.records.titles
    items = np.array(
        [
            choice(world.people, world.goals, one.goal, 0.5) if at % 2 else at % len(titles)
            for at, one in enumerate(sittings)
        ]
    )
    close, _ = world.closeness(sittings, items)
    world.say([Said(h, "sample", (), titles[item]) for h, item in zip(handles, items, strict=True)])
    degrees = np.array([np.nan if one.degree is None else one.degree for one in sittings])
    told = ~np.isnan(degrees)
    assert np.corrcoef(close[told], degrees[told])[0, 1] > 0.4


def test_people_say_several_kinds_of_things() -> None:
    """Partial noes, places, ignorance, wishes of their own: all of them occur."""
    world = _world()
    attributes = world.people.records.attributes
    handles = [handle for handle, _ in world.open(_sessions(world, 1500, first=100))]
    pairs = [
        (world.sitting(handle).goal.mood[0], (7 * at) % len(attributes))
        for at, handle in enumerate(handles)
    ]
    prompts = [
        Said(handle, "choice", [(attributes[tag].facet, attributes[tag].value) for tag in pair])
        for handle, pair in zip(handles, pairs, strict=True)
    ]
    heard = world.say(prompts)
    texts = " | ".join(one.text.lower() for one in heard)
    for wanted in (
        "the first",
        "number two",
        "both",
        "nothing|no |not ",
        "something nice",
    ):
        assert re.search(wanted, texts), wanted
    assert any(one.event == "silence" and not one.text for one in heard)


def test_every_act_has_words_in_every_hand() -> None:
    """No meaning is left without a way to say it, and no name without its place filled."""
    for family in "ab":
        wording = Wording(family)
        for hand, told in enumerate(wording.hands):
            for act in told.acts:
                for key in range(0, 2**62, 2**62 // 7):
                    assert "{" not in wording.put(hand, [Move(act, "jazz", "sad")], key)


def _share_liked(degrees: Sequence[float | None]) -> float:
    told = [one >= 0 for one in degrees if one is not None]
    return float(np.mean(told))


# How it ends.


def test_patience_ends() -> None:
    """Whoever is asked the same thing again and again leaves; explorers, later."""
    for family in "ab":
        world = _world(family=family)
        handles = [handle for handle, _ in world.open(_sessions(world, 200, first=200))]
        waiting = handles
        for _ in range(100):
            heard = world.say([Said(handle, "company") for handle in waiting])
            waiting = [h for h, one in zip(waiting, heard, strict=True) if not one.is_over]
            if not waiting:
                break
        turns = {world.sitting(handle).prompts for handle in handles}
        assert len(waiting) < 4
        assert len(turns) > 4


def test_a_wizard_is_liked_as_often_as_real_helpers() -> None:
    """What is fitted fits: samples of somebody who knows the mood are liked in four of five."""
    world = World("tiny", seed=9)
    simulated, _ = by_wizard(world, 600)
    rates = [like_rate(one) for one in simulated]
    assert np.nanmean(rates) == pytest.approx(0.8, abs=0.05)
    assert np.mean([len(one) for one in simulated]) == pytest.approx(6.5, abs=1.5)


def test_somebody_settles_for_something_else() -> None:
    """Being played to the end is not always success: rewards from playback err, in a known way."""
    world = _world(family="b")
    handles = [handle for handle, _ in world.open(_sessions(world, 1000, first=300))]
    titles = world.people.records.titles
    for turn in range(3):
        waiting = [handle for handle in handles if not world.sitting(handle).ending]
        sittings = [world.sitting(handle) for handle in waiting]
        items = [choice(world.people, world.goals, one.goal, (turn + 0.5) / 3) for one in sittings]
        world.say([Said(h, "play", (), titles[i]) for h, i in zip(waiting, items, strict=True)])
    ended = [world.sitting(handle) for handle in handles]
    completed = [one for one in ended if one.ending == "completed"]
    assert 0.02 < np.mean([not one.is_success for one in completed]) < 0.5
    assert all(one.played in one.goal.items for one in completed if one.is_success)


# The wall.


def test_only_a_judged_world_tells_the_truth() -> None:
    """A policy that asks for the truth is refused."""
    desk = Desk(_world(), judged=False)
    with pytest.raises(InputError, match="no request 'truth'"):
        desk.answer({"op": "truth", "handles": [0]})


def test_histories_hold_nothing_of_what_is_wanted() -> None:
    """What is held out is in no history, and popularity counts histories only."""
    people = _world().people
    for listener in range(people.records.listeners):
        seen, hidden = people.past.of(listener)[0], people.held_out.of(listener)[0]
        assert not set(seen) & set(hidden)
        assert len(hidden) >= 1
    assert people.popularity.sum() == len(people.past.items)


def test_the_catalogue_is_public(listeners: Listeners) -> None:
    """Assistants know artists and tags by name; listeners are split into two halves."""
    catalogue = listeners.catalogue
    assert catalogue.kind == "artist"
    assert len(catalogue) == len(set(catalogue.titles))
    learning, testing = listeners.keys(test=False), listeners.keys(test=True)
    assert not set(learning) & set(testing)
    items, counts = listeners.histories(learning[:1])[0]
    assert len(items) == len(counts) > 10
    assert (catalogue.weights[items] >= 1).all()


def test_what_makes_no_sense_is_refused(listeners: Listeners) -> None:
    """A prompt without its names, or after the end, is an error; the world goes on."""
    [session] = listeners.open([(listeners.keys(test=False)[0], 77)])
    with pytest.raises(InputError, match="names 0 attributes"):
        listeners.say({session.handle: Prompt(Ask.SUGGEST)})
    with pytest.raises(InputError, match="no session"):
        listeners.say({10**9: Prompt(Ask.OPEN)})
    [reaction] = listeners.say({session.handle: Prompt(Ask.COMPANY)})
    assert reaction.text or reaction.event
    listeners.forget([session.handle])


def test_a_missing_folder_is_named() -> None:
    """The data set has to be there."""
    with pytest.raises(InputError, match="lastfm_star"):
        World("/nowhere")


# Judging.


def test_the_oracle_is_the_ceiling(listeners: Listeners) -> None:
    """Who knows the set succeeds at once, but for what nobody can do and what is interrupted."""
    judge = Judge(listeners)
    keys = listeners.keys(test=True)
    sessions = [(key, number) for key in keys for number in range(6)]
    best = judge.oracle(sessions)
    played = [truth for _, truth in judge.run(sessions, _decide)]
    possible = np.array([bool(truth.acceptable) for truth in best])
    won = np.array([truth.is_success for truth in best])
    assert won[possible].mean() > 0.9
    assert {truth.opening for truth in best} == {"", "want", "similar", "name"}
    assert not won[~possible].any()
    assert won.mean() > np.mean([truth.is_success for truth in played]) + 0.3
    assert np.mean([truth.turns for truth in best if truth.is_success]) < 1.4
    assert all(truth.counted(judge.cap) == judge.cap for truth in best if not truth.is_success)


def test_a_session_can_be_played_again_without_a_prompt(listeners: Listeners) -> None:
    """With all its prompts it goes as it went; without one, what came before is the same."""
    judge = Judge(listeners)
    sessions = [(key, 50) for key in listeners.keys(test=True)]
    run = judge.run(sessions, _decide)
    recorded, truths = zip(*run, strict=True)
    assert judge.replay(recorded, without=[None] * len(recorded)) == list(truths)
    shorter = judge.replay(recorded, without=[1] * len(recorded))
    assert all(after.turns <= before.turns for after, before in zip(shorter, truths, strict=True))
    seen: list[Prompt] = []

    def leave_out(transcripts: Sequence[Transcript]) -> list[Prompt]:
        seen.extend(one.deleted for one in transcripts if one.deleted is not None)
        return [Prompt(Ask.PLAY, item=100 + len(one.exchanges)) for one in transcripts]

    again = judge.replay(recorded, without=[0] * len(recorded), decide=leave_out)
    assert Prompt(Ask.OPEN) in seen
    assert all(truth.turns for truth in again)


def test_the_real_listeners() -> None:
    """With the public data, sessions have moods of one to three tags and acceptable artists."""
    if not DATA:
        pytest.skip("GNOTHI_DATA does not point to the public data sets")
    world = World(DATA, cache=Path("build/listeners"))
    handles = [handle for handle, _ in world.open(_sessions(world, 300))]
    goals = [world.sitting(handle).goal for handle in handles]
    assert len(world.people.keys) == 1801
    assert {len(goal.mood) for goal in goals} == {1, 2, 3}
    assert 0.9 < np.mean([len(goal.items) > 0 for goal in goals]) < 1
    assert world.people.records.reality["like_rate"] == pytest.approx(0.8, abs=0.02)
