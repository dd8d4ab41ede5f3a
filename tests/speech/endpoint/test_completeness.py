"""Words are whole sentences to the degree that the language model lets them end."""

import numpy as np
import pytest

from gnothi.core.hearing import Hints, Pattern
from gnothi.core.protocols import Name
from gnothi.speech import wording
from gnothi.speech.endpoint.completeness import NOTHING, NUMBERS, Completeness


@pytest.fixture(scope="module")
def completeness() -> Completeness:
    """A judge of what is said in a home with a lamp of an unusual name."""
    hints = Hints(
        names=(Name("moon glow", "light.moon", "device"),),
        patterns=(Pattern((("brew a",), ("latte", "mocha"))),),
    )
    return Completeness(wording.shipped().model(hints))


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("turn on the", "turn on the kitchen lights"),
        ("turn on the", "turn on the moon glow"),
        ("set the temperature to", "set the temperature to twenty degrees"),
        ("brew a", "brew a mocha"),
    ],
)
def test_a_beginning_is_less_of_a_sentence_than_the_whole(
    completeness: Completeness, part: str, whole: str
) -> None:
    """Names of the home and what skills want to hear are sentences, too."""
    assert completeness.numbers(part)[1] < completeness.numbers(whole)[1] - 1


def test_nothing_said_has_numbers_as_well(completeness: Completeness) -> None:
    """Before the first word the numbers are finite, and say that there is none."""
    numbers = completeness.numbers("")
    assert numbers.shape == NOTHING.shape == (NUMBERS,)
    assert np.isfinite(numbers).all()
    assert numbers[-1] == 1
