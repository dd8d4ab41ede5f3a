import pytest

from gnothi.dialogue.echo import echo
from gnothi.dialogue.splicing import joined, restates


@pytest.mark.parametrize(
    ("first", "answer", "whole"),
    [
        ("the lights in the", "kitchen", "the lights in the kitchen"),
        ("the lights in the", "in the kitchen", "the lights in the kitchen"),
        ("the living", "living room", "the living room"),
        ("wake me", "At seven", "wake me At seven"),
        ("", "stop", "stop"),
    ],
)
def test_no_words_are_said_twice(first: str, answer: str, whole: str) -> None:
    """Where the end and the answer overlap, the words stand once."""
    text, begin = joined(first, answer)
    assert text == whole
    assert text[begin:] == answer


def test_a_repeated_beginning_is_told_from_an_answer() -> None:
    """All of it again begins as it began."""
    assert restates("turn on the lights in the kitchen", "turn on the")
    assert not restates("the kitchen", "turn on the lights in the")
    assert not restates("turn on", "turn on")


def test_questions_repeat_what_was_heard_from_the_other_side() -> None:
    """My list is yours, politeness is left out, and an article gives way."""
    asked = echo().question("could you please put milk on my", "list_name")
    assert asked.values["heard"] == "put milk on"
    assert asked.values["what"] == "which list"
    flipped = echo().question("what is on my calendar on", "date")
    assert flipped.values["heard"] == "what is on your calendar on"
    short = echo().question("turn", "device_type")
    assert short.key == "dialogue-cut-open"
