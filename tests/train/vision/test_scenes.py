"""Rendered scenes: what is in them is known, and some of it is kept from training."""

from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from gnothi_train.vision.scenes import shards
from gnothi_train.vision.scenes.backgrounds import read_backgrounds
from gnothi_train.vision.scenes.composing import Placed
from gnothi_train.vision.scenes.households import Household
from gnothi_train.vision.scenes.paint import COLOURS, own_colour, paintable, painted
from gnothi_train.vision.scenes.phrases import Phrase, caption, phrase_for, phrase_of
from gnothi_train.vision.scenes.rendering import kinds, render
from gnothi_train.vision.scenes.shards import origin_of, read_shard, read_shards, write_shard
from gnothi_train.vision.scenes.sprites import LEARNED, Sprite, read_sprites
from gnothi_train.vision.scenes.things import (
    TOLD,
    UNSEEN,
    Part,
    is_new,
    named,
    part_of,
    seen,
    things,
    words,
)
from tests.train.vision.drawn import drawn, household, picture


def placed(noun: str, colour: str | None, length: float = 40) -> Placed:
    """Return a thing in the corner of a scene."""
    return Placed(noun, colour, "drawn", (0, 0, length, length))


def test_every_noun_and_colour_is_seen_but_not_every_pair() -> None:
    """Some pairs are kept for testing; no noun and no colour is kept whole."""
    for noun in named():
        shown = [colour for colour in COLOURS if not is_new(noun, colour)]
        assert len(shown) >= 5
    share = np.mean([is_new(noun, colour) for noun in named() for colour in COLOURS])
    assert 0.1 < share < 0.2
    assert all(any(is_new(noun, colour) for noun in named()) for colour in COLOURS)


def test_no_noun_of_the_test_is_boxed_in_training() -> None:
    """Neither those that nobody tells of, nor those of captions; the style of the test is new."""
    assert not {*UNSEEN, *TOLD} & {*seen(named())} and {*UNSEEN, *TOLD} <= {*named()}
    assert "openmoji" not in LEARNED and kinds()["new-style"].styles == ("openmoji",)
    assert len({kind.seed for kind in kinds().values()}) == len(kinds())


@pytest.mark.parametrize("colour", ["red", "green", "blue", "black", "white"])
def test_paint_keeps_shade(colour: str) -> None:
    """A thing is called by its paint, and stays darker where it was darker."""
    rgba = np.asarray(picture("mug")).copy()
    rgba[:, :16, :3] = 110
    paint = COLOURS[colour][0]
    rgb = painted(rgba[..., :3], paintable(rgba), paint)
    assert own_colour(np.dstack([rgb, rgba[..., 3]])) == colour
    assert rgb[24, 8].sum() < rgb[24, 40].sum()


def test_scenes_are_what_they_say() -> None:
    """In every box there is something else than around it; a seed gives the same scene."""
    first, again = (next(household().scenes(3)) for _ in range(2))
    assert first == again or (first.jpeg, first.placed) == (again.jpeg, again.placed)
    apart: list[float] = []
    for scene in islice(household().scenes(0), 6):
        assert scene.pixels.shape == (96, 96, 3) and len(scene.placed) >= 2
        for one in scene.placed:
            assert 0 <= one.box[0] < one.box[2] <= 96 and 0 <= one.box[1] < one.box[3] <= 96
            apart.append(_unlike_around(scene.pixels.astype(float), one.box))
    assert np.median(apart) > 30


def _unlike_around(pixels: NDArray[np.float64], box: tuple[float, ...]) -> float:
    """Return how far, of 255, the middle of *box* is from what is just around it."""
    left, top, right, bottom = (int(side) for side in box)
    width, height = right - left, bottom - top
    inside = pixels[
        top + height // 3 : bottom - height // 3, left + width // 3 : right - width // 3
    ].mean(axis=(0, 1))
    around = pixels[max(0, top - 3) : bottom + 3, max(0, left - 3) : right + 3]
    edge = np.concatenate([around[:2], around[-2:]]).mean(axis=(0, 1))
    return float(np.abs(inside - edge).max())


def _in_every_colour(noun: str, *, takes_paint: bool) -> tuple[Sprite, ...]:
    """Return drawings of *noun* that are of one colour each by themselves."""
    told = [
        replace(drawn(noun), picture=Image.new("RGBA", (40, 40), COLOURS[colour][0]), colour=colour)
        for colour in COLOURS
    ]
    return tuple(replace(one, takes_paint=takes_paint) for one in told)


@pytest.mark.parametrize("takes_paint", [True, False])
def test_new_pairs_are_in_scenes_of_their_part_alone(*, takes_paint: bool) -> None:
    """No thing of a training is what a test asks for, painted so or so by itself."""
    parts: tuple[Part, ...] = ("training", "development", "test")
    shown: dict[Part, set[tuple[str, str]]] = {}
    sprites = [
        one
        for noun in ("mug", "book", "scarf")
        for one in _in_every_colour(noun, takes_paint=takes_paint)
    ]
    for part in parts:
        house, random = Household(tuple(sprites), (), part), np.random.default_rng(0)
        shown[part] = {
            (one.thing.noun, paint or str(one.colour))
            for _ in range(80)
            for one, paint in house.chosen(random)
        }
        assert {part_of(*pair) for pair in shown[part]} <= {"training", part}
    assert not any(is_new(*pair) for pair in shown["training"])
    assert all(any(part_of(*pair) == part for pair in shown[part]) for part in parts)


