"""Things that the camera is taught, over HTTP."""

from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from gnothi.vision.pictures import write_jpeg
from tests.vision.teaching.patches import BLUE, RED, painted

BOWL, BOOK = [40, 50, 100, 110], [200, 130, 250, 200]


def _show(here: TestClient, *patches: tuple[list[int], tuple[int, int, int]]) -> str:
    return here.post("/api/pictures", content=write_jpeg(painted(*patches), 95)).json()["id"]


@pytest.fixture
def shown(here: TestClient) -> str:
    """A red bowl and a blue book."""
    return _show(here, (BOWL, RED), (BOOK, BLUE))


def _teach(here: TestClient, picture: str, **more: Any) -> Any:
    example = {"picture": picture, "boxes": [BOWL]}
    return here.post("/api/things", json={"name": "cat's bowl", "examples": [example], **more})


def test_a_thing_is_taught_listed_found_and_forgotten(here: TestClient, shown: str) -> None:
    """All that the page does."""
    taught = _teach(here, shown, keep_pictures=True).json()
    assert taught["used"] and taught["thing"]["cuts"] == 1
    assert "Show me a few more" in taught["sentence"]
    assert [one["name"] for one in here.get("/api/things").json()] == ["cat's bowl"]
    other = _show(here, ([200, 20, 260, 80], RED), ([20, 150, 80, 220], BLUE))
    body = {"name": "the cat's bowl", "picture": other}
    [found] = here.post("/api/things/find", json=body).json()
    np.testing.assert_allclose(found["box"], [200, 20, 260, 80], atol=3)
    assert here.post("/api/things/forget", json={"name": "cat's bowl"}).status_code == 204
    assert here.get("/api/things").json() == []


def test_one_box_proposes_the_others(here: TestClient, shown: str) -> None:
    """Drawn in the first picture, proposed in the second."""
    other = _show(here, ([200, 20, 260, 80], RED), ([20, 150, 80, 220], BLUE))
    body = {"pictures": [shown, other], "box": BOWL}
    drawn, proposed = here.post("/api/things/propose", json=body).json()["boxes"]
    assert drawn == [BOWL]
    np.testing.assert_allclose(proposed, [[200, 20, 260, 80]], atol=3)


def test_pictures_that_are_gone_teach_nothing(here: TestClient) -> None:
    """It says that there is nothing by that name."""
    assert _teach(here, "another").status_code == 404


@pytest.mark.parametrize(
    "boxes", [[[1, 2, 3]], [[90, 90, 10, 10]], [[900, 900, 950, 950]], [["a", 1, 2, 3]]]
)
def test_boxes_that_are_none_are_refused(here: TestClient, shown: str, boxes: Any) -> None:
    """In a sentence, or by its schema."""
    body = {"name": "bowl", "examples": [{"picture": shown, "boxes": boxes}]}
    assert here.post("/api/things", json=body).status_code == 422


def test_what_was_never_taught_is_neither_found_nor_forgotten(here: TestClient, shown: str) -> None:
    """In a sentence."""
    answer = here.post("/api/things/find", json={"name": "mug", "picture": shown})
    assert answer.status_code == 422 and "no thing called" in answer.json()["message"]
    assert here.post("/api/things/forget", json={"name": "mug"}).status_code == 422


def test_strangers_teach_nothing(stranger: TestClient) -> None:
    """Without a token nobody even learns what is known."""
    assert stranger.get("/api/things").status_code == 401
    assert stranger.post("/api/things/forget", json={"name": "mug"}).status_code == 401


def test_boxes_are_in_pixels_of_what_was_shown(here: TestClient) -> None:
    """However large that was: less is looked at."""
    box, place = [400, 400, 1200, 1000], [900, 300, 1700, 900]
    first, second = (
        here.post("/api/pictures", content=write_jpeg(painted((one, RED), size=(2000, 1600))))
        .json()["id"]
        for one in (box, place)
    )  # fmt: skip
    body = {"pictures": [first, second], "box": box}
    drawn, proposed = here.post("/api/things/propose", json=body).json()["boxes"]
    np.testing.assert_allclose([*drawn, *proposed], [box, place], atol=9)
    example = {"picture": first, "boxes": [box]}
    here.post("/api/things", json={"name": "bowl", "examples": [example]})
    [found] = here.post("/api/things/find", json={"name": "bowl", "picture": second}).json()
    np.testing.assert_allclose(found["box"], place, atol=9)


def test_a_guest_may_look_for_things_and_not_teach(
    here: TestClient, app: FastAPI, shown: str
) -> None:
    """Nor say what is wrong: that changes what the household finds."""
    _teach(here, shown)
    _, token = app.state.desk.doors.tokens.issue("a guest's phone", None, in_charge=False)
    guest = TestClient(
        app,
        base_url="http://127.0.0.1:8765",
        client=("192.168.1.9", 50_000),
        headers={"Authorization": f"Bearer {token}"},
    )
    looked = guest.post("/api/things/find", json={"name": "cat's bowl", "picture": shown})
    assert looked.status_code == 200
    assert _teach(guest, shown).status_code == 403
