"""Letting devices in, and out again."""

from html import escape
from urllib.parse import parse_qs

import segno
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gnothi.serve.desk import AtDesk, ByOneInCharge, Desk, refusals
from gnothi.serve.doors.pairing import Invitation
from gnothi.serve.doors.tokens import PairedDevice
from gnothi.serve.doors.visitor import COOKIE
from gnothi.serve.problems import Code, Refusal
from gnothi.serve.reception import person_id
from gnothi.serve.schemas.household import (
    InvitationBody,
    InviteBody,
    PairBody,
    PairedBody,
    TokenBody,
)
from gnothi.serve.sentences import sentence

router = APIRouter(tags=["pairing"])
_YEAR = 365 * 24 * 3600
_LONGEST_NAME = 100


@router.get("/api/paired", responses=refusals())
async def paired(desk: AtDesk, _visitor: ByOneInCharge) -> list[PairedBody]:
    """List the devices that were let in."""
    return [_shown(device) for device in desk.doors.tokens.devices()]


@router.delete("/api/paired/{device_id}", status_code=204, responses=refusals(404))
async def revoke(device_id: str, desk: AtDesk, _visitor: ByOneInCharge) -> None:
    """Take a device's token away; its open connections end."""
    if not desk.doors.tokens.revoke(device_id):
        raise Refusal(Code.NOT_FOUND)
    desk.hub.publish("revoked", {"device": device_id})


@router.post("/api/pairing", status_code=201, responses=refusals(404))
async def invite(body: InviteBody, desk: AtDesk, _visitor: ByOneInCharge) -> InvitationBody:
    """Make a code that lets one device in, within ten minutes."""
    user = None
    if body.user is not None:
        user = person_id(desk.household, body.user)
        if user is None:
            raise Refusal(Code.UNKNOWN_PERSON, person=body.user)
    code = desk.doors.pairing.invite(user)
    found = desk.doors.pairing.look_up(code)
    assert found is not None
    path = f"/pair?code={code}"
    address = f"{desk.doors.network}{path}" if desk.doors.network else None
    picture = segno.make(address, error="m").svg_data_uri(scale=4) if address else None
    return InvitationBody(
        code=code, path=path, address=address, picture=picture, until=found.until.isoformat()
    )


@router.post("/api/pair", status_code=201, responses=refusals(403))
async def pair(body: PairBody, desk: AtDesk) -> TokenBody:
    """Use a code up; get the token that opens the door from now on. It is shown this once."""
    device, token = _let_in(desk, body.code, body.name, body.user)
    return TokenBody(token=token, device=_shown(device))


@router.get("/pair", include_in_schema=False)
async def form(desk: AtDesk, code: str = "") -> HTMLResponse:
    """Ask for a name before the code is used up: a phone's link preview must not do that."""
    invitation = desk.doors.pairing.look_up(code)
    if invitation is None:
        return HTMLResponse(_sheet(f"<p>{_say('pair-failed')}</p>"), status_code=403)
    return HTMLResponse(_sheet(_questions(desk, code, invitation)))


@router.post("/pair", include_in_schema=False)
async def submit(request: Request, desk: AtDesk) -> Response:
    """Let the browser in that sent the form; its token becomes a cookie that no script reads."""
    sent = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=8)
    code, name, user = (sent.get(key, [""])[0] for key in ("code", "name", "user"))
    try:
        _, token = _let_in(desk, code, name[:_LONGEST_NAME], user or None)
    except Refusal:
        return HTMLResponse(_sheet(f"<p>{_say('pair-failed')}</p>"), status_code=403)
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(
        COOKIE, token, max_age=_YEAR, path="/", secure=True, httponly=True, samesite="strict"
    )
    return answer


def _let_in(desk: Desk, code: str, name: str, user: str | None) -> tuple[PairedDevice, str]:
    invitation = desk.doors.pairing.redeem(code)
    if invitation is None:
        raise Refusal(Code.PAIRING_CODE)
    person = invitation.user or (person_id(desk.household, user) if user else None)
    grown_up = any(
        one.id == person and one.role == "adult" for one in desk.household.house.people()
    )
    return desk.doors.tokens.issue(name or "?", person, in_charge=grown_up)


def _shown(device: PairedDevice) -> PairedBody:
    return PairedBody(
        id=device.id,
        name=device.name,
        user=device.user,
        in_charge=device.in_charge,
        paired_at=device.paired_at.isoformat(),
    )


def _questions(desk: Desk, code: str, invitation: Invitation) -> str:
    choice = "" if invitation.user else _choice(desk)
    return (
        f'<p>{_say("pair-explain")}</p><form method="post" action="/pair">'
        f'<input type="hidden" name="code" value="{escape(code)}">'
        f'<label>{_say("pair-device-name")} <input name="name" required maxlength="100"></label>'
        f'{choice}<button type="submit">{_say("pair-button")}</button></form>'
    )


def _choice(desk: Desk) -> str:
    options = "".join(
        f'<option value="{escape(person.id)}">{escape(person.name)}</option>'
        for person in desk.household.house.people()
    )
    guest = f'<option value="">{_say("pair-guest")}</option>'
    return f'<label>{_say("pair-person")} <select name="user">{options}{guest}</select></label>'


def _sheet(body: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{_say("pair-title")}</title><link rel="stylesheet" href="/pair.css">'
        f"<main><h1>{_say('pair-title')}</h1>{body}</main></html>"
    )


def _say(key: str) -> str:
    return escape(sentence(key))
