"""Arithmetic and units."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.skills.builtin.calculation.arithmetic import CalculationError, evaluate
from gnothi.skills.builtin.calculation.units import FACTORS, Quantity
from gnothi.testing.talk import Talk


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what is twelve times seven", "84"),
        ("square root of 81", "9"),
        ("what is fifteen percent of 80", "12"),
        ("what is twenty percent off 60", "48"),
        ("how much is one hundred and thirty six plus three hundred and eighty seven", "523"),
        ("what is two hundred divided by thirteen", "15.384615"),
        ("can you add up thirteen plus five plus nine for me", "27"),
        ("2+2", "4"),
        ("(3+4)*2^3", "56"),
        ("what's 5 squared", "25"),
        ("add three and four", "7"),
        ("subtract three from ten", "7"),
        ("average of 3, 4 and 8", "5"),
        ("80 plus 15 percent", "92"),
        ("half of 90", "45"),
        ("two to the power of ten", "1,024"),
        ("factorial of five", "120"),
        ("minus five times three", "-15"),
        ("is one divisible by three", "remainder of 1"),
        ("is twelve divisible by three", "Yes, 4 times"),
        ("0.1 + 0.2", "0.3"),
        ("ten divided by zero", "Nothing can be divided by zero"),
        ("square root of minus four", "no real answer"),
        ("nine to the power of nine to the power of nine", "too large"),
        ("convert 5 miles to km", "5 miles is about 8.047 kilometers"),
        ("5km in miles", "5 kilometers is about 3.107 miles"),
        ("what's 100 fahrenheit in celsius", "37.78 degrees Celsius"),
        ("how many grams are in two and a half pounds", "1,134 grams"),
        ("how many seconds are in a day", "86,400 seconds"),
        ("how many inches are there in six feet", "6 feet is 72 inches"),
        ("how many miles in a kilogram", "These measure different things"),
        ("what is the meaning of all of this then", "I can't calculate that"),
    ],
)
async def test_answers(talk: Talk, text: str, said: str) -> None:
    """Calculations and conversions are answered, or refused with the reason."""
    await talk(text, "qa_maths")
    assert said in talk.spoken


async def test_asks(talk: Talk) -> None:
    """Who says "do some maths" is asked what."""
    assert await talk("do some maths", "qa_maths") == "calculation-ask"
    assert await talk("six times seven") == "calculation-result"
    assert "42" in talk.spoken


async def test_the_same_in_another_unit(talk: Talk) -> None:
    """Going on with "and in feet" converts the same quantity again."""
    await talk("convert 5 miles to km", "qa_maths")
    await talk("and in feet")
    assert "26,400 feet" in talk.spoken


async def test_knowledge_that_can_be_calculated(talk: Talk) -> None:
    """A question of knowledge that is one of units is answered; others are not guessed at."""
    assert await talk("how many cups in a litre", "qa_factoid") == "calculation-converted"
    keys = await talk("who is the president of france", "qa_factoid")
    assert keys == "unavailable-qa_factoid"


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(1, 1000))
def test_arithmetic_is_exact(a: int, b: int, c: int) -> None:
    """Sums, products and quotients of whole numbers are exact."""
    assert evaluate(f"({a} + {b}) * {c} / {c} - {b}".replace("--", "- -")) == Fraction(a)


@given(st.text(alphabet="0123456789+-*/^()!²³% .abcdefghjklmnoqrstuvwxyz", max_size=60))
def test_nothing_breaks_the_calculator(expression: str) -> None:
    """Any expression has a value or a reason, and soon."""
    try:
        assert isinstance(evaluate(expression), Fraction | float)
    except CalculationError as error:
        assert error.key.startswith("calculation-")


def test_deep_brackets_are_refused() -> None:
    """Thousands of brackets are no calculation."""
    with pytest.raises(CalculationError):
        evaluate("(" * 5000 + "1" + ")" * 5000)


@given(st.sampled_from(sorted(FACTORS)), st.sampled_from(sorted(FACTORS)), st.floats(-1e6, 1e6))
def test_units_convert_back(one: str, other: str, amount: float) -> None:
    """A quantity that goes to another unit and back is what it was."""
    quantity = Quantity(amount, one)
    if quantity.dimension == Quantity(1, other).dimension:
        assert quantity.to(other).to(one).amount == pytest.approx(amount, rel=1e-6, abs=1e-6)
