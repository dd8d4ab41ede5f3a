"""Things that the camera is taught."""

from typing import Annotated

from pydantic import Field, FiniteFloat

from gnothi.serve.schemas.base import Given, Taken

Name = Annotated[str, Field(min_length=1, max_length=60, examples=["cat's bowl"])]
PictureId = Annotated[str, Field(min_length=1, max_length=64)]
Side = Annotated[FiniteFloat, Field(ge=-10_000, le=100_000)]
Box = Annotated[
    list[Side],
    Field(
        min_length=4,
        max_length=4,
        description="Left, top, right, bottom in pixels of the picture as it is kept.",
        examples=[[40, 50, 120, 110]],
    ),
]
Boxes = Annotated[list[Box], Field(max_length=50)]


class ThingBody(Given):
    """A thing that was taught, and how well it is known."""

    name: str
    pictures: int = Field(description="It was learned from so many.")
    waiting: int = Field(description="Pictures with which it would be known no better.")
    tried: int = Field(description="Pictures that were left out in turn, and it was looked for in.")
    hits: int = Field(description="Of it, found in these.")
    there: int = Field(description="Of it, in these.")
    alarms: int = Field(description="Of other things, taken for it in these.")
    cuts: int = Field(description="Small pictures of it that are kept.")
    sentence: str


class ExampleBody(Taken):
    """A picture that was shown, and where the thing is in it."""

    picture: PictureId
    boxes: Boxes = Field(default=[], description="Around the thing; none where it is not there.")
    wrong: Boxes = Field(default=[], description="Around what was taken for it and is not.")
    whole: bool = Field(
        default=True, description="It is nowhere else in the picture; else that is not known."
    )


class TeachBody(Taken):
    """What is to be learned."""

    name: Name
    examples: list[ExampleBody] = Field(min_length=1, max_length=16)
    keep_pictures: bool = Field(
        default=False, description="Keep small cuts of the thing; else no picture is kept."
    )


class TaughtBody(Given):
    """What came of teaching."""

    thing: ThingBody
    used: bool = Field(description="False where what was known stays, since it was better.")
    sentence: str


class ProposeBody(Taken):
    """Pictures in which something is to be found, and a box around it in the first."""

    pictures: list[PictureId] = Field(min_length=1, max_length=16)
    box: Box | None = Field(
        default=None, description="Without one, what the pictures share, or what stands out in one."
    )


class ProposedBody(Given):
    """Boxes to accept or to put right, for each picture."""

    boxes: list[list[list[float]]]


class LookForBody(Taken):
    """A thing, and a picture to find it in."""

    name: Name
    picture: PictureId


class SightingBody(Given):
    """Where a thing is."""

    box: list[float]
    confidence: float


class ThingNameBody(Taken):
    """A thing by its name."""

    name: Name
