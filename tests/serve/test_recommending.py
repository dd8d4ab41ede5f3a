"""Being helped with choosing, over HTTP, in a household that keeps what happens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from gnothi.core.settings import Settings
from gnothi.recommend.journalled import logged
from gnothi.serve.api import build_app
from gnothi.serve.household import Household


@pytest.fixture
def household(tmp_path: Path) -> Household:
    """A household that has just begun."""
    return Household.open(Settings.from_environment({"GNOTHI_FOLDER": str(tmp_path)}))


@pytest.fixture
def here(household: Household) -> Iterator[TestClient]:
    """A browser on the machine itself."""
    app = build_app(household)
    with TestClient(app, base_url="http://127.0.0.1:8765", client=("127.0.0.1", 50_000)) as one:
        yield one


def test_a_talk_goes_on_over_http(here: TestClient, household: Household) -> None:
    """A page sees what is suggested, what is known of it, and that a reply is awaited."""

    def say(text: str) -> dict[str, Any]:
        told = {"text": text, "session": "evening", "user": "alex"}
        return here.post("/api/turn", json=told).json()

    assert say("suggest a film")["expects"] == "talk"
    offered = say("surprise me")
    (card,) = offered["display"]
    assert (card["kind"], card["ask"]) == ("recommend", "play")
    assert card["item"]["title"] in offered["reply"]
    assert card["item"]["facts"]
    assert say("yes please")["expects"] is None
    entry = here.get(f"/api/journal/{offered['id']}").json()
    assert entry["actions"][0]["arguments"]["answer"]["wish"] == "surprise"
    (episode,) = logged(household.journal.iterate())
    assert episode.rewards == [1.0]
