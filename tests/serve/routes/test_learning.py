"""What was learned, over HTTP: who sees what, who decides, and the worker."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.serve.conftest import Household
from tests.serve.schooling import ANAS, EVERYBODYS, GRADUATION, RIGHT, WRONG, School

PATIENCE = 120.0
"""Seconds until a test gives up waiting for a process of the lowest priority."""


@pytest.fixture
def household(tmp_path: Path, learned_folder: Path) -> Iterator[Household]:
    """A household that learned for two weeks."""
    shutil.copytree(learned_folder, tmp_path, dirs_exist_ok=True)
    household = Household(tmp_path)
    household.clock.moment = GRADUATION
    yield household
    household.journal.close()


@pytest.fixture
def child(app: FastAPI) -> Iterator[TestClient]:
    """The phone of Ben, who is not in charge."""
    _, token = app.state.desk.doors.tokens.issue("Ben's phone", "ben", in_charge=False)
    address = ("192.168.1.9", 50_000)
    with TestClient(app, base_url="http://127.0.0.1:8765", client=address) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def _ids(client: TestClient) -> set[str]:
    return {one["id"] for one in client.get("/api/learning").json()["rewrites"]}


def test_what_was_learned_is_told_with_its_reasons(here: TestClient) -> None:
    """Before and after, why, how sure, and a week in sentences."""
    told = here.get("/api/learning").json()
    found = next(one for one in told["rewrites"] if one["id"] == EVERYBODYS)
    assert (found["said"], found["becomes"], found["fate"]) == (WRONG, RIGHT, "live")
    assert found["because"] and found["measures"][0]["name"] == "said"
    assert told["nights"] == {"on": True, "at": "03:30"}
    assert told["last"]["sentences"] and not told["last"]["broken"]
    assert here.get("/api/learning/digest").json() == told["digest"]
    assert told["digest"]["sentences"][0].startswith("This week I heard")


def test_a_rewrite_is_switched_off_on_and_forgotten(here: TestClient) -> None:
    """Each decision shows at once, with who made it."""
    body = {"id": EVERYBODYS, "user": "alex"}
    off = here.post("/api/learning/rewrites/off", json=body).json()
    assert off["fate"] == "off"
    assert here.post("/api/learning/rewrites/off", json=body).status_code == 404
    assert here.post("/api/learning/rewrites/on", json=body).json()["fate"] == "live"
    assert here.post("/api/learning/rewrites/forget", json=body).json()["fate"] == "forgotten"
    assert here.post("/api/learning/rewrites/forget", json=body).status_code == 404
    assert here.post("/api/learning/rewrites/on", json={"id": "../x"}).status_code == 404


def test_what_a_person_said_is_not_shown_to_others(here: TestClient, child: TestClient) -> None:
    """A child's phone sees everybody's rewrites and the child's, and decides about these only."""
    assert ANAS in _ids(here)
    assert EVERYBODYS in _ids(child) and ANAS not in _ids(child)
    assert child.post("/api/learning/rewrites/off", json={"id": ANAS}).status_code == 404
    assert child.post("/api/learning/rewrites/off", json={"id": EVERYBODYS}).status_code == 403
    assert child.post("/api/learning/run").status_code == 403
    assert child.post("/api/learning/nights", json={"on": False}).status_code == 403


def test_a_stranger_learns_nothing(stranger: TestClient) -> None:
    """Without a token nothing is told; a foreign page can't decide."""
    assert stranger.get("/api/learning").status_code == 401
    assert stranger.post("/api/learning/run").status_code == 401


def test_a_foreign_page_can_not_decide(here: TestClient) -> None:
    """Another web page in the same browser is refused."""
    headers = {"origin": "https://elsewhere.example"}
    assert here.post("/api/learning/run", headers=headers).status_code == 403


def test_the_nights_are_chosen(here: TestClient) -> None:
    """On, off, and at which hour; what is no time is refused."""
    assert "T03:30:00" in here.get("/api/learning").json()["next"]
    body = {"on": True, "at": "04:15"}
    assert here.post("/api/learning/nights", json=body).json() == body
    assert "T04:15:00" in here.get("/api/learning").json()["next"]
    assert here.post("/api/learning/nights", json={"on": True, "at": "25:00"}).status_code == 422
    here.post("/api/learning/nights", json={"on": False, "at": "04:15"})
    assert here.get("/api/learning").json()["next"] is None


def test_a_round_runs_beside_the_server(
    app: FastAPI, here: TestClient, household: Household
) -> None:
    """It is begun by a button, only once at a time, and leaves a sentence."""
    app.state.desk.worker.gently = False
    school = School(household.journal, household.clock)
    school.go_on(GRADUATION)
    school.week(1)
    with here.websocket_connect("ws://127.0.0.1:8765/api/ws") as socket:
        socket.receive_json()
        assert here.post("/api/learning/run").status_code == 202
        assert here.post("/api/learning/run").json()["code"] == "learning"
        steps = []
        until = time.monotonic() + PATIENCE
        while not steps or steps[-1]:
            assert time.monotonic() < until
            news = socket.receive_json()
            steps.append(news["step"])
    assert (steps[:3], steps[-2:]) == (["begin", "copy", "rewrites"], ["survey", ""])
    told = here.get("/api/learning").json()
    assert told["last"]["sentences"] and not told["last"]["broken"]
    assert told["known_at"] > GRADUATION.isoformat()
