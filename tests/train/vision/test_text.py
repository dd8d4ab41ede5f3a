"""Rendered pages, and a spotter that learns from them."""

import math
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import ImageFont

from gnothi.core.errors import InputError
from gnothi.vision.reading.cutting import boxes_of, corners_of, cut
from gnothi.vision.reading.letters import known
from gnothi_train.vision.loop import Loop
from gnothi_train.vision.text import crops, phrases, shards, stages, trainer
from gnothi_train.vision.text.ahead import ahead
from gnothi_train.vision.text.batches import Reading, batch_of, moved, readable
from gnothi_train.vision.text.crops import Strips
from gnothi_train.vision.text.export import networks
from gnothi_train.vision.text.fusion import Fusion
from gnothi_train.vision.text.grounds import Grounds
from gnothi_train.vision.text.learn import objective, reading_losses
from gnothi_train.vision.text.looks import looks_of, turned_once
from gnothi_train.vision.text.network import OUTPUTS, Branches, Spotter
from gnothi_train.vision.text.pages import Rendered, Renderer
from gnothi_train.vision.text.second import SecondSpotter
from gnothi_train.vision.text.second import objective as second_objective
from gnothi_train.vision.text.shards import KEY, read_shard, render_all, shard, write_shard
from gnothi_train.vision.text.stages import share_letters
from gnothi_train.vision.text.targets import STRIDE, losses, targets_of
from gnothi_train.vision.text.trainer import NOTICES, Plan, begun, card_of
from gnothi_train.vision.text.typefaces import Group, Typeface, group_of

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
needs_font = pytest.mark.skipif(not FONT.exists(), reason="needs the DejaVu fonts")


def page(seed: int = 3, **how: float) -> Rendered:
    """Return a rendered picture in one typeface."""
    faces = [Typeface("DejaVu Sans", str(FONT), "Book")]
    return Renderer(faces, Grounds(), **how).render(320, np.random.default_rng(seed))


@needs_font
@pytest.mark.parametrize("angle", [0.0, 60.0, 180.0])
def test_words_are_where_the_page_says(angle: float) -> None:
    """At the angle that was asked for; cut upright, ink is in the middle of their boxes."""
    one = page(3, angle=angle)
    boxes = boxes_of(np.array([word.corners for word in one.words if word.text]))
    assert len(boxes) > 4
    assert np.cos(boxes[:, 4] - math.radians(angle)).min() > math.cos(math.radians(12))
    pieces = cut(one.pixels, boxes).astype(float).mean(axis=3)
    inner, rim = pieces[:, 6:-6].std(axis=(1, 2)), pieces[:, [0, -1]].std(axis=(1, 2))
    assert np.median(inner) > 1.5 * np.median(rim)


def test_what_is_written_can_be_spelled() -> None:
    """Every word is short, and in the alphabet."""
    rng = np.random.default_rng(0)
    words = [phrases.word(rng) for _ in range(400)]
    assert all(known(one) and 0 < len(one) <= 24 for one in words)
    assert {"@", ".", "/", ":"} <= set("".join(words))


def test_what_is_written_is_free_to_ship() -> None:
    """English and Spanish words, and none of those that receipts readers are tested on are full of.

    Dictionaries under the GPL may be installed; nothing is taken from them.
    """
    rng = np.random.default_rng(1)
    drawn = {phrases.word(rng).strip('.,:;!?#*()"/&').casefold() for _ in range(4000)}
    assert not drawn & {"rm", "gst", "sdn", "bhd", "jalan", "sr", "rounding", "unit"}
    assert set(phrases.installed()) <= {"american-english", "british-english", "spanish"}


def test_some_families_are_kept_apart() -> None:
    """All their members are, and some of them to choose by."""
    assert group_of("Roboto Slab") is group_of("EB Garamond") is Group.TEST
    assert group_of("Quicksand Light") is Group.DEVELOPMENT
    assert group_of("DejaVu Sans") is Group.LEARNING


def test_grounds_need_pictures(tmp_path: Path) -> None:
    """An empty folder is refused in a sentence."""
    with pytest.raises(InputError, match="no pictures"):
        Grounds.read(tmp_path)


@needs_font
def test_shards_give_back_what_was_written(tmp_path: Path) -> None:
    """Pictures, words and their corners."""
    some = [page(seed) for seed in range(2)]
    write_shard(tmp_path / "one.npz", some)
    back = list(read_shard(tmp_path / "one.npz"))
    assert [one.jpeg for one in back] == [one.jpeg for one in some]
    for one, other in zip(back, some, strict=True):
        assert [word.text for word in one.words] == [word.text for word in other.words]
        for word, wanted in zip(one.words, other.words, strict=True):
            assert word.corners == pytest.approx(wanted.corners, abs=0.01)


