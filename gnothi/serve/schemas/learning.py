"""What was learned, and the worker that learns."""

from typing import Annotated

from pydantic import Field, StringConstraints

from gnothi.serve.schemas.base import Given, Identity, Taken


class MeasureBody(Given):
    """How often something worked; ``low`` and ``high`` hold with a probability of 95 %."""

    name: str = Field(examples=["said"], description="said, meant, so or used.")
    rate: float
    low: float
    high: float
    turns: int


class WeekBody(Given):
    """How a rewrite did in one week."""

    begin: str = Field(examples=["2026-11-23"])
    wins: int
    losses: int


class RewriteBody(Given):
    """One rewrite or phrase: what is said, what it is taken for, and why."""

    id: str = Field(examples=["*/play maj and dragons", "ana/pump=raise"])
    said: str
    becomes: str = Field(description="Empty for a phrase that is left out.")
    part: bool = Field(description="Whether it is a phrase, taken for another wherever it is said.")
    person: str | None = Field(description="Whose it is; everybody's when null.")
    risk: str
    fate: str = Field(
        examples=["live"], description="live, tried, off, withdrawn, rejected or forgotten."
    )
    at: str | None = Field(description="Since when.")
    by: str | None = Field(description="The person who decided it.")
    because: list[str]
    measures: list[MeasureBody]
    weeks: list[WeekBody]
    wins: int
    losses: int


class ChangeBody(Given):
    """Another version of a learned model."""

    name: str = Field(examples=["language/heads"])
    version: str | None
    at: str
    act: str = Field(examples=["live"])
    reason: str
    live: bool
    before: dict[str, float]
    after: dict[str, float]


class FailingBody(Given):
    """A request that fails again and again, with an offer."""

    text: str
    people: list[str | None] = Field(description="Who said it; null for a guest.")
    times: int
    sentence: str


class DigestBody(Given):
    """A week in sentences."""

    since: str
    sentences: list[str]
    failing: list[FailingBody]


class TrialBody(Given):
    """How far the gate is with what is being tried."""

    since: str
    turns: int
    support: int = Field(description="Turns that it needs at least.")
    people: int
    gain: float
    low: float
    high: float
    sentence: str


class LastBody(Given):
    """How the last round went."""

    at: str
    broken: bool
    sentences: list[str]


class EstimateBody(Given):
    """A figure, and where it surely lies."""

    value: float
    low: float
    high: float


class AskedBody(Given):
    """How often a kind of question is chosen, as a share of all."""

    act: str = Field(examples=["suggest"])
    live: float = Field(description="By what leads talks now.")
    candidate: float = Field(description="By what was learned.")


class PromptingBody(Given):
    """What the last comparison of questions said, and why they are used or not.

    ``live``, ``candidate`` and ``gain`` are worths of a question from 0 to 1, and their difference.
    """

    at: str
    version: str
    phase: str = Field(examples=["canary"], description="canary, live, rejected or rolled-back.")
    sentences: list[str]
    talks: int = Field(description="Talks that tried other things and that it was judged by.")
    decisions: int
    effective: float = Field(description="Talks that would say as much, if all spoke for it.")
    tried: int
    needed: int = Field(description="Talks that the next comparison asks for.")
    live: EstimateBody
    candidate: EstimateBody
    gain: EstimateBody
    asked: list[AskedBody]


class NightsBody(Taken):
    """When it learns by itself, by the clock of the home."""

    on: bool
    at: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = Field(
        default="03:30", examples=["03:30"]
    )


class LearningBody(Given):
    """Everything that was learned, as far as one may see it."""

    running: bool
    step: str
    last: LastBody | None
    next: str | None
    nights: NightsBody
    known_at: str | None = Field(description="Up to when uses are counted.")
    trial: TrialBody | None
    rewrites: list[RewriteBody]
    prompting: PromptingBody | None = Field(
        description="Which questions are good in talks; null before the first comparison."
    )
    changes: list[ChangeBody]
    digest: DigestBody


class RunningBody(Given):
    """Whether a round is under way."""

    running: bool
    step: str = ""


class RewriteNameBody(Taken):
    """A rewrite or phrase by its name, and who decides about it."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=2_500)] = Field(
        examples=["*/play maj and dragons"]
    )
    user: Identity | None = Field(
        default=None, description="Who decides; only one in charge may name somebody else."
    )
