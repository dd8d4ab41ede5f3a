"""``gnothi-train teach`` on a folder: what it writes is what was trained."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from gnothi.core.artifact import read_card, verify
from gnothi.vision.networks import Network
from gnothi.vision.teaching.folders.writing import write_folder
from gnothi.vision.teaching.own import read_own
from gnothi_train.vision.pyramid import Detections
from gnothi_train.vision.teach.augment import as_batch, fitted
from gnothi_train.vision.teach.detectors import build
from gnothi_train.vision.teach.export import exported
from gnothi_train.vision.teach.trainer import judged, main
from tests.train.vision.teach.squares import SIDE, squares


def _folder(path: Path, count: int = 8) -> Path:
    shown = squares(count, kinds=1)
    write_folder(
        path, "square", [(f"{at}.jpg", one.pixels, one.boxes) for at, one in enumerate(shown)]
    )
    return path


def _run(folder: Path, out: Path, *options: str) -> str:
    given = [str(folder), "--out", str(out), "--steps", "2", "--size", "64", "--threads", "1"]
    return CliRunner().invoke(main, [*given, *options]).output


def test_a_folder_becomes_an_artifact(tmp_path: Path) -> None:
    """Network, names, threshold, and which pictures were held back; the card fits the files."""
    _run(_folder(tmp_path / "pictures"), tmp_path / "made")
    verify(tmp_path / "made", read_card(tmp_path / "made"))
    told = json.loads((tmp_path / "made" / "detector.json").read_text())
    assert told["names"] == ["square"] and told["held"] == ["3.jpg", "7.jpg"]
    own, held = read_own(tmp_path / "made", "The Square")
    assert held == {"3.jpg", "7.jpg"}
    assert own.find(squares(1)[0].pixels, least=0.0).scores.size


def test_what_is_exported_sees_what_was_trained(tmp_path: Path) -> None:
    """Boxes and scores of the ONNX file are those of the network."""
    network = build("pyramid", 2).eval()
    batch = as_batch([fitted(squares(1)[0], SIDE)])
    dense = network(batch.pictures)
    served = Network(exported(network, SIDE)).run(picture=batch.pictures.contiguous().numpy())
    np.testing.assert_allclose(served["boxes"], dense.boxes.detach(), atol=1e-3)
    np.testing.assert_allclose(served["scores"], dense.logits.sigmoid().detach(), atol=1e-4)


def test_a_folder_without_boxes_is_refused(tmp_path: Path) -> None:
    """In a sentence."""
    folder = _folder(tmp_path / "pictures", 2)
    (folder / "boxes.json").unlink()
    assert "no box in any" in _run(folder, tmp_path / "made")


def test_scratch_takes_no_start(tmp_path: Path) -> None:
    """And every other method needs one."""
    folder = _folder(tmp_path / "pictures", 2)
    assert "--start goes with" in _run(folder, tmp_path / "made", "--method", "full")


def test_a_threshold_leaves_room_below_what_it_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next picture of the thing will score a little lower than the one that was tried."""
    [shown] = squares(1, kinds=1)
    one = replace(shown, boxes=shown.boxes[:1], classes=shown.classes[:1])
    boxes = np.concatenate([fitted(one, SIDE).boxes, [[0.0, 0.0, 3.0, 3.0]]])
    none = np.zeros(2, np.intp)
    seen = Detections(boxes, none, np.array([0.9, 0.1]), none)
    monkeypatch.setattr("gnothi_train.vision.teach.trainer.find", lambda *_: [seen])
    told = judged(build("pyramid", 1), [one], 1, SIDE)
    assert told["threshold"] == pytest.approx(0.5) and told["alarms"] == 0
