"""Talking: one turn at a time."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

import gnothi
from gnothi.serve.desk import AtDesk, ByVisitor, refusals
from gnothi.serve.reception import Request
from gnothi.serve.schemas.talking import AnswerBody, HealthBody, TurnBody

router = APIRouter(prefix="/api", tags=["talking"])


@router.post("/turn", response_model=AnswerBody, responses=refusals())
async def turn(body: TurnBody, desk: AtDesk, visitor: ByVisitor) -> JSONResponse:
    """Say something; get the reply, what was understood, done and changed, and how long it took."""
    answered = await desk.reception.take(Request(**body.model_dump()), visitor)
    return JSONResponse(answered.json())


@router.get("/health", responses=refusals())
async def health(desk: AtDesk, visitor: ByVisitor) -> HealthBody:
    """Tell whether the server runs. Open to everybody, who then learns nothing else."""
    if not visitor.known:
        return HealthBody(status="ok")
    return HealthBody(status="ok", version=gnothi.__version__, setup_done=desk.household.setup_done)
