"""What all bodies share: strictness, and the kinds of values that are let in."""

import math
from datetime import datetime
from typing import Annotated, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
)

_DEEPEST = 24
_LARGEST = 2**53


def _clean(value: JsonValue, depth: int = 0) -> JsonValue:
    """Refuse JSON that is legal in Python only: NaN, endless numbers, lone surrogates, wells."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a finite number")
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise ValueError("too large a number")
    if isinstance(value, str):
        _encodable(value)
    for item in _children(value):
        _clean(item, depth + 1)
    return value


def _children(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, list):
        return value
    return [*value.keys(), *value.values()] if isinstance(value, dict) else []


def _encodable(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("not Unicode text") from error


def _written(value: object) -> object:
    """Take moments as ISO text only: pydantic would read numbers, too."""
    if not isinstance(value, str | datetime):
        raise ValueError("expected a moment in ISO 8601")
    return value


def _sensible(moment: datetime) -> datetime:
    """Keep away from the ends of the calendar, where a change of time zone overflows."""
    if not 1970 <= moment.year <= 2200:
        raise ValueError("expected a year from 1970 to 2200")
    return moment


def _object(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return cast("dict[str, JsonValue]", _clean(value))


Moment = Annotated[
    datetime,
    BeforeValidator(_written, json_schema_input_type=datetime),
    Field(strict=False),
    AfterValidator(_sensible),
]
Identity = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Object = Annotated[dict[str, JsonValue], AfterValidator(_object)]


class Taken(BaseModel):
    """Something that the API takes in: no silent conversions."""

    model_config = ConfigDict(strict=True)


class Given(BaseModel):
    """Something that the API gives out; later versions may add to it."""
