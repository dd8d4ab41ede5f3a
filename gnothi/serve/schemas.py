"""What the API takes in and gives out, validated once, at the edge."""

import math
from datetime import datetime
from typing import Annotated, Literal, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
)

_DEEPEST = 24
_LARGEST = 2**53


def _clean(value: JsonValue, depth: int = 0) -> JsonValue:
    """Refuse JSON that is legal in Python only: NaN, endless numbers, lone surrogates, wells."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a finite number")
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise ValueError("too large a number")
    if isinstance(value, str):
        _encodable(value)
    for item in _children(value):
        _clean(item, depth + 1)
    return value


def _children(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, list):
        return value
    return [*value.keys(), *value.values()] if isinstance(value, dict) else []


def _encodable(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("not Unicode text") from error


def _written(value: object) -> object:
    """Take moments as ISO text only: pydantic would read numbers, too."""
    if not isinstance(value, str | datetime):
        raise ValueError("expected a moment in ISO 8601")
    return value


def _sensible(moment: datetime) -> datetime:
    """Keep away from the ends of the calendar, where a change of time zone overflows."""
    if not 1970 <= moment.year <= 2200:
        raise ValueError("expected a year from 1970 to 2200")
    return moment


def _object(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return cast("dict[str, JsonValue]", _clean(value))


Moment = Annotated[
    datetime,
    BeforeValidator(_written, json_schema_input_type=datetime),
    Field(strict=False),
    AfterValidator(_sensible),
]
Identity = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Object = Annotated[dict[str, JsonValue], AfterValidator(_object)]


class Taken(BaseModel):
    """Something that the API takes in: no silent conversions."""

    model_config = ConfigDict(strict=True)


class Given(BaseModel):
    """Something that the API gives out; later versions may add to it."""


class ProblemBody(Given):
    """A refusal: a code for machines, a sentence for people."""

    code: str = Field(examples=["not-found"])
    message: str = Field(examples=["There is nothing here by that name."])
    fields: list[dict[str, str]] = Field(default=[], description="Which values don't fit, and why.")


class TurnBody(Taken):
    """Something that somebody says."""

    text: str = Field(max_length=60_000, examples=["turn on the kitchen light"])
    user: Identity | None = Field(
        default=None,
        description="Id or name of who speaks; anybody unknown is a guest.",
        examples=["ana"],
    )
    session: Identity | None = Field(
        default=None, description="A name for the conversation; an unknown one is opened."
    )
    device: Identity | None = Field(
        default=None, description="The device that heard it: its area is context."
    )
    now: Moment | None = Field(
        default=None,
        description="Pretend that it is this moment; in the home's time zone without an offset.",
        examples=["2026-11-20T18:30:00"],
    )
    confirm: bool = Field(
        default=False, description="Confirm guarded actions of this turn beforehand."
    )


class SlotBody(Given):
    """A span of the text that fills a role."""

    name: str
    value: str
    start: int
    end: int


class AlternativeBody(Given):
    """Another intent that was considered."""

    intent: str
    score: float


class RequestBody(Given):
    """One request in what was said."""

    start: int
    end: int
    domain: str
    intent: str = Field(examples=["iot_hue_lighton"])
    score: float
    slots: list[SlotBody]
    alternatives: list[AlternativeBody]


class ActionBody(Given):
    """A call of a skill and what became of it."""

    skill: str = Field(examples=["home"])
    call: str
    arguments: dict[str, JsonValue]
    status: str = Field(examples=["done"])
    risk: str = Field(examples=["reversible"])
    message: str


class StageBody(Given):
    """One stage of a turn."""

    stage: str
    ms: float
    artifact: str
    note: str


class AnswerBody(Given):
    """A turn: what was understood, done, changed and said."""

    id: str
    session: str
    text: str
    reply: str = Field(examples=["Kitchen Light is on."])
    ssml: str = ""
    expects: str | None = Field(
        default=None, description="What it waits for: value, confirmation …"
    )
    choices: list[str] = Field(default=[], description="What a question offers to choose from.")
    requests: list[RequestBody]
    out_of_scope: bool = False
    actions: list[ActionBody]
    changes: dict[str, dict[str, JsonValue]]
    display: list[dict[str, JsonValue]] = []
    trace: list[StageBody]


class HealthBody(Given):
    """Whether it runs."""

    status: str = Field(examples=["ok"])
    version: str | None = Field(default=None, description="Only for those who are let in.")
    setup_done: bool | None = None


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


class PersonBody(Given):
    """Somebody who lives here."""

    id: str = Field(examples=["ana"])
    name: str = Field(examples=["Ana"])
    role: str = Field(examples=["adult"])


class EntryBody(Given):
    """A turn in the journal, in short."""

    id: str
    at: str
    user: str | None
    session: str
    device: str | None
    text: str
    reply: str
    intents: list[str]
    statuses: list[str]


class SignalBody(Given):
    """Something that told how a turn went."""

    name: str
    at: str
    value: float
    detail: dict[str, JsonValue]


class EntryDetailBody(AnswerBody):
    """A turn in the journal, whole."""

    at: str
    user: str | None
    device: str | None
    artifacts: dict[str, str]
    propensities: dict[str, float]
    signals: list[SignalBody]


class ErasedBody(Given):
    """What was erased."""

    turns: int


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

    command: Literal["pause", "resume", "stop", "next", "previous", "volume", "mute"]
    level: float | None = Field(
        default=None, ge=0, le=1, allow_inf_nan=False, description="With volume."
    )
    muted: bool | None = Field(default=None, description="With mute; true when missing.")


class RoomBody(Taken):
    """A room of the home."""

    id: Identity | None = Field(default=None, description="Missing for a new one.")
    name: Line = Field(examples=["Kitchen"])
    floor: Identity | None = Field(default=None, examples=["ground"])


class NewPersonBody(Taken):
    """Somebody who lives here."""

    id: str | None = Field(
        default=None, pattern=r"^\w{1,60}$", description="Missing for a new one."
    )
    name: Line = Field(examples=["Ana"])
    role: str = Field(default="adult", pattern=r"^[a-z_]{1,20}$", examples=["adult", "child"])


class HomeSummaryBody(Given):
    """A home in short."""

    name: str
    locale: str
    units: str
    time_zone: str
    rooms: list[RoomBody]
    devices: int
    lists: int
    people: list[PersonBody]


class SetupStateBody(Given):
    """How far the wizard came."""

    done: bool
    home: HomeSummaryBody
    simulated: bool = Field(description="Whether all devices exist only here.")


class ImportBody(Taken):
    """A home file."""

    home: Object = Field(examples=[{"name": "Example", "areas": [], "devices": []}])


class SetupBody(Taken):
    """What the wizard asked; what is missing stays as it is."""

    name: Line | None = None
    units: Literal["metric", "imperial"] | None = None
    time_zone: Identity | None = Field(default=None, examples=["Europe/Berlin"])
    people: list[NewPersonBody] | None = Field(default=None, max_length=50)
    rooms: list[RoomBody] | None = Field(default=None, max_length=500)
    home: Object | None = Field(default=None, description="A home file to move into.")


class InviteBody(Taken):
    """Whom a pairing code is for."""

    user: Identity | None = Field(default=None, description="Whoever comes, when missing.")


class InvitationBody(Given):
    """A pairing code."""

    code: str
    path: str
    address: str | None = Field(description="Null unless the home network is served (--lan).")
    picture: str | None = Field(description="QR code of the address, as a data URI.")
    until: str


class PairBody(Taken):
    """A code, and who uses it."""

    code: Identity
    name: Line = Field(max_length=100, examples=["Ana's phone"])
    user: Identity | None = None


class PairedBody(Given):
    """A device that was let in."""

    id: str
    name: str
    user: str | None
    in_charge: bool
    paired_at: str


class TokenBody(Given):
    """A token; send it as ``Authorization: Bearer``."""

    token: str
    device: PairedBody


class CanaryBody(Given):
    """A version that serves a share, to see how it does."""

    version: str
    share: float


class VersionBody(Given):
    """A version of an artifact, as its card has it."""

    version: str = Field(examples=["2026-11-20.1"])
    kind: str
    licence: str
    command: str = Field(description="What makes it again.")
    figures: dict[str, float]
    intervals: dict[str, tuple[float, float]]


class SwitchedBody(Given):
    """A change of which version is in use."""

    at: str
    act: str = Field(examples=["live"], description="live, canary, end-canary or rollback.")
    version: str | None = Field(description="Null for the one that Gnothi ships.")
    reason: str


class ArtifactBody(Given):
    """Something that was learned."""

    name: str = Field(examples=["language/understand"])
    live: str
    canary: CanaryBody | None
    versions: list[VersionBody]
    history: list[SwitchedBody]


class ArtifactNameBody(Taken):
    """The name of an artifact."""

    name: Identity = Field(examples=["language/understand"])


class SwitchBody(ArtifactNameBody):
    """Which version shall answer."""

    version: Identity = Field(examples=["2026-11-20.1"])


class AbilityBody(Given):
    """Something that a skill can do."""

    name: str
    intents: list[str]
    risk: str = Field(examples=["reversible"])


class SkillBody(Given):
    """A skill."""

    name: str = Field(examples=["timers"])
    title: str
    examples: list[str]
    abilities: list[AbilityBody]


class WordBody(Given):
    """A word and what it was worth; negative values speak against the intent."""

    word: str
    start: int
    end: int
    value: float


class ExplanationBody(Given):
    """Why this intent: ``base`` and the words' values add up to ``score``."""

    intent: str
    runner_up: str
    base: float
    score: float
    words: list[WordBody]
    because: list[str] = Field(description="The turn in sentences.")
