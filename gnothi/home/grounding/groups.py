"""The same words for different devices: "open" unlocks a door and lifts the garage's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gnothi.home.grounding.index import Entry
from gnothi.home.grounding.operations import Operation


@dataclass(frozen=True, slots=True)
class Group:
    """Devices to which the same is done."""

    operation: Operation
    entries: tuple[Entry, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Their entity ids."""
        return tuple(entry.device.id for entry in self.entries)

    def areas(self, named: Sequence[str]) -> tuple[str, ...]:
        """Return which of the areas that were *named* its devices are in."""
        own = {entry.device.area for entry in self.entries}
        return tuple(area for area in named if area in own)


def grouped(able: Sequence[tuple[Operation, Entry]]) -> list[Group]:
    """Return devices by what is done to them, first the operation that most have in common."""
    names = Counter(operation.name for operation, _ in able)
    plain = [name for name in ("on", "off") if name in names]
    groups: list[Group] = []
    left = list(able)
    for name in [*plain, *(name for name, _ in names.most_common())]:
        operation = next((own for own, _ in left if own.name == name), None)
        if operation is None:
            continue
        taken = [(own, entry) for own, entry in left if own.name == name or _same(own, operation)]
        groups.append(Group(operation, tuple(entry for _, entry in taken)))
        left = [pair for pair in left if pair not in taken]
    return groups


def _same(own: Operation, operation: Operation) -> bool:
    return {own.name, operation.name} in _TOGETHER


_TOGETHER = ({"on", "open"}, {"off", "close"}, {"off", "dock"}, {"on", "clean"}, {"on", "play"})
"""What is done to both as if it were one operation; ``commands`` knows what it means for each."""
