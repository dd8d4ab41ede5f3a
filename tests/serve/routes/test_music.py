"""Music files and the page's player, over HTTP."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from gnothi.core.protocols import Track


@pytest.fixture
def music(household: Any) -> Path:
    """A folder with one song, and a secret beside it."""
    folder = household.settings.music
    folder.mkdir()
    (folder / "song.mp3").write_bytes(bytes(range(200)))
    (folder.parent / "secret.mp3").write_bytes(b"secret")
    (folder / "notes.txt").write_text("secret")
    (folder / "link.mp3").symlink_to(folder.parent / "secret.mp3")
    return folder


async def _queue(household: Any, *uris: str) -> None:
    await household.player.play([Track(f"t{n}", "A", uri=uri) for n, uri in enumerate(uris)])


async def test_a_queued_song_is_heard_in_parts(
    household: Any, music: Path, here: TestClient
) -> None:
    """A browser may jump inside a song."""
    await _queue(household, str(music / "song.mp3"))
    state = here.get("/api/player").json()
    assert state["status"] == "playing"
    assert "uri" not in state["track"]
    url = state["track"]["url"]
    assert here.get(url).content == bytes(range(200))
    part = here.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert part.headers["content-type"] == "audio/mpeg"


async def test_uris_and_relative_paths_work(household: Any, music: Path, here: TestClient) -> None:
    """However the library writes its files down, they are found."""
    await _queue(household, (music / "song.mp3").as_uri(), "song.mp3")
    assert here.get("/api/music/t0").status_code == 200
    assert here.get("/api/music/t1").status_code == 200


@pytest.mark.parametrize(
    "uri",
    [
        "../secret.mp3",
        "link.mp3",
        "notes.txt",
        "/etc/passwd",
        "file:///etc/passwd",
        "",
        ".",
        "a\0b",
        "file:///%2e%2e/secret.mp3",
        "missing.mp3",
    ],
)
async def test_nothing_else_leaves_the_folder(
    uri: str, household: Any, music: Path, here: TestClient
) -> None:
    """Paths, links and other kinds of files out of the music folder lead nowhere."""
    await _queue(household, uri)
    assert here.get("/api/music/t0").status_code == 404


async def test_what_is_not_queued_is_not_served(
    household: Any, music: Path, here: TestClient
) -> None:
    """Only what plays can be fetched."""
    assert here.get("/api/music/song.mp3").status_code == 404


async def test_the_player_obeys(household: Any, here: TestClient) -> None:
    """Skipping, pausing and volume work from the page."""
    await _queue(household, "a.mp3", "b.mp3")
    assert here.post("/api/player", json={"command": "next"}).json()["track"]["id"] == "t1"
    assert here.post("/api/player", json={"command": "pause"}).json()["status"] == "paused"
    louder = here.post("/api/player", json={"command": "volume", "level": 0.25}).json()
    assert louder["volume"] == 0.25
    assert here.post("/api/player", json={"command": "explode"}).status_code == 422
    assert here.post("/api/player", json={"command": "volume", "level": 7}).status_code == 422
