"""Menus: what may be asked, and never again."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
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


def _items(turns: list[Turn], *asks: Ask) -> list[int | None]:
    menu = Conversation(BASE, turns=turns).menu()
    return [one.prompt.item for one in menu.candidates if one.prompt.ask in asks]


def test_what_was_passed_over_is_not_offered_again() -> None:
    """After "something else", or "seen it", another is, until that one is asked for by name."""
    best = _items([], Ask.PLAY)[0]
    sampled = Prompt(Ask.SAMPLE, item=best)
    passed = [Turn(sampled, Answer(wish=Wish.MORE))]
    assert course(passed, MUSIC).passed == {best}
    assert best not in _items(passed, Ask.PLAY, Ask.SAMPLE)
    assert best is not None
    named = [*passed, Turn(Prompt(Ask.OPEN), Answer(items=(best,)))]
    assert best in _items(named, Ask.PLAY)
    liked = [Turn(sampled, Answer(degree=0.5, wish=Wish.MORE))]
    assert best in _items(liked, Ask.PLAY)


def test_what_was_passed_over_is_better_than_nothing() -> None:
    """When all the others were refused, or passed over too."""
    every = [
        Turn(Prompt(Ask.SAMPLE, item=item), Answer(degree=None if item % 2 else -1, wish=Wish.MORE))
        for item in range(len(MUSIC))
    ]
    plays = _items(every, Ask.PLAY)
    assert plays
    assert all(item is not None and item % 2 for item in plays)


@pytest.mark.parametrize(
    ("kind", "facet", "value"),
    [("music", "decade", "80s"), ("films", "country", "fr"), ("dinner", "effort", "quick")],
)
def test_another_of_a_facet_is_not_asked(kind: str, facet: str, value: str) -> None:
    """Who wants the eighties is not asked for the nineties; other facets are, and it itself is."""
    catalogue = shipped(kind)
    wanted, other = catalogue.attribute(facet, value), catalogue.facet(facet).tolist()
    base = replace(
        Recommender.over(catalogue, Rules()), breadth=Breadth(suggestions=40, of_a_facet=9)
    )
    assert wanted is not None

    def asked(*turns: Turn) -> set[int]:
        candidates = Conversation(base, turns=turns).menu().candidates
        return {one for candidate in candidates for one in candidate.prompt.values}

    said = Answer(likes=(wanted,))
    assert asked() & {*other}
    left = asked(Turn(Prompt(Ask.OPEN), said))
    assert left
    assert not left & {*other}
    pair = (wanted, next(one for one in other if one != wanted))
    either = Turn(Prompt(Ask.SUGGEST, tuple(sorted(pair))), Answer(degree=1.0))
    assert asked(either) & {*other} <= {*pair}
