"""The first-run wizard, over HTTP."""

from fastapi import FastAPI
from starlette.testclient import TestClient

HOME = {
    "name": "Ours",
    "time_zone": "Europe/Rome",
    "areas": [{"id": "den", "name": "Den"}, {"id": "loft", "name": "Loft"}],
    "devices": [
        {"id": "light.den", "domain": "light", "name": "Den Light", "area": "den"},
        {"id": "light.loft", "domain": "light", "name": "Loft Light", "area": "loft"},
    ],
}
PEOPLE = [{"name": "Ana"}, {"name": "Ben", "role": "child"}, {"name": "Ana"}]


def test_a_family_moves_in(here: TestClient) -> None:
    """People, rooms and an imported home are there after the wizard, and news follow the home."""
    assert here.get("/api/setup").json()["done"] is False
    body = {"home": HOME, "people": PEOPLE, "rooms": [{"id": "den", "name": "Study"}]}
    done = here.post("/api/setup", json=body).json()
    assert done["done"]
    assert [room["name"] for room in done["home"]["rooms"]] == ["Study"]
    assert [person["id"] for person in done["home"]["people"]] == ["ana", "ben", "ana_2"]
    assert [device["id"] for device in here.get("/api/devices").json()] == ["light.den"]
    with here.websocket_connect("ws://127.0.0.1:8765/api/ws") as socket:
        socket.receive_json()
        here.post("/api/devices/light.den/call", json={"service": "light.turn_on"})
        assert socket.receive_json()["device"]["id"] == "light.den"


def test_the_simulated_home_can_stay(here: TestClient) -> None:
    """Only naming who lives here keeps everything else."""
    before = here.get("/api/devices").json()
    done = here.post("/api/setup", json={"people": PEOPLE[:1], "name": "Home"}).json()
    assert done["simulated"]
    assert here.get("/api/devices").json() == before


def test_a_home_is_checked_before_it_is_imported(here: TestClient) -> None:
    """A mistake in a home file is named with its place; nothing changes."""
    checked = here.post("/api/setup/home", json={"home": HOME}).json()
    assert (checked["devices"], checked["name"]) == (2, "Ours")
    wrong = HOME | {"areas": [{"id": "den"}, {"id": "den"}]}
    refused = here.post("/api/setup", json={"home": wrong})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-home")
    assert "den" in refused.json()["message"]
    assert here.get("/api/setup").json()["home"]["name"] != "Ours"


def test_somebody_grown_up_lives_here(here: TestClient) -> None:
    """A home of children only would have nobody to look after it."""
    refused = here.post("/api/setup", json={"people": [{"name": "Ben", "role": "child"}]})
    assert refused.json()["code"] == "last-grown-up"


def test_hostile_homes_are_refused(here: TestClient) -> None:
    """Endless depth, numbers that are none and broken text do not get in."""
    deep: object = 1
    for _ in range(100):
        deep = [deep]
    assert here.post("/api/setup/home", json={"home": {"x": deep}}).status_code == 422
    raw = {"Content-Type": "application/json"}
    for value in (b"NaN", b"1e999", b'"\\ud800"', b"9" * 400):
        body = b'{"home": {"x": ' + value + b"}}"
        assert here.post("/api/setup/home", content=body, headers=raw).status_code == 422
    wells = b"[" * 60_000
    assert here.post("/api/setup/home", content=wells, headers=raw).status_code == 400


def test_who_moves_out_loses_their_devices(here: TestClient, app: FastAPI) -> None:
    """A phone of somebody who left, or who is in charge no more, has to pair again."""
    tokens = app.state.desk.doors.tokens
    here.post("/api/setup", json={"people": PEOPLE[:2]})
    kept, _ = tokens.issue("Ana's phone", "ana", in_charge=True)
    tokens.issue("Ben's phone", "ben", in_charge=True)
    tokens.issue("Carl's phone", "carl", in_charge=False)
    guest, _ = tokens.issue("a guest's phone", None, in_charge=False)
    here.post("/api/setup", json={"people": PEOPLE[:2]})
    assert {device.id for device in tokens.devices()} == {kept.id, guest.id}
