"""Showing a picture, to ask about it in a turn, and putting right what was read in it."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from gnothi.core.interaction import Signal
from gnothi.serve.desk import AtDesk, ByOneInCharge, ByVisitor, refusals
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.routes.journal import find_turn
from gnothi.serve.schemas.talking import LineBody, PictureBody, PutRightBody
from gnothi.serve.things import told
from gnothi.skills.builtin.sight.correcting import put_right

router = APIRouter(prefix="/api", tags=["pictures"])
PUT_RIGHT = "put_right"
"""Signal of a turn in which something was read wrong; the detail has ``read`` and ``written``."""
_FILE = {
    "requestBody": {
        "required": True,
        "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post("/pictures", responses=refusals(), openapi_extra=_FILE)
async def show(
    body: Annotated[bytes, Depends(_body)], desk: AtDesk, visitor: ByVisitor
) -> PictureBody:
    """Show a picture: the bytes of a JPEG, PNG, WebP, GIF, BMP, TIFF or PPM file, 20 MB at most.

    It is kept in memory for a quarter of an hour and never written down; name its id in turns.
    """
    if not desk.thinking.enter(visitor.key):
        raise Refusal(Code.BUSY)
    try:
        picture = await asyncio.to_thread(desk.household.eyes.show, body)
    finally:
        desk.thinking.leave(visitor.key)
    return PictureBody(id=picture.id, width=picture.width, height=picture.height)


@router.get(
    "/pictures/{picture_id}",
    response_class=Response,
    responses={**refusals(404), 200: {"content": {"image/jpeg": {}}}},
)
def picture(picture_id: str, desk: AtDesk) -> Response:
    """Return a picture that was shown, or that the camera saw, while it is kept."""
    found = desk.household.eyes.find(picture_id)
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return Response(found.jpeg, media_type="image/jpeg")


@router.post("/pictures/{picture_id}/lines/{line}", responses=refusals(404))
async def correct(
    picture_id: str, line: int, body: LineBody, desk: AtDesk, visitor: ByOneInCharge
) -> PutRightBody:
    """Say what is written in a line, by its number in the display of the answer, from 0.

    Where the like is read again it is mended, unless that would make earlier readings worse.
    """
    eyes, readings = desk.household.eyes, desk.household.readings
    if eyes.find(picture_id) is None:
        raise Refusal(Code.NOT_FOUND)
    turn = find_turn(desk, visitor, body.turn) if body.turn else None
    teacher = (visitor.device.user if visitor.device else None) or ""

    def work() -> tuple[str, PutRightBody]:
        seen = eyes.read(picture_id)
        done = put_right(
            eyes, readings, seen, line, body.text, teacher, keep_picture=body.keep_picture
        )
        answer = PutRightBody(text=body.text, used=done.is_used, sentence=told(done.told))
        return seen.page.lines[line].text, answer

    if not desk.thinking.enter(visitor.key):
        raise Refusal(Code.BUSY)
    try:
        read, answer = await asyncio.to_thread(work)
    finally:
        desk.thinking.leave(visitor.key)
    if turn:
        detail = {"read": read, "written": body.text}
        signal = Signal(PUT_RIGHT, desk.household.clock.now(), detail=detail)
        await asyncio.to_thread(desk.household.journal.attach, turn.id, signal)
    return answer
