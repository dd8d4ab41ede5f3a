"""The doorkeeper, seen from outside."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from gnothi.serve.api import build_app, default_doors
from gnothi.serve.desk import Desk
from gnothi.serve.doors.limits import Buckets

ADDRESS = "http://127.0.0.1:8765"
SOCKET = "ws://127.0.0.1:8765/api/ws"
OPEN = {"/api/health", "/api/pair", "/api/openapi.json"}


def _code_of(response: Response) -> str:
    return response.json()["code"]


def test_a_stranger_gets_nothing_of_the_household(stranger: TestClient, app: FastAPI) -> None:
    """Without a token every address of the API but health and pairing is closed."""
    for path, methods in app.openapi()["paths"].items():
        if path in OPEN:
            continue
        for method in methods:
            refused = stranger.request(method.upper(), path.replace("{", "").replace("}", ""))
            assert (refused.status_code, _code_of(refused)) == (401, "no-token"), path
    assert stranger.get("/metrics").status_code == 401
    with pytest.raises(WebSocketDisconnect), stranger.websocket_connect(SOCKET):
        pass


def test_a_proxy_on_this_machine_makes_nobody_local(app: FastAPI) -> None:
    """A request that was forwarded needs a token, although it comes from this machine."""
    client = TestClient(app, base_url=ADDRESS, client=("127.0.0.1", 5))
    forwarded = client.get("/api/devices", headers={"X-Forwarded-For": "203.0.113.9"})
    assert _code_of(forwarded) == "no-token"


def test_a_foreign_page_can_not_open_a_socket(here: TestClient) -> None:
    """A WebSocket from another web page is refused before it opens."""
    headers = {"origin": "http://evil.example"}
    with pytest.raises(WebSocketDisconnect), here.websocket_connect(SOCKET, headers=headers):
        pass


def test_a_foreign_page_can_not_act(here: TestClient) -> None:
    """A form on another web page does not turn the light on."""
    refused = here.post("/api/turn", json={"text": "x"}, headers={"Origin": "http://evil.example"})
    assert (refused.status_code, _code_of(refused)) == (403, "foreign-origin")


def test_a_form_is_no_json(here: TestClient) -> None:
    """What a foreign form could send without being asked (text/plain) is not read as JSON."""
    headers = {"Content-Type": "text/plain"}
    refused = here.post("/api/turn", content=b'{"text": "hello"}', headers=headers)
    assert refused.status_code == 422


@pytest.mark.parametrize("announced", [True, False])
def test_an_oversized_request_is_refused(here: TestClient, announced: bool) -> None:
    """A megabyte is refused, announced or not, before it is kept."""
    content = b'{"text": "' + b"a" * 1_000_000 + b'"}'
    body = content if announced else iter([content[:500_000], content[500_000:]])
    headers = {"Content-Type": "application/json"}
    refused = here.post("/api/turn", content=body, headers=headers)
    assert (refused.status_code, _code_of(refused)) == (413, "too-large")


def test_a_home_file_may_be_larger(here: TestClient) -> None:
    """A home of some hundred kilobytes can be imported."""
    areas = [{"id": f"room_{number}", "name": "Room " + "x" * 200} for number in range(1_000)]
    checked = here.post("/api/setup/home", json={"home": {"areas": areas}})
    assert len(checked.json()["rooms"]) == 1_000


def test_a_flood_is_slowed_down(household: Any) -> None:
    """Whoever asks too often is told how long to wait."""
    doors = replace(default_doors(household), buckets=Buckets(lambda: 0.0))
    app = build_app(household, doors=doors)
    stranger = TestClient(app, base_url=ADDRESS, client=("203.0.113.9", 5))
    answers = [stranger.get("/api/health") for _ in range(150)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_every_answer_tells_the_browser_to_be_careful(here: TestClient) -> None:
    """Pages, answers and refusals carry the security headers."""
    for path in ("/", "/api/health", "/api/nothing", "/metrics"):
        headers = here.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_a_paired_device_gets_in(stranger: TestClient, app: FastAPI) -> None:
    """The code from the terminal opens the door, once; the token keeps it open."""
    desk: Desk = app.state.desk
    code = desk.doors.pairing.invite()
    person = desk.household.house.people()[0]
    body = {"code": code, "name": "phone", "user": person.id}
    token = stranger.post("/api/pair", json=body).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert stranger.get("/api/devices", headers=headers).status_code == 200
    assert _code_of(stranger.post("/api/pair", json=body)) == "pairing-code"
    assert stranger.get("/api/devices", headers={"Authorization": "Bearer x"}).status_code == 401


def test_pairing_by_form_sets_a_cookie(stranger: TestClient, app: FastAPI) -> None:
    """A phone that scans the picture is paired by one press of a button."""
    desk: Desk = app.state.desk
    code = desk.doors.pairing.invite()
    assert "<form" in stranger.get("/pair", params={"code": code}).text
    answer = stranger.post(
        "/pair", data={"code": code, "name": "phone", "user": ""}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303
    for word in ("__Host-gnothi=", "HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert word in cookie
    again = stranger.post("/pair", data={"code": code, "name": "phone"}, follow_redirects=False)
    assert again.status_code == 403


def test_markup_in_a_code_stays_text(stranger: TestClient) -> None:
    """Nobody can put a script into the pairing page."""
    page = stranger.get("/pair", params={"code": "<script>alert(1)</script>"})
    assert "<script" not in page.text


def test_a_guests_device_changes_nothing_of_the_household(
    stranger: TestClient, app: FastAPI
) -> None:
    """A device without a grown-up behind it can talk, and not import, remove or invite."""
    desk: Desk = app.state.desk
    _, token = desk.doors.tokens.issue("guest's phone", None, in_charge=False)
    headers = {"Authorization": f"Bearer {token}"}
    assert stranger.post("/api/turn", json={"text": "x"}, headers=headers).status_code == 200
    for path, body in (("/api/setup", {}), ("/api/pairing", {}), ("/api/setup/home", {"home": {}})):
        assert _code_of(stranger.post(path, json=body, headers=headers)) == "not-allowed"
    assert _code_of(stranger.get("/api/paired", headers=headers)) == "not-allowed"


def test_a_device_speaks_for_its_own_person(
    stranger: TestClient, app: FastAPI, household: Any
) -> None:
    """A child's tablet can't pretend to be a parent, nor pick up a parent's conversation."""
    desk: Desk = app.state.desk
    first = household.house.people()[0].id
    _, token = desk.doors.tokens.issue("tablet", None, in_charge=False)
    body = {"text": "x", "user": first, "session": "s"}
    stranger.post("/api/turn", json=body, headers={"Authorization": f"Bearer {token}"})
    utterance, session = household.assistant.heard[-1]
    assert utterance.speaker is None
    assert not session.startswith(f"{first}/")


