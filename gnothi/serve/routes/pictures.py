"""Showing a picture, to ask about it in a turn."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from gnothi.serve.desk import AtDesk, ByVisitor, refusals
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.schemas.talking import PictureBody

router = APIRouter(prefix="/api", tags=["pictures"])
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
