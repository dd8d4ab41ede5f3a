"""Numbers, shares and positions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.text.normalise import cardinal
from gnothi.text.numbers import find_numbers, parse_number, parse_percent
from gnothi.text.numerals import ordinal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twenty five", 25),
        ("a hundred and two", 102),
        ("two thousand and twenty-seven", 2027),
        ("one and a half", 1.5),
        ("2.5", 2.5),
        ("two point five", 2.5),
        ("1,200", 1200),
        ("half", 0.5),
        ("a quarter", 0.25),
        ("three dozen eggs", 36),
        ("minus five", -5),
        ("5 thousand", 5000),
        ("1½", 1.5),
    ],
)
def test_numbers_in_words_and_digits(text: str, value: float) -> None:
    """A number is the same number in words and in digits."""
    found = parse_number(text)
    assert found is not None
    assert found.value == value


def test_neighbours_stay_apart() -> None:
    """Numbers that do not make up one number are several ("seven thirty")."""
    assert [number.value for number in find_numbers("seven thirty and 8")] == [7, 30, 8]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("the second one", 2),
        ("twenty first", 21),
        ("3rd", 3),
        ("the last", -1),
        ("the second to last", -2),
    ],
)
def test_positions(text: str, place: int) -> None:
    """A position is told from an amount, and the last counts from the end."""
    (found,) = [number for number in find_numbers(text) if number.ordinal]
    assert found.value == place


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("twenty percent", 20),
        ("50%", 50),
        ("50 %", 50),
        ("half brightness", 50),
        ("three quarters", 75),
        ("to the max", 100),
        ("full", 100),
        ("minimum", 1),
        ("minus ten per cent", -10),
    ],
)
def test_shares(text: str, share: float) -> None:
    """A share may be a number of percent, a fraction, or an extreme."""
    found = parse_percent(text)
    assert found is not None
    assert found.value == share


def test_the_explicit_share_wins() -> None:
    """A "full" in a name does not hide the percentage that was said."""
    found = parse_percent("set the full moon lamp to 30%")
    assert found is not None
    assert found.value == 30


@given(st.integers(0, 9999))
def test_words_say_what_they_spell(value: int) -> None:
    """Every number that we can spell is read back."""
    found = parse_number(cardinal(value))
    assert found is not None
    assert found.value == value


@given(st.integers(1, 9999))
def test_ordinals_say_what_they_spell(value: int) -> None:
    """Every position in digits is read back."""
    (found,) = find_numbers(ordinal(value))
    assert (found.value, found.ordinal) == (value, True)
