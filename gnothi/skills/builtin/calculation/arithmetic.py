"""Arithmetic on signs: a small grammar, exact where it can be, without ``eval``.

sum     := product (("+" | "-") product ["%"])*
product := power (("*" | "/" | "mod" | "%of" | "%off") power)*
power   := prefix ["^" power]
prefix  := ("-" | "sqrt" | "half" …) prefix | atom ("²" | "³" | "!" | "%")*
atom    := NUMBER | "(" sum ")"
"""

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

LARGEST = 10**60
"""Beyond this nobody listens to the digits."""
MOST_FACTORIAL = 40
DEEPEST = 40
"""Nested signs and brackets that are followed."""

Value = Fraction | float

_TOKEN = re.compile(r"\d+(?:\.\d+)?|%off?|[+\-*/^()!²³%]|[a-z]+")


class CalculationError(Exception):
    """A calculation has no answer; ``key`` says why."""

    def __init__(self, key: str) -> None:
        """Name the message that tells why."""
        super().__init__(key)
        self.key = key


def evaluate(expression: str) -> Value:
    """Return the value of *expression*.

    Raises:
        CalculationError: it is no expression, or has no answer.
    """
    tokens = _TOKEN.findall(expression)
    if "".join(tokens) != "".join(expression.split()):
        raise CalculationError("calculation-not-understood")
    reader = _Reader(tokens)
    value = reader.sum()
    if reader.left:
        raise CalculationError("calculation-not-understood")
    return value


def is_sound(expression: str) -> bool:
    """Whether *expression* is one that can be read, be there an answer or not."""
    try:
        evaluate(expression)
    except CalculationError as error:
        return error.key != "calculation-not-understood"
    return True


class _Reader:
    """Reads tokens from left to right and calculates as it goes."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def left(self) -> bool:
        return self._at < len(self._tokens)

    def sum(self) -> Value:
        self._depth += 1
        if self._depth > DEEPEST:
            raise CalculationError("calculation-not-understood")
        value = self._product()
        while sign := self._take("+", "-"):
            other = self._product()
            if self._take("%"):  # "80 plus 15 percent" is 15 percent of the 80
                other = _checked(value * other / 100)
            value = _checked(value + other if sign == "+" else value - other)
        self._depth -= 1
        return value

    def _product(self) -> Value:
        value = self._power()
        while sign := self._take("*", "/", "mod", "%of", "%off"):
            value = _checked(_PRODUCTS[sign](value, self._power()))
        return value

    def _power(self) -> Value:
        value = self._prefix()
        return _power(value, self._power()) if self._take("^") else value

    def _prefix(self) -> Value:
        if sign := self._take(*_PREFIXES):
            self._depth += 1
            if self._depth > DEEPEST:
                raise CalculationError("calculation-not-understood")
            value = _checked(_PREFIXES[sign](self._prefix()))
            self._depth -= 1
            return value
        value = self._atom()
        while sign := self._take(*_SUFFIXES):
            value = _checked(_SUFFIXES[sign](value))
        return value

    def _atom(self) -> Value:
        if self._take("("):
            value = self.sum()
            if not self._take(")"):
                raise CalculationError("calculation-not-understood")
            return value
        if not self.left or not self._tokens[self._at][0].isdecimal():
            raise CalculationError("calculation-not-understood")
        self._at += 1
        return _checked(Fraction(self._tokens[self._at - 1]))

    def _take(self, *signs: str) -> str:
        if self.left and self._tokens[self._at] in signs:
            self._at += 1
            return self._tokens[self._at - 1]
        return ""


def _divide(one: Value, other: Value) -> Value:
    if not other:
        raise CalculationError("calculation-by-zero")
    return one / other


def _modulo(one: Value, other: Value) -> Value:
    if not other:
        raise CalculationError("calculation-by-zero")
    return one % other


def _power(base: Value, exponent: Value) -> Value:
    if not base and exponent < 0:
        raise CalculationError("calculation-by-zero")
    if abs(exponent) * math.log10(max(abs(base), 10)) > math.log10(LARGEST):
        raise CalculationError("calculation-too-large")
    result = base**exponent
    if isinstance(result, complex):
        raise CalculationError("calculation-undefined")
    return _checked(result)


def _root(degree: int) -> Callable[[Value], Value]:
    def root(value: Value) -> Value:
        if value < 0 and degree % 2 == 0:
            raise CalculationError("calculation-undefined")
        found = math.copysign(abs(float(value)) ** (1 / degree), value)
        whole = Fraction(round(found))
        return whole if whole**degree == value else found

    return root


def _factorial(value: Value) -> Value:
    if value < 0 or value != int(value):
        raise CalculationError("calculation-undefined")
    if value > MOST_FACTORIAL:
        raise CalculationError("calculation-too-large")
    return Fraction(math.factorial(int(value)))


def _checked(value: Value) -> Value:
    if abs(value) > LARGEST:
        raise CalculationError("calculation-too-large")
    return value


_PRODUCTS: Mapping[str, Callable[[Value, Value], Value]] = {
    "*": lambda one, other: one * other,
    "/": _divide,
    "mod": _modulo,
    "%of": lambda share, whole: share * whole / 100,
    "%off": lambda share, whole: whole - share * whole / 100,
}
_PREFIXES: Mapping[str, Callable[[Value], Value]] = {
    "-": lambda value: -value,
    "sqrt": _root(2),
    "cbrt": _root(3),
    "half": lambda value: value / 2,
    "third": lambda value: value / 3,
    "quarter": lambda value: value / 4,
    "fifth": lambda value: value / 5,
    "eighth": lambda value: value / 8,
    "tenth": lambda value: value / 10,
    "double": lambda value: value * 2,
    "triple": lambda value: value * 3,
    "fact": _factorial,
}
_SUFFIXES: Mapping[str, Callable[[Value], Value]] = {
    "²": lambda value: _power(value, Fraction(2)),
    "³": lambda value: _power(value, Fraction(3)),
    "!": _factorial,
}
