"""What was learned: versions, which one answers, and the way back."""

from fastapi import APIRouter

from gnothi.core.artifact import Card
from gnothi.serve.desk import AtDesk, ByOneInCharge, Desk, refusals
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.schemas.household import (
    ArtifactBody,
    ArtifactNameBody,
    CanaryBody,
    SwitchBody,
    SwitchedBody,
    VersionBody,
)

router = APIRouter(prefix="/api/artifacts", tags=["artifacts"])


@router.get("", responses=refusals())
def artifacts(desk: AtDesk) -> list[ArtifactBody]:
    """List every learned artifact with its versions and what happened to them."""
    return [_body(desk, name) for name in desk.household.registry.names()]


@router.post("/switch", responses=refusals(404, 409))
async def switch(body: SwitchBody, desk: AtDesk, _visitor: ByOneInCharge) -> ArtifactBody:
    """Let a version answer from now on, without a restart. Its files are verified first."""
    versions = {card.version for card in _versions(desk, body.name)}
    if body.version not in versions:
        raise Refusal(Code.NOT_FOUND)
    desk.household.registry.make_live(body.name, body.version, reason="by hand")
    return _told(desk, body.name)


@router.post("/rollback", responses=refusals(404, 409))
async def roll_back(body: ArtifactNameBody, desk: AtDesk, _visitor: ByOneInCharge) -> ArtifactBody:
    """Return to the version before."""
    _versions(desk, body.name)
    desk.household.registry.roll_back(body.name, reason="by hand")
    return _told(desk, body.name)


def _told(desk: Desk, name: str) -> ArtifactBody:
    body = _body(desk, name)
    desk.hub.publish("artifact", {"name": name, "live": body.live})
    return body


def _versions(desk: Desk, name: str) -> list[Card]:
    """Return the versions of a known artifact; a name is never used as a path unseen."""
    if name not in desk.household.registry.names():
        raise Refusal(Code.NOT_FOUND)
    return desk.household.registry.versions(name)


def _body(desk: Desk, name: str) -> ArtifactBody:
    assignment = desk.household.registry.assignment(name)
    canary = assignment.canary
    return ArtifactBody(
        name=name,
        live=desk.household.registry.live(name),
        canary=CanaryBody(version=canary.version, share=canary.share) if canary else None,
        versions=[_version(card) for card in _versions(desk, name)],
        history=[
            SwitchedBody(at=one.at.isoformat(), act=one.act, version=one.version, reason=one.reason)
            for one in assignment.history[-50:]
        ],
    )


def _version(card: Card) -> VersionBody:
    return VersionBody(
        version=card.version,
        kind=card.kind,
        licence=card.licence,
        command=card.command,
        figures=dict(card.figures),
        intervals=dict(card.intervals),
    )
