"""What an utterance does to the conversation, as the shipped network reads it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.understanding import Situation
from gnothi.language.understand import NeuralUnderstander

UNDERSTANDER = NeuralUnderstander()


def moves(text: str, situation: str) -> list[tuple[str, str]]:
    """Return kind and words of every move in *text*."""
    found = UNDERSTANDER.understand(text, Situation(situation)).moves
    return [(move.kind.value, text[move.start : move.end].lower()) for move in found]


@pytest.mark.parametrize(
    ("situation", "text", "expected"),
    [
        ("idle", "turn on the light", [("request", "turn on the light")]),
        ("done", "turn it off again", [("request", "turn it off again")]),
        ("done", "no, the bedroom", [("change", "the bedroom")]),
        ("done", "i meant the bedroom", [("change", "the bedroom")]),
        (
            "done",
            "not the kitchen, the bedroom",
            [("old", "the kitchen"), ("change", "the bedroom")],
        ),
        ("done", "make it 22 degrees", [("change", "22 degrees")]),
        ("done", "no, turn on the fan please", [("instead", "turn on the fan")]),
        ("done", "and the kitchen", [("again", "the kitchen")]),
        ("done", "undo that", [("undo", "undo that")]),
        ("done", "sorry, what did you say?", [("repeat", "what did you say")]),
        ("asked", "um ten minutes please", [("value", "ten minutes")]),
        ("asked", "never mind", [("cancel", "never mind")]),
        ("confirm", "yes", [("yes", "yes")]),
        ("confirm", "yeah go ahead", [("yes", "yeah go ahead")]),
        ("confirm", "no, don't", [("no", "no, don't")]),
        ("confirm", "yes, but the back door", [("change", "the back door")]),
        (
            "idle",
            "the kids are finally asleep turn the lights off",
            [("request", "turn the lights off")],
        ),
        (
            "idle",
            "set a timer for ten no twelve minutes",
            [("request", "set a timer for ten"), ("change", "twelve minutes")],
        ),
        (
            "idle",
            "turn off the tv and close the blinds",
            [("request", "turn off the tv"), ("request", "close the blinds")],
        ),
        ("done", "it was the dog that knocked the lamp over", []),
        pytest.param(
            *("done", "the light in the bathroom was flickering all night", []),
            marks=pytest.mark.xfail(reason="taken for a request, which moves nothing"),
        ),
    ],
)
def test_every_part_of_an_utterance_is_read_where_it_stands(
    situation: str, text: str, expected: list[tuple[str, str]]
) -> None:
    """Corrections, answers, follow-ups and remarks are told from requests."""
    assert moves(text, situation) == expected


@pytest.mark.parametrize("situation", ["idle", "done", "asked"])
@pytest.mark.parametrize("text", ["yes", "yes please", "go ahead", "do it"])
def test_a_yes_to_no_question_confirms_nothing(text: str, situation: str) -> None:
    """Only where a yes is awaited does it open a door; elsewhere the conversation ignores it."""
    assert all(kind in {"yes", "value", "request"} for kind, _ in moves(text, situation))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80), st.sampled_from(list(Situation)))
def test_moves_are_parts_of_the_text_in_order(text: str, situation: Situation) -> None:
    """Whatever is said, moves stand in the text, one after the other."""
    found = UNDERSTANDER.understand(text, situation).moves
    places = [place for move in found for place in (move.start, move.end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
    assert all(0 <= move.score <= 1 + 1e-6 for move in found)


def test_the_card_names_what_was_written_for_it() -> None:
    """The shipped network says what it learned from, and how well it finds moves."""
    card = UNDERSTANDER.encoder.card
    assert "gnothi sentences and moves" in {entry["name"] for entry in card.data}
    assert {"tuning_moves", "tuning_false_yes"} <= set(card.figures)
