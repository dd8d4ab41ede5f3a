from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from gnothi.core.acting import Act
from gnothi.core.errors import SkillError
from gnothi.dialogue.packs import dialogue_pack
from gnothi.dialogue.wording import Wording

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=ZoneInfo("Europe/Berlin"))
PACK = """
test-timer = Timer for { $duration }.
test-when = It rings { $at }.
test-items = { $items_count ->
    [0] Nothing.
    [one] One thing: { $items }.
   *[other] { $items_count } things: { $items }.
  }
test-choice = Which one, { $choices }?
"""


@pytest.fixture
def wording() -> Wording:
    """Return English wording with a pack of the test's own."""
    return Wording([dialogue_pack("en"), PACK], rng=Random(0))


@pytest.mark.parametrize(
    ("key", "values", "sentence"),
    [
        ("test-timer", {"duration": timedelta(minutes=10)}, "Timer for 10 minutes."),
        ("test-timer", {"duration": timedelta(seconds=3_700)}, "Timer for 1 hour and 1 minute."),
        ("test-when", {"at": NOW + timedelta(hours=1)}, "It rings 7:00 PM."),
        ("test-when", {"at": NOW + timedelta(days=1)}, "It rings tomorrow at 6:00 PM."),
        ("test-when", {"at": NOW + timedelta(days=3)}, "It rings Monday at 6:00 PM."),
        ("test-when", {"at": time(7, 30)}, "It rings 7:30 AM."),
        ("test-items", {"items": []}, "Nothing."),
        ("test-items", {"items": ["milk"]}, "One thing: milk."),
        ("test-items", {"items": ["milk", "eggs", "tea"]}, "3 things: milk, eggs, and tea."),
        ("test-choice", {"choices": ["hall", "den"]}, "Which one, hall or den?"),
    ],
)
def test_values_are_said_as_people_say_them(
    wording: Wording, key: str, values: dict[str, object], sentence: str
) -> None:
    """Durations, moments and lists are spoken, not printed."""
    assert wording.say(Act(key, values), NOW) == sentence


def test_a_sentence_that_no_pack_has_is_an_error(wording: Wording) -> None:
    """A skill that says what it has no words for is told so by name."""
    with pytest.raises(SkillError, match="test-unknown"):
        wording.say(Act("test-unknown"), NOW)


def test_what_is_said_is_safe_in_ssml(wording: Wording) -> None:
    """Names with markup in them do not become markup."""
    assert wording.ssml("a < b & c") == "<speak>a &lt; b &amp; c</speak>"
