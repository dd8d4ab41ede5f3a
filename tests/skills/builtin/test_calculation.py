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
        ("what is 20 degrees celsius plus 5 degrees celsius", "I can't calculate that"),
        ("convert 20 celsius and 5 celsius to fahrenheit", "68 degrees Fahrenheit"),
        ("what's 100 fahrenheit in celsius", "37.78 degrees Celsius"),
        ("how many grams are in two and a half pounds", "1,134 grams"),
        ("how many seconds are in a day", "86,400 seconds"),
        ("how many inches are there in six feet", "6 feet is 72 inches"),
        ("how many miles in a kilogram", "These measure different things"),
        ("what is the meaning of all of this then", "I can't calculate that"),
        ("how many grams in half a pound", "0.5 pounds is about 226.8 grams"),
        ("how many grams are 8 ounces", "226.8 grams"),
        ("how many millilitres are two thirds of a cup", "157.7 milliliters"),
        ("what's three quarters of a pound in grams", "340.2 grams"),
        ("how many grams is a pound and a half", "680.4 grams"),
        ("what's 350 degrees fahrenheit in celsius", "176.7 degrees Celsius"),
        ("5 feet 10 inches in centimetres", "70 inches is 177.8 centimeters"),
        ("an hour and 20 minutes in seconds", "4,800 seconds"),
        ("minus 40 fahrenheit in celsius", "-40 degrees Celsius"),
        ("miles to kilometres", "1 mile is about 1.609 kilometers"),
        ("split 120 between four", "30"),
        ("what's 72 in celsius", "22.22 degrees Celsius"),
        ("convert 20 celsius", "68 degrees Fahrenheit"),
        ("what's a fifth of 60", "12"),
        ("what's 18 percent vat on 250", "45"),
        ("what's a 15 percent tip on 86", "12.9"),
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


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ("what's 15 percent of 86", "and 20 percent of it", "17.2"),
        ("what's 15 percent of 86", "20 percent of that", "17.2"),
        ("what's 15 percent of 86", "and 20 percent", "17.2"),
        ("what's 15 percent of 86", "and of 90", "13.5"),
        ("what's 1240 divided by 8", "155 minus 30", "125"),
        ("what's 1240 divided by 8", "And 155 minus 30?", "125"),
        ("what's 1240 divided by 8", "minus 30", "125"),
        ("what's 1240 divided by 8", "times two", "310"),
        ("what's 1240 divided by 8", "and 20 percent of that", "31"),
        ("what's 1240 divided by 8", "what's that plus 5", "160"),
        ("what's 1240 divided by 8", "double it", "310"),
        ("what's 1240 divided by 8", "divide it by 5", "31"),
        ("what's 1240 divided by 8", "take 5 off that", "150"),
        ("what's 1240 divided by 8", "add 5 to it", "160"),
        ("what's 1240 divided by 8", "and by 4", "310"),
        ("what's 12 times 7", "squared", "7,056"),
        ("what's 12 times 7", "and half of that", "42"),
        ("what's 12 times 7", "no, 8", "96"),
        ("what's 12 times 7", "what about 12 plus 3", "15"),
        ("what's 80 plus 15 percent", "and 20 percent", "96"),
    ],
)
async def test_a_calculation_goes_on(talk: Talk, first: str, then: str, said: str) -> None:
    """What was calculated is gone on with; a share is again one of the same whole."""
    await talk(first, "qa_maths")
    await talk(then)
    assert talk.spoken.strip(".").split()[-1] == said


async def test_a_new_calculation_may_point_back(talk: Talk) -> None:
    """A calculation of its own may mean the last answer with "that", but leaves it alone else."""
    await talk("what's 6 times 7", "qa_maths")
    await talk("what's that divided by 2", "qa_maths")
    assert "21" in talk.spoken
    await talk("minus five times three", "qa_maths")
    assert "-15" in talk.spoken
    assert await talk("twelve", "qa_maths") == "calculation-ask"


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ("how many miles is 10 kilometers", "and 25", "25 kilometers is about 15.53 miles"),
        ("how many miles is 10 kilometers", "and two and a half", "1.553 miles"),
        ("what's 350 fahrenheit in celsius", "and 425 fahrenheit", "218.3 degrees Celsius"),
        ("what's 350 fahrenheit in celsius", "425", "218.3 degrees Celsius"),
        ("what's 350 fahrenheit in celsius", "and 200 celsius", "392 degrees Fahrenheit"),
        ("convert 5 miles to kilometres", "and in feet", "26,400 feet"),
        ("convert 5 miles to kilometres", "how many feet is that", "26,400 feet"),
        ("how many grams in half a pound", "and 8 ounces", "226.8 grams"),
        ("how many grams in half a pound", "and a quarter of a pound", "113.4 grams"),
        ("how many grams in half a pound", "and how many ounces", "8 ounces"),
        ("convert 5 miles to kilometres", "and 3 cups in litres", "3 cups is about 0.71 liters"),
    ],
)
async def test_a_conversion_goes_on(talk: Talk, first: str, then: str, said: str) -> None:
    """Amount and units of a conversion can be changed one by one."""
    await talk(first, "qa_maths")
    await talk(then)
    assert said in talk.spoken


async def test_conversions_for_other_intents(talk: Talk) -> None:
    """What was taken for a question of knowledge is converted, and gone on with."""
    await talk("how many grams in half a pound", "qa_factoid")
    assert "226.8 grams" in talk.spoken
    await talk("and a pound")
    assert "453.6 grams" in talk.spoken


async def test_half_of_that_is_half_of_the_result(talk: Talk) -> None:
    """After "15 percent of 80" half of that is 6; only percentages are of the 80 again."""
    await talk("what's 15 percent of 80", "qa_maths")
    await talk("half of that", "qa_maths")
    assert "6" in talk.spoken and "40" not in talk.spoken
