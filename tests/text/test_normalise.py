"""One spelling for what sounds the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.text.normalise import cardinal, fold, form


@given(st.text())
def test_folding_never_moves_a_character(text: str) -> None:
    """Offsets into the folded text are offsets into the original."""
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    """Folded text is already in its plain form."""
    assert fold(fold(text)) == fold(text)


def test_control_characters_become_spaces() -> None:
    """A tab, a bell or a null byte separates words and does no harm."""
    assert fold("turn\ton\x00the\x07light") == "turn on the light"


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("What's", "what is"),
        ("whats", "what is"),
        ("don't", "do not"),
        ("isnt", "is not"),
        ("can't", "can not"),
        ("I'm", "i am"),
        ("you'll", "you will"),
        ("byron's", "byron's"),
        ("it", "it"),
    ],
)
def test_contractions_are_spoken_out(written: str, spoken: str) -> None:
    """A contraction means what its long form means; a possessive stays."""
    assert form(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("40%", "forty percent"),
        ("7:30", "seven thirty"),
        ("7:05pm", "seven oh five pm"),
        ("5pm", "five pm"),
        ("1st", "first"),
        ("21st", "twenty first"),
        ("30th", "thirtieth"),
        ("21.5", "twenty one point five"),
        ("21°C", "twenty one degrees celsius"),
        ("1,000", "one thousand"),
        ("2026", "twenty twenty six"),
        ("1905", "nineteen oh five"),
        ("2000", "two thousand"),
        ("10min", "ten min"),
        ("123456", "123456"),
        ("%", "percent"),
        ("&", "and"),
    ],
)
def test_numbers_and_signs_are_spoken_out(written: str, spoken: str) -> None:
    """Digits and signs read like the words that a recogniser would write."""
    assert form(written) == spoken


@given(st.integers(0, 9999))
def test_every_number_has_its_own_words(number: int) -> None:
    """Two numbers never sound the same."""
    assert cardinal(number) != cardinal((number + 1) % 10_000)


@given(st.text(min_size=1))
def test_every_word_has_a_form(word: str) -> None:
    """Nothing that somebody types makes the normaliser fail."""
    assert isinstance(form(word), str)
