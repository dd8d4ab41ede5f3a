"""``gnothi see teach --thorough``, from a folder of pictures to a network that was judged."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from gnothi.cli import cli
from gnothi.core.errors import GnothiError
from gnothi.learning.things import LabelledEyes
from gnothi.vision.teaching.folders.writing import write_folder
from gnothi_train.vision.teach.trainer import main
from tests.vision.teaching.patches import BLUE, RED, PatchEyes, boxes, painted


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve pictures of a red bowl, and somebody who sees it."""
    monkeypatch.setattr("gnothi.serve.things._eyes", lambda _: LabelledEyes(PatchEyes(), "eyes@1"))
    monkeypatch.setenv("GNOTHI_FOLDER", str(tmp_path / "gnothi"))
    places = [[20 + 15 * at, 40, 80 + 15 * at, 100] for at in range(12)]
    pictures = [
        (f"{at}.jpg", painted((box, RED), ([10, 150, 60, 220], BLUE)), boxes(box))
        for at, box in enumerate(places)
    ]
    write_folder(tmp_path / "bowl", "bowl", pictures)
    return tmp_path / "bowl"


def _teach(folder: Path) -> dict[str, Any]:
    command = ["see", "teach", "bowl", str(folder), "--thorough", "--json"]
    result = CliRunner().invoke(cli, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout.splitlines()[-1])  # the trainer tells of itself before


def test_a_network_is_trained_judged_and_answers_only_if_it_is_no_worse(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three steps teach nothing, so what was learned lightly stays."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        ran.append(command)
        arguments = [*command[command.index("teach") + 1 :], "--steps", "3", "--size", "64"]
        main(arguments, standalone_mode=False)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr("gnothi.cli.see_things.subprocess.run", run)
    told = _teach(folder)
    assert told["name"] == "bowl" and told["pictures"] == 12 and not told["used"]
    assert ran[0][1:4] == ["-m", "gnothi_train", "teach"] and ran[0][-2:] == ["--threads", "1"]


@pytest.mark.parametrize(("code", "reason"), [(1, "its own words are above"), (-9, "signal 9")])
def test_a_training_that_ends_early_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, reason: str
) -> None:
    """With its reason; what was learned lightly answers."""
    done = subprocess.CompletedProcess([], code)
    monkeypatch.setattr("gnothi.cli.see_things.subprocess.run", lambda *_, **__: done)
    with pytest.raises(GnothiError, match=reason):
        _teach(folder)
    assert "bowl" in CliRunner().invoke(cli, ["see", "things"]).output.lower()


def test_too_few_pictures_are_refused_before_anything_is_learned(folder: Path) -> None:
    """A network that can't be tried would not be used."""
    told = json.loads((folder / "boxes.json").read_text())
    (folder / "boxes.json").write_text(json.dumps(dict(list(told.items())[:5])))
    with pytest.raises(GnothiError, match="I need 12"):
        _teach(folder)
    assert "not taught" in CliRunner().invoke(cli, ["see", "things"]).output
