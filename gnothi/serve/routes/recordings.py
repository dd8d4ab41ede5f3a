"""Recordings of what a person said, kept only where they asked for it."""

import asyncio
from functools import partial

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from gnothi.registry.registry import Registry
from gnothi.serve.desk import AtDesk, ByVisitor, Desk, refusals
from gnothi.serve.learning import Learning
from gnothi.serve.listening.transcripts import correct
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.reception import person_id
from gnothi.serve.routes.journal import find_turn, may_decide
from gnothi.serve.schemas.base import Identity
from gnothi.serve.schemas.household import KeepBody, RecordingsBody, TranscriptBody
from gnothi.speech.usage import NAME as USAGE

router = APIRouter(prefix="/api", tags=["recordings"])


@router.get("/people/{person}/recordings", responses=refusals(404))
def recordings(person: Identity, desk: AtDesk, visitor: ByVisitor) -> RecordingsBody:
    """Tell whether what a person says is kept as sound, and how much there is."""
    identity = _known(desk, person)
    may_decide(visitor, identity)
    return _told(desk, identity)


@router.post("/people/{person}/recordings", responses=refusals(404))
def keep(person: Identity, body: KeepBody, desk: AtDesk, visitor: ByVisitor) -> RecordingsBody:
    """Keep what a person says from now on, or no more. What there is stays until it is erased."""
    identity = _known(desk, person)
    may_decide(visitor, identity)
    desk.recordings.want(identity, kept=body.kept)
    return _told(desk, identity)


@router.delete("/people/{person}/recordings", responses=refusals(404))
async def erase(person: Identity, desk: AtDesk, visitor: ByVisitor) -> RecordingsBody:
    """Erase every recording of a person, and what only these had taught.

    Whether more are kept does not change.
    """
    identity = _known(desk, person)
    may_decide(visitor, identity)
    await asyncio.to_thread(desk.recordings.erase, identity)
    await desk.worker.decide(partial(_relearn, desk.household.registry))
    return _told(desk, identity)


def _relearn(registry: Registry, learning: Learning) -> None:
    """Learn anew, if anything was learned: asked once no round is under way that would begin to."""
    if registry.serving(USAGE):
        learning.relearn(USAGE)


@router.get(
    "/people/{person}/recordings/archive",
    response_class=Response,
    responses={**refusals(404), 200: {"content": {"application/zip": {}}}},
)
def archive(person: Identity, desk: AtDesk, visitor: ByVisitor) -> Response:
    """Return every recording of a person: Ogg Opus files named by their turns, in one ZIP file."""
    identity = _known(desk, person)
    may_decide(visitor, identity)
    headers = {"content-disposition": 'attachment; filename="gnothi-recordings.zip"'}
    packed = desk.recordings.archive(identity)
    return Response(packed, media_type="application/zip", headers=headers)


@router.get(
    "/journal/{turn_id}/recording",
    response_class=FileResponse,
    responses={
        **refusals(404),
        200: {"content": {"audio/ogg": {}}},
        206: {"description": "The part that was asked for by Range.", "content": {"audio/*": {}}},
        416: {"description": "There is no such part.", "content": {"text/plain": {}}},
    },
)
def recording(turn_id: str, desk: AtDesk, visitor: ByVisitor) -> FileResponse:
    """Return the sound of a turn, where it was kept."""
    turn = find_turn(desk, visitor, turn_id)
    file = desk.recordings.find(turn.user, turn.id)
    if file is None:
        raise Refusal(Code.NOT_FOUND)
    return FileResponse(file, media_type="audio/ogg")


@router.post("/journal/{turn_id}/transcript", responses=refusals(404))
def transcript(
    turn_id: str, body: TranscriptBody, desk: AtDesk, visitor: ByVisitor
) -> TranscriptBody:
    """Write down what was said in a spoken turn. Nothing is done again; it is learned from."""
    turn = find_turn(desk, visitor, turn_id)
    correct(desk.household.journal, desk.household.clock, turn.id, body.text)
    return body


def _known(desk: Desk, person: str) -> str:
    identity = person_id(desk.household, person)
    if identity is None:
        raise Refusal(Code.UNKNOWN_PERSON, person=person)
    return identity


def _told(desk: Desk, person: str) -> RecordingsBody:
    kept = desk.recordings.of(person)
    return RecordingsBody(kept=kept.is_wanted, count=len(kept.files), bytes=kept.size)
