"""What is meant to interrupt an answer, and what is not."""

import pytest

from gnothi.serve.listening.interruption import interrupts

LIT = "Turned on the kitchen light and the floor lamp."
WHICH = "Which one: the floor lamp or the desk lamp?"


@pytest.mark.parametrize("heard", ["", "yeah", "ok", "mhm", "Okay, right", "oh I see", "thank you"])
def test_who_nods_goes_on_listening(heard: str) -> None:
    """Sounds that show that somebody listens interrupt nothing."""
    assert not interrupts(heard, LIT, asks=False)


@pytest.mark.parametrize("heard", ["stop", "no", "no the bedroom", "okay but not the lamp", "wait"])
def test_who_says_something_interrupts(heard: str) -> None:
    """One word that means something is enough."""
    assert interrupts(heard, LIT, asks=False)


@pytest.mark.parametrize("heard", ["the kitchen light", "kitchen light and the floor"])
def test_an_answer_is_not_interrupted_by_its_own_echo(heard: str) -> None:
    """A microphone hears the loudspeaker: words of the answer, in its order."""
    assert not interrupts(heard, LIT, asks=False)


def test_a_question_is_answered_before_its_end() -> None:
    """Then yes is an answer, and so is what was offered."""
    assert interrupts("yes", WHICH, asks=True)
    assert interrupts("the floor lamp", WHICH, asks=True)
    assert not interrupts("the floor lamp or the desk lamp", WHICH, asks=True)
