from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from gnothi.core.acting import Action, Call, Reply, Stage, Status
from gnothi.core.interaction import Interaction
from gnothi.core.risk import Risk
from gnothi.core.understanding import (
    Alternative,
    Interpretation,
    Kind,
    Move,
    Slot,
    Understanding,
    Utterance,
)
from gnothi.dialogue.wording import Wording
from gnothi.explain.trace import explain_pack, explain_turn

_NOW = datetime(2026, 11, 20, tzinfo=UTC)
_REQUEST = Interpretation(
    "iot", "iot_lights_on", 0.91, (Slot("room", "kitchen", 8, 15),), (Alternative("joke", 0.05),)
)
_TURN = Interaction(
    id="1",
    at=_NOW,
    session="s",
    user=None,
    utterance=Utterance("and the kitchen", device="Hall speaker"),
    understanding=Understanding("and the kitchen", (_REQUEST,), moves=(Move(Kind.AGAIN, 4, 15),)),
    actions=(Action(Call("home", "turn_on"), Status.DONE, Risk.REVERSIBLE, "On."),),
    reply=Reply("On."),
    changes={"light.kitchen": {"state": "on"}},
    trace=(Stage("understand", 2.0),),
    artifacts={"language/understand": "7"},
)


@pytest.fixture
def wording() -> Wording:
    """English, with the sentences of explanations."""
    return Wording([explain_pack()], rng=Random(0))


def test_a_turn_is_explained(wording: Wording) -> None:
    """One reads what was heard, understood, carried over, done, and by which versions."""
    told = [wording.say(act, _NOW) for act in explain_turn(_TURN).acts()]
    assert told == [
        "I heard “and the kitchen” through Hall speaker.",
        "I understood “iot_lights_on”, 91 percent sure; the next best was “joke” with 5 percent.",
        "“kitchen” was the room.",
        "I took “the kitchen” as the same request again, for something else.",
        "I did “turn_on” of home.",
        "That changed light.kitchen.",
        "Language/understand took part in version 7.",
    ]


def test_nothing_understood(wording: Wording) -> None:
    """A turn out of scope says so, and claims nothing else."""
    turn = replace(
        _TURN,
        utterance=Utterance("colourless green"),
        understanding=Understanding("colourless green", out_of_scope=True),
        actions=(),
        changes={},
        artifacts={},
    )
    told = [wording.say(act, _NOW) for act in explain_turn(turn).acts()]
    assert told == [
        "I heard “colourless green”.",
        "I found nothing in it that I could do.",
    ]


def test_every_status_has_a_sentence(wording: Wording) -> None:
    """However far an action came, there are words for it."""
    for status in Status:
        action = replace(_TURN.actions[0], status=status)
        explanation = explain_turn(replace(_TURN, actions=(action,)))
        assert "turn_on" in wording.say(explanation.done[0], _NOW)
