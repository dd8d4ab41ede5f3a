"""Joining a real broker."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random

import aiomqtt
import pytest

from gnothi.core.errors import InputError, ProviderError
from gnothi.home.house import House
from gnothi.home.mqtt import Bridge
from gnothi.home.mqtt.bridge import Broker, Link
from tests.home.mqtt.broker import Mosquitto

LAMP = {
    "~": "workshop/lamp",
    "name": "Workshop Lamp",
    "uniq_id": "lamp1",
    "cmd_t": "~/set",
    "stat_t": "~/state",
    "bri_cmd_t": "~/brightness/set",
    "bri_stat_t": "~/brightness",
    "avty_t": "~/status",
    "dev": {"ids": ["lamp1"], "sa": "Workshop"},
}
HOME = {
    "areas": [{"id": "kitchen", "name": "Kitchen"}],
    "devices": [
        {
            "id": "light.kitchen",
            "domain": "light",
            "name": "Kitchen Light",
            "area": "kitchen",
            "features": ["brightness"],
            "state": "off",
            "attributes": {"brightness": 0},
        },
        {"id": "cover.garage", "domain": "cover", "name": "Garage", "state": "closed"},
    ],
}


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a broker that runs."""
    broker = Mosquitto(tmp_path)
    broker.start()
    yield broker
    broker.stop()


