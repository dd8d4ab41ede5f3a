"""How devices are called when they are spoken of."""

from collections import Counter
from collections.abc import Iterable, Sequence

from gnothi.home.house import House
from gnothi.home.model import Device


def names(house: House, devices: Iterable[Device]) -> list[str]:
    """Return the names of *devices*, with their area where a name stands for several."""
    taken = Counter(device.name.casefold() for device in house.devices() if _can_be_meant(device))
    return [_name(house, device, unique=taken[device.name.casefold()] <= 1) for device in devices]


def _can_be_meant(device: Device) -> bool:
    return device.domain not in {"sensor", "binary_sensor", "assist_satellite"}


def _name(house: House, device: Device, *, unique: bool) -> str:
    area = house.area(device.area)
    if unique or area is None or area.name.casefold() in device.name.casefold():
        return device.name
    return f"{device.name} ({area.name})"


def described(
    house: House, devices: Sequence[Device], areas: Sequence[str], *, group: bool
) -> dict[str, object]:
    """Return the values with which a message names *devices*: each, or as a group of a place."""
    kinds = {device.domain for device in devices}
    places = [area.name for identity in areas if (area := house.area(identity))]
    values: dict[str, object] = {
        "devices": names(house, devices),
        "kind": kinds.pop() if len(kinds) == 1 else "device",
        "area": places,
        "scope": "named",
        "number": number(devices),
    }
    if group and len(devices) > _NAMED:
        values["scope"] = "area" if places else "many"
    return values


def number(devices: Sequence[Device]) -> int:
    """Return 2 where a plural verb follows: several devices, or one called "Office Blinds"."""
    plural = len(devices) == 1 and devices[0].name.endswith("s") and devices[0].name[-2:] != "ss"
    return 2 if plural or len(devices) > 1 else 1


_NAMED = 2
"""Devices that are named one by one even where a group was meant."""
