"""What was learned of the journal: looked at, switched off and on, forgotten; and learning now."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import time

from fastapi import APIRouter

from gnothi.core.acting import Act
from gnothi.core.plain import plain
from gnothi.learning.chronicle import Fate
from gnothi.serve.desk import AtDesk, ByOneInCharge, ByVisitor, Desk, refusals
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.learned import digest, entries, find, model_changes
from gnothi.serve.learning import Learning
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.prompting import told
from gnothi.serve.routes.journal import own_or_all
from gnothi.serve.schemas.learning import (
    ChangeBody,
    DigestBody,
    LastBody,
    LearningBody,
    NightsBody,
    PromptingBody,
    RewriteBody,
    RewriteNameBody,
    RunningBody,
    TrialBody,
)
from gnothi.serve.sentences import learning_sentence
from gnothi.serve.worker import Nights

router = APIRouter(prefix="/api/learning", tags=["learning"])


@router.get("", responses=refusals())
def learned(desk: AtDesk, visitor: ByVisitor) -> LearningBody:
    """Return what was learned and why. Who is not in charge sees their own and everybody's."""
    person, worker = own_or_all(visitor), desk.worker
    learning, due = worker.learning(), worker.next()
    seen = learning.surveyed()
    return LearningBody(
        running=worker.running,
        step=worker.step,
        last=_last(learning),
        next=due.isoformat() if due else None,
        nights=NightsBody.model_validate(worker.nights.json()),
        known_at=seen.at.isoformat() if seen else None,
        trial=_trial(learning),
        rewrites=[RewriteBody.model_validate(one.json()) for one in entries(learning, person)],
        prompting=_prompting(learning),
        changes=[
            ChangeBody.model_validate(plain(one)) for one in model_changes(desk.household.registry)
        ],
        digest=_digest(desk, learning, person),
    )


@router.get("/digest", responses=refusals())
def week(desk: AtDesk, visitor: ByVisitor) -> DigestBody:
    """Return the last seven days in sentences, and what still fails most."""
    return _digest(desk, desk.worker.learning(), own_or_all(visitor))


@router.post("/run", status_code=202, responses=refusals(409))
async def run(desk: AtDesk, _visitor: ByOneInCharge) -> RunningBody:
    """Begin a round of learning beside the server. News of kind ``learning`` tell how it goes."""
    if not desk.worker.begin():
        raise Refusal(Code.LEARNING)
    return RunningBody(running=True, step=desk.worker.step)


@router.post("/nights", responses=refusals())
async def nights(body: NightsBody, desk: AtDesk, _visitor: ByOneInCharge) -> NightsBody:
    """Choose whether and when it learns by itself."""
    wanted = Nights(body.on, time.fromisoformat(body.at))
    await asyncio.to_thread(desk.worker.set_nights, wanted)
    return body


@router.post("/rewrites/off", responses=refusals(404))
async def off(body: RewriteNameBody, desk: AtDesk, visitor: ByVisitor) -> RewriteBody:
    """Stop using a rewrite until it is switched on again."""
    by = desk.reception.speaker(body.user, visitor)
    return await _decide(
        desk, visitor, body.id, {Fate.LIVE}, lambda what: what.switch_off(body.id, by=by)
    )


@router.post("/rewrites/on", responses=refusals(404))
async def on(body: RewriteNameBody, desk: AtDesk, visitor: ByVisitor) -> RewriteBody:
    """Use a rewrite again that was switched off."""
    by = desk.reception.speaker(body.user, visitor)
    return await _decide(
        desk, visitor, body.id, {Fate.OFF}, lambda what: what.switch_on(body.id, by=by)
    )


@router.post("/rewrites/forget", responses=refusals(404))
async def forget(body: RewriteNameBody, desk: AtDesk, visitor: ByVisitor) -> RewriteBody:
    """Drop a rewrite for good: it is not learned again."""
    by = desk.reception.speaker(body.user, visitor)
    fates = set(Fate) - {Fate.FORGOTTEN}
    return await _decide(desk, visitor, body.id, fates, lambda what: what.forget([body.id], by=by))


async def _decide(
    desk: Desk,
    visitor: Visitor,
    name: str,
    fates: set[Fate],
    decision: Callable[[Learning], object],
) -> RewriteBody:
    """Carry out what *visitor* decided about the rewrite called *name*, and tell everybody."""
    person = own_or_all(visitor)
    found = await asyncio.to_thread(lambda: find(desk.worker.learning(), name, person))
    if found is None or found.fate not in fates:
        raise Refusal(Code.NOT_FOUND)
    if person is not None and found.rewrite.person != person:
        raise Refusal(Code.NOT_ALLOWED)
    await desk.worker.decide(decision)
    desk.hub.publish("learning", {"running": desk.worker.running, "step": desk.worker.step})
    now = await asyncio.to_thread(lambda: find(desk.worker.learning(), name, person))
    return RewriteBody.model_validate((now or found).json())


def _digest(desk: Desk, learning: Learning, person: str | None) -> DigestBody:
    household = desk.household
    told = digest(learning, household.registry, household.clock.now(), person)
    return DigestBody.model_validate(told.json())


def _last(learning: Learning) -> LastBody | None:
    last = learning.last()
    if last is None:
        return None
    sentences = [learning_sentence(act) for act in (last.reason, *last.others.values())]
    return LastBody(at=last.at.isoformat(), broken=last.broken, sentences=sentences)


def _prompting(learning: Learning) -> PromptingBody | None:
    found = learning.prompting()
    return PromptingBody.model_validate(told(found)) if found else None


def _trial(learning: Learning) -> TrialBody | None:
    trial, last = learning.cycle.trial(), learning.last()
    if trial is None:
        return None
    figures: Mapping[str, float] = last.evidence if last else {}
    unseen = Act("learning-unseen")
    return TrialBody(
        since=trial.since.isoformat(),
        turns=int(figures.get("turns", 0)),
        support=int(figures.get("support", 0)),
        people=int(figures.get("people", 0)),
        gain=figures.get("gain", 0.0),
        low=figures.get("low", -1.0),
        high=figures.get("high", 1.0),
        sentence=learning_sentence(last.reason if last and figures else unseen),
    )