def test_fruit_comes_in_all_its_colours() -> None:
    """What nobody paints is in no pair that is kept for testing."""
    house, random = (
        Household(_in_every_colour("apple", takes_paint=False)),
        np.random.default_rng(0),
    )
    shown = {one.colour for _ in range(20) for one, _ in house.chosen(random)}
    assert shown == {*COLOURS}


def test_new_pairs_are_for_development_or_for_the_test() -> None:
    """About half of them each, so that nothing is chosen on what is tested."""
    counts = Counter(part_of(noun, colour) for noun in named() for colour in COLOURS)
    assert 0.7 < counts["development"] / counts["test"] < 1.4


def test_a_phrase_fits_or_not_or_nobody_can_tell() -> None:
    """By noun, by a word for several nouns, by colour and by size."""
    red, plain = phrase_of("mug", "red"), phrase_of("mug")
    assert red.fits(placed("mug", "red"), 256) is True
    assert red.fits(placed("mug", "blue"), 256) is False
    assert red.fits(placed("mug", None), 256) is None
    assert red.fits(placed("book", None), 256) is False
    assert plain.fits(placed("mug", None), 256) is True
    clock = Phrase("the clock", words()["clock"])
    assert clock.fits(placed("alarm clock", None), 256) and clock.fits(
        placed("mantel clock", None), 256
    )
    big = Phrase("the big mug", words()["mug"], None, "big")
    sizes = [big.fits(placed("mug", "red", length), 256) for length in (30, 60, 100)]
    assert sizes == [False, None, True]


def test_what_a_thing_is_called_fits_it() -> None:
    """Whatever words are drawn for it; a caption names each noun once."""
    random = np.random.default_rng(0)
    for number in range(200):
        thing = placed(things()[number].noun, "red", 30 + number % 70)
        assert phrase_for(thing, 256, random).fits(thing, 256) is True
    told = caption([placed("mug", "red"), placed("mug", "blue"), placed("key", None)], random)
    assert [one.nouns for one in told] == [words()["mug"], words()["key"]]


def test_scenes_are_kept_in_files(tmp_path: Path) -> None:
    """They come back as they were."""
    scenes = list(islice(household().scenes(0), 3))
    write_shard(tmp_path / "boxed-000.npz", iter(scenes), 3)
    kept = read_shards(tmp_path)
    assert [(one.jpeg, one.placed) for one in kept] == [(one.jpeg, one.placed) for one in scenes]


def test_scenes_of_another_table_of_nouns_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thing that was added to the table would give all others new names in silence."""
    write_shard(tmp_path / "boxed-000.npz", household().scenes(0), 1, "here")
    assert origin_of(tmp_path / "boxed-000.npz") == "here"
    monkeypatch.setattr(shards, "things", lambda: things()[1:])
    with pytest.raises(ValueError, match="another table"):
        read_shards(tmp_path)
    assert origin_of(tmp_path / "boxed-000.npz") is None


def test_other_pictures_make_other_scenes(tmp_path: Path) -> None:
    """What was drawn is kept while the pictures are the same, and drawn anew when they are not."""
    (tmp_path / "in" / "fluent").mkdir(parents=True)
    for code in ("2615", "1f4d5"):
        picture("mug").save(tmp_path / "in" / "fluent" / f"{code}.png")
    told = render(tmp_path / "in", tmp_path / "out", {"boxed": 2}, side=64)
    [path] = told["boxed"]
    before = path.stat().st_mtime_ns
    render(tmp_path / "in", tmp_path / "out", {"boxed": 2}, side=64)
    assert path.stat().st_mtime_ns == before
    picture("book").save(tmp_path / "in" / "fluent" / "1f511.png")
    render(tmp_path / "in", tmp_path / "out", {"boxed": 2}, side=64)
    assert path.stat().st_mtime_ns != before
    render(tmp_path / "in", tmp_path / "out", {"boxed": 3}, side=64)
    assert len(read_shard(path)) == 3


def test_wallpapers_without_an_author_are_left_out(tmp_path: Path) -> None:
    """Of gnome-backgrounds only those are taken whose licence is told."""
    (tmp_path / "backgrounds").mkdir()
    for name in ("wood-l.png", "vnc-d.png", "truchet-l.png", "licorice-d.png"):
        Image.new("RGB", (8, 8)).save(tmp_path / "backgrounds" / name)
    assert len(read_backgrounds(tmp_path)) == 1


def test_pictures_are_found_by_folder_and_code_point(tmp_path: Path) -> None:
    """Emoji by their code points, clip art by the first word of a name on a shelf of things."""
    for place in ("fluent/2615-fe0f.png", "twemoji/1f4d5.png", "elsewhere/1f511.png"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        picture("mug").save(tmp_path / place)
    for place in ("office/mug_toh.png", "logos/mug.png", "office/large_mug.png"):
        path = tmp_path / "openclipart" / "png" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        picture("mug").save(path)
    found = [(one.thing.noun, one.style) for one in read_sprites(tmp_path)]
    assert found == [("mug", "fluent"), ("book", "twemoji"), ("mug", "clip art")]
    assert drawn("mug").takes_paint
    with pytest.raises(FileNotFoundError, match="no pictures"):
        read_sprites(tmp_path / "elsewhere")
