"""Boxes, masks and polygons at any angle: their laws, and shapely as the oracle."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gnothi.vision import boxes
from gnothi.vision.rotated import RotatedBox, area, intersection, overlap

near = st.floats(-50, 50)
sides = st.floats(1, 60)
rotated = st.builds(RotatedBox, near, near, sides, sides, st.floats(-179, 180))


@given(rotated)
@settings(deadline=None)
def test_a_box_is_found_again_in_its_corners(box: RotatedBox) -> None:
    """Centre, size and angle make four corners, and four corners make them again."""
    again = RotatedBox.read(box.corners())
    for name in ("x", "y", "width", "height"):
        assert getattr(again, name) == pytest.approx(getattr(box, name), abs=1e-6)
    assert math.cos(math.radians(again.angle - box.angle)) == pytest.approx(1)
    assert area(box.corners()) == pytest.approx(box.width * box.height)


def test_angles_turn_as_one_sees_it() -> None:
    """A quarter turn clockwise lets a line be read downwards: y grows down."""
    corners = RotatedBox(0, 0, 10, 2, 90).corners()
    assert corners[0] == pytest.approx([1, -5]) and corners[1] == pytest.approx([1, 5])


@given(rotated, rotated)
@settings(deadline=None)
def test_polygons_overlap_as_shapely_says(one: RotatedBox, other: RotatedBox) -> None:
    """Whatever they look like, in whichever direction their corners go round."""
    shapely = pytest.importorskip("shapely")
    mine, others = one.corners(), other.corners()[::-1]
    shared = shapely.Polygon(mine).intersection(shapely.Polygon(others)).area
    together = shapely.Polygon(mine).union(shapely.Polygon(others)).area
    assume(together > 1e-3)
    assert overlap(mine, others) == pytest.approx(shared / together, abs=1e-6)
    assert overlap(others, mine) == pytest.approx(overlap(mine, others), abs=1e-6)


def test_polygons_apart_share_nothing() -> None:
    """Nor does a line, which has no area."""
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1.0]])
    assert len(intersection(square, square + 5)) == 0
    assert overlap(square, square) == pytest.approx(1)
    assert overlap(square, square[:2]) == 0


def test_overlaps_of_boxes() -> None:
    """A box that is turned inside out overlaps with nothing."""
    some = np.array([[0, 0, 10, 10], [5, 5, 4, 4]], dtype=float)
    others = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30]], dtype=float)
    assert boxes.overlaps(some, others) == pytest.approx(np.array([[1, 1 / 3, 0], [0, 0, 0]]))


def test_the_best_of_many_boxes_stays() -> None:
    """Of boxes around one thing the surest stays; equal ones in the order they came."""
    found = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [30, 0, 40, 10]], dtype=float)
    assert list(boxes.suppressed(found, np.array([0.5, 0.9, 0.1]))) == [1, 2]
    assert list(boxes.suppressed(found, np.array([0.5, 0.5, 0.5]))) == [0, 2]
    assert list(boxes.suppressed(found[:0], np.zeros(0))) == []


@given(st.integers(0, 10), st.integers(0, 10), st.integers(1, 9), st.integers(1, 9))
@settings(deadline=None, max_examples=30)
def test_a_box_is_found_again_in_its_mask(left: int, top: int, width: int, height: int) -> None:
    """A polygon with whole corners covers whole pixels."""
    box = np.array([left, top, left + width, top + height], dtype=float)
    corners = box[[0, 1, 2, 1, 2, 3, 0, 3]].reshape(4, 2)
    found = boxes.box_of(boxes.mask_of(corners, 25, 25))
    assert found is not None and np.abs(found - box).max() <= 1


def test_masks_overlap_as_boxes_do() -> None:
    """Half a mask is half of it; nothing has no box."""
    whole, half = np.zeros((4, 4), dtype=bool), np.zeros((4, 4), dtype=bool)
    assert boxes.box_of(whole) is None and boxes.mask_overlap(whole, half) == 0
    whole[:2], half[:1] = True, True
    assert boxes.mask_overlap(whole, half) == 0.5
    outside = np.array([[-5, -5, 99, 3.0]])
    assert boxes.clipped(outside, 10, 8).tolist() == [[0, 0, 10, 3]]
