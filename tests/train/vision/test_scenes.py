"""Rendered scenes: what is in them is known, and some of it is kept from training."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from gnothi_train.vision.scenes.composing import Placed
from gnothi_train.vision.scenes.paint import COLOURS, own_colour, paintable, painted
from gnothi_train.vision.scenes.phrases import Phrase, caption, phrase_for, phrase_of
from gnothi_train.vision.scenes.rendering import kinds
from gnothi_train.vision.scenes.shards import read_shards, write_shard
from gnothi_train.vision.scenes.sprites import LEARNED, read_sprites
from gnothi_train.vision.scenes.things import TOLD, UNSEEN, is_new, named, seen, things, words
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
    for scene in islice(household().scenes(0), 5):
        assert scene.pixels.shape == (96, 96, 3) and len(scene.placed) >= 2
        for one in scene.placed:
            assert 0 <= one.box[0] < one.box[2] <= 96 and 0 <= one.box[1] < one.box[3] <= 96


def test_new_pairs_are_in_new_scenes_alone() -> None:
    """What is painted in training is never painted so in a test."""
    for new in (False, True):
        random, house = np.random.default_rng(0), household(new=new)
        pairs = [house._any(noun, random) for noun in ("mug", "book") * 40]
        told = [is_new(sprite.thing.noun, colour) for sprite, colour in pairs if colour]
        assert told and all(one is new for one in told)


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
