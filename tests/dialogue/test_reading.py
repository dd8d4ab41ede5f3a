"""Moves become steps: what belongs together, and what the speaker took back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.understanding import Kind, Move, Situation, Understanding
from gnothi.dialogue.reading import read_steps

FREE = (Situation.IDLE, Situation.DONE)


def points(words: str) -> bool:
    """Whether *words* point back."""
    return "it" in words.split()


def understood(*moves: tuple[str, str]) -> Understanding:
    """Return an utterance that consists of *moves*, each a kind and its words."""
    text, found = "", []
    for kind, words in moves:
        found.append(Move(Kind(kind), len(text), len(text) + len(words)))
        text += f"{words} "
    return Understanding(text, moves=tuple(found))


def steps(
    *moves: tuple[str, str], situation: Situation = Situation.DONE
) -> list[tuple[str, str, str, list[str]]]:
    """Return kind, words, what is taken back and the changes of every step."""
    return [
        (step.said.kind.value, step.said.text, step.said.old, [one.text for one in step.changes])
        for step in read_steps(understood(*moves), situation, points)
    ]


def test_requests_follow_each_other() -> None:
    """Two requests are two steps."""
    assert steps(("request", "turn on the fan"), ("request", "play jazz")) == [
        ("request", "turn on the fan", "", []),
        ("request", "play jazz", "", []),
    ]


def test_a_change_in_the_same_breath_belongs_to_its_request() -> None:
    """In "for ten, no, twelve minutes" nothing is done for ten."""
    found = steps(("request", "set a timer for ten"), ("no", "no"), ("change", "twelve minutes"))
    assert found == [("request", "set a timer for ten", "", ["twelve minutes"])]


@pytest.mark.parametrize("first", ["old", "change"])
def test_what_is_taken_back_goes_with_its_change(first: str) -> None:
    """Both "not the eggs, the milk" and "the milk, not the eggs" take the eggs back."""
    moves = {"old": ("old", "the eggs"), "change": ("change", "the milk")}
    order = [moves[first], *(move for kind, move in moves.items() if kind != first)]
    assert steps(*order) == [("change", "the milk", "the eggs", [])]


def test_what_is_only_taken_back_stands_alone() -> None:
    """The words "not the yeast" put nothing in its place."""
    assert steps(("no", "no"), ("old", "the yeast")) == [("old", "the yeast", "", [])]


def test_a_request_is_replaced_before_it_is_done() -> None:
    """In "turn on the fan, no, the tv off" the fan stays as it is."""
    found = steps(("request", "turn on the fan"), ("instead", "turn off the tv"))
    assert found == [("request", "turn off the tv", "", [])]


@pytest.mark.parametrize(
    ("kind", "situation"),
    [("cancel", one) for one in Situation]
    + [("undo", one) for one in Situation]
    + [("no", one) for one in FREE],
)
def test_what_is_dropped_in_the_same_breath_is_not_done(kind: str, situation: Situation) -> None:
    """In "set a timer for, no, forget it" nothing is asked for."""
    found = steps(("request", "set a timer for"), (kind, "forget it"), situation=situation)
    assert found == [("cancel", "forget it", "", [])]


@pytest.mark.parametrize("kind", ["no"])
@pytest.mark.parametrize("situation", [Situation.ASKED, Situation.CONFIRM])
def test_while_something_is_asked_a_no_is_the_answer(kind: str, situation: Situation) -> None:
    """In "is it raining? no, leave it shut" the question is answered and the door stays shut."""
    found = steps(("request", "is it raining"), (kind, "leave it"), situation=situation)
    assert [one for one, *_ in found] == ["request", kind]


def test_a_request_about_what_was_just_named_takes_nothing_back() -> None:
    """In "the lamp, turn it on" the lamp is meant; "turn on the fan" means something else."""
    on = ("instead", "turn it on")
    assert steps(("value", "the lamp"), on, situation=Situation.ASKED) == [
        ("value", "the lamp", "", []),
        ("request", "turn it on", "", []),
    ]
    other = ("instead", "turn on the fan")
    assert steps(("value", "the lamp"), other, situation=Situation.ASKED) == [
        ("value", "turn on the fan", "", [])
    ]


def test_a_no_before_what_is_right_only_announces_it() -> None:
    """In "no, the bedroom" there is nothing to refuse."""
    assert steps(("no", "no"), ("change", "the bedroom")) == [("change", "the bedroom", "", [])]


def test_the_sign_of_a_question_is_kept() -> None:
    """A skill sees that "garage door closed?" asks."""
    text = "garage door closed? please"
    found = read_steps(
        Understanding(text, moves=(Move(Kind.REQUEST, 0, 18),)), Situation.IDLE, points
    )
    assert found[0].said.text == "garage door closed?"


@given(
    st.lists(st.tuples(st.sampled_from(list(Kind)), st.text("ab ", min_size=1)), max_size=6),
    st.sampled_from(list(Situation)),
)
def test_nothing_is_said_that_was_not_said(
    moves: list[tuple[Kind, str]], situation: Situation
) -> None:
    """Whatever the moves, steps hold words of the utterance, and never more steps than moves."""
    understanding = understood(*((kind.value, words) for kind, words in moves))
    found = read_steps(understanding, situation, points)
    assert len(found) <= len(moves)
    for step in found:
        for said in (step.said, *step.changes):
            assert said.text in understanding.text
            assert said.old in understanding.text
