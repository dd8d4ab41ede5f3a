"""Timers and alarms, over HTTP and as news."""

from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient


def test_a_timer_is_listed_and_cancelled(here: TestClient, household: Any) -> None:
    """What was set by voice is on the page, and can be ended there."""
    timer = household.alarms.start_timer(timedelta(minutes=5), name="tea")
    listed = here.get("/api/alarms").json()
    assert [(one["name"], one["length"], one["phase"]) for one in listed] == [
        ("tea", 300.0, "waiting")
    ]
    assert here.delete(f"/api/alarms/{timer.id}").status_code == 204
    assert here.get("/api/alarms").json() == []
    assert here.delete(f"/api/alarms/{timer.id}").status_code == 404


def test_what_rings_is_told_snoozed_and_stopped(here: TestClient, household: Any) -> None:
    """Every page hears the ring; snoozing and stopping silence it."""
    timer = household.alarms.start_timer(timedelta(minutes=5))
    assert here.post(f"/api/alarms/{timer.id}/snooze").json()["code"] == "not-ringing"
    with here.websocket_connect("ws://127.0.0.1:8765/api/ws") as socket:
        socket.receive_json()
        household.clock.moment += timedelta(minutes=5)
        assert here.portal
        here.portal.call(household.alarms.run_due)
        news = socket.receive_json()
    assert (news["type"], news["event"], news["alarm"]["id"]) == ("alarm", "ring", timer.id)
    snoozed = here.post(f"/api/alarms/{timer.id}/snooze").json()
    assert snoozed["phase"] == "waiting"
    household.clock.moment += timedelta(minutes=10)
    assert here.portal
    here.portal.call(household.alarms.run_due)
    assert here.post(f"/api/alarms/{timer.id}/stop").status_code == 204
    assert here.get("/api/alarms").json() == []
