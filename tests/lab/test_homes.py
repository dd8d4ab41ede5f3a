"""From a published request to a test case."""

import json
import os
from pathlib import Path

import pytest

from gnothi.home.model import read_home
from gnothi_lab.homes.build import build_home
from gnothi_lab.homes.cases import Case, Dropped, convert, make_case
from gnothi_lab.homes.reference import Reference
from gnothi_lab.homes.requests import Request, kept_apart, read_overviews, read_requests
from gnothi_lab.homes.wording import Amount, degrees, level

FOLDER = Path(__file__).parents[2] / "gnothi_lab" / "homes"
DATA = os.environ.get("GNOTHI_DATA")
needs_data = pytest.mark.skipif(not DATA, reason="needs GNOTHI_DATA, the public data sets")

HOME = (
    Request("example", "Kitchen Light", "light-dimmable", "Kitchen", "Turn on", "Kitchen light on"),
    Request("example", "Bedroom Light", "light", "Bedroom", "Turn on", "Bedroom light on"),
    Request("example", "Bedroom Light", "light", "Guest Bedroom", "Turn on", "Turn on the light"),
    Request("example", "Smart Speaker", "smart-speaker", "Kitchen", "Pause", "Stop the music"),
    Request("example", "Smart TV", "smart-tv", "Kitchen", "Pause", "Pause"),
)


def case(text: str, like: Request, action: str | None = None) -> Case | Dropped:
    """Return the case of *text* about the device of *like*."""
    asked = Request(
        like.home, like.device, like.device_type, like.area, action or like.action, text
    )
    return make_case(build_home("example", HOME, None), asked)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("set the light to 40%", Amount(40, 40)),
        ("dim it to half", Amount(50, 50, -1)),
        ("full brightness", Amount(100, 100)),
        ("make it brighter", Amount(direction=1)),
        ("decrease the volume by 5", Amount(direction=-1)),
        ("make it 50% dimmer", Amount(direction=-1)),
        ("turn it up to 7", Amount(7, 7, 1)),
        ("set it to [VOLUME]", None),
    ],
)
def test_levels_are_read_from_the_words(text: str, expected: Amount | None) -> None:
    """The lab reads amounts by rules of its own."""
    assert level(text) == expected


def test_degrees_are_those_of_the_home() -> None:
    """Fahrenheit said in a metric home is converted."""
    assert degrees("set it to 72 F", imperial=False) == pytest.approx(22.2, abs=0.1)
    assert degrees("set it to 72", imperial=True) == 72
    assert degrees("20 degrees celsius", imperial=False) == 20


def test_a_clear_request_moves_its_device_only() -> None:
    """The kitchen light goes on, from off."""
    found = case("Kitchen light on", HOME[0])
    assert isinstance(found, Case)
    assert found.expected == {"light.kitchen_light": {"state": "on"}}
    assert found.hears is None


def test_words_that_fit_two_rooms_are_heard_in_the_right_one() -> None:
    """Turning on "the light" needs the room that hears."""
    found = case("Turn on the light", HOME[2])
    assert isinstance(found, Case)
    assert found.reference is Reference.HOME
    assert found.hears == "assist_satellite.guest_bedroom_satellite"


def test_words_for_another_device_are_dropped() -> None:
    """Words for the Bedroom's lamp are not a request to the guest bedroom's, whatever the label."""
    assert isinstance(case("Turn on the bedroom light", HOME[2]), Dropped)


def test_two_players_in_a_room_are_told_apart_by_what_plays() -> None:
    """Who says "pause" means what is playing."""
    found = case("Pause", HOME[4])
    assert isinstance(found, Case)
    assert found.reference is Reference.ROOM
    states = {one["id"]: one["state"] for one in found.home["devices"] if "media" in one["id"]}
    assert [name for name, state in states.items() if state == "playing"] == list(found.expected)


def test_cases_are_the_same_every_time() -> None:
    """States are drawn from the request, not from a clock."""
    assert case("Kitchen light on", HOME[0]) == case("Kitchen light on", HOME[0])


def test_the_home_is_one_that_gnothi_reads() -> None:
    """Converted homes keep the documented format."""
    assert read_home(build_home("example", HOME, None)).name == "example"


def test_the_split_is_the_committed_one() -> None:
    """Nobody can move a home from one side to the other."""
    split = json.loads((FOLDER / "split.json").read_text(encoding="utf-8"))
    assert all(kept_apart(name) for name in split["test"])
    assert not any(kept_apart(name) for name in split["train"])


@needs_data
def test_what_was_checked_by_hand_still_holds() -> None:
    """The converter expects today what a person has read and found right."""
    data = Path(str(DATA))
    cases = {
        one.request.key: one
        for one in convert(read_requests(data), read_overviews(data))
        if isinstance(one, Case)
    }
    lines = (FOLDER / "checked.jsonl").read_text(encoding="utf-8").splitlines()
    checked = [json.loads(line) for line in lines]
    assert len(checked) == 200
    for row in checked:
        assert cases[row["key"]].expected == row["expected"], row["key"]
