"""The benchmark of finding things: what it asks, and who is right."""

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gnothi.vision.finding.wanted import wanted
from gnothi_lab.benchmarks import find_object
from gnothi_lab.sight.finding import photos, speed
from gnothi_lab.sight.finding.pictures import Shown, sheet
from gnothi_lab.sight.finding.relations import pairs
from gnothi_lab.sight.finding.rendered import Answered, asked_about, needs_both, pairs_in, scenes
from gnothi_train.vision.find.measure import Question
from gnothi_train.vision.find.network import DIMENSIONS, WORDS, Joint
from gnothi_train.vision.find.vectors import LONGEST
from gnothi_train.vision.scenes.composing import Placed, Scene
from gnothi_train.vision.scenes.paint import COLOURS
from gnothi_train.vision.scenes.phrases import phrase_of
from gnothi_train.vision.scenes.shards import write_shard
from gnothi_train.vision.scenes.things import is_new
from tests.train.vision.drawn import household
from tests.vision.finding.eyes import There, finder

LEFT, RIGHT = There("mug", (10, 60, 40, 90), 0.9), There("mug", (150, 5, 190, 45), 0.8)
LAPTOP = There("laptop", (90, 40, 140, 80), 0.9)


@pytest.mark.parametrize(
    ("phrase", "box", "ours", "labels"),
    [
        ("the laptop", LAPTOP.box, True, True),
        ("the rightmost mug", RIGHT.box, True, True),
        ("the biggest mug", LEFT.box, False, False),
        ("the mug to the right of the laptop", RIGHT.box, True, False),
    ],
)
def test_templates_on_photos_are_answered(
    tmp_path: Path, phrase: str, box: tuple[float, ...], *, ours: bool, labels: bool
) -> None:
    """By what the network finds and rules; the detector's own labels know no relation."""
    folder = tmp_path / "vision" / "referring_templated"
    folder.mkdir(parents=True)
    Image.new("RGB", (200, 100)).save(tmp_path / "vision" / "photo.png")
    left, top, right, bottom = box
    row = {
        "image": "photo.png",
        "phrase": phrase,
        "bbox": [left, top, right - left, bottom - top],
        "kind": "extreme",
    }
    (folder / "phrases.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    [told] = photos.answer(photos.read(tmp_path), finder(LEFT, RIGHT, LAPTOP), tmp_path)
    assert told.is_known
    assert (told.right["ours"], told.right["its own labels"]) == (ours, labels)
    assert told.right["largest object"] == (box == LAPTOP.box)


def test_photos_are_searched_as_is_served() -> None:
    """What is not likely enough is not found, unless the likeliest is to be taken."""
    unsure = finder(There("mug", (10, 60, 40, 90), 0.3), There("mug", (90, 5, 190, 90), 0.1))
    glance, meant = unsure.look(np.zeros((100, 200, 3), np.uint8)), wanted("the biggest mug")
    assert not glance.search(meant).found
    [found] = glance.search(meant, least=photos._half(glance, unsure, meant)).found
    assert found.box == (10, 60, 40, 90)
    assert glance.search(wanted("the zither"), least=0.0).unknown == "zither"


def test_a_relation_is_asked_of_things_alike() -> None:
    """Two of a noun on both sides of one that is there once."""
    mugs = [Placed("mug", None, "drawn", (at, 0, at + 20, 20)) for at in (0, 200)]
    book = Placed("book", None, "drawn", (100, 0, 120, 20))
    [pair] = pairs([Scene(b"", (*mugs, book)), Scene(b"", (mugs[0], book))], 0)
    side = "left" if pair.meant == mugs[0] else "right"
    assert pair.text == f"the mug to the {side} of the book" and pair.twin != pair.meant
    assert not list(pairs([Scene(b"", (*mugs, book, book))], 0))


def test_questions_mean_one_thing_each() -> None:
    """Each has one answer in its scene; only what is wanted is asked for."""
    some = list(islice(household().scenes(5), 6))
    for scene, asked in asked_about(some, 0, lambda _, one: one.answer.noun == "mug"):
        for one in asked:
            assert one.answer.noun == "mug"
            assert [one.phrase.fits(each, 96) for each in scene.placed].count(True) == 1


def test_a_pair_that_training_was_told_of_is_not_new(tmp_path: Path) -> None:
    """However its colour came to be: what the shards tell counts, not what was painted."""
    colour = next(colour for colour in COLOURS if is_new("mug", colour))
    mug = Placed("mug", colour, "drawn", (0, 0, 30, 30))
    question = Question(phrase_of("mug", colour), mug)
    one = Answered("0", question, {}, (), b"", needs_both=False)
    write_shard(tmp_path / "boxed-000.npz", iter([Scene(b"", (mug,))]), 1)
    write_shard(tmp_path / "test-000.npz", iter([Scene(b"", (replace(mug, noun="book"),))]), 1)
    told = pairs_in(tmp_path, "boxed-*.npz")
    assert told == {("mug", colour)}
    assert one.is_new(frozenset()) and not one.is_new(told)


def test_some_questions_need_noun_and_colour() -> None:
    """Several things have the noun, and several the colour: neither alone would do."""
    scene = next(household().scenes(0))
    told = [("mug", "red"), ("mug", "blue"), ("book", "red"), ("key", None)]
    placed = tuple(Placed(noun, colour, "drawn", (0, 0, 9, 9)) for noun, colour in told)
    both = Question(phrase_of("mug", "red"), placed[0])
    assert needs_both(replace(scene, placed=placed), both)
    assert not needs_both(replace(scene, placed=placed[:2]), both)
    assert not needs_both(replace(scene, placed=(placed[0], *placed[2:])), both)
    assert not needs_both(replace(scene, placed=placed), Question(phrase_of("mug"), placed[0]))


def test_a_gap_is_the_difference_of_two_recalls() -> None:
    """Scenes with more questions weigh more, in the gap as in the recalls."""
    question = Question(phrase_of("mug"), Placed("mug", None, "drawn", (0, 0, 9, 9)))
    rows = [
        Answered(scene, question, {"one": one, "other": other}, (), b"", needs_both=False)
        for scene, one, other in (("0", True, True), ("0", True, False), ("0", True, False),
                                  ("1", False, True), ("2", True, True))
    ]  # fmt: skip
    rng = np.random.default_rng(0)
    gap, (low, high) = find_object._gap(rows, "one", "other", rng)
    rates = [find_object._rate(rows, who, rng)[0] for who in ("one", "other")]
    assert gap == pytest.approx(rates[0] - rates[1]) and low <= gap <= high


def test_missing_scenes_are_told_in_a_sentence(tmp_path: Path) -> None:
    """With what makes them."""
    with pytest.raises(ValueError, match="run gnothi-train eyes"):
        scenes(tmp_path, "test", most=10)


def test_a_sheet_shows_what_was_found(tmp_path: Path) -> None:
    """Green where it was right, red where not."""
    pixels = np.full((100, 100, 3), 255, np.uint8)
    shown = [
        Shown(pixels, "the mug", (10, 10, 60, 60), (20, 20, 70, 70), right) for right in (1, 0)
    ]
    sheet(shown, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as picture:
        rgb = np.asarray(picture.convert("RGB")).astype(int)
    green = (rgb[..., 1] - rgb[..., 0] > 60).any(axis=0)
    red = (rgb[..., 0] - rgb[..., 1] > 60).any(axis=0)
    assert green[:256].any() and not green[256:512].any()
    assert red[256:512].any() and not red[:256].any()


def test_what_is_kept_of_phrases_judges_as_the_phrases_do() -> None:
    """Phrases of any length, one by one or all at once; padding counts nothing."""
    joint, things = Joint().eval(), np.zeros((speed.THINGS, DIMENSIONS), np.float32)
    things[:] = np.random.default_rng(0).normal(size=DIMENSIONS)
    texts = np.random.default_rng(1).normal(size=(3, 1 + LONGEST, WORDS)).astype(np.float32)
    texts[1, 3:] = 0
    kept, session = speed._kept(joint, texts), speed._session(joint)
    told = torch.from_numpy(texts)
    with torch.no_grad():
        expected = joint(torch.from_numpy(things), told[:, 0], told[:, 1:]).numpy()
    [batched] = session.run(None, {"things": things, **kept})
    [alone] = session.run(None, {"things": things, **{n: one[1:2, :3] for n, one in kept.items()}})
    assert np.abs(batched - expected).max() < 1e-4
    assert np.abs(alone[:, 0] - expected[:, 1]).max() < 1e-4
