import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.language.likeness import (
    Habits,
    alike,
    blocks_between,
    contradicts,
    explained,
    numbers_in,
)

WORDS = st.lists(st.sampled_from(["turn", "on", "off", "the", "light", "ten", "fan"]), max_size=8)


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("turn on the light", "turn off the light"),
        ("lock the front door", "unlock the front door"),
        ("set a timer for ten minutes", "set a timer for two minutes"),
        ("set a timer for tent minutes", "set a timer for ten minutes"),
        ("set the kitchen to 20", "set the kitchen to 21"),
        ("set the heating to twenty tree", "set the heating to twenty degrees"),
        ("set a timer for ten tea minutes", "set a timer for ten minutes"),
        ("do not turn on the light", "turn on the light"),
        ("wake me at seven am", "wake me at seven pm"),
        ("open the blinds", "close the blinds"),
    ],
)
def test_what_must_not_change_contradicts(said: str, other: str) -> None:
    """Numbers, opposites and "not" stay as they were said, however alike the words sound."""
    assert contradicts(tuple(said.split()), tuple(other.split()))


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("play day news", "play the news"),
        ("no i meant the den light", "i meant the den light"),
        ("wake me up at seven please", "wake me up at seven"),
        ("dim it to ten present", "dim it to ten percent"),
        ("kill the lights in the den", "turn off the light in the den"),
    ],
)
def test_other_words_for_the_same_contradict_nothing(said: str, other: str) -> None:
    """A "no" that opens speaks of what was said before."""
    assert not contradicts(tuple(said.split()), tuple(other.split()))


@given(WORDS, WORDS)
def test_to_contradict_is_mutual(said: list[str], other: list[str]) -> None:
    """If one can't stand for the other, the other can't stand for it."""
    one, two = tuple(said), tuple(other)
    assert numbers_in(one) or contradicts(one, two) == contradicts(two, one)


@given(WORDS, WORDS)
def test_blocks_are_all_that_differs(said: list[str], other: list[str]) -> None:
    """Equal requests have none; otherwise each block changes something."""
    blocks = blocks_between(tuple(said), tuple(other))
    assert bool(blocks) == (said != other)
    assert all(before != after for before, after in blocks)


def test_blocks_stand_side_by_side() -> None:
    """What was said, and what stands in its place."""
    said, other = "please play day news".split(), "play the news now".split()
    assert blocks_between(tuple(said), tuple(other)) == [
        ("please", ""),
        ("day", "the"),
        ("", "now"),
    ]


def test_sound_is_no_matter_of_spelling() -> None:
    """Words are compared as they are heard; nothing sounds like silence."""
    assert alike("wreck", "rec") > 0.8 > alike("kitchen", "garden")
    assert alike("wreck", "") == 0.0


def test_trust_grows_with_what_people_do() -> None:
    """What took the place of a word once is trusted less than what always does."""
    once, often = Habits({"owl": {"lamp": 1}}), Habits({"owl": {"lamp": 9, "fan": 1}})
    assert 0 < once.trust("owl", "lamp") < often.trust("owl", "lamp") < 1
    assert often.trust("owl", "tv") == often.trust("bat", "tv") == 0.0


def test_fillers_go_one_by_one() -> None:
    """Who knows that "please" and "now" may go knows that "please now" may."""
    habits = Habits({"please": {"": 9}, "now": {"": 9}})
    _, trust = explained(("please now", ""), [habits])
    assert trust == pytest.approx(0.9)
