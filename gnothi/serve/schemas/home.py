"""Rooms, devices, lists, alarms and the player."""

from typing import Literal

from pydantic import Field, JsonValue

from gnothi.serve.schemas.base import Given, Identity, Line, Object, Taken


class AreaBody(Given):
    """A room, or a place around the house."""

    id: str
    name: str
    aliases: list[str]
    floor: str | None


class DeviceBody(Given):
    """A device and what it is doing."""

    id: str = Field(examples=["light.kitchen_main"])
    domain: str
    name: str
    aliases: list[str]
    area: str | None
    features: list[str]
    state: str | None = Field(description="Null when unknown.")
    attributes: dict[str, JsonValue]
    changed: str | None = None


class DeviceCallBody(Taken):
    """A service of Home Assistant's vocabulary for one device."""

    service: str = Field(
        pattern=r"^[a-z_]+\.[a-z0-9_]+$", max_length=100, examples=["light.turn_on"]
    )
    data: Object = Field(default={}, examples=[{"brightness": 128}])
    confirm: bool = Field(
        default=False, description="Needed by guarded services (unlock, disarm …)."
    )


class ItemBody(Given):
    """A line of a list."""

    text: str
    done: bool


class ListBody(Given):
    """A shopping or to-do list."""

    id: str = Field(examples=["todo.shopping"])
    name: str
    items: list[ItemBody]


class ItemTextBody(Taken):
    """The text of a line."""

    text: Line = Field(examples=["milk"])
    done: bool = Field(default=True, description="With complete: false puts it back.")


class NameBody(Taken):
    """A name for something new."""

    name: Line = Field(examples=["Holiday"])


class AlarmBody(Given):
    """Something that will ring. Durations are in seconds."""

    id: str
    kind: str = Field(examples=["timer"])
    due: str
    name: str
    rule: str = Field(description="RRULE of RFC 5545, empty for once.")
    length: float | None
    left: float | None = Field(description="Of a paused timer.")
    phase: str = Field(examples=["waiting"], description="waiting, paused, ringing or missed.")
    late: float | None
    user: str | None
    device: str | None


class TrackBody(Given):
    """A piece of music."""

    id: str
    title: str
    artist: str
    album: str
    genre: str
    seconds: float
    begin: float = Field(default=0.0, description="Second from which it is played.")
    limit: float = Field(
        default=0.0, description="How many seconds are played at most; 0 for all of it."
    )
    url: str = Field(description="Where its sound is.")


class PlayerBody(Given):
    """What plays."""

    status: str = Field(examples=["playing"], description="idle, playing or paused.")
    track: TrackBody | None
    place: int
    queue: list[TrackBody]
    volume: float
    muted: bool


class PlayerCommandBody(Taken):
    """A command for the player."""

    command: Literal["pause", "resume", "stop", "next", "previous", "volume", "mute", "ended"]
    level: float | None = Field(
        default=None, ge=0, le=1, allow_inf_nan=False, description="With volume."
    )
    muted: bool | None = Field(default=None, description="With mute; true when missing.")
    track: Identity | None = Field(
        default=None, description="With ended: the track that was played to its end."
    )
