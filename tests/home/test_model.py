"""The home file."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.home.house import STARTER
from gnothi.home.model import load_home, read_home, write_home

EXAMPLE = {
    "name": "Example",
    "locale": "en-US",
    "units": "metric",
    "time_zone": "Europe/Berlin",
    "areas": [{"id": "kitchen", "name": "Kitchen", "aliases": [], "floor": "ground"}],
    "devices": [
        {
            "id": "light.kitchen_main",
            "domain": "light",
            "name": "Kitchen Light",
            "aliases": ["ceiling"],
            "area": "kitchen",
            "features": ["brightness", "color_temp", "rgb"],
            "state": "off",
            "attributes": {"brightness": 0},
        }
    ],
    "lists": [
        {"id": "todo.shopping", "name": "Shopping list", "items": [{"text": "milk", "done": False}]}
    ],
    "people": [{"id": "ana", "name": "Ana", "role": "adult", "aliases": []}],
}

texts = st.text(min_size=1).filter(str.strip)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
devices = st.fixed_dictionaries(
    {"id": texts.map(lambda text: f"light.{text}")},
    optional={
        "name": texts,
        "state": st.none() | st.sampled_from(["on", "off", "unknown"]),
        "attributes": st.dictionaries(st.text(), json_values, max_size=3),
        "manufacturer": json_values,
    },
)


def test_the_documented_example_survives_reading_and_writing() -> None:
    """The home file of the documentation is read and written as it is."""
    assert write_home(read_home(EXAMPLE)) == EXAMPLE


@given(st.lists(devices, unique_by=lambda device: device["id"], max_size=4), json_values)
def test_writing_and_reading_give_the_same_home(listed: list[object], unknown: object) -> None:
    """Whatever a home file holds, also keys that we do not know, is kept."""
    home = read_home({"devices": listed, "of another program": unknown})
    assert read_home(json.loads(json.dumps(write_home(home)))) == home


@pytest.mark.parametrize(
    ("home", "place"),
    [
        ([], "The home"),
        ({"devices": {}}, "devices"),
        ({"devices": [{"id": "light.a"}, 7]}, "devices[1]"),
        ({"devices": [{"name": "Lamp"}]}, "devices[0].id"),
        ({"devices": [{"id": "light.a", "aliases": [1]}]}, "devices[0].aliases[0]"),
        ({"devices": [{"id": "light.a"}, {"id": "light.a"}]}, "light.a"),
        ({"areas": [{"id": "a", "aliases": "x"}]}, "areas[0].aliases"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"units": "royal"}, "units"),
        ({"lists": [{"id": "todo.a", "items": [{"done": True}]}]}, "lists[0].items[0].text"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(home: object, place: str) -> None:
    """A home file that can't be used is refused with the place that is wrong."""
    with pytest.raises(InputError) as refused:
        read_home(home)
    assert place in str(refused.value)


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    """A home file that is not there, or is no JSON, is named."""
    with pytest.raises(InputError, match=r"nowhere\.json"):
        load_home(tmp_path / "nowhere.json")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(InputError, match="no JSON"):
        load_home(tmp_path / "broken.json")


def test_states_may_be_unknown() -> None:
    """A device may have no state; numbers are read as text."""
    home = read_home({"devices": [{"id": "light.a"}, {"id": "sensor.b", "state": 21}]})
    assert [device.state for device in home.devices] == [None, "21"]
    assert home.devices[0].domain == "light"


def test_the_starter_home_has_what_a_newcomer_tries() -> None:
    """The simulated home has about twenty devices, among them a kitchen light that is off."""
    home = load_home(STARTER)
    states = {device.id: device.state for device in home.devices}
    assert states["light.kitchen"] == "off"
    domains = {device.domain for device in home.devices}
    assert {"lock", "cover", "climate", "fan", "vacuum", "media_player", "valve"} <= domains
    assert len(home.floors) >= 2
    assert {todo.id for todo in home.lists} == {"todo.shopping", "todo.todo"}
