"""One box proposes the others; where there is none, what stands out does."""

import numpy as np

from gnothi.vision.teaching.looking import look
from gnothi.vision.teaching.proposing import alike, common, salient
from tests.vision.teaching.patches import BLUE, GREEN, RED, PatchEyes, boxes, painted

EYES = PatchEyes()


def test_one_box_proposes_the_others() -> None:
    """A drawn red thing is proposed where it stands in the other pictures."""
    first = look(EYES, painted(([40, 50, 100, 110], RED), ([200, 30, 250, 90], GREEN)))
    other = look(EYES, painted(([20, 130, 80, 190], GREEN), ([220, 140, 280, 200], RED)))
    none = look(EYES, painted(([20, 130, 80, 190], BLUE)))
    proposed, nothing = alike(first, np.array([40.0, 50, 100, 110]), [other, none])
    np.testing.assert_allclose(proposed.boxes, [[220, 140, 280, 200]], atol=2)
    assert not len(nothing.boxes)


def test_what_stands_out_is_large_and_in_the_middle() -> None:
    """Of two things the larger, more central one is taken."""
    seen = look(EYES, painted(([120, 80, 200, 160], RED), ([5, 5, 30, 30], GREEN)))
    np.testing.assert_allclose(salient(seen, 320, 240), boxes([120, 80, 200, 160]), atol=2)


def test_what_all_pictures_share_is_proposed_without_any_box() -> None:
    """A red thing is in all three pictures, each time beside something else."""
    places = ([40, 50, 100, 110], [200, 120, 260, 180], [130, 30, 190, 90])
    beside = (GREEN, BLUE, (200, 200, 40))
    pictures = [
        painted((place, RED), ([20, 160, 90, 230], colour))
        for place, colour in zip(places, beside, strict=True)
    ]
    found = common([look(EYES, one) for one in pictures], [(320, 240)] * 3)
    np.testing.assert_allclose(np.concatenate(found), boxes(*places), atol=2)


def test_an_empty_picture_proposes_nothing() -> None:
    """On plain grey nothing stands out."""
    assert not len(salient(look(EYES, painted()), 320, 240))
