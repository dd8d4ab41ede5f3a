"""Comparing views of words: what is a page, what is the headline, what must be said."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from gnothi.core.artifact import Card
from gnothi.vision.reading.cutting import boxes_of
from gnothi_lab.benchmarks import spot_text
from gnothi_lab.sight import renders, views
from gnothi_lab.sight.scenes import Scene, TruthWord
from gnothi_lab.sight.views import Told, compared, gain
from gnothi_train.artifact import write_artifact
from gnothi_train.vision.text.trainer import NOTICES
from gnothi_train.vision.text.typefaces import Group, Typeface

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
NOTHING, LOCAL, ALL = (False, False, False), (False, True, True), (True, True, True)


def told(page: str, right: tuple[bool, ...], angle: float = 0) -> Told:
    """Return a word of *page* that is 20 pixels high."""
    return Told(page, angle, 20.0, right)


def test_the_gain_is_that_of_words_and_its_interval_of_pages() -> None:
    """A page counts as often as it has words."""
    words = [told("a", LOCAL), told("a", LOCAL), told("a", ALL), told("b", NOTHING)]
    value, (low, high) = gain(words, "global", np.random.default_rng(0))
    assert value == pytest.approx(0.5)
    assert (low, high) == pytest.approx((0, 2 / 3))
    assert gain(words, "local", np.random.default_rng(0)) == (0, (0, 0))


def test_a_page_at_five_angles_is_one_page() -> None:
    """Showing it more often makes nothing surer."""
    rng = np.random.default_rng(3)
    once = [
        told(f"receipt-{page}", LOCAL if rng.random() < page / 6 else NOTHING)
        for page in range(6)
        for _ in range(20)
    ]
    often = [replace(word, angle=angle) for angle in (0, 15, 45, 60, 90) for word in once]
    first = gain(once, "global", np.random.default_rng(0))
    assert gain(often, "global", np.random.default_rng(0)) == first
    assert first[1][1] - first[1][0] > 0.2


def test_words_know_what_they_are_written_on() -> None:
    """A picture that was turned is still the same one."""
    corners = np.array([[5.0, 5], [35, 5], [35, 15], [5, 15]])
    scene = Scene("receipt@45", np.zeros((40, 40, 3), np.uint8), (TruthWord("ab", corners),))
    scores = np.full((1, 4, 97), -9.0, dtype=np.float32)
    reader = SimpleNamespace(find=lambda _: (None, None), scores=lambda *_: scores)
    (word,) = compared([scene], 45, dict.fromkeys(views.VIEWS, reader))  # type: ignore[arg-type]
    assert (word.page, word.angle, word.right) == ("receipt", 45, NOTHING)
    assert word.is_hard


def test_the_headline_sees_whole_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the global view reads at half the size has names of its own."""

    def opened(_: Path, names: Sequence[str], longest: int) -> dict[str, int]:
        return dict.fromkeys(names, longest)

    def read(_: object, angle: float, readers: dict[str, int], *__: object) -> list[Told]:
        return [told("a", ALL if readers["global"] > renders.SIDE else LOCAL, angle)]

    monkeypatch.setattr(views, "opened", opened)
    monkeypatch.setattr(views, "compared", read)
    scene = Scene("a", np.zeros((8, 8, 3), np.uint8), ())
    drawn = {angle: [scene] for angle in spot_text.ANGLES}
    rng = np.random.default_rng(0)
    figures, intervals = spot_text.gains(Path(), drawn, [], rng)
    assert figures["fused_minus_global_rotated_or_small"] == 0
    assert figures["fused_minus_global_rotated_or_small_half"] == 1
    assert intervals["fused_minus_global_half"] == (1, 1)


@pytest.mark.parametrize("notices", [NOTICES, ("Words of many languages",)])
def test_what_may_not_ship_is_said(tmp_path: Path, notices: tuple[str, ...]) -> None:
    """Where a reader learned from other words than the trainer takes now."""
    card = Card("sight/reading", "1", "onnx", {}, figures={"steps": 12.0}, notices=notices)
    write_artifact(tmp_path / "fused", card, {})
    said = " ".join(spot_text.training(tmp_path, {}))
    assert "12 steps" in said
    assert ("may not ship" in said) is (notices is not NOTICES)


@pytest.mark.skipif(not FONT.exists(), reason="needs the DejaVu fonts")
def test_renders_are_in_typefaces_of_their_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the photos of the data, at the angle that was asked for."""
    written = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(written, "JPEG")
    (tmp_path / renders.PHOTOS).parent.mkdir(parents=True)
    jpeg = np.frombuffer(written.getvalue(), np.uint8)
    np.savez(tmp_path / renders.PHOTOS, jpeg=jpeg, offsets=np.array([0, len(jpeg)]))
    wanted: list[Group] = []

    def typefaces(group: Group) -> tuple[Typeface, ...]:
        wanted.append(group)
        return (Typeface("DejaVu Sans", str(FONT), "Book"),)

    monkeypatch.setattr(renders, "typefaces", typefaces)
    some = renders.renders(tmp_path, 90, 2, 0)
    renders.renders(tmp_path, 0, 1, 0, Group.DEVELOPMENT)
    assert wanted == [Group.TEST, Group.DEVELOPMENT]
    assert len({scene.name for scene in some}) == 2
    boxes = boxes_of(np.array([word.corners for scene in some for word in scene.words]))
    assert np.degrees(np.median(boxes[:, 4])) == pytest.approx(90, abs=6)
