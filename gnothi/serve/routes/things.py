"""Teaching the camera things, and finding them again."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from fastapi import APIRouter
from fastapi.responses import Response

from gnothi.core.errors import InputError
from gnothi.core.seeing import Pixels
from gnothi.learning.teaching import Demonstration
from gnothi.serve.desk import AtDesk, ByOneInCharge, ByVisitor, Desk, refusals
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.schemas.things import (
    ExampleBody,
    LookForBody,
    ProposeBody,
    ProposedBody,
    SightingBody,
    TaughtBody,
    TeachBody,
    ThingBody,
    ThingNameBody,
)
from gnothi.serve.things import expected, told
from gnothi.vision.boxes import Boxes, clipped
from gnothi.vision.teaching.looking import opened
from gnothi.vision.teaching.things import Thing

router = APIRouter(prefix="/api/things", tags=["things"])
_T = TypeVar("_T")


@router.get("", responses=refusals())
def things(desk: AtDesk) -> list[ThingBody]:
    """List what the camera was taught, and how well it knows each thing."""
    known = desk.household.things
    return [_body(one, seen=known.sees(one)) for one in known.things().things]


@router.post("", responses=refusals(404))
async def teach(body: TeachBody, desk: AtDesk, visitor: ByOneInCharge) -> TaughtBody:
    """Learn a thing from pictures that were shown, besides what is known of it; in seconds.

    What would be known no better with them is not used: then what was known stays.
    """
    teacher = (visitor.device.user if visitor.device else None) or ""

    def learn() -> TaughtBody:
        examples = [_example(desk, one, teacher) for one in body.examples]
        taught = desk.household.things.teach(body.name, examples, keep_pictures=body.keep_pictures)
        return TaughtBody(
            thing=_body(taught.thing), used=taught.is_used, sentence=told(taught.told)
        )

    taught = await _thinking(desk, visitor, learn)
    desk.hub.publish("things", {"name": taught.thing.name})
    return taught


@router.post("/propose", responses=refusals(404))
async def propose(body: ProposeBody, desk: AtDesk, visitor: ByVisitor) -> ProposedBody:
    """Propose boxes: what looks like the one that was drawn in the first picture."""

    def look() -> ProposedBody:
        pictures = [_opened(desk, one) for one in body.pictures]
        drawn = _boxes([body.box] if body.box else [], *pictures[0])
        found = desk.household.things.propose([pixels for pixels, _ in pictures], drawn)
        shares = [share for _, share in pictures]
        told = [
            (boxes / share).round(1).tolist() for boxes, share in zip(found, shares, strict=True)
        ]
        return ProposedBody(boxes=told)

    return await _thinking(desk, visitor, look)


@router.post("/find", responses=refusals(404))
async def find(body: LookForBody, desk: AtDesk, visitor: ByVisitor) -> list[SightingBody]:
    """Find a thing in a picture that was shown, surest first."""

    def look() -> list[SightingBody]:
        pixels, share = _opened(desk, body.picture)
        return [
            SightingBody(
                box=[round(side / share, 1) for side in one.box],
                confidence=round(one.confidence, 3),
            )
            for one in desk.household.things.find(body.name, pixels)
        ]

    return await _thinking(desk, visitor, look)


@router.post("/forget", status_code=204, response_class=Response, responses=refusals())
async def forget(body: ThingNameBody, desk: AtDesk, _visitor: ByOneInCharge) -> None:
    """Forget a thing, and everything that was seen of it, in every version."""
    await asyncio.to_thread(desk.household.things.forget, body.name)
    desk.hub.publish("things", {"name": body.name})


async def _thinking(desk: Desk, visitor: Visitor, work: Callable[[], _T]) -> _T:
    """Do *work* in a place for what takes seconds."""
    if not desk.thinking.enter(visitor.key):
        raise Refusal(Code.BUSY)
    try:
        return await asyncio.to_thread(work)
    finally:
        desk.thinking.leave(visitor.key)


def _example(desk: Desk, body: ExampleBody, teacher: str) -> Demonstration:
    pixels, share = _opened(desk, body.picture)
    boxes, wrong = (_boxes(some, pixels, share) for some in (body.boxes, body.wrong))
    return Demonstration(body.picture, pixels, boxes, wrong, body.whole, teacher)


def _opened(desk: Desk, picture: str) -> tuple[Pixels, float]:
    """Return a picture that was shown, no larger than needed, and its share of the size then."""
    found = desk.household.eyes.find(picture)
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return opened(found.jpeg, found.width)


def _boxes(told: Sequence[Sequence[float]], pixels: Pixels, share: float) -> Boxes:
    """Return boxes, told in pixels of what was shown, inside the picture at its *share* of that.

    Raises:
        InputError: one has no area there.
    """
    boxes = np.asarray(told, dtype=np.float64).reshape(-1, 4) * share
    inside = clipped(boxes, pixels.shape[1], pixels.shape[0])
    if ((inside[:, 2:] - inside[:, :2]) < 1).any():
        raise InputError("A box is left, top, right, bottom, and lies inside its picture.")
    return inside


def _body(thing: Thing, *, seen: bool = True) -> ThingBody:
    known = thing.learned.expectation
    return ThingBody(
        name=thing.name,
        pictures=len(thing.shown),
        waiting=len(thing.waiting),
        tried=known.pictures,
        hits=known.hits,
        there=known.there,
        alarms=known.alarms,
        cuts=len(thing.cuts),
        sentence=expected(thing, seen=seen),
    )
