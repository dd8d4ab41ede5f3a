"""What happened, over HTTP."""

from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from gnothi.core.interaction import Signal


def _say(client: TestClient, text: str, user: str | None = None) -> str:
    return client.post("/api/turn", json={"text": text, "user": user}).json()["id"]


def test_turns_are_listed_newest_first(here: TestClient) -> None:
    """The journal shows what was said, page by page."""
    for text in ("one", "two", "three"):
        _say(here, text)
    first = here.get("/api/journal", params={"limit": 2}).json()
    assert [entry["text"] for entry in first] == ["three", "two"]
    rest = here.get("/api/journal", params={"before": first[-1]["id"]}).json()
    assert [entry["text"] for entry in rest] == ["one"]


def test_turns_are_searched_and_filtered(here: TestClient) -> None:
    """A word or a person narrows the list; signs of patterns are just signs."""
    for text, user in (("Turn 100% up", "alex"), ("turn it down", "sam"), ("hello", None)):
        _say(here, text, user)

    def found(**filters: str) -> list[str]:
        return [entry["text"] for entry in here.get("/api/journal", params=filters).json()]

    assert found(q="TURN") == ["turn it down", "Turn 100% up"]
    assert found(q="0%") == ["Turn 100% up"]
    assert found(q="_") == []
    assert found(user="sam") == ["turn it down"]
    assert found(user="guest") == ["hello"]


def test_one_turn_is_shown_whole(here: TestClient, household: Any) -> None:
    """A turn tells what was understood, with which artifact, and what followed."""
    turn = _say(here, "turn on the kitchen light", "alex")
    household.journal.attach(turn, Signal("undo", household.clock.now() + timedelta(seconds=5)))
    entry = here.get(f"/api/journal/{turn}").json()
    assert entry["requests"][0]["intent"] == "iot_hue_lighton"
    assert entry["user"] == "alex"
    assert entry["signals"][0]["name"] == "undo"
    assert here.get("/api/journal/nothing").status_code == 404


def test_a_person_is_erased_and_exported(here: TestClient) -> None:
    """Everything of one person can be taken away, and can be gone."""
    _say(here, "secret", "alex")
    _say(here, "open", "sam")
    lines = here.get("/api/people/alex/export").text.splitlines()
    assert len(lines) == 1
    assert "secret" in lines[0]
    assert here.delete("/api/people/alex/journal").json() == {"turns": 1}
    assert [entry["text"] for entry in here.get("/api/journal").json()] == ["open"]


def test_a_device_shows_its_own_person_only(
    here: TestClient, stranger: TestClient, app: FastAPI
) -> None:
    """A child's tablet can't read the journal of the parents, nor erase it."""
    secret = _say(here, "secret", "alex")
    _, token = app.state.desk.doors.tokens.issue("tablet", "sam", in_charge=False)
    stranger.headers["Authorization"] = f"Bearer {token}"
    own = _say(stranger, "mine")
    assert [one["id"] for one in stranger.get("/api/journal?user=alex").json()] == [own]
    assert stranger.get(f"/api/journal/{secret}").status_code == 404
    assert stranger.delete("/api/people/alex/journal").status_code == 403
    assert stranger.get("/api/people/alex/export").status_code == 403
    assert stranger.delete("/api/people/sam/journal").json() == {"turns": 1}
