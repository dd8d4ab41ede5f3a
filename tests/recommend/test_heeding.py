"""What was asked for in a talk counts until it is replaced, refused or given up."""

import numpy as np
import pytest

from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.conversation import Conversation, Recommender
from gnothi.recommend.course import Turn
from gnothi.recommend.heeding import Heeded, heed
from gnothi.recommend.policies import Uniform

DINNER, FILMS, RADIO = shipped("dinner"), shipped("films"), shipped("radio")
OPEN = Prompt(Ask.OPEN)


def value(catalogue: Catalogue, name: str) -> int:
    """Return the attribute called *name*."""
    return [one.value for one in catalogue.attributes].index(name)


def said(catalogue: Catalogue, *names: str, prompt: Prompt = OPEN) -> Turn:
    """Return an answer that asks for *names*; "-name" refuses."""
    likes = tuple(value(catalogue, name) for name in names if name[0] != "-")
    dislikes = tuple(value(catalogue, name[1:]) for name in names if name[0] == "-")
    return Turn(prompt, Answer(likes=likes, dislikes=dislikes))


def allowed(found: Heeded, catalogue: Catalogue) -> list[set[str]]:
    """Return the facts of the items that may be offered."""
    items: list[int] = np.flatnonzero(found.allowed).tolist()
    return [{one.value for one in catalogue.item(item).facts} for item in items]


def test_what_was_asked_for_goes_on_counting() -> None:
    """A later wish about something else takes nothing back."""
    turns = [said(DINNER, "vegetarian"), said(DINNER, "quick"), said(DINNER, "-mushrooms")]
    facts = allowed(heed(turns, DINNER), DINNER)
    assert facts and all({"vegetarian", "quick"} <= one and "mushrooms" not in one for one in facts)


def test_news_take_the_place_of_jazz_and_stay_french() -> None:
    """A value takes the place of another one of its facet, and of nothing else."""
    found = heed([said(RADIO, "jazz"), said(RADIO, "french"), said(RADIO, "news")], RADIO)
    assert all({"news", "french"} <= one for one in allowed(found, RADIO))
    assert found.pressing is None


def test_what_does_not_go_together_is_put_to_the_person_once() -> None:
    """Which of two wishes matters more is theirs to say; else the later one counts."""
    turns = [said(RADIO, "jazz"), said(RADIO, "french")]
    conflict = heed(turns, RADIO).pressing
    assert conflict and set(conflict.prompt.values) == {
        value(RADIO, "jazz"),
        value(RADIO, "french"),
    }
    shrugged = heed([*turns, Turn(conflict.prompt, Answer(is_unsure=True))], RADIO)
    assert shrugged.pressing is None
    assert all("french" in one for one in allowed(shrugged, RADIO))
    jazz = Turn(conflict.prompt, Answer(chosen=value(RADIO, "jazz")))
    assert all("jazz" in one for one in allowed(heed([*turns, jazz], RADIO), RADIO))


@pytest.mark.parametrize("answer", [Answer(degree=-0.7), Answer(is_unsure=True), Answer()])
def test_a_diet_is_given_up_by_nobody_else(answer: Answer) -> None:
    """Who does not say what to give up stays a vegetarian."""
    turns = [said(DINNER, "chicken", "rice", "vegetarian")]
    conflict = heed(turns, DINNER).pressing
    assert conflict and value(DINNER, "vegetarian") in conflict.prompt.values
    found = heed([*turns, Turn(conflict.prompt, answer)], DINNER)
    assert all("vegetarian" in one for one in allowed(found, DINNER))


def test_a_diet_is_given_up_by_who_has_it() -> None:
    """Between chicken and vegetarian they may choose the chicken."""
    turns = [said(DINNER, "chicken", "vegetarian")]
    conflict = heed(turns, DINNER).pressing
    assert conflict
    chicken = said(DINNER, "chicken", prompt=conflict.prompt)
    assert all("chicken" in one for one in allowed(heed([*turns, chicken], DINNER), DINNER))


def test_what_was_refused_is_asked_for_before_it_comes_back() -> None:
    """All that is left has duck in it: whether that would do is asked, and a yes is no wish."""
    turns = [said(DINNER, "-duck"), said(DINNER, "duck")]
    assert all("duck" in one for one in allowed(heed(turns, DINNER), DINNER))
    (item,) = DINNER.items_with(value(DINNER, "duck")).tolist()
    beside = next(one.value for one in DINNER.item(item).facts if one.value != "duck")
    turns = [said(DINNER, f"-{beside}"), said(DINNER, "duck")]
    conflict = heed(turns, DINNER).pressing
    assert conflict and conflict.prompt == Prompt(Ask.SUGGEST, (value(DINNER, beside),))
    yes = heed([*turns, Turn(conflict.prompt, Answer(degree=0.7))], DINNER)
    assert [*np.flatnonzero(yes.allowed)] == [item]
    no = heed([*turns, Turn(conflict.prompt, Answer(degree=-0.7))], DINNER)
    assert no.allowed.any() and not any(beside in one for one in allowed(no, DINNER))


def test_children_never_get_a_horror_film() -> None:
    """Whatever is refused, for as long as there are any, only family films are offered."""
    rng = np.random.default_rng(3)
    recommender = Recommender(
        FILMS, Uniform(), Recommender.over(FILMS, Uniform()).likeness, heeds=True
    )
    family = value(FILMS, "family")
    talk = recommender.begin(rng, first=Answer(likes=(value(FILMS, "horror"), family)))
    offered: list[int] = []
    while len(offered) < 15:
        prompt = talk.prompt
        assert prompt is not None
        if prompt.item is not None:
            offered.append(prompt.item)
        talk.reply(Answer(wish=Wish.MORE), rng)
    assert all(family in FILMS.facts(item) for item in offered)
    assert len({*offered}) == len(offered)


def test_nothing_is_asked_that_no_item_left_has() -> None:
    """Nobody suggests pork to a vegetarian."""
    recommender = Recommender(
        DINNER, Uniform(), Recommender.over(DINNER, Uniform()).likeness, heeds=True
    )
    talk = Conversation(recommender, turns=[said(DINNER, "vegetarian")])
    left = set[str]().union(*allowed(heed(talk.turns, DINNER), DINNER))
    named = {one for candidate in talk.menu().candidates for one in candidate.prompt.values}
    assert named and {DINNER.attributes[one].value for one in named} <= left


def test_everything_comes_again_in_the_end() -> None:
    """Who has heard every station, and wants something else, gets one of them all the same."""
    every = [Turn(Prompt(Ask.PLAY, item=at), Answer(wish=Wish.MORE)) for at in range(len(RADIO))]
    assert heed(every, RADIO).allowed.all()


def test_what_was_sampled_is_still_to_be_had() -> None:
    """There is one dish with duck: a word about potatoes takes nothing away from it."""
    duck = value(DINNER, "duck")
    (item,) = DINNER.items_with(duck).tolist()
    sampled = said(DINNER, "-potatoes", prompt=Prompt(Ask.SAMPLE, item=item))
    found = heed([said(DINNER, "duck"), sampled], DINNER)
    assert not found.conflicts
    assert [*np.flatnonzero(found.allowed)] == [item]
