"""What happened: turns in short, one turn whole, and what a person may do with theirs."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, StreamingResponse

from gnothi.core.interaction import Interaction
from gnothi.core.plain import Json, plain
from gnothi.journal.document import write_interaction
from gnothi.journal.export import memory_line
from gnothi.journal.store import Memory
from gnothi.serve import forgetting
from gnothi.serve.answer import answer_json
from gnothi.serve.desk import AtDesk, ByVisitor, Desk, refusals
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.learned import judged_json
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.reception import GUEST, brief
from gnothi.serve.schemas.base import Identity
from gnothi.serve.schemas.talking import EntryBody, EntryDetailBody, ErasedBody

router = APIRouter(prefix="/api", tags=["journal"])


@router.get("/journal", responses=refusals())
def journal(
    desk: AtDesk,
    visitor: ByVisitor,
    user: Annotated[Identity | None, Query(description="A person's id, or guest.")] = None,
    q: Annotated[str, Query(max_length=200, description="Said in the turn.")] = "",
    before: Annotated[Identity | None, Query(description="Id of the turn to go on from.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[EntryBody]:
    """List turns, the newest first. Who is not in charge sees their own."""
    person = user if visitor.in_charge else own_or_all(visitor)
    turns = desk.household.journal.recent(
        limit,
        user=None if person == GUEST else person,
        guests=person == GUEST,
        before=before,
        containing=q or None,
    )
    return [EntryBody.model_validate(brief(turn)) for turn in turns]


@router.get("/journal/{turn_id}", response_model=EntryDetailBody, responses=refusals(404))
def entry(turn_id: str, desk: AtDesk, visitor: ByVisitor) -> JSONResponse:
    """Return one turn with everything that is known of it."""
    turn = find_turn(desk, visitor, turn_id)
    return JSONResponse(
        {
            **answer_json(turn),
            "at": turn.at.isoformat(),
            "user": turn.user,
            "device": turn.utterance.device,
            "artifacts": plain(turn.artifacts),
            "propensities": plain(turn.propensities),
            "signals": plain(turn.signals),
            "judged": _judged(desk, turn_id),
            "recorded": desk.recordings.find(turn.user, turn.id) is not None,
        }
    )


@router.delete("/people/{person_id}/journal", responses=refusals(404))
async def erase(person_id: str, desk: AtDesk, visitor: ByVisitor) -> ErasedBody:
    """Erase everything that was kept of a person. There is no way back."""
    may_decide(visitor, person_id)
    forgetting.silence(desk.household, person_id)
    erased = await desk.worker.decide(lambda _: forgetting.erase(desk.household, person_id))
    desk.hub.publish("erased", {"user": person_id})
    return ErasedBody(turns=erased.turns)


@router.get(
    "/people/{person_id}/export",
    response_class=StreamingResponse,
    responses={**refusals(), 200: {"content": {"application/x-ndjson": {}}}},
)
def export(person_id: str, desk: AtDesk, visitor: ByVisitor) -> StreamingResponse:
    """Return every turn of a person, then what is remembered of them, one JSON object a line."""
    may_decide(visitor, person_id)
    journal = desk.household.journal
    lines = _lines(journal.iterate(user=person_id), journal.memory(person_id))
    headers = {"content-disposition": 'attachment; filename="gnothi-journal.jsonl"'}
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)


def find_turn(desk: Desk, visitor: Visitor, turn_id: str) -> Interaction:
    """Return a turn that *visitor* may see, or refuse as if there were none."""
    turn = desk.household.journal.get(turn_id)
    if turn is None or not (visitor.in_charge or turn.user == _own(visitor)):
        raise Refusal(Code.NOT_FOUND)
    return turn


def _judged(desk: Desk, turn_id: str) -> dict[str, Json] | None:
    """Return what the last round of learning made of a turn, in sentences."""
    verdict = desk.worker.learning().judged(turn_id)
    return judged_json(verdict) if verdict else None


def _lines(turns: Iterator[Interaction], memory: Sequence[Memory]) -> Iterator[str]:
    for turn in turns:
        yield f"{write_interaction(turn)}\n"
    for one in memory:
        yield f"{memory_line(one)}\n"


def own_or_all(visitor: Visitor) -> str | None:
    """Return whose turns, and what was learned of them, are shown; everybody's when ``None``."""
    return None if visitor.in_charge else _own(visitor)


def may_decide(visitor: Visitor, person: str) -> None:
    """Refuse who decides neither for themselves nor for others."""
    if not visitor.in_charge and _own(visitor) != person:
        raise Refusal(Code.NOT_ALLOWED)


def _own(visitor: Visitor) -> str:
    """Return the person of the visitor's device. A guest's device belongs to nobody."""
    person = visitor.device.user if visitor.device else None
    if person is None:
        raise Refusal(Code.NOT_ALLOWED)
    return person
