"""The home as it is now."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.clock import FixedClock
from gnothi.core.errors import InputError, ProviderError
from gnothi.home.house import STARTER, Change, House

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def house() -> House:
    """The starter home at noon."""
    return House.from_file(STARTER, clock=FixedClock(NOON))


@pytest.mark.parametrize(
    ("service", "target", "data", "changed"),
    [
        ("light.turn_on", "light.kitchen", {}, {"state": "on"}),
        ("light.turn_on", "light.kitchen", {"brightness": 128}, {"state": "on", "brightness": 128}),
        (
            "light.turn_on",
            "light.kitchen",
            {"brightness_pct": 40},
            {"state": "on", "brightness": 102},
        ),
        ("light.toggle", "light.kitchen", {}, {"state": "on"}),
        ("cover.open_cover", "cover.garage_door", {}, {"state": "open", "current_position": 100}),
        (
            "cover.set_cover_position",
            "cover.garage_door",
            {"position": 30},
            {"state": "open", "current_position": 30},
        ),
        ("fan.turn_on", "fan.bedroom", {}, {"state": "on", "percentage": 100}),
        ("lock.unlock", "lock.front_door", {}, {"state": "unlocked"}),
        ("climate.set_temperature", "climate.heating", {"temperature": 22}, {"temperature": 22}),
        ("climate.set_hvac_mode", "climate.heating", {"hvac_mode": "off"}, {"state": "off"}),
        ("vacuum.start", "vacuum.robot", {}, {"state": "cleaning"}),
        ("valve.open_valve", "valve.sprinkler", {}, {"state": "open", "current_position": 100}),
        ("media_player.media_next_track", "media_player.kitchen", {}, {"media_track": 2}),
        ("media_player.volume_up", "media_player.kitchen", {}, {"volume_level": 0.5}),
        (
            "media_player.volume_mute",
            "media_player.kitchen",
            {"is_volume_muted": True},
            {"is_volume_muted": True},
        ),
        (
            "homeassistant.turn_on",
            "valve.sprinkler",
            {},
            {"state": "open", "current_position": 100},
        ),
    ],
)
async def test_services_do_what_home_assistant_does(
    house: House, service: str, target: str, data: dict[str, object], changed: dict[str, object]
) -> None:
    """A service changes what it says, and nothing else."""
    before = house.snapshot()
    await house.call(service, [target], data)
    assert house.changes_since(before) == {target: changed}


@pytest.mark.parametrize(
    ("service", "target"),
    [
        ("light.turn_off", "light.kitchen"),
        ("lock.lock", "lock.front_door"),
        ("cover.close_cover", "cover.garage_door"),
        ("climate.turn_on", "climate.heating"),
        ("vacuum.return_to_base", "vacuum.robot"),
        ("media_player.media_pause", "media_player.kitchen"),
    ],
)
async def test_what_already_is_does_not_change(house: House, service: str, target: str) -> None:
    """Asking for what is so already changes nothing and tells nobody."""
    told: list[Change] = []
    house.subscribe(told.append)
    before = house.snapshot()
    await house.call(service, [target])
    assert house.changes_since(before) == {}
    assert told == []


@given(
    st.lists(
        st.sampled_from(
            [
                ("light.turn_on", "light.kitchen"),
                ("light.toggle", "light.office"),
                ("cover.open_cover", "cover.bedroom_blinds"),
                ("cover.close_cover", "cover.bedroom_blinds"),
                ("fan.turn_on", "fan.bedroom"),
                ("fan.turn_off", "fan.bedroom"),
                ("media_player.media_next_track", "media_player.tv"),
            ]
        ),
        max_size=6,
    )
)
async def test_restoring_brings_everything_back(calls: list[tuple[str, str]]) -> None:
    """Whatever was done, restoring the states of before leaves nothing changed."""
    house = House.from_file(STARTER, clock=FixedClock(NOON))
    before = house.snapshot()
    for service, target in calls:
        await house.call(service, [target])
    for _, target in calls:
        await house.restore(target, before.states[target])
    assert house.changes_since(before) == {}


async def test_a_home_is_written_as_it_is_now(house: House) -> None:
    """The file that a house writes is the house as it is now."""
    await house.call("light.turn_on", ["light.kitchen"], {"brightness": 50})
    await house.add_item("todo.shopping", "milk")
    again = House.from_json(house.to_json())
    assert again.state("light.kitchen").attributes["brightness"] == 50
    assert [item.text for item in again.items("todo.shopping")] == ["milk"]
    assert again.to_json() == house.to_json()


async def test_one_failure_does_not_spare_the_others(house: House) -> None:
    """A device that can't do what is asked is named; the others obey."""
    with pytest.raises(ProviderError, match="Front Door"):
        await house.call("light.turn_on", ["lock.front_door", "light.kitchen"])
    assert house.state("light.kitchen").state == "on"
    with pytest.raises(InputError, match=r"light\.attic"):
        await house.call("light.turn_on", ["light.attic"])


async def test_lists_count_their_open_items(house: House) -> None:
    """A list appears among the changes with the number of its open items."""
    before = house.snapshot()
    await house.add_item("todo.shopping", "milk")
    await house.add_item("todo.shopping", "eggs")
    await house.complete_item("todo.shopping", "Milk")
    assert house.changes_since(before) == {"todo.shopping": {"state": "1"}}
    await house.remove_item("todo.shopping", "eggs")
    with pytest.raises(InputError, match="bread"):
        await house.remove_item("todo.shopping", "bread")
    created = await house.create_list("Party")
    assert (await house.create_list("party")).id == created.id
    await house.remove_list(created.id)
    assert house.changes_since(before) == {}


async def test_changes_are_told_and_remembered() -> None:
    """Whoever listens hears of each change; the moment of the last one is kept."""
    clock = FixedClock(NOON)
    house = House.from_file(STARTER, clock=clock)
    told: list[Change] = []
    forget = house.subscribe(told.append)
    await house.call("lock.unlock", ["lock.front_door"])
    clock.moment += timedelta(hours=1)
    await house.call("lock.lock", ["lock.front_door"])
    forget()
    await house.call("lock.unlock", ["lock.front_door"])
    assert [change.after.state for change in told] == ["unlocked", "locked"]
    assert house.state("lock.front_door").changed == clock.moment
    last = house.history.last("lock.front_door", "locked")
    assert last is not None
    assert last.at == clock.moment


def test_the_gazetteer_has_every_name(house: House) -> None:
    """Devices, rooms, floors, lists and people can be found by name."""
    names = {(name.text, name.kind) for name in house.gazetteer.names()}
    assert {
        ("Kitchen Light", "device"),
        ("lounge", "area"),
        ("upstairs", "floor"),
        ("Shopping list", "list"),
        ("Alex", "person"),
    } <= names
