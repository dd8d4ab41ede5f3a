"""How things of the household are shown as JSON, in answers and in news alike."""

from typing import cast
from urllib.parse import quote

from gnothi.core.plain import Json, plain
from gnothi.home.alarms import Alarm
from gnothi.home.house import House
from gnothi.home.model import Device, TodoList
from gnothi.serve.player import PagePlayer


def device_json(house: House, device: Device) -> dict[str, Json]:
    """Return *device* with what it is doing."""
    state = house.state(device.id)
    return {
        "id": device.id,
        "domain": device.domain,
        "name": device.name,
        "aliases": list(device.aliases),
        "area": device.area,
        "features": list(device.features),
        "state": state.state,
        "attributes": plain(state.attributes),
        "changed": state.changed.isoformat() if state.changed else None,
    }


def list_json(todo: TodoList) -> dict[str, Json]:
    """Return *todo* with what stands on it."""
    return {
        "id": todo.id,
        "name": todo.name,
        "items": [{"text": item.text, "done": item.done} for item in todo.items],
    }


def alarm_json(alarm: Alarm) -> dict[str, Json]:
    """Return an alarm; durations in seconds."""
    return cast("dict[str, Json]", plain(alarm))


def player_json(player: PagePlayer) -> dict[str, Json]:
    """Return the player's state with an address for each track, and without its place on disk."""
    state = dict(player.state())
    shown = [_shown(track) for track in tracks(state)]
    place = state.get("place")
    playing = shown[place] if isinstance(place, int) and place < len(shown) else None
    return {**state, "queue": list(shown), "track": playing}


def tracks(state: object) -> list[dict[str, Json]]:
    """Return the tracks in a player's state."""
    return cast("dict[str, list[dict[str, Json]]]", state).get("queue", [])


def _shown(track: dict[str, Json]) -> dict[str, Json]:
    rest = {key: value for key, value in track.items() if key != "uri"}
    return {**rest, "url": f"/api/music/{quote(str(track.get('id')), safe='')}"}