@needs_font
def test_pictures_of_another_kind_are_not_learned_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rendering goes on where it was; other typefaces or another seed want another folder."""
    monkeypatch.setattr(shards, "EACH", 1)
    renderer = Renderer([Typeface("DejaVu Sans", str(FONT), "Book")], Grounds())
    assert next(render_all(renderer, tmp_path, 1, 0), None) == 0
    before = shard(tmp_path, 0).stat().st_mtime_ns
    assert list(render_all(renderer, tmp_path, 1, 0)) == [0]
    assert shard(tmp_path, 0).stat().st_mtime_ns == before
    other = Renderer([Typeface("DejaVu Sans", str(FONT), "Bold")], Grounds())
    for one, seed in ((renderer, 1), (other, 0)):
        with pytest.raises(InputError, match="Name another work folder"):
            next(render_all(one, tmp_path, 1, seed))
    (tmp_path / KEY).unlink()
    with pytest.raises(InputError, match="Name another work folder"):
        next(render_all(renderer, tmp_path, 1, 0))


def told_of(angle: float, box: np.ndarray, side: int) -> torch.Tensor:
    """Return what a finder tells that finds *box* everywhere, turned to *angle*."""
    middle = (torch.arange(side) + 0.5) * STRIDE
    told = torch.zeros(1, OUTPUTS, side, side)
    told[0, 1] = (box[0] - middle[None, :]) / box[3]
    told[0, 2] = (box[1] - middle[:, None]) / box[3]
    told[0, 3], told[0, 4] = math.log(box[2]), math.log(box[3])
    for at, value in enumerate((2 * angle, angle)):
        told[0, 5 + 2 * at], told[0, 6 + 2 * at] = math.cos(value), math.sin(value)
    return told


def test_half_a_turn_costs_no_axis_but_a_direction() -> None:
    """The loss of the angle is periodic at 180 degrees; which way is up is a loss of its own."""
    box = np.array([40.0, 40.0, 30.0, 10.0, 0.4])
    targets = targets_of([(box[None], np.array([True]))], 20)
    right = losses(told_of(0.4, box, 20), targets)
    turned = losses(told_of(0.4 + math.pi, box, 20), targets)
    askew = losses(told_of(0.4 + math.pi / 2, box, 20), targets)
    assert float(right["boxes"]) == pytest.approx(0, abs=1e-4)
    assert float(turned["boxes"]) == pytest.approx(0, abs=1e-4)
    assert float(askew["boxes"]) == pytest.approx(8, abs=1e-2)
    assert float(right["turned"]) == pytest.approx(0, abs=1e-4)
    assert float(turned["turned"]) == pytest.approx(2, abs=1e-3)


def test_even_the_smallest_word_has_a_place() -> None:
    """What nobody can read is not asked about."""
    boxes = np.array([[41.0, 40.0, 6.0, 3.0, 1.0], [60.0, 20.0, 30.0, 12.0, 0.0]])
    targets = targets_of([(boxes, np.array([True, False]))], 20)
    assert (targets.state == 1).sum() >= 1 and (targets.state == -1).sum() > 4
    assert targets.boxes[:, 3].tolist() == pytest.approx([math.log(3)] * len(targets.boxes))


def test_fusion_begins_as_the_local_view_and_mixes_both() -> None:
    """Whatever its maps are; then both have a say."""
    torch.manual_seed(0)
    fusion, local, whole = Fusion(16), torch.randn(3, 16, 4, 6), torch.randn(3, 16, 4, 6)
    assert (
        torch.corrcoef(torch.stack([fusion(local, whole).flatten(), local.flatten()]))[0, 1] > 0.9
    )
    assert not torch.allclose(fusion(local, whole), fusion(local, 2 * whole))


@needs_font
def test_every_reader_learns_from_the_same_words() -> None:
    """Each has a loss, and each of its parts gets a gradient."""
    torch.manual_seed(0)
    batch = batch_of([page(3)], Reading(words=3), np.random.default_rng(0))
    network = Spotter()
    told = objective(network, batch)
    assert {f"read_{one}" for one in Branches} <= set(told)
    torch.stack(list(told.values())).sum().backward()
    lost = [name for name, one in network.named_parameters() if one.grad is None]
    assert not [name for name in lost if "smooth" not in name], "coarse maps are not read"


@needs_font
@pytest.mark.parametrize("is_fused", [False, True])
def test_the_fusion_fits_a_second_spotter(is_fused: bool) -> None:
    """Which has upright boxes and spells letter after letter."""
    torch.manual_seed(0)
    reading = Reading(words=2, is_level=True)
    batch = batch_of([page(3, steepest=10.0)], reading, np.random.default_rng(0))
    network = SecondSpotter(is_fused=is_fused)
    assert set(second_objective(network, batch)) == {"spelled", "columns"}
    assert len(network.eval().read(batch)) == len(batch.texts) == int(batch.there.sum())


@needs_font
def test_columns_are_those_of_the_letters() -> None:
    """Scores that follow them spell the words."""
    batch = batch_of([page(1)], Reading(jitter=0), np.random.default_rng(0))
    scores = torch.nn.functional.one_hot(batch.columns.clamp(min=0), 97).float() * 20
    told = reading_losses(scores, batch)
    assert float(told["columns"]) < 0.01
    assert float(told["read"]) < 0.3


@needs_font
def test_words_are_cut_out_as_they_are_written() -> None:
    """Fresh ones, in the middle of their pieces; same seed, same batches, wherever one begins."""
    faces = [Typeface("DejaVu Sans", str(FONT), "Book")]
    strips = Strips(faces, Grounds())
    pieces = strips.words(24, np.random.default_rng(5))
    assert len(pieces.words) == 24 and all(map(readable, pieces.words))
    grey = pieces.pixels.astype(float).mean(axis=3)
    inner, rim = grey[:, 6:-6].std(axis=(1, 2)), grey[:, [0, -1]].std(axis=(1, 2))
    assert np.median(inner) > 1.2 * np.median(rim)
    batch = pieces.batch(np.arange(3, 8), np.random.default_rng(0))
    assert batch.texts == tuple(word.text for word in pieces.words[3:8])
    assert batch.pieces.shape == (5, 3, 32, 160) and int(batch.lengths.sum()) == len(batch.letters)


@needs_font
def test_words_come_again_as_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """Same seed, same batches, wherever one begins."""
    monkeypatch.setattr(crops, "POOL", 2)
    monkeypatch.setattr(crops, "WORDS", 8)
    strips = Strips([Typeface("DejaVu Sans", str(FONT), "Book")], Grounds())
    first, later = crops.crops(strips, 0), crops.crops(strips, 0, 3)
    some = [next(first) for _ in range(5)]
    for one in some[3:]:
        again = next(later)
        assert one.texts == again.texts and torch.equal(one.pieces, again.pieces)
    assert sorted(some[0].texts + some[1].texts) == sorted(some[2].texts + some[3].texts)
    assert set(some[4].texts) != set(some[0].texts)


@needs_font
def test_a_piece_of_a_page_has_its_words() -> None:
    """Wherever the page was turned to, ink is where the finder is to find it."""
    rng = np.random.default_rng(2)
    looks = looks_of([page(seed) for seed in range(3)], rng)
    grey = torch.nn.functional.avg_pool2d(looks.pictures.mean(1, keepdim=True), 4)[:, 0]
    spread = torch.nn.functional.avg_pool2d(grey.square()[:, None], 3, 1, 1)[:, 0] - (
        torch.nn.functional.avg_pool2d(grey[:, None], 3, 1, 1)[:, 0].square()
    )
    state = looks.targets.state
    assert (state == 1).sum() > 20
    assert spread[state == 1].median() > 2 * spread[state == 0].median()


def test_a_page_turns_with_its_words() -> None:
    """Clockwise: what was at the left is above."""
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[4, 0] = 255
    turned, corners = turned_once(pixels, np.array([[[0.5, 4.5]] * 4]))
    x, y = corners[0, 0]
    assert turned[int(y), int(x)].tolist() == [255] * 3 and y < 1


@needs_font
def test_a_spotter_learns_in_stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters, then places, then pages; only what began otherwise is done again."""
    monkeypatch.setattr(crops, "POOL", 1)
    monkeypatch.setattr(crops, "WORDS", 4)
    monkeypatch.setattr("gnothi_train.vision.text.looks.PICTURES", 1)
    monkeypatch.setattr(stages, "TILES", 1)
    write_shard(shard(tmp_path / "pages", 0), [page(3)])
    strips = Strips([Typeface("DejaVu Sans", str(FONT), "Book")], Grounds())
    began: list[str] = []

    def tell(name: str) -> None:
        began.append(name)

    def learn(seed: int) -> Spotter:
        torch.manual_seed(seed)
        return stages.taught(
            Spotter(), stages.Lengths(1, 1, 1), strips, tmp_path / "pages", [0], tmp_path, tell=tell
        )

    learn(0)
    monkeypatch.delattr(Loop, "run")
    spotter = learn(0)
    assert began == ["words", "finder", "spotter"] * 2
    assert {path.parent.name for path in tmp_path.rglob("checkpoint.pt")} == set(began)
    assert not spotter.training
    with pytest.raises(AttributeError, match="run"):
        learn(1)  # it begins with other weights, so its words have to be learned anew


