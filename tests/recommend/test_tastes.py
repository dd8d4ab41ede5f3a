"""What fits a listening history, where nobody else's is known."""

import numpy as np

from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.likeness import Likeness
from gnothi.recommend.tastes import by_facts


def test_scores_add_up_the_likeness_to_what_was_played() -> None:
    """The quick product is the sum that it stands for."""
    catalogue = shipped("music")
    likeness = Likeness(catalogue)
    items, counts = np.array([3, 40], np.int32), np.array([10, 2], np.float32)
    slow = sum(
        np.log1p(count) * likeness.to(int(item)) for item, count in zip(items, counts, strict=True)
    )
    quick = by_facts(likeness, items, counts)
    others = np.setdiff1d(np.arange(len(catalogue)), items)
    assert np.allclose(quick[others], slow[others], atol=1e-4)
