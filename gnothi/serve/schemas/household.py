"""People, pairing, the wizard, and what was learned."""

from typing import Literal

from pydantic import Field

from gnothi.serve.schemas.base import Given, Identity, Line, Object, Taken


class PersonBody(Given):
    """Somebody who lives here."""

    id: str = Field(examples=["ana"])
    name: str = Field(examples=["Ana"])
    role: str = Field(examples=["adult"])


class KeepBody(Taken):
    """Whether to keep recordings."""

    kept: bool


class RecordingsBody(Given):
    """What is kept of what a person said."""

    kept: bool = Field(description="Whether recordings are kept from now on.")
    count: int
    bytes: int


class TranscriptBody(Taken):
    """What was said in a recording."""

    text: Line = Field(max_length=300, examples=["feed the dragon"])


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
