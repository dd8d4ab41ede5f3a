"""What every route works with, and who may use it."""

from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from gnothi.serve.doors.keeper import Doors
from gnothi.serve.doors.limits import Places
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.hub import Hub
from gnothi.serve.listening.equipment import Equipment
from gnothi.serve.listening.recordings import Recordings
from gnothi.serve.metrics import Metrics
from gnothi.serve.news import Newsroom
from gnothi.serve.premises import Premises
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.reception import Reception
from gnothi.serve.schemas.talking import ProblemBody
from gnothi.serve.worker import Worker


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of one server."""

    household: Premises
    doors: Doors
    hub: Hub
    metrics: Metrics
    reception: Reception
    newsroom: Newsroom
    worker: Worker
    equipment: Equipment
    recordings: Recordings
    thinking: Places = field(default_factory=partial(Places, most=4, most_of_one=2))
    """Places for work that takes seconds."""
    microphones: Places = field(default_factory=partial(Places, most=8, most_of_one=4))


def _desk(connection: HTTPConnection) -> Desk:
    return cast("Desk", connection.app.state.desk)


def _visitor(connection: HTTPConnection) -> Visitor:
    return cast("Visitor", connection.state.visitor)


def _in_charge(visitor: Annotated[Visitor, Depends(_visitor)]) -> Visitor:
    if not visitor.in_charge:
        raise Refusal(Code.NOT_ALLOWED)
    return visitor


AtDesk = Annotated[Desk, Depends(_desk)]
ByVisitor = Annotated[Visitor, Depends(_visitor)]
ByOneInCharge = Annotated[Visitor, Depends(_in_charge)]
"""Refuses children, guests and their devices."""


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the description of the refusals that a route may answer with."""
    always = {400, 401, 403, 408, 413, 421, 422, 429, 503}
    return {status: {"model": ProblemBody} for status in sorted(always | set(statuses))}