@asynccontextmanager
async def joined(house: House, broker: Mosquitto) -> AsyncIterator[Bridge]:
    """Join *house* to *broker*."""
    bridge = Bridge(house, broker.url, rng=Random(1), first_delay=0.05)
    task = asyncio.create_task(bridge.run())
    await until(lambda: bridge.link is Link.CONNECTED)
    yield bridge
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def until(holds: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait until *holds*; what is waited for happens in another program."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - nothing here could tell an event of the broker
            await asyncio.sleep(0.01)


def has(house: House, entity: str) -> bool:
    """Whether *entity* is a device of *house*."""
    return any(device.id == entity for device in house.devices())


@asynccontextmanager
async def lamp(broker: Mosquitto) -> AsyncIterator[aiomqtt.Client]:
    """A lamp of somebody else: announces itself, obeys, and reports what it did."""

    async def obey(client: aiomqtt.Client) -> None:
        async for message in client.messages:
            payload = message.payload.decode()
            if str(message.topic).endswith("brightness/set"):
                await client.publish("workshop/lamp/brightness", payload, retain=True)
            else:
                await client.publish("workshop/lamp/state", payload, retain=True)

    async with aiomqtt.Client("127.0.0.1", broker.port) as client:
        await client.subscribe("workshop/lamp/set")
        await client.subscribe("workshop/lamp/brightness/set")
        await client.publish("homeassistant/light/lamp1/config", json.dumps(LAMP), retain=True)
        await client.publish("workshop/lamp/status", "online", retain=True)
        await client.publish("workshop/lamp/state", "OFF", retain=True)
        task = asyncio.create_task(obey(client))
        yield client
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_device_that_announces_itself_joins_and_obeys(mosquitto: Mosquitto) -> None:
    """A lamp that speaks Home Assistant's discovery is found, switched on and dimmed."""
    house = House.from_json(HOME)
    async with joined(house, mosquitto), lamp(mosquitto):
        await until(lambda: house.state("light.lamp1").state == "off")
        assert house.area(house.device("light.lamp1").area).name == "Workshop"
        await house.call("light.turn_on", ["light.lamp1"], {"brightness": 120})
        assert house.state("light.lamp1").state == "on"
        await until(lambda: house.state("light.lamp1").attributes.get("brightness") == 120)


async def test_undo_works_over_the_broker(mosquitto: Mosquitto) -> None:
    """What was done to a device of somebody else can be taken back."""
    house = House.from_json(HOME)
    async with joined(house, mosquitto), lamp(mosquitto):
        await until(lambda: house.state("light.lamp1").state == "off")
        before = house.state("light.lamp1")
        await house.call("light.turn_on", ["light.lamp1"])
        await house.restore("light.lamp1", before)
        assert house.state("light.lamp1").state == "off"


async def test_a_device_that_leaves_is_forgotten(mosquitto: Mosquitto) -> None:
    """An empty announcement takes a device away."""
    house = House.from_json(HOME)
    async with joined(house, mosquitto), lamp(mosquitto) as client:
        await until(lambda: has(house, "light.lamp1"))
        await client.publish("homeassistant/light/lamp1/config", "", retain=True)
        await until(lambda: not has(house, "light.lamp1"))


async def test_a_device_with_components_joins_as_several(mosquitto: Mosquitto) -> None:
    """One announcement of a device brings all its components."""
    config = {
        "dev": {"ids": ["x"], "name": "Weather Station"},
        "o": {"name": "test"},
        "stat_t": "station/state",
        "cmps": {
            "t": {
                "p": "sensor",
                "dev_cla": "temperature",
                "name": "Temperature",
                "val_tpl": "{{ value_json.t }}",
                "unit_of_meas": "°C",
            },
            "r": {"p": "binary_sensor", "name": "Rain", "val_tpl": "{{ value_json.rain }}"},
        },
    }
    house = House.from_json(HOME)
    async with joined(house, mosquitto), aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        await client.publish("homeassistant/device/station/config", json.dumps(config))
        await until(lambda: has(house, "binary_sensor.station_r"))
        await asyncio.sleep(0.1)
        await client.publish("station/state", json.dumps({"t": 21.5, "rain": "ON"}))
        await until(lambda: house.state("sensor.station_t").state == "21.5")
        assert house.device("sensor.station_t").name == "Weather Station Temperature"
        assert house.state("binary_sensor.station_r").state == "on"


async def test_a_silent_device_is_reported(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device that does not report what it did counts as one that did not obey."""
    monkeypatch.setattr("gnothi.home.mqtt.bridge.ANSWERED_WITHIN", 0.2)
    config = {"name": "Deaf", "command_topic": "deaf/set", "state_topic": "deaf/state"}
    house = House.from_json(HOME)
    async with joined(house, mosquitto), aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        await client.publish("homeassistant/switch/deaf/config", json.dumps(config))
        await until(lambda: has(house, "switch.deaf"))
        with pytest.raises(ProviderError, match="Deaf did not answer"):
            await house.call("switch.turn_on", ["switch.deaf"])


async def test_our_devices_are_announced_and_obey(mosquitto: Mosquitto) -> None:
    """Home Assistant finds our simulated light, switches it on and sees its state."""
    house = House.from_json(HOME)
    async with (
        aiomqtt.Client("127.0.0.1", mosquitto.port) as client,
        joined(house, mosquitto),
    ):
        heard: dict[str, str] = {}

        async def listen() -> None:
            async for message in client.messages:
                heard[str(message.topic)] = message.payload.decode()

        for topic in ("homeassistant/light/#", "gnothi/#"):
            await client.subscribe(topic)
        task = asyncio.create_task(listen())
        await until(lambda: "homeassistant/light/gnothi/kitchen/config" in heard)
        config = json.loads(heard["homeassistant/light/gnothi/kitchen/config"])
        assert config["device"]["suggested_area"] == "Kitchen"
        order = json.dumps({"state": "ON", "brightness": 77})
        await client.publish("gnothi/light/kitchen/set", order)
        await until(lambda: house.state("light.kitchen").attributes["brightness"] == 77)
        await until(lambda: json.loads(heard["gnothi/light/kitchen/state"])["state"] == "ON")
        await client.publish("gnothi/cover/garage/set", "OPEN")
        await until(lambda: house.state("cover.garage").state == "open")
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_devices_are_announced_again_when_home_assistant_starts(
    mosquitto: Mosquitto,
) -> None:
    """When Home Assistant is born it hears of our devices anew."""
    house = House.from_json(HOME)
    async with (
        joined(house, mosquitto),
        aiomqtt.Client("127.0.0.1", mosquitto.port) as client,
    ):
        await client.publish("homeassistant/light/gnothi/kitchen/config", "", retain=True)
        await client.subscribe("homeassistant/light/gnothi/kitchen/config")
        await client.publish("homeassistant/status", "online")
        async with asyncio.timeout(10):
            async for message in client.messages:
                if message.payload:
                    break


async def test_the_broker_may_die_and_come_back(mosquitto: Mosquitto) -> None:
    """While the broker is dead its devices can't be reached, and that is said; then it goes on."""
    house = House.from_json(HOME)
    said: list[str] = []
    async with joined(house, mosquitto) as bridge:
        bridge.subscribe(lambda link, problem: said.append(problem))
        async with lamp(mosquitto):
            await until(lambda: house.state("light.lamp1").state == "off")
        mosquitto.stop()
        await until(lambda: bridge.link is Link.WAITING)
        assert "can't be reached" in bridge.problem
        assert house.state("light.lamp1").state == "unavailable"
        with pytest.raises(ProviderError, match="can't be reached"):
            await house.call("light.turn_on", ["light.lamp1"])
        mosquitto.start()
        await until(lambda: bridge.link is Link.CONNECTED)
        async with lamp(mosquitto):
            await until(lambda: house.state("light.lamp1").state == "off")
            await house.call("light.turn_on", ["light.lamp1"])
        assert said[-1] == ""


async def test_nonsense_on_the_broker_is_survived(mosquitto: Mosquitto) -> None:
    """Announcements that are no JSON, and commands that mean nothing, change nothing."""
    house = House.from_json(HOME)
    before = house.to_json()
    async with (
        joined(house, mosquitto) as bridge,
        aiomqtt.Client("127.0.0.1", mosquitto.port) as client,
    ):
        await client.publish("homeassistant/light/x/config", "{nonsense")
        await client.publish("homeassistant/device/x/config", "{}")
        await client.publish("gnothi/light/kitchen/set", "[1]")
        await client.publish("gnothi/light/nobody/set", "ON")
        await client.publish("gnothi/cover/garage/set", b"\xff\xfe")
        await asyncio.sleep(0.2)
        assert bridge.link is Link.CONNECTED
    assert house.to_json() == before


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("mqtt://broker", Broker("broker", 1883)),
        ("mqtt://me:p%40ss@broker:1884", Broker("broker", 1884, "me", "p@ss")),
        ("mqtts://broker", Broker("broker", 8883, tls=True)),
    ],
)
def test_addresses_of_brokers(url: str, broker: Broker) -> None:
    """Addresses are written as everybody writes them."""
    assert Broker.read(url) == broker


@pytest.mark.parametrize("url", ["http://broker", "broker:1883", "mqtt://", "mqtt://x:y:z"])
def test_wrong_addresses_are_explained(url: str) -> None:
    """What is no address of a broker is refused with a sentence."""
    with pytest.raises(InputError, match="broker"):
        Broker.read(url)


async def test_what_happens_here_can_be_told_to_others(mosquitto: Mosquitto) -> None:
    """A ring reaches whoever listens under ``gnothi/alarms``."""
    listening = aiomqtt.Client("127.0.0.1", mosquitto.port)
    async with joined(House.from_json(HOME), mosquitto) as bridge, listening as listener:
        await listener.subscribe("gnothi/alarms/+")
        bridge.tell("alarms/ring", "{}")
        message = await anext(aiter(listener.messages))
    assert (str(message.topic), message.payload) == ("gnothi/alarms/ring", b"{}")
