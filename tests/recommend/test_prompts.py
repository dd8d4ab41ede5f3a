"""Menus: what may be asked, and never again."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.conversation import Conversation, Recommender
from gnothi.recommend.course import Turn, course
from gnothi.recommend.moment import Breadth
from gnothi.recommend.policies.rules import Rules

MUSIC = shipped("music")
BASE = Recommender.over(MUSIC, Rules())


def test_menus_are_as_broad_as_they_may_be() -> None:
    """More candidates where more are wanted; best first; not too many of one facet."""
    for breadth in (Breadth(), Breadth(suggestions=12, pairs=5, choices=7, samples=8, plays=4)):
        menu = Conversation(replace(BASE, breadth=breadth)).menu()
        counts = Counter(one.slot.split(".")[0] for one in menu.candidates)
        assert counts["suggest"] == breadth.suggestions
        assert (counts["either"], counts["choice"]) == (breadth.pairs, breadth.choices)
        assert (counts["sample"], counts["play"]) == (breadth.samples, breadth.plays)
        assert len(menu.candidates) <= breadth.most
        facets = Counter(
            MUSIC.attributes[one.prompt.values[0]].facet
            for one in menu.candidates
            if one.slot.startswith("suggest")
        )
        assert max(facets.values()) <= breadth.of_a_facet
        gains = [one.gain for one in menu.candidates if one.prompt.ask is Ask.CHOICE]
        assert gains == sorted(gains, reverse=True)


def test_what_was_said_is_not_asked() -> None:
    """Neither a value that was asked for, nor one that was refused, alone or in a pair."""
    first = Conversation(BASE).menu()
    asked = {value for one in first.candidates for value in one.prompt.values}
    likes, dislikes = tuple(sorted(asked))[:3], tuple(sorted(asked))[3:6]
    said = Conversation(
        BASE, turns=[Turn(Prompt(Ask.OPEN), Answer(likes=likes, dislikes=dislikes))]
    )
    left = {value for one in said.menu().candidates for value in one.prompt.values}
    assert not left & {*likes, *dislikes}
    assert not said.menu().of(Ask.OPEN)


def test_expectations_are_chances() -> None:
    """Whatever is on the menu: gains are not negative, chances lie within 0 and 1."""
    for one in Conversation(BASE).menu().candidates:
        assert one.gain >= 0
        assert 0 <= one.yes <= 1
        assert 0 <= one.success <= 1
        assert 0 <= one.least <= one.mass


def test_a_course_sums_up() -> None:
    """Refusals in a row, and of one facet; what is unsure or lost; what is settled."""
    genre, mood = MUSIC.facet("genre").tolist(), MUSIC.facet("mood").tolist()
    no = Answer(degree=-1)
    turns = [
        Turn(Prompt(Ask.SUGGEST, (mood[0],)), Answer(degree=1)),
        Turn(Prompt(Ask.SUGGEST, (genre[0],)), no),
        Turn(Prompt(Ask.SAMPLE, item=3), no),
        Turn(Prompt(Ask.CHOICE, (genre[1], genre[2])), no),
    ]
    summed = course(turns, MUSIC)
    assert (summed.refusals, summed.same_facet, summed.last_facet) == (3, 2, "genre")
    assert summed.settled == {mood[0], *genre[:3]}
    assert summed.refused_values == set(genre[:3])
    assert (summed.heard, summed.refused_items) == ({3}, {3})
    assert (summed.yes, summed.no, summed.questions["genre"]) == (1, 3, 2)
    later = [
        *turns,
        Turn(Prompt(Ask.OPEN), Answer(is_unsure=True)),
        Turn(Prompt(Ask.OPEN), Answer()),
    ]
    assert (course(later[:5], MUSIC).unsure, course(later, MUSIC).lost) == (1, 1)
    assert course(later, MUSIC).refusals == 0


@pytest.mark.parametrize("chosen", [0, 1])
def test_taking_one_of_two_is_no_refusal(chosen: int) -> None:
    """Even with "not that one" about the other."""
    pair = tuple(MUSIC.facet("mood").tolist()[:2])
    turn = Turn(Prompt(Ask.CHOICE, pair), Answer(degree=-0.5, likes=(pair[chosen],)))
    assert turn.is_liked
    assert not turn.is_refused


def test_the_last_turn_plays() -> None:
    """When there is no time left, only plays are on the menu."""
    one = Conversation(replace(BASE, longest=1))
    assert {candidate.prompt.ask for candidate in one.menu().candidates} == {Ask.PLAY}
    assert one.ask(np.random.default_rng(0)).ask is Ask.PLAY


def _first_plays(items: tuple[int, ...], *, by_chance: bool) -> set[int | None]:
    base = replace(BASE, breadth=Breadth(by_chance=by_chance))
    turns = [Turn(Prompt(Ask.OPEN), Answer(items=items))]
    menu = Conversation(base, turns=turns).menu()
    return {menu.candidates[place].prompt.item for place in menu.of(Ask.PLAY)[: len(items)]}


def test_those_who_were_named_come_first() -> None:
    """Before those in the middle of all that is like them."""
    named = [(item, item + 7, item + 13) for item in range(0, len(MUSIC) - 13, 40)]
    by_chance = [_first_plays(items, by_chance=True) == set(items) for items in named]
    others = [_first_plays(items, by_chance=False) == set(items) for items in named]
    assert sum(by_chance) > sum(others)
