"""``gnothi hear`` and ``gnothi speech`` on real recordings."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from gnothi.cli import cli
from gnothi.core.errors import InputError


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
    told = json.loads(
        run("speech", "measure", str(tmp_path), "--backend", "pocketsphinx", "--json")
    )
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
        (("speech", "measure", "nowhere"), r"transcripts\.tsv"),
    ],
)
def test_mistakes_are_told(arguments: tuple[str, ...], told: str) -> None:
    """A wrong file, recogniser or address is a sentence, and says what would be right."""
    with pytest.raises(InputError, match=told):
        run(*arguments)
