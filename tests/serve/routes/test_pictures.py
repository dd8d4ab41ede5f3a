"""Pictures over HTTP: shown, seen again, refused."""

import io
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from gnothi.vision.eyes import Eyes
from gnothi.vision.pictures import MOST_BYTES
from tests.vision.written import RECEIPT, Reader


def picture(kind: str = "PNG") -> bytes:
    """Return a small picture as a file."""
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, kind)
    return file.getvalue()


def test_a_picture_is_shown_and_seen_again(here: TestClient) -> None:
    """Whatever it is called; what comes back is a JPEG of the same size."""
    told = here.post("/api/pictures", content=picture()).json()
    assert (told["width"], told["height"]) == (30, 20)
    again = here.get(f"/api/pictures/{told['id']}")
    assert again.headers["content-type"] == "image/jpeg"
    assert again.headers["cache-control"] == "no-store"
    assert Image.open(io.BytesIO(again.content)).size == (30, 20)
    assert here.get("/api/pictures/another").status_code == 404


def test_a_turn_names_the_picture(here: TestClient, household: Any) -> None:
    """It reaches the assistant with what is said; nobody waits in vain where nobody can read."""
    told = here.post("/api/pictures", content=picture("JPEG")).json()
    turn = here.post("/api/turn", json={"text": "read this", "picture": told["id"]})
    assert turn.status_code == 200
    assert household.journal.recent()[0].utterance.picture == told["id"]


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"", 422, "is empty"),
        (b"not a picture", 422, "is no picture"),
        (picture()[:50], 422, "cut short"),
        (bytes(MOST_BYTES + 1), 413, "too large"),
    ],
)
def test_what_is_no_picture_is_refused(
    here: TestClient, body: bytes, status: int, told: str
) -> None:
    """In a sentence."""
    answer = here.post("/api/pictures", content=body)
    assert answer.status_code == status and told in answer.json()["message"]


def test_strangers_show_and_see_nothing(here: TestClient, stranger: TestClient) -> None:
    """Without a token, not even with the id of a picture."""
    told = here.post("/api/pictures", content=picture()).json()
    assert stranger.post("/api/pictures", content=picture()).status_code == 401
    assert stranger.get(f"/api/pictures/{told['id']}").status_code == 401


def test_what_was_read_is_put_right(here: TestClient, household: Any, app: FastAPI) -> None:
    """In the picture, in what is learned, and in the journal; only by who is in charge."""
    household.eyes = Eyes(lambda: Reader(*RECEIPT), mend=household.readings.mended)
    shown = here.post("/api/pictures", content=picture()).json()["id"]
    turn = here.post("/api/turn", json={"text": "read this", "picture": shown}).json()["id"]
    address = f"/api/pictures/{shown}/lines/0"
    told = here.post(address, json={"text": "GREEN MARKT", "turn": turn, "keep_picture": True})
    assert told.json()["used"] and "I will know" in told.json()["sentence"]
    [signal] = household.journal.get(turn).signals
    assert dict(signal.detail) == {"read": "GREEN MARKET", "written": "GREEN MARKT"}
    assert household.eyes.read(shown).page.rows[0].text == "GREEN MARKT"
    assert household.readings.pages[0].lines[0].cut
    assert here.post(f"/api/pictures/{shown}/lines/99", json={"text": "x"}).status_code == 422
    assert here.post("/api/pictures/none/lines/0", json={"text": "x"}).status_code == 404
    assert here.post(address, json={"text": "x", "turn": "none"}).status_code == 404
    _, token = app.state.desk.doors.tokens.issue("a guest's phone", None, in_charge=False)
    guest = TestClient(
        app,
        base_url="http://127.0.0.1:8765",
        client=("192.168.1.9", 50_000),
        headers={"Authorization": f"Bearer {token}"},
    )
    assert guest.post(address, json={"text": "x"}).status_code == 403
