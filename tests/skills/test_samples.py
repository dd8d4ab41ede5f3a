"""Sample sentences with marked slots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.errors import SkillError
from gnothi.skills.samples import Sample


def test_slots_stand_where_they_are_marked() -> None:
    """A filled sample knows the characters of its slots."""
    said = Sample.read("set a timer for {duration: ten minutes} please").fill()
    assert said.text == "set a timer for ten minutes please"
    (slot,) = said.slots
    assert said.text[slot.start : slot.end] == slot.value == "ten minutes"


def test_a_slot_without_words_takes_an_example() -> None:
    """A mark without words stands for the values of its catalogue."""
    assert Sample.read("ring the {bell}").fill({"bell": "doorbell"}).text == "ring the doorbell"


def test_times_may_have_colons() -> None:
    """Only the first colon parts the name from the words."""
    assert Sample.read("wake me at {time: 7:30}").fill().text == "wake me at 7:30"


@pytest.mark.parametrize("source", ["a {", "} b", "{a{b}}", "{}", "{ : x}"])
def test_broken_marks_are_refused(source: str) -> None:
    """A brace without a partner is told and not guessed."""
    with pytest.raises(SkillError):
        Sample.read(source)


@given(st.text(alphabet=st.characters(exclude_characters="{}"), max_size=50))
def test_plain_text_stays_as_it_is(text: str) -> None:
    """A sentence without marks is itself."""
    said = Sample.read(text).fill()
    assert (said.text, said.slots) == (text, ())
