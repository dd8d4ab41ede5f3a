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


@pytest.mark.parametrize("heard", ["y", "yea", "okay yea", "n", "o"])
def test_what_may_become_a_nod_is_waited_for(heard: str) -> None:
    """While somebody speaks, the last word may be the beginning of another."""
    assert not interrupts(heard, LIT, asks=False, is_whole=False)


@pytest.mark.parametrize("heard", ["st", "no", "okay bu", "wait no"])
def test_who_means_to_interrupt_is_not_let_to_finish(heard: str) -> None:
    """The answer falls silent at the first word that is no nod."""
    assert interrupts(heard, LIT, asks=False, is_whole=False)


def test_a_letter_is_no_answer_yet() -> None:
    """Noises look like single letters; an answer to a question has two at least."""
    assert not interrupts("y", WHICH, asks=True, is_whole=False)
    assert interrupts("ye", WHICH, asks=True, is_whole=False)
