"""Texts are read aloud as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gnothi.speech.speaking.spoken import spoken


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("It's 7:30 and 21 °C.", "It's 7 30 and 21 degrees Celsius."),
        ("At 7:05 PM, 7:00 am or 19:00", "At 7 oh 5 PM, 7 AM or 19 o'clock"),
        ("7:30\u202fAM", "7 30 AM"),
        ("$3.50, 20 €, $1,250, £1", "3 dollars and 50 cents, 20 euros, 1250 dollars, 1 pound"),
        ("$5 million", "5 million dollars"),
        ("1 km and 3 km/h, 5 min", "1 kilometre and 3 kilometres per hour, 5 minutes"),
        ("-5° outside; 3–5 hours", "minus 5 degrees outside; 3 to 5 hours"),  # noqa: RUF001
        ("the 90s", "the 90s"),
        ("1,733 artists at 40 %", "1733 artists at 40 percent"),
        ("on 2026-11-29", "on November 29, 2026"),
        ("see https://www.example.org/x?y=1", "see example dot org"),
        ("ann.b@example.org", "ann.b at example dot org"),
        ("the TV (in the bedroom) is on", "the TV, in the bedroom, is on"),
        ("and/or", "and or"),
        ("Rock & Roll, R&B", "Rock and Roll, R and B"),
        ("Dr. Who, e.g. at 8 p.m. Then bed.", "doctor Who, for example at 8 PM. Then bed."),
        ("wait… what...", "wait. what."),
        ("**bold** `code` 😀 café", "bold code café"),
        ("Wow! [3 items]", "Wow! 3 items"),
        ("", ""),
    ],
)
def test_what_is_written_is_said_as_people_say_it(written: str, heard: str) -> None:
    """Times, money, units, signs and abbreviations become words."""
    assert spoken(written) == heard


def test_a_language_without_a_pack_is_left_as_it_is() -> None:
    """Its voice knows better; only what nobody says goes."""
    assert spoken("Es ist 7:30, [[x]] **und** 日本語", "de") == "Es ist 7:30, x, und 日本語"


@given(some.text(max_size=80))
def test_nothing_reaches_a_voice_as_code(text: str) -> None:
    """Brackets, tags and controls are gone, and saying it again changes no more of them."""
    heard = spoken(text)
    assert not set("[]<>{}|\\`*") & set(heard)
    assert all(one == " " or one.isprintable() for one in heard)
