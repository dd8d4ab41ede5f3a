"""``gnothi hear`` and ``gnothi speech`` on real recordings."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import soundfile  # pyright: ignore[reportMissingTypeStubs] - it has none
from click.testing import CliRunner

from gnothi.cli import cli
from gnothi.cli.hear import hints_for
from gnothi.core.artifact import Card
from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Usage
from gnothi.learning.rollout import Phase, State
from gnothi.learning.workshop import Track, UnderWay
from gnothi.registry.registry import Registry
from gnothi.speech.resample import to_pcm16
from gnothi.speech.usage import FILE, NAME, packed


def run(*arguments: str, sound: bytes | None = None) -> str:
    """Run the command line and return what it prints."""
    result = CliRunner().invoke(cli, arguments, input=sound, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_it_hears_what_comes_through_a_pipe(data: Path) -> None:
    """Hypotheses come with the times of words; the starter home answers."""
    pytest.importorskip("pocketsphinx")
    sound = (data / "speech" / "smoke-pocketsphinx" / "audio" / "goforward.flac").read_bytes()
    (line,) = run("hear", "-", "--json", "--ask", sound=sound).splitlines()
    told = json.loads(line)
    assert told["text"].startswith("go forward ten")
    assert told["hypotheses"][0]["words"][0]["text"] == "go"
    assert 0 < told["begin_s"] < told["end_s"] < 3
    assert told["answer"]["text"] == told["text"]


def test_it_measures_recognisers(data: Path, tmp_path: Path) -> None:
    """A folder of recordings with texts leads to a rate of errors and a speed."""
    pytest.importorskip("pocketsphinx")
    folder = data / "speech" / "smoke-pocketsphinx" / "audio"
    shutil.copy(folder / "goforward.flac", tmp_path)
    (tmp_path / "transcripts.tsv").write_text("file\ttext\ngoforward.flac\tgo forward ten meters\n")
    arguments = [str(tmp_path), "--backend", "pocketsphinx", "--dictation", "--json"]
    told = json.loads(run("speech", "measure", *arguments))
    assert told["word_error_rate"] <= 0.25
    assert told["real_time_factor"] > 0


def test_it_lists_recognisers() -> None:
    """Each with what it is good for, and what it lacks here."""
    told = [json.loads(line) for line in run("speech", "--json").splitlines()]
    assert {"gnothi", "pocketsphinx", "wyoming"} <= {one["name"] for one in told}
    assert all(one["about"].endswith(".") for one in told)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("hear", "nothing.wav"), r"nothing\.wav"),
        (("hear", "nothing.wav", "--raw", "16000"), r"nothing\.wav"),
        (("hear", "nothing.wav", "--backend", "magic"), "There are: "),
        (("hear", "nothing.wav", "--backend", "wyoming"), "tcp://HOST:PORT"),
        (("hear", "nothing.wav", "--backend", "wyoming:nowhere"), "address"),
        (("hear", ".", "--raw", "16000"), "is a folder"),
        (("hear", ".", "--backend", "gnothi"), "is a folder"),
        (("hear", "-", "--raw", "0"), "A rate of 0 Hz"),
        (("speech", "measure", "nowhere"), r"transcripts\.tsv"),
    ],
)
def test_mistakes_are_told(arguments: tuple[str, ...], told: str) -> None:
    """A wrong file, recogniser or address is a sentence, and says what would be right."""
    with pytest.raises(InputError, match=told):
        run(*arguments)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (b"file\ttext\none.wav\tgo\ntwo.wav turn it on\n", r"Line 3 of .*transcripts\.tsv"),
        ("file\ttext\none.wav\tcaf\xe9\n".encode("latin-1"), r"transcripts\.tsv is no .*UTF-8"),
        (b"one.wav\tgo\n", "needs the columns"),
        (b"file\ttext\n", "needs the columns"),
        (b"file\ttext\none.wav\tgo\n", r"one\.wav is too short"),
    ],
)
def test_a_bad_table_is_told(tmp_path: Path, table: bytes, told: str) -> None:
    """The sentence names the line or the file, before anything is measured."""
    soundfile.write(tmp_path / "one.wav", np.zeros(1, np.float32), 44_100)
    (tmp_path / "transcripts.tsv").write_bytes(table)
    with pytest.raises(InputError, match=told):
        run("speech", "measure", str(tmp_path), "--backend", "gnothi")


@pytest.mark.parametrize(("level", "told"), [(0.0, "is silent"), (0.0008, "very faint")])
def test_a_silent_recording_is_told(tmp_path: Path, level: float, told: str) -> None:
    """Nobody speaks, and what to do about it; no recogniser is asked."""
    sound = level * np.random.default_rng(0).uniform(-1, 1, 2 * RATE)
    (tmp_path / "a.raw").write_bytes(to_pcm16(sound.astype(np.float32)))
    arguments = ["hear", str(tmp_path / "a.raw"), "--raw", "16000"]
    arguments += ["--backend", "wyoming:tcp://127.0.0.1:1"]
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert told in result.stderr
    assert "Nobody speaks in 2.0 s" in result.stderr
    assert not result.stdout


def test_what_recordings_taught_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a household, what is said there and how well it is heard; before that, that it is not."""
    monkeypatch.setenv("GNOTHI_FOLDER", str(tmp_path))
    assert "Nothing was learned" in run("learn", "hearing")
    assert json.loads(run("learn", "hearing", "--json"))["phase"] is None
    with pytest.raises(InputError, match="no turn"):
        run("journal", "correct", "none", "feed the dragon")
    content = packed(Usage(((("feed", "the", "[device]"), 10.0),), ((("dragon",), 2.0),)))
    figures = {"wer_before": 0.4, "wer": 0.1}
    card = Card(NAME, "1", "json", {FILE: sha256(content).hexdigest()})
    registry = Registry.open(tmp_path / "registry")
    registry.put({FILE: content}, card)
    registry.make_live(NAME, "1")
    state = UnderWay(State("1", Phase.LIVE, 1.0), datetime.now(UTC))
    track = Track(tmp_path / "learning" / "hearing.json")
    track.keep(state)  # as it was kept before it had figures
    told = run("learn", "hearing")
    assert "is in use" in told and "%" not in told
    track.keep(replace(state, figures=figures))
    told = run("learn", "hearing")
    assert "is in use" in told and "10 % of the words" in told and "40 % without it" in told
    assert "  feed the [device]" in told and "  dragon  (2)" in told
    assert hints_for(None, is_dictation=False).usage.names == ((("dragon",), 2.0),)