def test_readers_begin_with_the_same_letters() -> None:
    """Those that the local one knows; what they see differs."""
    torch.manual_seed(0)
    spotter = Spotter()
    share_letters(spotter)
    weights = [one.letters.weight for one in spotter.readers.values()]
    assert torch.equal(weights[0], weights[1]) and torch.equal(weights[1], weights[2])
    assert len({one.data_ptr() for one in weights}) == 3, "each learns for itself"


def test_boxes_move_as_a_finder_errs() -> None:
    """A little, with the word still in them."""
    boxes = np.tile([50.0, 50.0, 60.0, 20.0, 0.3], (200, 1))
    found = moved(boxes, 1.0, np.random.default_rng(0))
    assert 0 < np.abs(found - boxes)[:, :2].mean() < 2
    assert (found[:, 2:4] > 10).all()


def test_what_is_served_is_what_learned() -> None:
    """In ONNX Runtime, with weights in 16 bits, within its precision."""
    torch.manual_seed(0)
    spotter = Spotter().eval()
    files = networks(spotter, Branches.FUSED)
    picture = torch.rand(1, 3, 64, 80)
    grid = torch.from_numpy(np.random.default_rng(0).uniform(-1, 1, (1, 24, 40, 2)).astype("f4"))
    pieces = torch.rand(3, 3, 32, 160)
    with torch.no_grad():
        features, places = spotter.finder(picture)
        letters = spotter.read(features, grid, pieces)[Branches.FUSED].log_softmax(2)
    find = onnxruntime.InferenceSession(files["find.onnx"])
    read = onnxruntime.InferenceSession(files["read.onnx"])
    found = find.run(["features", "places"], {"picture": picture.numpy()})
    inputs = {"features": found[0], "grid": grid.numpy(), "pieces": pieces.numpy()}
    assert found[1] == pytest.approx(places.numpy(), abs=0.05)
    assert read.run(None, inputs)[0] == pytest.approx(letters.numpy(), abs=0.05)
    assert sum(map(len, files.values())) < 3_600_000