def test_a_removed_device_is_cut_off(here: TestClient, app: FastAPI) -> None:
    """Removing a device ends its open connection, too."""
    desk: Desk = app.state.desk
    device, token = desk.doors.tokens.issue("phone", None, in_charge=False)
    stranger = TestClient(app, base_url=ADDRESS, client=("192.168.1.9", 5))
    headers = {"Authorization": f"Bearer {token}"}
    with stranger, stranger.websocket_connect(SOCKET, headers=headers) as socket:
        socket.receive_json()
        assert stranger.portal
        stranger.portal.call(desk.doors.tokens.revoke, device.id)
        stranger.portal.call(desk.hub.publish, "revoked", {"device": device.id})
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()
    assert here.get("/api/paired").json() == []


def test_the_pairing_page_is_dressed(stranger: TestClient) -> None:
    """A phone that is not paired yet may load how the pairing page looks, and the page itself."""
    assert stranger.get("/pair.css").status_code == 200
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "//api/devices",
        "/api/../api/devices",
        "/%61pi/devices",
        "/API/devices",
        "/api%2fdevices",
        "/./api/devices",
    ],
)
def test_no_spelling_of_an_address_goes_around_the_door(stranger: TestClient, path: str) -> None:
    """Whatever way an address is written, a stranger gets nothing."""
    assert stranger.get(path).status_code in (401, 404)


def test_what_breaks_tells_nothing(app: FastAPI, household: Any) -> None:
    """A defect is answered with a sentence, without a word of what it was."""

    def broken() -> list[object]:
        raise RuntimeError("secret")

    household.house.devices = broken
    client = TestClient(
        app, base_url=ADDRESS, client=("127.0.0.1", 5), raise_server_exceptions=False
    )
    answer = client.get("/api/devices")
    assert (answer.status_code, _code_of(answer)) == (500, "internal")
    assert "secret" not in answer.text
    assert "default-src" in answer.headers["content-security-policy"]


def test_a_dead_journal_is_said(here: TestClient, household: Any) -> None:
    """While the journal can't be read, the answer says so."""
    household.journal.close()
    file = household.settings.folder / "journal.sqlite"
    file.unlink()
    file.mkdir()
    answer = here.get("/api/journal")
    assert (answer.status_code, _code_of(answer)) == (503, "storage")
