"""Turn resolved values into JSON, the same way everywhere."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, TypeAlias, cast

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def plain(value: object) -> Json:
    """Return *value* as JSON: durations in seconds, moments in ISO 8601, data classes as objects.

    Raises:
        TypeError: the value is of a kind that has no JSON form here.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in cast("Mapping[Any, object]", value).items()}
    if isinstance(value, Sequence | AbstractSet):
        return [plain(item) for item in cast("Sequence[object]", value)]
    raise TypeError(f"No JSON form for {type(value).__name__}")
