"""What a device is doing right now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

UNKNOWN = frozenset({"unknown", "unavailable", ""})
"""States in which Home Assistant says that it does not know."""


@dataclass(frozen=True, slots=True)
class DeviceState:
    """State and attributes of a device, in Home Assistant's words."""

    state: str | None = None
    """``None`` when unknown."""
    attributes: Mapping[str, object] = field(default_factory=dict[str, object])
    changed: datetime | None = None
    """When ``state`` last became something else, as far as we have seen it."""

    @property
    def known(self) -> bool:
        """Whether the state is known and the device can be reached."""
        return self.state is not None and self.state not in UNKNOWN

    def number(self, attribute: str) -> float | None:
        """Return *attribute* as a number, ``None`` when it is missing or no number."""
        return as_number(self.attributes.get(attribute))

    def differs(self, other: "DeviceState") -> bool:
        """Whether state or attributes are not those of *other*."""
        return self.state != other.state or self.attributes != other.attributes

    def texts(self, attribute: str) -> tuple[str, ...]:
        """Return the list in *attribute* (``hvac_modes``), empty when it is none."""
        value = self.attributes.get(attribute)
        if not isinstance(value, list | tuple):
            return ()
        return tuple(map(str, cast("Sequence[object]", value)))


def as_number(value: object) -> float | None:
    """Return *value* as a number; home files write both 22 and "22"."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(str(value))
    except ValueError:
        return None
