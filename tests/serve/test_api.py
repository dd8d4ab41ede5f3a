"""The HTTP API, as pages and programs see it."""

from starlette.testclient import TestClient

LIGHT = "turn on the kitchen light"


def test_a_turn_answers_with_what_was_understood_done_and_changed(here: TestClient) -> None:
    """Saying a sentence over HTTP acts in the home and tells everything about it."""
    answer = here.post("/api/turn", json={"text": LIGHT, "user": "nobody", "session": "new"}).json()
    assert answer["reply"] == "On."
    assert answer["session"] == "new"
    assert answer["requests"][0]["intent"] == "iot_hue_lighton"
    assert answer["actions"][0]["status"] == "done"
    assert answer["changes"]["light.kitchen"]["state"] == "on"
    assert [stage["stage"] for stage in answer["trace"]] == ["understand", "say"]


def test_health_answers_everybody(here: TestClient, stranger: TestClient) -> None:
    """Anybody may ask whether it runs; only the household learns more."""
    assert here.get("/api/health").json()["setup_done"] is False
    assert stranger.get("/api/health").json() == {
        "status": "ok",
        "version": None,
        "setup_done": None,
    }


def test_devices_show_their_live_state(here: TestClient) -> None:
    """A device that was called shows its new state at once."""
    after = here.post("/api/devices/light.kitchen/call", json={"service": "light.turn_on"})
    assert after.json()["state"] == "on"
    states = {one["id"]: one["state"] for one in here.get("/api/devices").json()}
    assert states["light.kitchen"] == "on"


def test_a_lock_does_not_open_without_a_confirmation(here: TestClient) -> None:
    """Unlocking by the page needs the same confirmation as by voice."""
    lock = next(one for one in here.get("/api/devices").json() if one["domain"] == "lock")
    address = f"/api/devices/{lock['id']}/call"
    refused = here.post(address, json={"service": "lock.unlock"})
    assert (refused.status_code, refused.json()["code"]) == (409, "needs-confirmation")
    accepted = here.post(address, json={"service": "lock.unlock", "confirm": True})
    assert accepted.json()["state"] == "unlocked"


def test_lists_are_kept(here: TestClient) -> None:
    """Adding, checking off and removing show on the list."""
    first = here.get("/api/lists").json()[0]["id"]
    here.post(f"/api/lists/{first}/items", json={"text": "oat milk"})
    done = here.post(f"/api/lists/{first}/items/complete", json={"text": "Oat milk"}).json()
    assert {"text": "oat milk", "done": True} in done["items"]
    left = here.post(f"/api/lists/{first}/items/remove", json={"text": "oat milk"}).json()
    assert "oat milk" not in [item["text"] for item in left["items"]]


def test_the_socket_tells_of_changes_and_takes_turns(here: TestClient) -> None:
    """A page hears of every change, and may talk over the same connection."""
    with here.websocket_connect("ws://127.0.0.1:8765/api/ws") as socket:
        assert socket.receive_json()["type"] == "hello"
        socket.send_json({"type": "turn", "id": 7, "text": LIGHT})
        heard = [socket.receive_json() for _ in range(3)]
    kinds = {one["type"]: one for one in heard}
    assert kinds["device"]["device"]["state"] == "on"
    assert kinds["answer"]["id"] == 7
    assert kinds["turn"]["text"] == LIGHT
