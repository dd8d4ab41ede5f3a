"""``gnothi speech setup``: with options for scripts, and with questions for people."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner, Result

from gnothi.cli import cli
from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.settings import Settings
from gnothi.speech.reciting import voices
from gnothi.speech.shelf import Shelf
from tests.speech.networks import write_moonshine
from tests.speech.shop import Shop, open_shop
from tests.speech.test_unpack import pack

pytest.importorskip("sherpa_onnx")


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Open a server of files."""
    with open_shop() as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a small model."""
    place = tmp_path / "small-en"
    place.mkdir()
    write_moonshine(place)
    return place


def _run(*arguments: str) -> Result:
    result = CliRunner().invoke(cli, ["speech", "setup", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def _told(*arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in _run("--json", *arguments).stdout.splitlines()]


def test_what_can_be_fetched_is_listed() -> None:
    """With size, languages, speed, licence, and who opens it; in JSON with hash and source."""
    shown = _run("--list").stdout
    assert "moonshine-tiny-en" in shown
    assert "30 MB" in shown
    first = _told("--list")[0]
    assert first["choice"] == "moonshine:moonshine-tiny-en"
    assert first["is_here"] is False
    assert all(one["sha256"] for one in first["files"])
    # Where nobody can answer, nothing is asked.
    assert _run().stdout == shown


def test_a_model_from_a_server_is_fetched_tried_and_chosen(
    shop: Shop, folder: Path, tmp_path: Path
) -> None:
    """Its hash was told: nobody is asked. Then gnothi hear and the server take it."""
    files = {f"any/{one.name}": one.read_bytes() for one in folder.iterdir()}
    archive = pack(tmp_path / "own-en.tar.bz2", files).read_bytes()
    wanted = shop.offer("own-en.tar.bz2", archive)
    options = ("--as", "moonshine", "--sha256", str(wanted.sha256).upper())
    (got,) = _told("--from", wanted.url, *options)
    assert got["problem"] == ""
    assert got["choice"] == "moonshine:own-en"
    (chosen,) = _told("--choose", "moonshine:own-en")
    assert chosen == {"did": "choose", "choice": "moonshine:own-en"}
    assert Settings.from_environment().recogniser == "moonshine:own-en"
    assert "✔ moonshine:own-en, your own" in _run("--list").stdout
    assert _told("--from", wanted.url, *options)[0]["was_here"] is True


def test_a_hash_that_nobody_knows_is_shown_and_asked_about(shop: Shop, folder: Path) -> None:
    """Where nobody can answer, it ends; with --yes it goes on, and the hash is remembered."""
    files = {one.name: one.read_bytes() for one in folder.iterdir()}
    archive = pack(folder.parent / "own-en.zip", files).read_bytes()
    wanted = shop.offer("own-en.zip", archive)
    with pytest.raises(InputError, match="give --sha256"):
        _run("--from", wanted.url, "--as", "moonshine")
    assert Shelf().models() == ()
    shown = _run("--from", wanted.url, "--as", "moonshine", "--yes").stdout
    assert str(wanted.sha256) in shown
    assert "✔ own-en is here, and works" in shown
    _run("--remove", "own-en")
    shop.files["/own-en.zip"] = archive + b"more"
    with pytest.raises(ArtifactError, match="or replaced"):
        _run("--from", wanted.url, "--as", "moonshine", "--yes")


def test_a_model_from_a_folder_is_taken_away_again(folder: Path) -> None:
    """Whoever listened with it is no longer chosen."""
    _run("--from", str(folder), "--as", "moonshine", "--choose", "moonshine:small-en")
    assert Settings.from_environment().recogniser == "moonshine:small-en"
    told = _told("--remove", "small-en")
    assert told == [{"did": "remove", "name": "small-en"}, {"did": "choose", "choice": ""}]
    assert Settings.from_environment().recogniser == ""


def test_a_model_that_does_not_work_is_told(folder: Path) -> None:
    """It is here, so that somebody can look at it; it can't be chosen."""
    (folder / "encoder_model.ort").write_bytes(b"damaged")
    shown = _run("--from", str(folder), "--as", "moonshine").stdout
    assert "✘ small-en is here, but does not work" in shown
    with pytest.raises(InputError, match="can't be loaded"):
        _run("--choose", "moonshine:small-en")


