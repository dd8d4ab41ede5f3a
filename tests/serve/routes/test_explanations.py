"""Why a turn went as it did, asked of the real household."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from gnothi.core.settings import Settings
from gnothi.serve.api import build_app
from gnothi.serve.household import Household


@pytest.fixture
def family(tmp_path: Path) -> Iterator[TestClient]:
    """The real household, as a browser on the machine sees it."""
    household = Household.open(Settings.from_environment({"GNOTHI_FOLDER": str(tmp_path)}))
    app = build_app(household)
    with TestClient(app, base_url="http://127.0.0.1:8765", client=("127.0.0.1", 5)) as client:
        yield client
    household.close()


def test_words_add_up_to_the_decision(family: TestClient) -> None:
    """The words' values and the base make up the lead of the intent over the runner-up."""
    turn = family.post("/api/turn", json={"text": "turn on the kitchen light"}).json()
    found = family.get(f"/api/turns/{turn['id']}/explanation").json()
    assert found["intent"] == turn["requests"][0]["intent"]
    assert [word["word"] for word in found["words"]] == ["turn", "on", "the", "kitchen", "light"]
    total = found["base"] + sum(word["value"] for word in found["words"])
    assert total == pytest.approx(found["score"], abs=1e-3)
    assert any("turn on the kitchen light" in sentence for sentence in found["because"])


def test_what_was_not_understood_has_no_decision(family: TestClient) -> None:
    """There is nothing to explain where nothing was decided, and no turn where there is none."""
    turn = family.post("/api/turn", json={"text": "打开"}).json()
    refused = family.get(f"/api/turns/{turn['id']}/explanation")
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-decided")
    assert family.get("/api/turns/none/explanation").status_code == 404
