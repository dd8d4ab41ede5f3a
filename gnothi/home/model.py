"""The home as its file describes it (CONTRACTS, section 4): areas, devices, lists, people.

Everything is frozen; what changes lives in :class:`gnothi.home.house.House`. Keys that we do not
know are kept, so that a home file survives being read and written by us.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gnothi.core.errors import InputError
from gnothi.core.plain import Json, plain
from gnothi.home.fields import Fields

Extra = Mapping[str, object]


def _nothing() -> Extra:
    return {}


@dataclass(frozen=True, slots=True)
class Area:
    """A room, or a place around the house."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    floor: str | None = None
    extra: Extra = field(default_factory=_nothing)

    @property
    def names(self) -> tuple[str, ...]:
        """All ways to call it, the first is shown."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Device:
    """A device as Home Assistant would describe its entity, with the state it begins in."""

    id: str
    """Entity id, ``light.kitchen``; unique in the home, names are not."""
    domain: str
    name: str
    aliases: tuple[str, ...] = ()
    area: str | None = None
    features: tuple[str, ...] = ()
    state: str | None = None
    """``None`` when unknown."""
    attributes: Extra = field(default_factory=_nothing)
    extra: Extra = field(default_factory=_nothing)

    @property
    def names(self) -> tuple[str, ...]:
        """All ways to call it, the first is shown."""
        return (self.name, *self.aliases)

    @property
    def device_class(self) -> str:
        """Home Assistant's device class (``garage``, ``window``), empty when unknown."""
        return str(self.attributes.get("device_class") or "")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list."""

    text: str
    done: bool = False
    extra: Extra = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class TodoList:
    """A shopping or to-do list."""

    id: str
    name: str
    items: tuple[Item, ...] = ()
    aliases: tuple[str, ...] = ()
    extra: Extra = field(default_factory=_nothing)

    @property
    def open_items(self) -> tuple[Item, ...]:
        """What is still to be done."""
        return tuple(item for item in self.items if not item.done)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who lives here."""

    id: str
    name: str
    role: str = "adult"
    aliases: tuple[str, ...] = ()
    extra: Extra = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Home:
    """One home."""

    name: str = "Home"
    locale: str = "en-US"
    units: str = "metric"
    """``metric`` or ``imperial``: the scale of temperatures that are said without one."""
    time_zone: str = "UTC"
    areas: tuple[Area, ...] = ()
    devices: tuple[Device, ...] = ()
    lists: tuple[TodoList, ...] = ()
    people: tuple[Person, ...] = ()
    extra: Extra = field(default_factory=_nothing)

    @property
    def floors(self) -> tuple[str, ...]:
        """The floors that areas name, each once, in their order."""
        return tuple(dict.fromkeys(area.floor for area in self.areas if area.floor))


def read_home(value: object) -> Home:
    """Return the home that the JSON *value* describes.

    Raises:
        InputError: a place holds something that can't be used; the message names the place.
    """
    fields = Fields(value, "")
    home = Home(
        name=fields.text("name", "Home"),
        locale=fields.text("locale", "en-US"),
        units=_units(fields),
        time_zone=_zone(fields),
        areas=fields.each("areas", _area),
        devices=fields.each("devices", _device),
        lists=fields.each("lists", _list),
        people=fields.each("people", _person),
        extra=fields.rest,
    )
    _check_ids("areas", (area.id for area in home.areas))
    _check_ids("devices", (device.id for device in home.devices))
    _check_ids("lists", (todo.id for todo in home.lists))
    _check_ids("people", (person.id for person in home.people))
    return home


def load_home(path: Path) -> Home:
    """Return the home in the file at *path*.

    Raises:
        InputError: the file can't be read, is no JSON, or describes no home.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"The home file {path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise InputError(f"The home file {path} is no JSON: {error}.") from error
    try:
        return read_home(value)
    except InputError as error:
        raise InputError(f"The home file {path} can't be used. {error}") from error


def write_home(home: Home) -> dict[str, Json]:
    """Return *home* as JSON; :func:`read_home` turns it back into an equal one."""
    return {
        "name": home.name,
        "locale": home.locale,
        "units": home.units,
        "time_zone": home.time_zone,
        "areas": [_flat(area) for area in home.areas],
        "devices": [_flat(device) for device in home.devices],
        "lists": [_listed(todo) for todo in home.lists],
        "people": [_flat(person) for person in home.people],
        **_flat_extra(home.extra),
    }


def _area(fields: Fields) -> Area:
    identity = fields.required("id")
    return Area(
        id=identity,
        name=fields.text("name", "") or identity.replace("_", " ").title(),
        aliases=fields.texts("aliases"),
        floor=fields.optional("floor"),
        extra=fields.rest,
    )


def _device(fields: Fields) -> Device:
    identity = fields.required("id")
    domain = fields.text("domain", "") or identity.partition(".")[0]
    return Device(
        id=identity,
        domain=domain,
        name=fields.text("name", "") or identity.rpartition(".")[2].replace("_", " ").title(),
        aliases=fields.texts("aliases"),
        area=fields.optional("area"),
        features=fields.texts("features"),
        state=fields.optional("state"),
        attributes=fields.mapping("attributes"),
        extra=fields.rest,
    )


def _list(fields: Fields) -> TodoList:
    identity = fields.required("id")
    return TodoList(
        id=identity,
        name=fields.text("name", "") or identity.rpartition(".")[2].replace("_", " ").capitalize(),
        items=fields.each("items", _item),
        aliases=fields.texts("aliases"),
        extra=fields.rest,
    )


def _item(fields: Fields) -> Item:
    return Item(text=fields.required("text"), done=fields.flag("done"), extra=fields.rest)


def _person(fields: Fields) -> Person:
    identity = fields.required("id")
    return Person(
        id=identity,
        name=fields.text("name", "") or identity.replace("_", " ").title(),
        role=fields.text("role", "adult"),
        aliases=fields.texts("aliases"),
        extra=fields.rest,
    )


def _units(fields: Fields) -> str:
    units = fields.text("units", "metric")
    if units not in {"metric", "imperial"}:
        raise fields.wrong("units", f"expected metric or imperial, found {units!r}.")
    return units


def _zone(fields: Fields) -> str:
    zone = fields.text("time_zone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"{zone!r} is no time zone; write it like Europe/Berlin."
        raise fields.wrong("time_zone", message) from error
    return zone


def _check_ids(where: str, ids: Iterable[str]) -> None:
    twice = [identity for identity, count in Counter(ids).items() if count > 1]
    if twice:
        raise InputError(f"{where}: the id {twice[0]!r} is there twice; ids must differ.")


def _flat(thing: "Area | Device | Person | Item") -> dict[str, Json]:
    written = plain(thing)
    assert isinstance(written, dict)
    extra = written.pop("extra")
    assert isinstance(extra, dict)
    return written | extra


def _listed(todo: TodoList) -> dict[str, Json]:
    items: list[Json] = [_flat(item) for item in todo.items]
    names: list[Json] = list(todo.aliases)
    aliases: dict[str, Json] = {"aliases": names} if names else {}
    return {
        "id": todo.id,
        "name": todo.name,
        "items": items,
        **aliases,
        **_flat_extra(todo.extra),
    }


def _flat_extra(extra: Extra) -> dict[str, Json]:
    return {key: plain(value) for key, value in extra.items()}
