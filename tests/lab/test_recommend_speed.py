"""The speed of recommending is measured on catalogues of the promised shape."""

import numpy as np

from gnothi.recommend.conversation import Recommender
from gnothi.recommend.policies.gain import InformationGain
from gnothi_lab.benchmarks import recommend_speed as speed


def test_random_catalogues_have_the_promised_shape() -> None:
    """Up to twenty attributes an item, common ones and rare ones."""
    catalogue = speed.random_catalogue(500, 80, np.random.default_rng(0))
    sizes = np.diff(catalogue.starts)
    assert 3 <= sizes.min() <= sizes.max() <= 20
    assert catalogue.counts.max() > 200 > 20 > catalogue.counts.min()


def test_every_step_is_timed() -> None:
    """Updates, questions, beginnings, going back and taking up again."""
    catalogue = speed.random_catalogue(300, 60, np.random.default_rng(0))
    times = speed.Times()
    recommender = Recommender.over(catalogue, InformationGain(play=-9))
    speed._converse(recommender, np.random.default_rng(1), times)
    assert len(times.update) == len(times.question) == len(times.turn) == speed.TURNS
    assert len(times.begin) == len(times.back) == len(times.resume) == 1
