"""Why a turn went as it did."""

import asyncio
from functools import cache
from random import Random

from fastapi import APIRouter

from gnothi.core.errors import InputError
from gnothi.core.interaction import Interaction
from gnothi.dialogue.wording import Wording
from gnothi.explain.trace import explain_pack, explain_turn
from gnothi.serve.desk import AtDesk, ByVisitor, Desk, refusals
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.routes.journal import find_turn
from gnothi.serve.schemas.talking import ExplanationBody, WordBody

router = APIRouter(prefix="/api/turns", tags=["journal"])


@router.get("/{turn_id}/explanation", responses=refusals(404, 409))
async def explanation(turn_id: str, desk: AtDesk, visitor: ByVisitor) -> ExplanationBody:
    """Say what each word was worth for the intent, against the runner-up.

    Exact Shapley values, found when asked: a dozen words take some seconds. What answers is what
    is live now; the sentences are about the turn as it was.
    """
    turn = await asyncio.to_thread(find_turn, desk, visitor, turn_id)
    if not desk.thinking.enter(visitor.key):
        raise Refusal(Code.BUSY)
    try:
        return await asyncio.to_thread(_explain, desk, turn)
    finally:
        desk.thinking.leave(visitor.key)


def _explain(desk: Desk, turn: Interaction) -> ExplanationBody:
    try:
        found = desk.household.explain(turn.utterance.text).decision
    except InputError as error:
        raise Refusal(Code.NOTHING_DECIDED) from error
    return ExplanationBody(
        intent=found.intent,
        runner_up=found.runner_up or "",
        base=found.attribution.base,
        score=found.attribution.score,
        words=[
            WordBody(word=one.text, start=one.start, end=one.end, value=one.value)
            for one in found.attribution.contributions
        ],
        because=_sentences(turn),
    )


def _sentences(turn: Interaction) -> list[str]:
    return [_wording().say(act, turn.at) for act in explain_turn(turn).acts()]


@cache
def _wording() -> Wording:
    return Wording([explain_pack()], rng=Random(0))
