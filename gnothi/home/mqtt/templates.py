"""Value templates: the small Jinja expressions with which devices say where their state stands.

They come from the broker, so they run in Jinja's sandbox.
"""

import json
from functools import lru_cache

from jinja2 import TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

_LONGEST = 1000


def rendered(template: str, payload: str) -> str | None:
    """Return what *template* makes of *payload*; ``None`` when it can't be applied."""
    if not template:
        return payload
    try:
        value_json = json.loads(payload)
    except ValueError:
        value_json = None
    return _render(template, value=payload, value_json=value_json)


def command(template: str, value: object) -> str:
    """Return the payload that *template* makes of *value*."""
    return (_render(template, value=value) or str(value)) if template else str(value)


def _render(template: str, **values: object) -> str | None:
    try:
        return _environment().from_string(template[:_LONGEST]).render(**values).strip()
    except (TemplateError, TypeError, ValueError, ArithmeticError, OverflowError):
        return None


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, without what makes numbers or texts explode."""

    intercepted_binops = frozenset({"**", "*"})

    def call_binop(self, context: object, operator: str, left: object, right: object) -> float:
        """Multiply numbers; refuse powers and repeated texts."""
        if operator == "*" and isinstance(left, int | float) and isinstance(right, int | float):
            return left * right
        raise SecurityError(f"{operator} is not allowed here")


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    environment = _Sandbox()
    environment.globals.clear()
    for function in (float, int, round):
        environment.globals[function.__name__] = function  # pyright: ignore[reportArgumentType] - the stub knows only Jinja's own globals
    return environment
