"""Turns, what explains them, and the journal."""

from pydantic import Field, JsonValue

from gnothi.serve.schemas.base import Given, Identity, Moment, Taken


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
    interrupts: bool = Field(
        default=False,
        description="It was said while the answer before it, or what it plays, could be heard.",
    )
    picture: str = Field(
        default="",
        max_length=64,
        description="Id of a picture that was shown (`POST /api/pictures`): what is said is about "
        "it. Without a word it means: what does it say?",
    )


class PictureBody(Given):
    """A picture that was shown; it is kept in memory for a quarter of an hour."""

    id: str = Field(description="To be named in turns; nobody guesses it.")
    width: int = Field(description="Pixels as it is kept, upright.")
    height: int


class LineBody(Taken):
    """What is written in a line that was read."""

    text: str = Field(min_length=1, max_length=500, examples=["TOTAL 23.90"])
    keep_picture: bool = Field(
        default=False, description="Keep a small picture of the line; else none is kept."
    )
    turn: Identity | None = Field(
        default=None, description="The turn that told what was read: it gets a signal."
    )


class PutRightBody(Given):
    """What came of putting a line right."""

    text: str
    used: bool = Field(description="Whether later readings are mended by it.")
    sentence: str


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
    display: list[dict[str, JsonValue]] = Field(default=[])
    trace: list[StageBody]


class HealthBody(Given):
    """Whether it runs."""

    status: str = Field(examples=["ok"])
    version: str | None = Field(default=None, description="Only for those who are let in.")
    setup_done: bool | None = None


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


class SignBody(Given):
    """Something that speaks for a failure, or against it."""

    sentence: str
    weight: float = Field(description="Log-odds: above 0 for a failure, below against.")


class JudgedBody(Given):
    """How a turn went, as far as the last round of learning could tell."""

    failed: bool
    sentence: str
    signs: list[SignBody]


class EntryDetailBody(AnswerBody):
    """A turn in the journal, whole."""

    at: str
    user: str | None
    device: str | None
    artifacts: dict[str, str]
    propensities: dict[str, float]
    signals: list[SignalBody]
    judged: JudgedBody | None = Field(
        default=None, description="Null until a round of learning has seen the turn."
    )
    recorded: bool = Field(default=False, description="Whether its sound was kept.")


class ErasedBody(Given):
    """What was erased."""

    turns: int


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
