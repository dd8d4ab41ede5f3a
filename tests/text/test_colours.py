"""Colours."""

import pytest

from gnothi.text.colours import find_colours, parse_colour


@pytest.mark.parametrize(
    ("text", "rgb"),
    [
        ("make it red", (255, 0, 0)),
        ("dark red", (139, 0, 0)),
        ("light-blue", (173, 216, 230)),
        ("Lime Green", (50, 205, 50)),
        ("yellowish", (255, 255, 0)),
        ("amber", (255, 191, 0)),
    ],
)
def test_colours(text: str, rgb: tuple[int, int, int]) -> None:
    """A colour is found by the name that CSS or a paint shop gives it."""
    found = parse_colour(text)
    assert found is not None
    assert (found.rgb, found.kelvin) == (rgb, None)


@pytest.mark.parametrize(
    ("text", "kelvin"), [("warm white", 2700), ("daylight", 6500), ("2700K", 2700)]
)
def test_colour_temperatures(text: str, kelvin: int) -> None:
    """White has a temperature, by name or in kelvin."""
    found = parse_colour(text)
    assert found is not None
    assert (found.rgb, found.kelvin) == (None, kelvin)


def test_colours_keep_their_places() -> None:
    """Every colour is found where it stands."""
    text = "from dark blue to warm white"
    assert [text[each.start : each.end] for each in find_colours(text)] == [
        "dark blue",
        "warm white",
    ]


def test_a_light_is_no_colour() -> None:
    """The word "light" alone is no colour."""
    assert parse_colour("turn on the light") is None
