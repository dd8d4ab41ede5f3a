"""The connection to the broker: held, lost, and taken up again."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from gnothi.core.errors import GnothiError, InputError, ProviderError
from gnothi.home.house import Change, House
from gnothi.home.model import Area, Device
from gnothi.home.mqtt.announce import AVAILABILITY, announcement, read_order, report
from gnothi.home.mqtt.components import Publication, heard, publications, topics
from gnothi.home.mqtt.discovery import OURS, Announcement, Config, read_discovery
from gnothi.home.simulated import after, knows
from gnothi.home.state import DeviceState

if TYPE_CHECKING:
    import aiomqtt

ANSWERED_WITHIN = 3.0
"""Seconds in which a device must report what it did."""
SETTLED = 0.3
"""Seconds of silence after which a report that is not quite as expected counts."""
FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0
"""Seconds before connecting again: twice as long each time, up to the second."""
_PREFIX = "homeassistant"

_log = logging.getLogger(__name__)


class Link(StrEnum):
    """How the connection stands."""

    WAITING = "waiting"
    """Not connected; tried again and again."""
    CONNECTED = "connected"


@dataclass(slots=True)
class _Joined:
    """A device of somebody else, found by discovery."""

    device: Device
    config: Config
    topics: Mapping[str, list[str]]
    reported: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Broker:
    """Where a broker is, and who we are to it."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    tls: bool = False

    @classmethod
    def read(cls, url: str) -> "Broker":
        """Read ``mqtt://user:password@host:port``, or ``mqtts://`` for TLS.

        Raises:
            InputError: it is no such address.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError as error:
            raise InputError(f"The broker's port can't be read: {error}.") from error
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
            raise InputError("The broker's address must be written like mqtt://host:1883.")
        tls = parts.scheme == "mqtts"
        return cls(
            parts.hostname,
            port or (8883 if tls else 1883),
            unquote(parts.username) if parts.username else None,
            unquote(parts.password) if parts.password else None,
            tls,
        )


class Bridge:
    """Joins a house and a broker, until :meth:`run` is cancelled.

    Devices that others announce join the house and obey it; simulated devices of the house are
    announced to Home Assistant and obey its commands. While the broker is away, devices behind
    it are unavailable and say so.
    """

    def __init__(
        self,
        house: House,
        url: str,
        *,
        prefix: str = _PREFIX,
        rng: Random | None = None,
        first_delay: float = FIRST_DELAY,
    ) -> None:
        """Join *house* to the broker at *url*; *prefix* is Home Assistant's discovery prefix.

        Raises:
            InputError: *url* is no address of a broker.
        """
        self._house = house
        self._broker = Broker.read(url)
        self._prefix = prefix
        self._rng = rng or Random()
        self._first_delay = first_delay
        self._client: aiomqtt.Client | None = None
        self._joined: dict[str, _Joined] = {}
        self._outbox: asyncio.Queue[Publication] = asyncio.Queue()
        self._told: list[Callable[[Link, str], None]] = []
        self.link = Link.WAITING
        self.problem = ""
        """Why there is no connection, in a sentence; empty when there is one."""

    def subscribe(self, callback: Callable[[Link, str], None]) -> None:
        """Call *callback* with the link and the problem whenever the connection changes."""
        self._told.append(callback)

    def tell(self, topic: str, payload: str) -> None:
        """Publish *payload* under ``gnothi/TOPIC``; nobody hears it while the broker is away."""
        if self.link is Link.CONNECTED:
            self._outbox.put_nowait(Publication(f"{OURS}/{topic}", payload))

    async def run(self) -> None:
        """Connect, stay connected, connect again; for ever."""
        import aiomqtt

        delay = self._first_delay
        unsubscribe = self._house.subscribe(self._changed)
        try:
            while True:
                try:
                    await self._connected()
                except aiomqtt.MqttError as error:
                    delay = self._first_delay if self.link is Link.CONNECTED else delay
                    self._lost(str(error))
                await asyncio.sleep(delay * self._rng.uniform(0.8, 1.2))
                delay = min(2 * delay, LONGEST_DELAY)
        finally:
            unsubscribe()
            self._client = None

    async def call(
        self, device: Device, now: DeviceState, service: str, data: Mapping[str, object]
    ) -> DeviceState:
        """Tell *device* to carry *service* out, and wait for its report.

        Raises:
            ProviderError: the broker is away, the device is silent, or it can't do this.
        """
        joined = self._joined.get(device.id)
        if joined is None or self._client is None:
            raise ProviderError(f"{device.name} can't be reached: {self.problem or 'it is gone'}.")
        if service == "toggle":
            service = "turn_off" if now.state == "on" else "turn_on"
        wanted = self._expected(device, now, service, data)
        messages = publications(device, joined.config, service, data)
        joined.reported.clear()
        for message in messages:
            await self._publish(message)
        if not _reports(joined):
            return wanted
        return await self._answer(joined, now, wanted)

    async def restore(self, device: Device, now: DeviceState, wanted: DeviceState) -> DeviceState:
        """Bring *device* back to an earlier state by the commands that lead there.

        Raises:
            ProviderError: no command does, or the device does not obey.
        """
        steps = list(_steps_back(device, now, wanted))
        if not steps:
            raise ProviderError(f"{device.name} can't be brought back to what it was.")
        for service, data in steps:
            now = await self.call(device, now, service, data)
        return now

    def _expected(
        self, device: Device, now: DeviceState, service: str, data: Mapping[str, object]
    ) -> DeviceState:
        if not knows(device.domain, service):
            return now
        return after(device, now, service, data, at=self._house.now())

    async def _answer(self, joined: _Joined, now: DeviceState, wanted: DeviceState) -> DeviceState:
        """Wait until *joined* reports *wanted*, or something else and then no more."""
        entity = joined.device.id
        if not wanted.differs(now):
            return self._house.state(entity)
        try:
            async with asyncio.timeout(ANSWERED_WITHIN):
                await joined.reported.wait()
        except TimeoutError:
            raise ProviderError(f"{joined.device.name} did not answer.") from None
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLED):
                while self._house.state(entity).state != wanted.state:
                    joined.reported.clear()
                    await joined.reported.wait()
        return self._house.state(entity)

    async def _connected(self) -> None:
        """Hold one connection for as long as it lasts."""
        async with self._open() as client:
            self._client = client
            for topic in (f"{self._prefix}/+/+/config", f"{self._prefix}/+/+/+/config"):
                await client.subscribe(topic)
            await client.subscribe(f"{self._prefix}/status")
            await client.subscribe(f"{OURS}/+/+/+")
            self._tell(Link.CONNECTED, "")
            await self._introduce()
            sender = asyncio.create_task(self._send())
            try:
                async for message in client.messages:
                    await self._received(str(message.topic), _decoded(message.payload))
            finally:
                sender.cancel()
                with suppress(asyncio.CancelledError):
                    await sender

    def _open(self) -> "aiomqtt.Client":
        import aiomqtt

        broker = self._broker
        will = aiomqtt.Will(AVAILABILITY, "offline", retain=True)
        return aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            will=will,
            tls_params=aiomqtt.TLSParameters() if broker.tls else None,
            timeout=ANSWERED_WITHIN,
        )

    async def _introduce(self) -> None:
        """Announce our devices and tell their states; after that, that we are there."""
        for device in self._house.simulated():
            if message := announcement(device, self._house, prefix=self._prefix):
                await self._publish(message)
                await self._publish(report(device, self._house.state(device.id)))
        await self._publish(Publication(AVAILABILITY, "online", retain=True))

    async def _publish(self, message: Publication) -> None:
        import aiomqtt

        if self._client is None:
            raise ProviderError(f"The broker can't be reached: {self.problem}.")
        try:
            await self._client.publish(message.topic, message.payload, qos=1, retain=message.retain)
        except aiomqtt.MqttError as error:
            raise ProviderError(f"The broker can't be reached: {error}.") from error

    async def _send(self) -> None:
        """Send what changed in our devices, in its order."""
        while True:
            message = await self._outbox.get()
            with suppress(ProviderError):
                await self._publish(message)

    async def _received(self, topic: str, payload: str) -> None:
        if topic == f"{self._prefix}/status":
            if payload == "online":
                await self._introduce()
            return
        try:
            discovery = read_discovery(topic, payload, prefix=self._prefix)
        except InputError as error:
            _log.warning("%s", error)
            return
        if discovery is not None:
            await self._discovered(topic, discovery.announcements)
        elif topic.startswith(f"{OURS}/"):
            await self._ordered(topic, payload)
        else:
            self._heard(topic, payload)

    async def _discovered(self, topic: str, announced: tuple[Announcement, ...]) -> None:
        """Let the announced devices join; those that *topic* announced before and not now leave."""
        kept = {one.device.id for one in announced}
        for entity, joined in list(self._joined.items()):
            if joined.config.get(_TOPIC_KEY) == topic and entity not in kept:
                del self._joined[entity]
                self._house.remove_device(entity)
        for one in announced:
            await self._join(topic, one)

    async def _join(self, topic: str, announced: Announcement) -> None:
        device = replace(announced.device, area=self._area(announced.area))
        if any(own.id == device.id for own in self._house.simulated()):
            _log.warning("%s is announced over MQTT but is a simulated device here", device.id)
            return
        config = {**announced.config, _TOPIC_KEY: topic}
        joined = _Joined(device, config, topics(config))
        self._joined[device.id] = joined
        self._house.add_device(device, self)
        assert self._client is not None
        for own in joined.topics:
            await self._client.subscribe(own)

    def _area(self, name: str) -> str | None:
        """Return the area called *name*, made now when there was none."""
        if not name:
            return None
        for area in self._house.areas():
            if name.casefold() in {known.casefold() for known in area.names}:
                return area.id
        made = Area("_".join(name.casefold().split()), name)
        self._house.add_area(made)
        return made.id

    async def _ordered(self, topic: str, payload: str) -> None:
        order = read_order(topic, payload, self._house)
        if order is None:
            return
        try:
            await self._house.call(order.service, [order.entity], order.data)
        except GnothiError as error:
            _log.warning("A command on %s was not carried out: %s", topic, error)

    def _heard(self, topic: str, payload: str) -> None:
        for entity, joined in self._joined.items():
            for role in joined.topics.get(topic, ()):
                now = self._house.state(entity)
                told = heard(joined.device, joined.config, now, role, topic, payload)
                self._house.observe(entity, told)
                joined.reported.set()

    def _changed(self, change: Change) -> None:
        """Pass changes of our simulated devices on to the broker."""
        if self.link is not Link.CONNECTED:
            return
        for device in self._house.simulated():
            if device.id == change.entity and announcement(device, self._house, prefix=""):
                self._outbox.put_nowait(report(device, change.after))

    def _lost(self, reason: str) -> None:
        self._client = None
        for entity in self._joined:
            state = self._house.state(entity)
            self._house.observe(entity, replace(state, state="unavailable"))
        broker = f"{self._broker.host}:{self._broker.port}"
        self._tell(Link.WAITING, f"the MQTT broker at {broker} can't be reached ({reason})")

    def _tell(self, link: Link, problem: str) -> None:
        if (link, problem) == (self.link, self.problem):
            return
        self.link, self.problem = link, problem
        _log.log(logging.WARNING if problem else logging.INFO, "%s", problem or "MQTT connected")
        for callback in self._told:
            callback(link, problem)


_TOPIC_KEY = "__topic"


def _decoded(payload: object) -> str:
    if isinstance(payload, bytes | bytearray):
        return payload.decode("utf-8", "replace")
    return "" if payload is None else str(payload)


def _reports(joined: _Joined) -> bool:
    """Whether a device tells what it does, and so need not be trusted blindly."""
    roles = {role for roles in joined.topics.values() for role in roles}
    return not joined.config.get("optimistic") and bool(roles - {"availability"})


def _steps_back(
    device: Device, now: DeviceState, wanted: DeviceState
) -> list[tuple[str, dict[str, object]]]:
    """Return the services that lead from *now* to *wanted*, as far as there are any."""
    state = wanted.state or ""
    brightness = wanted.attributes.get("brightness")
    position = wanted.attributes.get("current_position")
    match device.domain:
        case "light" if state == "on" and brightness is not None:
            return [("turn_on", {"brightness": brightness})]
        case "cover" | "valve" if position is not None and "position" in device.features:
            return [(f"set_{device.domain}_position", {"position": position})]
        case "climate":
            steps: list[tuple[str, dict[str, object]]] = []
            if wanted.attributes.get("temperature") != now.attributes.get("temperature"):
                temperature = wanted.attributes.get("temperature")
                steps.append(("set_temperature", {"temperature": temperature}))
            return (
                [*steps, ("set_hvac_mode", {"hvac_mode": state})] if state != now.state else steps
            )
        case "fan" if state == "on" and wanted.attributes.get("percentage"):
            return [("set_percentage", {"percentage": wanted.attributes["percentage"]})]
        case _:
            service = _BACK.get((device.domain, state)) or _BACK.get(("", state))
            return [(service, {})] if service else []


_BACK = {
    ("", "on"): "turn_on",
    ("", "off"): "turn_off",
    ("cover", "open"): "open_cover",
    ("cover", "closed"): "close_cover",
    ("valve", "open"): "open_valve",
    ("valve", "closed"): "close_valve",
    ("lock", "locked"): "lock",
    ("lock", "unlocked"): "unlock",
    ("vacuum", "cleaning"): "start",
    ("vacuum", "docked"): "return_to_base",
    ("alarm_control_panel", "disarmed"): "alarm_disarm",
    ("alarm_control_panel", "armed_away"): "alarm_arm_away",
    ("alarm_control_panel", "armed_home"): "alarm_arm_home",
}
"""The service that leads to a state."""
