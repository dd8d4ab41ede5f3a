"""``gnothi say`` speaks into files and pipes, and says why where it can't."""

import io
import json
import shutil
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner

from gnothi.cli import cli
from gnothi.core.errors import InputError

pytestmark = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="the program espeak-ng is not installed"
)


def run(*arguments: str, given: str | None = None) -> bytes:
    """Run the command line and return what it prints."""
    result = CliRunner().invoke(cli, arguments, input=given, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg"])
def test_it_speaks_into_a_file(tmp_path: Path, name: str) -> None:
    """The kind follows the name; how it went is told in JSON."""
    told = json.loads(run("say", "Good morning.", "--out", str(tmp_path / name), "--json"))
    sound, rate = soundfile.read(tmp_path / name)
    assert rate == told["rate"] == 22_050
    assert len(sound) / rate == pytest.approx(told["seconds"], abs=0.1)
    assert told["first_ms"] <= told["all_ms"]
    assert 0.1 < abs(sound).max() < 1


def test_it_speaks_into_a_pipe_what_comes_through_one() -> None:
    """A WAV without an end, which players and gnothi hear read as it comes."""
    sound = run("say", "-", "--out", "-", given='<speak>One.<break time="1s"/> Two.</speak>')
    data, rate = soundfile.read(io.BytesIO(sound))
    assert len(data) / rate > 1.5


def test_voice_speed_and_speaker_are_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By options, else by the environment."""
    options = ("--voice", "en-gb", "--speed", "2", "--out", str(tmp_path / "a.wav"), "--json")
    fast = json.loads(run("say", "Good morning everybody.", *options))
    monkeypatch.setenv("GNOTHI_SPEED", "0.5")
    options = ("--speaker", "espeak-ng", "--out", str(tmp_path / "a.wav"), "--json")
    slow = json.loads(run("say", "Good morning everybody.", *options))
    assert fast["seconds"] < 0.6 * slow["seconds"]
    assert b"en-gb" in run("say", "--voices")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("say", ""), "nothing to say"),
        (("say", "hello", "--out", "a.doc"), r"\.wav"),
        (("say", "hello", "--out", "nowhere/a.wav"), "there is no folder nowhere"),
        (("say", "hello", "--voice", "nobody"), "no voice 'nobody'"),
        (("say", "hello", "--speaker", "siri"), "There is no speaker 'siri'"),
        (("say", "hello", "--speaker", "none"), "nobody shall speak"),
        (("say", "<speak>hello"), "no SSML"),
    ],
)
def test_what_it_cannot_do_is_told(arguments: tuple[str, ...], told: str) -> None:
    """Each failure is a sentence."""
    with pytest.raises(InputError, match=told):
        CliRunner().invoke(cli, arguments, catch_exceptions=False)


def test_without_a_player_a_file_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a loudspeaker is told what works."""
    from gnothi.cli import say

    monkeypatch.setattr(say, "_PLAYERS", (("no-such-player",),))
    with pytest.raises(InputError, match="--out FILE"):
        run("say", "hello")
    monkeypatch.setattr(say, "_PLAYERS", (("false",),))
    with pytest.raises(InputError, match="false can't play"):
        run("say", "hello " * 100)


def test_the_doctor_knows_who_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """And says what to do where nobody does, without failing for it."""
    from gnothi.cli import doctor
    from gnothi.core.settings import Settings
    from gnothi.speech.speaking import espeak

    def found() -> tuple[str, str]:
        finding = doctor._speaking(Settings.from_environment())
        return finding.state, finding.advice

    assert found() == (doctor.OK, "")
    monkeypatch.setattr(espeak, "_command", lambda: None)
    state, advice = found()
    assert (state, "apt-get install espeak-ng" in advice) == (doctor.OPTIONAL, True)
