"""How a conversation went is summed up, and heeded."""

import json
from dataclasses import replace

import pytest

from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.conversation import Conversation, Recommender
from gnothi.recommend.course import Turn, course
from gnothi.recommend.policies.rules import Rules
from gnothi.recommend.saved import read_answer, write_answer

MUSIC = shipped("music")
BASE = Recommender.over(MUSIC, Rules())
OPEN = Prompt(Ask.OPEN)


def _offered(turns: list[Turn]) -> tuple[int, ...]:
    candidates = Conversation(BASE, turns=turns).menu().candidates
    return tuple(one.prompt.item for one in candidates if one.prompt.item is not None)


def test_who_was_refused_by_name_is_not_offered() -> None:
    """After "not Coldplay", Coldplay is neither sampled nor played, until it is asked for."""
    first = _offered([])
    no, then = (Turn(OPEN, answer) for answer in (Answer(refused=first), Answer(items=first)))
    assert not {*_offered([no])} & {*first}
    assert {*_offered([no, then])} & {*first}


def test_refusals_by_name_and_by_answer_add_up() -> None:
    """What was offered and refused, and what was never offered."""
    turns = [
        Turn(Prompt(Ask.SAMPLE, item=3), Answer(degree=-1.0)),
        Turn(OPEN, Answer(refused=(4, 5))),
        Turn(OPEN, Answer(items=(5,))),
    ]
    assert course(turns, MUSIC).refused_items == {3, 4}


def test_naming_something_similar_is_an_answer() -> None:
    """Who answers an open question with "something like Queen" led on."""
    assert Turn(OPEN, Answer(similar=(3,))).is_liked
    assert not Turn(OPEN, Answer(refused=(3,))).is_liked


@pytest.mark.parametrize("answer", [Answer(similar=(3,)), Answer(refused=(3,), degree=0.5)])
def test_what_is_named_goes_on_after_a_play(answer: Answer) -> None:
    """Who hears Queen and says "something like Queen", or "not Queen", is not content yet."""
    playing = Conversation(BASE, prompt=Prompt(Ask.PLAY, item=3))
    playing.take(answer)
    assert not playing.is_content(playing.turns[-1])


def test_answers_are_written_whole() -> None:
    """Everything in an answer comes back from its JSON."""
    answer = Answer(
        degree=0.5,
        chosen=1,
        likes=(2,),
        dislikes=(3,),
        items=(4,),
        similar=(5, 6),
        refused=(7,),
        wish=Wish.MORE,
        company=("ana",),
        is_unsure=True,
        sureness=0.5,
    )
    told = json.loads(json.dumps(write_answer(MUSIC, answer)))
    assert read_answer(MUSIC, told) == answer
    assert read_answer(MUSIC, {"sureness": 1.0}) == replace(Answer(), sureness=1.0)
