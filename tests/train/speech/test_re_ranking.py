"""Weights are learned that make errors in the recogniser's own lists fewer."""

import numpy as np

from gnothi.speech.reranking import FEATURES, WIDTH
from gnothi_train.speech.re_ranking import FIRST_PASS, Listed, crossed, error_rate, fit

USED = np.concatenate([np.full(len(FEATURES), True), np.full(WIDTH, False)])
TELLING = FEATURES.index("tags")


def made(rng: np.random.Generator, *, telling: float) -> Listed:
    """Return a list whose score of the search is noise, and one of whose features is *telling*."""
    features = rng.normal(size=(6, len(FEATURES)))
    edits = rng.integers(0, 4, 6).astype(np.float64)
    features[:, TELLING] = telling * -edits + rng.normal(size=6) * 0.5
    return Listed(features, np.zeros((6, WIDTH)), edits, 5, str(rng.integers(10**9)))


def test_what_tells_errors_gets_weight() -> None:
    """A feature that goes with errors is weighed, and unseen lists have fewer errors for it."""
    rng = np.random.default_rng(0)
    seen, unseen = ([made(rng, telling=1.0) for _ in range(200)] for _ in range(2))
    weights = fit(seen, 0.1, USED)
    assert weights.features[TELLING] > 0.3
    before = error_rate(unseen, [FIRST_PASS] * len(unseen))
    assert error_rate(unseen, [weights] * len(unseen)) < before / 3


def test_weights_that_may_not_change_stay() -> None:
    """What is not used keeps its weight, however telling it is."""
    rng = np.random.default_rng(1)
    used = USED & (np.arange(len(USED)) != TELLING)
    weights = fit([made(rng, telling=1.0) for _ in range(50)], 0.1, used)
    assert weights.features[TELLING] == 0
    assert not weights.direction.any()


def test_a_list_is_judged_by_weights_that_have_not_seen_its_sentence() -> None:
    """Lists of one sentence fall into one fold; with nothing to learn, crossing shows no gain."""
    rng = np.random.default_rng(2)
    lists = [made(rng, telling=0.0) for _ in range(80)]
    twice = [one for one in lists for _ in range(2)]
    weights = crossed(twice, 0.1, USED)
    assert all(weights[at] is weights[at + 1] for at in range(0, len(twice), 2))
    gain = error_rate(twice, [FIRST_PASS] * len(twice)) - error_rate(twice, weights)
    assert gain < 0.08