@needs_font
def test_fonts_are_drawn_alike_everywhere() -> None:
    """The basic layout of Pillow: no other library changes what is rendered."""
    font = Typeface("DejaVu Sans", str(FONT), "Book").sized(20)
    assert font.layout_engine == ImageFont.Layout.BASIC


def test_corners_go_round_clockwise() -> None:
    """From where reading begins."""
    (corners,) = corners_of(np.array([[10.0, 10.0, 8.0, 4.0, 0.0]]))
    assert corners.tolist() == [[6, 8], [14, 8], [14, 12], [6, 12]]


def test_learning_goes_on_from_a_checkpoint(tmp_path: Path) -> None:
    """What is none is refused in a sentence."""
    torch.manual_seed(0)
    spotter = Spotter()
    torch.save({"averaged": None, "network": spotter.state_dict()}, tmp_path / "kept.pt")
    again = begun(tmp_path / "kept.pt")
    assert torch.equal(again.tower.layers[0][0].weight, spotter.tower.layers[0][0].weight)
    (tmp_path / "notes.pt").write_text("no checkpoint")
    with pytest.raises(InputError, match="no checkpoint of a spotter"):
        begun(tmp_path / "notes.pt")


@needs_font
def test_the_card_tells_how_it_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it learned on from a checkpoint, how long, and from whose words."""
    monkeypatch.setattr(trainer, "typefaces", lambda: (Typeface("DejaVu Sans", str(FONT), "Book"),))
    card = card_of(
        Plan(shards=0, word_steps=5, finder_steps=6, steps=7),
        [tmp_path],
        tmp_path,
        tmp_path / "kept.pt",
    )
    told = "gnothi-train spotter --pictures DIR --start CHECKPOINT --shards 0 --word-steps 5 "
    assert card.command == told + "--finder-steps 6 --steps 7 --seed 0"
    steps = {"word_steps": 5.0, "finder_steps": 6.0, "steps": 7.0}
    assert card.figures == {"typefaces": 1.0, **steps}
    assert card.notices == NOTICES and "Kevin Atkinson" in " ".join(NOTICES)


def test_what_a_thread_raises_is_raised_where_it_is_wanted() -> None:
    """After what was made before; nobody waits for ever."""

    def source() -> Iterator[int]:
        yield 1
        raise OSError("no such font")

    made = ahead(source(), 3)
    assert next(made) == 1
    with pytest.raises(OSError, match="no such font"):
        next(made)


def test_a_thread_ends_with_who_wanted_it() -> None:
    """Even one that waits for room."""
    before = set(threading.enumerate())
    made = ahead(iter(range(1000)), 2)
    assert next(made) == 0
    (thread,) = set(threading.enumerate()) - before
    made.close()
    thread.join(2)
    assert not thread.is_alive()
