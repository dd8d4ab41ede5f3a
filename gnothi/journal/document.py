"""A turn as a JSON document, and back again without loss.

Values inside ``object`` fields (arguments of calls, values of acts) may be durations, moments,
dates and times of day: they are written as ``{"$timedelta": …}`` and so on, so that they come
back as what they were. A value that has no JSON form of its own (a data class of a skill) is kept
as :func:`gnothi.core.plain.plain` writes it, and sequences come back as lists.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gnothi.core.errors import InputError
from gnothi.core.interaction import Interaction, Signal
from gnothi.core.plain import Json, plain

_Value = TypeVar("_Value")
_Decoder = Callable[[Any], Any]
_PRIMITIVES = bool | int | float | str | NoneType


def write_interaction(interaction: Interaction) -> str:
    """Return *interaction* as one line of ASCII JSON, signals included."""
    return _dump(interaction)


def read_interaction(document: str) -> Interaction:
    """Return the turn that :func:`write_interaction` wrote.

    Raises:
        InputError: the document is not a turn.
    """
    return _load(Interaction, document)


def write_signal(signal: Signal) -> str:
    """Return *signal* as one line of ASCII JSON."""
    return _dump(signal)


def read_signal(document: str) -> Signal:
    """Return the signal that :func:`write_signal` wrote.

    Raises:
        InputError: the document is not a signal.
    """
    return _load(Signal, document)


def write_moment(moment: datetime) -> str:
    """Return *moment* in RFC 9557: ``2026-11-20T07:00:00+01:00[Europe/Berlin]``."""
    zone = moment.tzinfo.key if isinstance(moment.tzinfo, ZoneInfo) else None
    return moment.isoformat() + (f"[{zone}]" if zone else "")


def read_moment(text: str) -> datetime:
    """Return the moment that :func:`write_moment` wrote; an unknown zone leaves its offset."""
    stamp, _, zone = text.rstrip("]").partition("[")
    moment = datetime.fromisoformat(stamp)
    if not zone:
        return moment
    try:
        local = moment.replace(tzinfo=ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return moment
    # The hour that a clock change repeats: the offset tells which of the two it was.
    return local if local.utcoffset() == moment.utcoffset() else local.replace(fold=1)


def storable(text: str) -> str:
    """Return *text* without what databases refuse: NUL and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _dump(value: object) -> str:
    # ASCII, because neither database stores NUL or lone surrogates as they are.
    return json.dumps(_fields(value), separators=(",", ":"))


def _load(kind: type[_Value], document: str) -> _Value:
    try:
        return _decoder(kind)(json.loads(document))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"This is not a {kind.__name__.lower()} of the journal: {error}"
        ) from error


def _fields(value: object) -> dict[str, Json]:
    """Write a data class whose field types say how to read it again."""
    declared = fields(cast("Any", value))
    return {field.name: _typed(getattr(value, field.name)) for field in declared}


def _typed(value: object) -> Json:
    if isinstance(value, Enum):
        return cast("Json", value.value)
    if isinstance(value, datetime):
        return write_moment(value)
    if isinstance(value, tuple):
        return [_typed(item) for item in cast("tuple[Any, ...]", value)]
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, Mapping):
        return _mapping(cast("Mapping[Any, Any]", value))
    return _free(value)


def _mapping(value: Mapping[Any, Any]) -> dict[str, Json]:
    return {str(key): _free(item) for key, item in value.items()}


def _free(value: object) -> Json:
    """Write a value of any type so that it tells itself what it is."""
    if isinstance(value, Enum):
        return _free(value.value)
    if isinstance(value, _PRIMITIVES):
        return value
    if isinstance(value, Mapping):
        return _object(cast("Mapping[Any, Any]", value))
    if isinstance(value, Sequence | AbstractSet):
        return [_free(item) for item in cast("Sequence[Any]", value)]
    for name, (kind, write, _) in _TAGS.items():
        if isinstance(value, kind):
            return {name: write(value)}
    return plain(value)


def _object(value: Mapping[Any, Any]) -> Json:
    written = _mapping(value)
    looks_tagged = len(written) == 1 and next(iter(written)).startswith("$")
    return {"$object": written} if looks_tagged else written


def _seconds(text: str) -> timedelta:
    days, seconds, microseconds = (int(part) for part in text.split(","))
    return timedelta(days, seconds, microseconds)


_TAGS: dict[str, tuple[type[Any], Callable[[Any], str], Callable[[Any], object]]] = {
    "$timedelta": (timedelta, lambda d: f"{d.days},{d.seconds},{d.microseconds}", _seconds),
    # A datetime is a date: it has to come first.
    "$datetime": (datetime, write_moment, read_moment),
    "$date": (date, date.isoformat, date.fromisoformat),
    "$time": (time, time.isoformat, time.fromisoformat),
}


def _read_free(value: object) -> object:
    if isinstance(value, list):
        return [_read_free(item) for item in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    return _read_object(cast("dict[str, Any]", value))


def _read_object(value: dict[str, Any]) -> object:
    name = next(iter(value)) if len(value) == 1 else ""
    if name == "$object":
        return {key: _read_free(item) for key, item in value[name].items()}
    if name in _TAGS:
        return _TAGS[name][2](value[name])
    return {key: _read_free(item) for key, item in value.items()}


@cache
def _decoder(kind: object) -> _Decoder:
    """Return what turns JSON into a value of the type *kind*."""
    if kind is datetime:
        return read_moment
    if kind is object:
        return _read_free
    if is_dataclass(kind):
        return _dataclass_decoder(cast("type[Any]", kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return _generic_decoder(get_origin(kind), get_args(kind))


def _generic_decoder(origin: object, parts: tuple[Any, ...]) -> _Decoder:
    if origin is tuple:
        return _tuple_decoder(parts)
    if origin is Union or origin is UnionType:
        inner = _decoder(next(part for part in parts if part is not NoneType))
        return lambda value: None if value is None else inner(value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return lambda value: {key: _read_free(item) for key, item in value.items()}
    return lambda value: value


def _tuple_decoder(parts: tuple[Any, ...]) -> _Decoder:
    if parts[-1] is Ellipsis:
        inner = _decoder(parts[0])
        return lambda value: tuple(inner(item) for item in value)
    decoders = [_decoder(part) for part in parts]
    return lambda value: tuple(decode(item) for decode, item in zip(decoders, value, strict=True))


def _dataclass_decoder(kind: type[Any]) -> _Decoder:
    hints = get_type_hints(kind)
    decoders = {field.name: _decoder(hints[field.name]) for field in fields(kind)}

    def decode(value: Mapping[str, Any]) -> object:
        # Fields that an older version did not write keep their defaults.
        return kind(**{name: read(value[name]) for name, read in decoders.items() if name in value})

    return decode
