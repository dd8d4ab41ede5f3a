"""Learned artifacts, over HTTP."""

from hashlib import sha256
from typing import Any

from starlette.testclient import TestClient

from gnothi.core.artifact import Card


def _put(household: Any, version: str) -> None:
    content = f'{{"v": "{version}"}}'.encode()
    files = {"table.json": sha256(content).hexdigest()}
    card = Card("language/rewrites", version, "json", files, figures={"gain": 0.5})
    household.registry.put({"table.json": content}, card)


def test_versions_are_switched_and_rolled_back(here: TestClient, household: Any) -> None:
    """A family can look at what was learned, choose a version, and return."""
    for version in ("1", "2"):
        _put(household, version)
    household.registry.make_live("language/rewrites", "1")
    body = {"name": "language/rewrites", "version": "2"}
    assert here.post("/api/artifacts/switch", json=body).json()["live"] == "2"
    listed = here.get("/api/artifacts").json()[0]
    assert listed["live"] == "2"
    assert [one["figures"] for one in listed["versions"]] == [{"gain": 0.5}] * 2
    back = here.post("/api/artifacts/rollback", json={"name": "language/rewrites"}).json()
    assert back["live"] == "1"
    assert [one["act"] for one in back["history"]] == ["live", "live", "rollback"]


def test_what_is_not_there_can_not_be_chosen(here: TestClient, household: Any) -> None:
    """Names that look like paths lead nowhere; damaged files are refused."""
    _put(household, "1")
    for name in ("../../etc", "language/rewrites/1", "nothing"):
        body = {"name": name, "version": "1"}
        assert here.post("/api/artifacts/switch", json=body).status_code == 404
    file = next(household.settings.folder.rglob("table.json"))
    file.chmod(0o600)
    file.write_text("{}")
    damaged = here.post("/api/artifacts/switch", json={"name": "language/rewrites", "version": "1"})
    assert (damaged.status_code, damaged.json()["code"]) == (409, "artifact")
