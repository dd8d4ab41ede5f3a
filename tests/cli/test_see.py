"""``gnothi see`` on pictures, with a reader that always reads the same."""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from gnothi.cli import cli
from gnothi.core.errors import GnothiError, MissingExtraError
from tests.vision.written import RECEIPT, Reader


@pytest.fixture
def receipt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture in a file, and somebody who reads it."""
    monkeypatch.setattr("gnothi.serve.sight.open_reader", lambda **_: Reader(*RECEIPT))
    monkeypatch.setenv("GNOTHI_FOLDER", str(tmp_path / "gnothi"))
    file = tmp_path / "receipt.png"
    Image.new("RGB", (300, 200), "white").save(file)
    return file


def run(*arguments: str, given: bytes | None = None) -> str:
    """Run the command line and return what it prints."""
    result = CliRunner().invoke(cli, arguments, input=given, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_question_about_a_picture_is_answered(receipt: Path) -> None:
    """As a turn of the assistant."""
    told = json.loads(run("see", str(receipt), "what's the total?", "--json"))
    assert told["reply"] == "Total: 23.90." and told["actions"][0]["skill"] == "sight"
    assert told["display"][0]["lines"][0]["text"] == "GREEN MARKET"
    assert json.loads(run("see", "--json", str(receipt)))["display"][0]["kind"] == "sight"
    assert "Commands:" in run("see", "--help")


def test_everything_is_read(receipt: Path) -> None:
    """As text in the order of reading, or with places and what stands out."""
    assert run("see", "read", str(receipt)).splitlines()[3] == "Bread 3.90"
    file = io.BytesIO()
    Image.new("RGB", (300, 200)).save(file, "JPEG")
    told = json.loads(run("see", "read", "-", "--json", given=file.getvalue()))
    assert (told["width"], told["height"], told["total"]) == (300, 200, "23.90")
    assert len(told["lines"][0]["corners"]) == 4
    assert run("see", "read", str(receipt.parent)).startswith("GREEN MARKET"), "a folder"


@pytest.mark.parametrize("name", ["nothing.png", "notes.png"])
def test_what_is_no_picture_is_refused(receipt: Path, name: str) -> None:
    """Whichever command looks at it."""
    (receipt.parent / "notes.png").write_text("no picture")
    for command in (["see"], ["see", "read"]):
        with pytest.raises(GnothiError, match=name.partition(".")[0]):
            run(*command, str(receipt.parent / name))


def test_without_the_extra_one_sentence_says_how_to_get_it(
    receipt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is in the way."""
    monkeypatch.undo()
    monkeypatch.setattr("gnothi.vision.reading.readers.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'gnothi\[sight\]'"):
        run("see", "read", str(receipt))


def test_what_can_t_be_trained_or_written_is_refused_before_anything_is_learned(
    receipt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The light lesson is not half of a thorough one."""
    (receipt.parent / "boxes.json").write_text("{}")
    with pytest.raises(GnothiError, match="is there already"):
        run("see", "teach", "bowl", str(receipt.parent), "--boxes")
    monkeypatch.setattr("gnothi.cli.see_things.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match="train"):
        run("see", "teach", "bowl", str(receipt.parent), "--thorough")
    assert "not taught" in run("see", "things")


def test_what_was_read_is_put_right_and_exported(receipt: Path, tmp_path: Path) -> None:
    """Learned for the next picture, listed, written for a trainer, forgotten."""
    told = run("see", "correct", str(receipt), "GREEN MARKET", "GREEN MARKT", "--keep-pictures")
    assert "I will know" in told
    assert run("see", "read", str(receipt)).startswith("GREEN MARKT")
    assert run("see", "readings").strip() == "GREEN MARKET → GREEN MARKT (with a picture)"
    assert "1 lines are in" in run("see", "readings", "--export", str(tmp_path / "out"))
    [line] = map(json.loads, (tmp_path / "out" / "lines.jsonl").read_text().splitlines())
    assert line["text"] == "GREEN MARKT" and (tmp_path / "out" / line["picture"]).is_file()
    with pytest.raises(GnothiError, match="in 2 lines"):
        run("see", "correct", str(receipt), "23.90", "28.90")
    with pytest.raises(GnothiError, match="in no line"):
        run("see", "correct", str(receipt), "Butter", "Milk")
    with pytest.raises(GnothiError, match="holds something"):
        run("see", "readings", "--export", str(tmp_path / "out"))
    with pytest.raises(GnothiError, match="Nothing can be written to /dev/null/out: Not"):
        run("see", "readings", "--export", "/dev/null/out")
    both = ["see", "readings", "--forget", "GREEN MARKT", "--export", str(tmp_path / "other")]
    refused = CliRunner().invoke(cli, both)
    assert refused.exit_code == 2 and "together" in refused.stderr, "nothing is forgotten"
    run("see", "readings", "--forget", "GREEN MARKT")
    assert "Nothing was put right yet" in run("see", "readings")
    assert run("see", "read", str(receipt)).startswith("GREEN MARKET")


def test_what_was_put_right_is_told_as_one_object(receipt: Path) -> None:
    """Both are the whole line, as it was shown and as it is shown from now on."""
    told = json.loads(run("see", "correct", str(receipt), "GREEN", "GRUEN\x1b \t GRUEN", "--json"))
    assert told == {"read": "GREEN MARKET", "written": "GRUEN GRUEN MARKET", "used": True}
    told = json.loads(run("see", "correct", str(receipt), "GRUEN GRUEN", "GRUN", "--json"))
    assert told == {"read": "GRUEN GRUEN MARKET", "written": "GRUN MARKET", "used": True}
    [kept] = map(json.loads, run("see", "readings", "--json").splitlines())
    assert (kept["read"], kept["written"]) == ("GREEN MARKET", "GRUN MARKET")