def test_recordings_tell_who_hears_best(folder: Path, tmp_path: Path) -> None:
    """Everybody who is named hears them, or is left out with a reason; --yes takes the advice."""
    _run("--from", str(folder), "--as", "moonshine")
    if not (said_by := voices()):
        pytest.skip("No machine's voice is installed.")
    say = next(iter(said_by.values()))
    lines = ["file\ttext"]
    for number, text in enumerate(("turn on the kitchen light", "stop the music")):
        soundfile.write(tmp_path / f"{number}.wav", say(text), 16_000)
        lines.append(f"{number}.wav\t{text}")
    (tmp_path / "transcripts.tsv").write_text("\n".join(lines))
    only = ("--backend", "gnothi", "--backend", "moonshine:small-en", "--backend", "magic")
    told = _told("--recordings", str(tmp_path), *only, "--yes")
    measured = {one["recogniser"]: one for one in told if one["did"] == "measure"}
    assert "There is no recogniser" in str(measured["magic"]["problem"])
    assert measured["moonshine:small-en"]["word_error_rate"] > 0.9
    (advice,) = (one for one in told if one["did"] == "advise")
    assert "2 recordings" in str(advice["rests"])
    assert Settings.from_environment().recogniser == advice["choice"] == "gnothi"


def test_a_microphone_that_is_not_there_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a sentence; the next step follows."""
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "nothing.conf"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    told = _told("--microphone", "--choose", "usual")
    assert [one["did"] for one in told] == ["microphone", "choose"]
    assert "There is no microphone here" in str(told[0]["verdict"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--get", "nothing"), "There are: moonshine-tiny-en"),
        (("--remove", "nothing"), "no model 'nothing'"),
        (("--choose", "magic"), "no recogniser 'magic'"),
        (("--choose", "moonshine:nothing"), "no model 'nothing' here"),
        (("--choose", "wyoming:nowhere"), "address"),
        (("--from", "somewhere"), "--as sherpa-onnx"),
        (("--from", "somewhere", "--as", "gnothi"), "--as sherpa-onnx"),
        (("--from", "somewhere", "--as", "moonshine"), "There is no somewhere"),
        (("--from", ".", "--as", "moonshine", "--sha256", "00"), "is for what is fetched"),
        (("--from", ".", "--as", "moonshine", "--name", "../x"), "can't be the name"),
        (("--sha256", "00"), "what --from names"),
        (("--backend", "gnothi"), "whom to measure"),
        (("--recordings", "nowhere"), r"transcripts\.tsv"),
    ],
)
def test_mistakes_are_told(arguments: tuple[str, ...], told: str) -> None:
    """Each is a sentence that says what would be right."""
    with pytest.raises(InputError, match=told):
        _run(*arguments)


def test_a_person_is_led_through_it(tmp_path: Path) -> None:
    """In a terminal of its own: it explains, asks, and says in the end who listens."""
    answers = ["nonsense", "", "n", "n", "usual"]
    shown = _in_a_terminal(["speech", "setup"], answers, tmp_path)
    for told in (
        "Who listens to you?",
        "Opened by whisper.cpp",
        "There is no 'nonsense' in the list",
        "Try the microphone now?",
        "Who shall listen?",
        "From now on",
        "--choose usual goes back",
    ):
        assert told in shown


def _in_a_terminal(arguments: list[str], answers: list[str], folder: Path) -> str:
    """Run the command in a terminal of its own; each *answer* is typed when a question stands."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "GNOTHI_FOLDER": str(folder / "gnothi"), "COLUMNS": "120"}
    command = [sys.executable, "-c", "from gnothi.cli import main; main()", *arguments]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**environment, "TERM": "dumb"}
    )
    os.close(theirs)
    shown, asked, limit = "", 0, time.monotonic() + 180
    try:
        while time.monotonic() < limit:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    shown += os.read(ours, 65536).decode("utf-8", "replace")
                except OSError:  # the terminal's other end is closed
                    break
            elif process.poll() is not None:
                break
            if answers and shown[asked:].rstrip().endswith((":", "]")):
                asked = len(shown)
                os.write(ours, f"{answers.pop(0)}\n".encode())
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return shown
