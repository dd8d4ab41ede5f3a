"""The library from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gnothi.cli import cli
from gnothi.core.errors import InputError, ProviderError
from gnothi.core.settings import Settings
from gnothi.serve.forgetting import forget
from gnothi.serve.household import Household
from tests.recommend.library.servers import ListenServer, MusicServer, album, serving

TAGS = {
    "TIT2": "Hyperballad",
    "TPE1": "Björk",
    "TALB": "Post",
    "TCON": "Electronic",
    "TYER": "1995",
}


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A household where ana lives; its folder."""
    monkeypatch.setenv("GNOTHI_SUBSONIC_PASSWORD", "sesame")
    settings = Settings.from_environment()
    settings.folder.mkdir(parents=True)
    people = [{"id": "ana", "name": "Ana", "role": "adult"}]
    told = {"name": "Flat", "areas": [], "devices": [], "people": people}
    (settings.folder / "home.json").write_text(json.dumps(told))
    return settings.folder


def run(*arguments: str) -> str:
    """Run the command line and return what it prints."""
    result = CliRunner().invoke(cli, ["library", *arguments], catch_exceptions=False)
    return result.stdout


def tagged(file: Path) -> None:
    """Write an MP3 file that is nothing but its tags (ID3v2.3)."""
    frames = b""
    for name, text in TAGS.items():
        body = b"\x01" + text.encode("utf-16")
        frames += name.encode() + len(body).to_bytes(4, "big") + b"\0\0" + body
    size = bytes((len(frames) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    file.write_bytes(b"ID3\x03\0\0" + size + frames)


def test_files_become_a_library(tmp_path: Path) -> None:
    """Tags are read, artists counted, and what we know of them is used."""
    folder = tmp_path / "music"
    folder.mkdir()
    tagged(folder / "1.mp3")
    assert run("add", str(folder)).startswith("One song by one artist is in the library now.")
    shown = run("show")
    assert "files: 1 song" in shown
    assert "One artist; of 1 our own catalogue knows moods and countries." in shown
    assert "electronic" in shown
    assert "Nothing is known of what ana listens to." in shown
    assert run("forget", "files", "--yes") == "What came from files is forgotten.\n"
    assert "The library is empty." in run("show")


def test_folders_without_music_are_refused(tmp_path: Path) -> None:
    """No folder, and a folder with nothing to play."""
    with pytest.raises(InputError, match="is no folder"):
        run("add", str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="no audio files"):
        run("add", str(tmp_path))
    (tmp_path / "1.mp3").touch()
    with pytest.raises(InputError, match=r"no audio files in .* \(but 1 that are empty or damaged"):
        run("add", str(tmp_path))


def test_damaged_files_are_left_out_and_named(tmp_path: Path) -> None:
    """They are neither songs nor artists; the rest is taken in."""
    tagged(tmp_path / "1.mp3")
    (tmp_path / "2.mp3").touch()
    told = run("add", str(tmp_path))
    assert "One song by one artist is in the library now." in told
    assert "One file is left out, it is empty or damaged: 2.mp3" in told
    assert "files: 1 song" in run("show")


def test_a_music_server_is_taken_in() -> None:
    """Albums go into the library, plays into the history; asking again counts nothing twice."""
    albums = [album(number, playCount=number) for number in range(9)]
    with serving(MusicServer(albums)) as address:
        told = run("import", "subsonic", address, "--name", "ana", "--user", "ana")
        again = run("import", "subsonic", address, "--name", "ana", "--user", "ana")
    assert "9 albums by 7 artists are in the library now." in told
    assert "36 plays are in the listening history of ana now." in told == again
    assert "ana: 36 plays of 7 artists; most: Artist 1" in run("show")


def test_a_second_server_adds_to_the_first() -> None:
    """And what either tells again is not counted again."""
    first = MusicServer([album(1, playCount=3)])
    second = MusicServer([album(1, playCount=4), album(2, playCount=1)])
    with serving(first) as one, serving(second) as other:
        for address in (one, other, one):
            run("import", "subsonic", address, "--name", "ana", "--user", "ana")
    assert "ana: 8 plays of 2 artists; most: Artist 1, Artist 2" in run("show")


def test_listens_are_taken_in_once(home: Path) -> None:
    """A second import fetches what is new; erasing the person erases it all."""
    server = ListenServer([(1_700_000_000 - n, "ABBA") for n in range(5)], user="ana")
    with serving(server) as address:
        arguments = ("import", "listenbrainz", "ana", "--user", "ana", "--address", address)
        assert run(*arguments) == "5 plays are in the listening history of ana now.\n"
        server.listens.insert(0, (1_700_000_100, "Queen"))
        assert run(*arguments) == "One play is in the listening history of ana now.\n"
        assert run(*arguments) == "No new plays for ana.\n"
    assert "ana: 6 plays of 2 artists; most: ABBA, Queen" in run("show")
    household = Household.open(Settings.from_environment())
    forget(household, "ana")
    household.close()
    assert "Nothing is known of what ana listens to." in run("show")


def test_a_history_is_forgotten() -> None:
    """Only after asking; and then only that."""
    with serving(ListenServer([(5, "ABBA")], user="ana")) as address:
        run("import", "listenbrainz", "ana", "--user", "ana", "--address", address)
    assert run("forget", "--user", "ana").endswith("[y/N]: ")
    told = run("forget", "--user", "ana", "--yes")
    assert told == "One artist is forgotten from the listening history of ana.\n"


def test_a_failed_import_leaves_nothing_half_done() -> None:
    """A wrong password, a server without albums, an unknown user: what was there stays."""
    wrong = pytest.raises(ProviderError, match="password is wrong")
    with serving(MusicServer([album(1)], password="other")) as address, wrong:
        run("import", "subsonic", address, "--name", "ana")
    with serving(MusicServer([])) as address, pytest.raises(InputError, match="has no albums"):
        run("import", "subsonic", address, "--name", "ana")
    with serving(ListenServer([])) as address, pytest.raises(ProviderError, match="nothing there"):
        run("import", "listenbrainz", "ben", "--user", "ana", "--address", address)
    assert "The library is empty." in run("show")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("import", "subsonic", "music.local", "--name", "a"), "is no address"),
        (("import", "listenbrainz", "a", "--user", "ben"), "Nobody called 'ben' lives here"),
        (("forget", "files", "--yes"), "no source 'files'"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: tuple[str, ...], says: str) -> None:
    """Each with a sentence that says what would."""
    with pytest.raises(InputError, match=says):
        run(*arguments)


def test_forgetting_nothing_is_no_command() -> None:
    """A source or a person has to be named."""
    result = CliRunner().invoke(cli, ["library", "forget"])
    assert result.exit_code == 2
    assert "Name a SOURCE" in result.stderr
