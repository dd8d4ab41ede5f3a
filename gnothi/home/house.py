"""The home as it is now: states, services, lists, and those who want to hear of changes."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from gnothi.core.clock import Clock, SystemClock
from gnothi.core.errors import InputError, ProviderError, StorageError
from gnothi.core.plain import Json
from gnothi.core.protocols import Name
from gnothi.home.drivers import Driver, Simulation
from gnothi.home.history import Event, History
from gnothi.home.lists import Lists
from gnothi.home.model import (
    Area,
    Device,
    Home,
    Item,
    Person,
    TodoList,
    load_home,
    read_home,
    write_home,
)
from gnothi.home.state import DeviceState

_log = logging.getLogger(__name__)

STARTER = Path(__file__).with_name("starter.json")
"""The simulated home that a new household begins with."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something in the home became different."""

    entity: str
    """Id of the device or list."""
    before: DeviceState
    after: DeviceState


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The home at one moment."""

    states: Mapping[str, DeviceState]


Subscriber = Callable[[Change], None]


class House:
    """The current state of one home, and the only way to change it.

    Belongs to one event loop; reading needs no lock.
    """

    def __init__(
        self, home: Home, *, clock: Clock | None = None, history: History | None = None
    ) -> None:
        """Begin in the states that *home* names; without a *history* none outlives this object."""
        self._clock = clock or SystemClock()
        self._home = home
        self._history = history or History.in_memory()
        self._simulation = Simulation(self._clock)
        self._drivers: dict[str, Driver] = {}
        self._subscribers: list[Subscriber] = []
        self._devices = {device.id: device for device in home.devices}
        self._areas = {area.id: area for area in home.areas}
        self._states = {device.id: self._initial(device) for device in home.devices}
        self._lists = Lists(home.lists)

    @classmethod
    def from_file(
        cls, path: Path, *, clock: Clock | None = None, history: History | None = None
    ) -> "House":
        """Open the home file at *path* (CONTRACTS, section 4).

        Raises:
            InputError: the file can't be read, or a place in it can't be used.
        """
        return cls(load_home(path), clock=clock, history=history)

    @classmethod
    def from_json(
        cls, value: object, *, clock: Clock | None = None, history: History | None = None
    ) -> "House":
        """Open the home that the JSON *value* describes.

        Raises:
            InputError: a place in it can't be used.
        """
        return cls(read_home(value), clock=clock, history=history)

    @property
    def home(self) -> Home:
        """What does not change by itself: names, places, people. States in it are the first."""
        return self._home

    @property
    def history(self) -> History:
        """What happened here."""
        return self._history

    @property
    def time_zone(self) -> ZoneInfo:
        """The time zone of the home."""
        return ZoneInfo(self._home.time_zone)

    def now(self) -> datetime:
        """Return the present moment in the time zone of the home."""
        return self._clock.now().astimezone(self.time_zone)

    def devices(self) -> Sequence[Device]:
        """Return all devices."""
        return self._home.devices

    def areas(self) -> Sequence[Area]:
        """Return all areas."""
        return self._home.areas

    def people(self) -> Sequence[Person]:
        """Return who lives here."""
        return self._home.people

    def lists(self) -> Sequence[TodoList]:
        """Return the lists as they are now."""
        return self._lists.all()

    def device(self, entity_id: str) -> Device:
        """Return the device *entity_id*.

        Raises:
            InputError: there is none.
        """
        try:
            return self._devices[entity_id]
        except KeyError:
            raise InputError(f"There is no device {entity_id!r} in this home.") from None

    def area(self, area_id: str | None) -> Area | None:
        """Return the area *area_id*, ``None`` when it is unknown."""
        return self._areas.get(area_id or "")

    def state(self, entity_id: str) -> DeviceState:
        """Return what the device *entity_id* is doing; an empty state when it is unknown."""
        return self._states.get(entity_id, DeviceState())

    @property
    def gazetteer(self) -> "House":
        """The names of this home, as a :class:`gnothi.core.protocols.Gazetteer`."""
        return self

    def names(self) -> Iterable[Name]:
        """Return every name and alias of devices, areas, floors, lists and people."""
        home = self._home
        for kind, things in (
            ("device", home.devices),
            ("area", home.areas),
            ("list", self.lists()),
            ("person", home.people),
        ):
            for thing in things:
                for text in (thing.name, *thing.aliases):
                    yield Name(text, thing.id, kind)
        for floor in home.floors:
            yield Name(floor.replace("_", " "), floor, "floor")

    async def call(
        self,
        service: str,
        targets: Sequence[str],
        data: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Carry out *service* (``light.turn_on``) on every target, in their order.

        Targets after one that fails are still tried, so that a dead lamp leaves nobody in the dark.

        Raises:
            ProviderError: a device did not obey, or can't do this; names all that failed.
            InputError: a target is no device of this home.
        """
        domain, _, name = service.partition(".")
        devices = [self.device(target) for target in targets]
        failures: list[str] = []
        for device in devices:
            try:
                await self._call(device, domain, name, data)
            except ProviderError as error:
                failures.append(str(error))
        if failures:
            raise ProviderError(" ".join(failures))

    async def restore(self, entity_id: str, wanted: DeviceState) -> None:
        """Bring a device back to exactly the state *wanted*, for undo.

        Raises:
            ProviderError: the device did not obey.
            InputError: it is no device of this home.
        """
        device = self.device(entity_id)
        now = self.state(entity_id)
        self.observe(entity_id, await self._driver(device).restore(device, now, wanted))

    def observe(self, entity_id: str, state: DeviceState) -> None:
        """Take note that a device now is in *state*, whoever brought it there."""
        before = self.state(entity_id)
        if not state.differs(before):
            return
        moment = self._clock.now()
        changed = moment if state.state != before.state else before.changed
        self._states[entity_id] = replace(state, changed=changed)
        if state.state != before.state:
            self._record(Event(entity_id, moment, state.state, before.state))
        self._tell(Change(entity_id, before, self._states[entity_id]))

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Call *callback* after each change, until the returned function is called."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def add_device(self, device: Device, driver: Driver | None = None) -> None:
        """Add *device*, or replace what is known of it; *driver* makes it obey."""
        known = device.id in self._devices
        self._devices[device.id] = device
        self._home = replace(self._home, devices=tuple(self._devices.values()))
        if driver is not None:
            self._drivers[device.id] = driver
        if not known:
            self._states[device.id] = self._initial(device)

    def remove_device(self, entity_id: str) -> None:
        """Forget the device *entity_id*; nothing happens when it is unknown."""
        if self._devices.pop(entity_id, None) is not None:
            self._home = replace(self._home, devices=tuple(self._devices.values()))
            self._states.pop(entity_id, None)
            self._drivers.pop(entity_id, None)

    def add_area(self, area: Area) -> None:
        """Add *area*, or replace what is known of it."""
        self._areas[area.id] = area
        self._home = replace(self._home, areas=tuple(self._areas.values()))

    def simulated(self) -> Sequence[Device]:
        """Return the devices that exist only here."""
        return [device for device in self.devices() if device.id not in self._drivers]

    def items(self, list_id: str) -> Sequence[Item]:
        """Return what stands on a list.

        Raises:
            InputError: there is no such list.
        """
        return self._lists.get(list_id).items

    async def add_item(self, list_id: str, text: str) -> None:
        """Put *text* at the end of a list.

        Raises:
            InputError: there is no such list.
        """
        self._relist(list_id, lambda: self._lists.add(list_id, text))

    async def complete_item(self, list_id: str, text: str, *, done: bool = True) -> None:
        """Check *text* off a list, or put it back.

        Raises:
            InputError: there is no such list or item.
        """
        self._relist(list_id, lambda: self._lists.complete(list_id, text, done=done))

    async def remove_item(self, list_id: str, text: str) -> None:
        """Take *text* off a list.

        Raises:
            InputError: there is no such list or item.
        """
        self._relist(list_id, lambda: self._lists.remove(list_id, text))

    async def set_items(self, list_id: str, items: Sequence[Item]) -> None:
        """Replace what stands on a list, for undo.

        Raises:
            InputError: there is no such list.
        """
        self._relist(list_id, lambda: self._lists.replace(list_id, items))

    async def create_list(self, name: str) -> TodoList:
        """Add an empty list called *name* and return it; an existing one stays as it is."""
        created = self._lists.create(name)
        self._sync_lists()
        return created

    async def remove_list(self, list_id: str) -> None:
        """Delete a list with everything on it.

        Raises:
            InputError: there is no such list.
        """
        self._relist(list_id, lambda: self._lists.delete(list_id))

    def to_json(self) -> dict[str, Json]:
        """Return the home file that describes the home as it is now.

        Devices that joined from elsewhere are left out: they join again by themselves.
        """
        devices = tuple(
            replace(device, state=state.state, attributes=dict(state.attributes))
            for device, state in ((one, self.state(one.id)) for one in self.simulated())
        )
        return write_home(replace(self._home, devices=devices))

    def snapshot(self) -> Snapshot:
        """Return the home at this moment, to compare with later."""
        return Snapshot(dict(self._states) | self._list_states())

    def changes_since(self, snapshot: Snapshot) -> dict[str, dict[str, object]]:
        """Return what is different since *snapshot*, as ``changes`` of CONTRACTS, section 5."""
        now = self.snapshot().states
        return {
            entity: difference
            for entity in dict.fromkeys([*now, *snapshot.states])
            if (difference := _difference(snapshot.states.get(entity), now.get(entity)))
        }

    async def _call(
        self, device: Device, domain: str, name: str, data: Mapping[str, object]
    ) -> None:
        if domain not in {device.domain, "homeassistant"}:
            raise ProviderError(f"{device.name} can't do {domain}.{name}.")
        if domain == "homeassistant":
            name = _NATIVE.get((device.domain, name), name)
        now = self.state(device.id)
        self.observe(device.id, await self._driver(device).call(device, now, name, data))

    def _driver(self, device: Device) -> Driver:
        return self._drivers.get(device.id, self._simulation)

    def _initial(self, device: Device) -> DeviceState:
        changed = self._history.changed(device.id, device.state)
        return DeviceState(device.state, dict(device.attributes), changed)

    def _record(self, event: Event) -> None:
        """Keep *event*; a full disk costs the answer to a later question, never a command."""
        try:
            self._history.record(event)
        except StorageError as error:
            _log.warning("%s", error)

    def _tell(self, change: Change) -> None:
        for subscriber in tuple(self._subscribers):
            subscriber(change)

    def _relist(self, list_id: str, edit: Callable[[], None]) -> None:
        before = self._list_states().get(list_id, DeviceState())
        edit()
        self._sync_lists()
        after = self._list_states().get(list_id, DeviceState())
        self._tell(Change(list_id, before, after))

    def _sync_lists(self) -> None:
        self._home = replace(self._home, lists=tuple(self._lists.all()))

    def _list_states(self) -> dict[str, DeviceState]:
        return {todo.id: DeviceState(str(len(todo.open_items))) for todo in self._lists.all()}


_NATIVE = {
    ("cover", "turn_on"): "open_cover",
    ("cover", "turn_off"): "close_cover",
    ("valve", "turn_on"): "open_valve",
    ("valve", "turn_off"): "close_valve",
    ("vacuum", "turn_on"): "start",
    ("vacuum", "turn_off"): "return_to_base",
    ("lawn_mower", "turn_on"): "start_mowing",
    ("lawn_mower", "turn_off"): "dock",
}
"""What ``homeassistant.turn_on`` and ``turn_off`` mean to devices that have neither."""


def _difference(before: DeviceState | None, after: DeviceState | None) -> dict[str, object]:
    old, new = before or DeviceState(), after or DeviceState()
    changed: dict[str, object] = {} if old.state == new.state else {"state": new.state}
    for key in dict.fromkeys([*old.attributes, *new.attributes]):
        if old.attributes.get(key) != new.attributes.get(key):
            changed[key] = new.attributes.get(key)
    return changed
