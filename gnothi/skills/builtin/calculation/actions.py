"""Calculate, and convert units."""

from fractions import Fraction

from gnothi.core.acting import Act, Call, Outcome, Question, Status
from gnothi.core.risk import Risk
from gnothi.home.house import House
from gnothi.skills.builtin.calculation import reading
from gnothi.skills.builtin.calculation.arithmetic import (
    CalculationError,
    Value,
    evaluate,
    is_sound,
)
from gnothi.skills.builtin.calculation.reading import Conversion
from gnothi.skills.builtin.calculation.units import Quantity, rounded
from gnothi.skills.spoken import decimal
from gnothi.skills.turn import Proposal, Turn

SKILL = "calculation"
EXPRESSION = "expression"
"""What was calculated last, as argument and in :attr:`Turn.focus`."""


async def propose_calculation(turn: Turn) -> Proposal:
    """Find the calculation or the conversion that is asked for."""
    if proposal := proposed(turn):
        return proposal
    call = Call(SKILL, "calculate")
    if turn.answers or len(turn.text.split()) > 4:
        return Proposal(call, Risk.FREE, problem=(Act("calculation-not-understood"),))
    return Proposal(call, Risk.FREE, Question("expression", Act("calculation-ask")))


def proposed(turn: Turn) -> Proposal | None:
    """Return the call for *turn*, ``None`` when it holds nothing to calculate or convert."""
    conversion = _other_conversion(turn) or reading.conversion(turn.text)
    if conversion:
        return _propose_conversion(conversion)
    expression = _continued(turn) or reading.expression(turn.text)
    if pair := reading.divisible(turn.text):
        expression = f"{pair[0]} mod {pair[1]}"
    if not expression:
        return None
    return Proposal(Call(SKILL, "calculate", {"expression": expression}), Risk.FREE)


def goes_on(text: str) -> bool:
    """Whether *text*, after a calculation, is one with its answer."""
    return reading.goes_on(text)


def _continued(turn: Turn) -> str:
    """Return an expression that goes on from the one before: "times two", "20 percent of it"."""
    carried = turn.carried is not None and turn.carried.api == "calculate"
    before = turn.carried.arguments.get(EXPRESSION) if carried and turn.carried else None
    before = before or turn.focus.get(EXPRESSION)
    if not isinstance(before, str):
        return ""
    expression = reading.continued(turn.text, before, follows=carried)
    return expression if is_sound(expression) else ""


async def calculate(turn: Turn, *, expression: str) -> Outcome:
    """Tell the value of *expression*."""
    house = turn.services.house
    try:
        value = evaluate(expression)
    except CalculationError as error:
        return Outcome(Status.FAILED, (Act(error.key),))
    if pair := reading.divisible(turn.text):
        act = _whether_divisible(pair, house)
    else:
        act = Act("calculation-result", {"result": _spoken(value, house)})
    display = {"kind": SKILL, EXPRESSION: expression}
    return Outcome(Status.DONE, (act,), display=display, entities={EXPRESSION: expression})


async def convert(turn: Turn, *, amount: float, source: str, target: str) -> Outcome:
    """Tell a quantity in another unit."""
    house = turn.services.house
    given = Quantity(amount, source)
    wanted = given.to(target)
    exact = abs(rounded(wanted.amount) - wanted.amount) < 1e-9
    values = {"source": given.spoken(house), "target": wanted.spoken(house), "exact": exact}
    return Outcome(Status.DONE, (Act("calculation-converted", values),))


def _propose_conversion(conversion: Conversion) -> Proposal:
    source, target = conversion.source, conversion.target
    arguments = {"amount": source.amount, "source": source.unit, "target": target}
    call = Call(SKILL, "convert", arguments)
    if source.dimension == target.partition("-")[0]:
        return Proposal(call, Risk.FREE)
    names = {"source": _name(source.unit), "target": _name(target)}
    return Proposal(call, Risk.FREE, problem=(Act("calculation-different", names),))


def _other_conversion(turn: Turn) -> Conversion | None:
    """Read "and in feet", "and 25" or "425 fahrenheit" after a conversion."""
    if turn.carried is None or turn.carried.api != "convert":
        return None
    kept = turn.carried.arguments
    source = Quantity(float(str(kept["amount"])), str(kept["source"]))
    return reading.converted_again(turn.text, Conversion(source, str(kept["target"])))


def _whether_divisible(pair: tuple[int, int], house: House) -> Act:
    times, rest = divmod(*pair)
    if rest:
        return Act("calculation-no", {"rest": decimal(rest, house)})
    return Act("calculation-yes", {"result": decimal(times, house)})


def _spoken(value: Value, house: House) -> str:
    whole = isinstance(value, Fraction) and value.denominator == 1
    return decimal(int(value) if whole else float(value), house)


def _name(unit: str) -> str:
    return unit.partition("-")[2].replace("-", " ")
