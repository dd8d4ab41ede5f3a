"""Temperatures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.text.temperatures import (
    Scale,
    from_celsius,
    parse_temperature,
    to_celsius,
)


@pytest.mark.parametrize(
    ("text", "value", "scale"),
    [
        ("22 degrees", 22, "celsius"),
        ("seventy two fahrenheit", 72, "fahrenheit"),
        ("72 degrees f", 72, "fahrenheit"),
        ("21.5°", 21.5, "celsius"),
        ("21°C", 21, "celsius"),
        ("minus five", -5, "celsius"),
        ("-3 degrees", -3, "celsius"),
        ("ten below zero", -10, "celsius"),
        ("nineteen and a half degrees", 19.5, "celsius"),
    ],
)
def test_temperatures(text: str, value: float, scale: Scale) -> None:
    """A temperature may have a sign, a half and a scale."""
    found = parse_temperature(text)
    assert found is not None
    assert (found.value, found.scale) == (value, scale)


def test_the_home_decides_the_scale() -> None:
    """Seventy in a home that counts in Fahrenheit is a little over twenty-one degrees."""
    found = parse_temperature("seventy", "fahrenheit")
    assert found is not None
    assert (found.explicit, found.in_scale("celsius")) == (False, 21.11)


def test_a_change_has_no_offset() -> None:
    """Nine degrees Fahrenheit warmer are five degrees Celsius warmer."""
    found = parse_temperature("9 degrees fahrenheit")
    assert found is not None
    assert found.change_in("celsius") == 5


def test_other_units_are_no_temperatures() -> None:
    """The degrees are found beside a percentage."""
    assert parse_temperature("50 percent") is None
    found = parse_temperature("at 7 pm set 20 degrees")
    assert found is not None
    assert found.value == 20


@given(st.floats(-200, 500), st.sampled_from(["celsius", "fahrenheit", "kelvin"]))
def test_scales_convert_back(value: float, scale: Scale) -> None:
    """There and back is the same temperature."""
    assert to_celsius(from_celsius(value, scale), scale) == pytest.approx(value)
