"""Detectors that are taught a few things: architectures, methods, pictures."""

import copy

import numpy as np
import pytest
import torch

from gnothi.vision.boxes import areas, overlaps
from gnothi.vision.teaching.folders.collection import Example
from gnothi_train.vision.pyramid import Things
from gnothi_train.vision.teach.augment import Augmentation, as_batch, fitted, tiles, varied
from gnothi_train.vision.teach.basis import Basis, of_classes
from gnothi_train.vision.teach.centre import marked
from gnothi_train.vision.teach.detectors import ARCHITECTURES, build, last_layer, reclassed
from gnothi_train.vision.teach.finding import find
from gnothi_train.vision.teach.meta import Lessons, practise
from gnothi_train.vision.teach.methods import Method, Start, Tuning, prototypes, teach
from tests.train.vision.teach.squares import SIDE, squares

QUICK = Tuning(steps=4, pictures=4, size=SIDE)
STILL = Augmentation(zoom=(0.9, 1.1), mosaic=0.0, light=0.1)


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_a_detector_learns_a_thing(architecture: str) -> None:
    """After forty steps red squares are found where they are."""
    torch.set_num_threads(1)
    tuning = Tuning(steps=40, pictures=3, size=SIDE, rate=6e-3, augmentation=STILL)
    start = Start(architecture)
    network = teach(Method.SCRATCH, start, squares(8, kinds=1), 1, tuning)
    tried = squares(8, seed=1, kinds=1)
    found = find(network, tried, SIDE)
    best = [one.boxes[:1] for one in found]
    near = [overlaps(one.boxes, box).max(initial=0.0) for one, box in zip(tried, best, strict=True)]
    assert np.mean(np.array(near) > 0.5) > 0.5


@pytest.mark.parametrize(
    ("method", "moves"),
    [
        (Method.FULL, {"backbone", "neck", "kinds", "sides"}),
        (Method.FROZEN, {"neck", "kinds", "sides"}),
        (Method.TOWERS, {"kinds", "sides"}),
        (Method.HEAD, {"sides"}),  # and the last layer for classes, which is a new one
    ],
)
def test_a_method_changes_its_own_parts_only(method: Method, moves: set[str]) -> None:
    """What is frozen stays to the bit, its running means included."""
    known = build("pyramid", 3)
    before = copy.deepcopy(known.state_dict())
    after = teach(method, Start("pyramid", known), squares(4), 2, QUICK).state_dict()
    changed = {
        name.split(".")[0]
        for name, value in after.items()
        if value.shape == before[name].shape and not torch.equal(value, before[name])
    }
    assert changed & {"backbone", "neck", "kinds", "sides"} == moves


def test_only_the_last_layers_of_a_head_are_tuned() -> None:
    """The head method leaves the convolutions before them alone."""
    known = build("pyramid", 3)
    after = teach(Method.HEAD, Start("pyramid", known), squares(4), 2, QUICK)
    towers = [name for name in after.state_dict() if ".tower." in name]
    assert towers
    assert all(torch.equal(after.state_dict()[name], known.state_dict()[name]) for name in towers)


def test_prototypes_stay_where_the_examples_are() -> None:
    """Classes are the mean directions of their examples, and are not tuned."""
    known = build("pyramid", 3)
    shots = squares(6)
    rows = prototypes(copy.deepcopy(known), shots, 2, SIDE)
    taught = teach(Method.PROTOTYPES, Start("pyramid", known), shots, 2, QUICK)
    torch.testing.assert_close(taught.kinds.last.rows, rows)


def test_a_new_class_begins_as_what_known_ones_share() -> None:
    """Its weights are the mean of theirs."""
    network = build("centre", 5)
    mean = last_layer(network).weight.mean(dim=0)
    reclassed(network, 2)
    torch.testing.assert_close(last_layer(network).weight[1], mean)


def test_practice_moves_the_start() -> None:
    """Meta-learning returns a network of one class, with other weights."""
    examples = squares(12)
    basis = Basis(("red", "blue"), tuple(examples))
    known = build("pyramid", 2)
    lessons = Lessons(tasks=2, kinds=2, shots=4, steps=2, pictures=2, size=SIDE)
    quick = practise(known, basis, lessons)
    assert last_layer(quick).out_channels == 1
    assert not torch.equal(quick.neck.across[0].weight, known.neck.across[0].weight)


def test_a_method_that_needs_a_start_says_so() -> None:
    """Full fine-tuning of nothing is scratch."""
    with pytest.raises(ValueError, match="learned before"):
        teach(Method.FULL, Start("pyramid"), squares(2), 2, QUICK)


def test_boxes_follow_their_things_through_every_change() -> None:
    """Cropped, flipped, mixed: inside each box stands the colour of its class."""
    random = np.random.default_rng(0)
    seen = 0
    for _ in range(40):
        one = varied(squares(4), SIDE, random, Augmentation(light=0.0))
        for (left, top, right, bottom), kind in zip(
            one.boxes.round().astype(int), one.classes, strict=True
        ):
            middle = one.pixels[(top + bottom) // 2, (left + right) // 2].astype(int)
            assert (middle[0] > middle[2]) == (kind == 0)
            seen += 1
    assert seen > 20


def test_tiles_cover_a_picture_and_keep_whole_boxes() -> None:
    """Each box is in one tile, in its own pixels."""
    boxes = np.array([[4, 4, 20, 20], [70, 90, 100, 110], [60, 10, 70, 20]], np.float64)
    whole = Example("board", np.zeros((128, 128, 3), np.uint8), boxes, np.arange(3))
    parts = tiles(whole, 64)
    assert len(parts) == 4
    assert sorted(int(kind) for one in parts for kind in one.classes) == [0, 1, 2]
    assert all((areas(one.boxes) > 0).all() for one in parts)


def test_a_fitted_picture_keeps_its_proportions() -> None:
    """A wide picture fills the upper part; boxes shrink with it."""
    wide = Example(
        "wide", np.zeros((50, 200, 3), np.uint8), np.array([[100.0, 0, 200, 50]]), np.array([0])
    )
    one = fitted(wide, 64)
    np.testing.assert_allclose(one.boxes, [[32, 0, 64, 16]])
    assert as_batch([one]).pictures.shape == (1, 3, 64, 64)


def test_only_wanted_classes_are_told_of() -> None:
    """Others disappear, and numbers begin anew in the order that was given."""
    some = of_classes(squares(10), [1, 0])
    assert {int(one.classes[0]) for one in some} == {0, 1}
    [only] = {int(kind) for one in of_classes(squares(10), [1]) for kind in one.classes}
    assert only == 0


def test_the_middle_of_a_thing_is_marked_once_for_its_class() -> None:
    """The place nearest to the middle owes one, its neighbours less, other classes nothing."""
    places = torch.tensor([[x + 2.0, 10.0, 4.0] for x in range(0, 40, 4)])
    things = Things(torch.tensor([[10.0, 0.0, 30.0, 20.0]]), torch.tensor([1]))
    heat = marked(places, things, 3)
    assert heat[:, 1].max() == 1 and int((heat[:, 1] == 1).sum()) == 1
    assert heat[:, [0, 2]].sum() == 0
    assert 0 < heat[3, 1] < 1
