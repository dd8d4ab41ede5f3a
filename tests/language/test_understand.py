"""Understanding as it is shipped: what a household says, and what it must not trip over."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.understanding import Interpretation, Situation
from gnothi.language.understand import NeuralUnderstander

UNDERSTANDER = NeuralUnderstander()


def only(text: str) -> Interpretation:
    """Return the one request in *text*."""
    (request,) = UNDERSTANDER.understand(text).requests
    return request


def meaning(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return intent and slots of the one request in *text*, in lower case."""
    request = only(text)
    return request.intent, [(slot.name, slot.value.lower()) for slot in request.slots]


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("turn on the kitchen light", "iot_hue_lighton", [("house_place", "kitchen")]),
        ("set a timer for ten minutes", "timer_set", [("duration", "ten minutes")]),
        ("is the front door locked?", "iot_state_query", [("device_type", "front door")]),
        ("can you turn on the fan", "iot_turn_on", [("device_type", "fan")]),
        ("unlock the front door", "iot_unlock", [("device_type", "front door")]),
        ("add milk to my shopping list", "lists_createoradd", [("list_name", "shopping")]),
        ("play some jazz", "play_music", [("music_genre", "jazz")]),
        ("a bit warmer", "iot_temperature_up", [("change_amount", "a bit")]),
        ("never mind", "general_cancel", []),
    ],
)
def test_ordinary_requests(text: str, intent: str, slots: list[tuple[str, str]]) -> None:
    """What a household says every day is understood."""
    assert meaning(text) == (intent, slots)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("what's the weather tomorrow", "What is the weather tomorrow?"),
        ("whats the weather tomorrow", "what's the weather tomorrow"),
        ("turn on the light", "TURN ON THE LIGHT!!!"),
        ("turn on the light", "um, turn on, uh, the light."),
        ("isn't the window open", "is not the window open?"),
    ],
)
def test_spelling_makes_no_difference(one: str, other: str) -> None:
    """Case, punctuation, contractions and fillers leave scores exactly as they are."""
    assert meaning(one) == meaning(other)
    assert only(one).score == pytest.approx(only(other).score)


@pytest.mark.parametrize(
    "text",
    [
        "could you please turn off the bedroom light for me",
        "hey gnothi turn off the bedroom light",
        "trun off the bedroom light",
        "turn off teh bedroom light please",
        "turn of the bedroom light",
    ],
)
def test_wrappers_and_slips_keep_the_intent(text: str) -> None:
    """Politeness and typing errors don't change what is wanted."""
    assert only(text).intent == "iot_hue_lightoff"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "turn on the kitchen light and set a timer for ten minutes",
            ["turn on the kitchen light", "set a timer for ten minutes"],
        ),
        (
            "open the blinds and turn off the fan",
            ["open the blinds", "turn off the fan"],
        ),
        (
            "Lock the front door. Then turn off the lights!",
            ["Lock the front door", "turn off the lights"],
        ),
    ],
)
def test_several_requests_are_split(text: str, parts: list[str]) -> None:
    """Each request in a sentence is understood by itself, without the words between."""
    understanding = UNDERSTANDER.understand(text)
    assert [understanding.text_of(request) for request in understanding.requests] == parts


@pytest.mark.parametrize(
    "text",
    [
        "add bread and butter to the list",
        "play rock and roll",
        "turn off the kitchen and hall lights",
        "turn on the light please thank you",
    ],
)
def test_one_request_stays_one(text: str) -> None:
    """A conjunction alone does not make two requests."""
    assert len(UNDERSTANDER.understand(text).requests) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?!",
        "freeze my credit card",
        "asdkj qwoeiu zmxn",
        "schalte das licht ein",
        "テレビをつけて",
    ],
)
def test_what_cannot_be_served_is_out_of_scope(text: str) -> None:
    """Nonsense, other languages and other people's business have no intent."""
    understanding = UNDERSTANDER.understand(text)
    assert understanding.out_of_scope
    assert understanding.requests == ()


def test_scores_are_probabilities() -> None:
    """The intent and its alternatives share one probability, best first."""
    request = only("play some jazz")
    scores = [alternative.score for alternative in request.alternatives]
    assert 0 < request.score <= 1
    assert scores == sorted(scores, reverse=True)
    assert request.score + sum(scores) <= 1 + 1e-6
    assert request.intent not in {alternative.intent for alternative in request.alternatives}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_offsets_point_into_the_text(text: str) -> None:
    """Whatever is typed, a slot's value is the stretch of text it points to."""
    understanding = UNDERSTANDER.understand(text)
    assert understanding.text == text
    assert understanding.out_of_scope == (not understanding.requests)
    for request in understanding.requests:
        assert 0 <= request.start < request.end <= len(text)
        for slot in request.slots:
            assert slot.value == text[slot.start : slot.end]
            assert request.start <= slot.start < slot.end <= request.end


def test_a_megabyte_is_survived() -> None:
    """A huge text is cut, not choked on."""
    rng = np.random.default_rng(0)
    for alphabet in (
        "a",
        "turn on the light ",
        "\x00\x1b",
        "<script>",
        "'; drop table",
        "\U0001d54f ",
    ):
        text = alphabet * (1_000_000 // len(alphabet))
        assert UNDERSTANDER.understand(text).text == text
    noise = "".join(map(chr, rng.integers(32, 0xD000, 100_000)))
    assert UNDERSTANDER.understand(noise).text == noise


def test_artifacts_are_named() -> None:
    """A trace can tell which network understood."""
    assert UNDERSTANDER.understand("play jazz").artifact.startswith("language/understand@")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("alexa great song for the commute", "music_likeness"),
        ("turn on the kitchen light and set a timer for ten minutes", None),
    ],
)
def test_a_word_that_is_hardly_understood_is_no_request(text: str, intent: str | None) -> None:
    """A wake word or another stray word does not part what is surely one request."""
    found = UNDERSTANDER.understand(text).requests
    assert len(found) == (1 if intent else 2)
    assert intent is None or found[0].intent == intent


@pytest.mark.parametrize("situation", list(Situation))
@pytest.mark.parametrize(
    "text",
    [
        'add "\'; DROP TABLE lists;--" to the list',
        'add "no wait, turn off the light" to my list',
        "add “stop, forget it” to the shopping list",
    ],
)
def test_no_move_begins_within_a_quotation(text: str, situation: Situation) -> None:
    """What stands in quotation marks belongs to the request that it stands in."""
    moves = UNDERSTANDER.understand(text, situation).moves
    assert [(move.start, move.end) for move in moves] == [(0, len(text))]
