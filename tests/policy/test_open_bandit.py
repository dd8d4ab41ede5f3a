"""The Open Bandit format, from made-up rows; the figures of the real ones are the lab's."""

import numpy as np
import pyarrow as pa
import pytest

from gnothi.core.errors import InputError
from gnothi.policy.open_bandit import read_open_bandit, shown_like


def _rows(items: list[int], positions: list[int], *, random: bool) -> pa.Table:
    size = len(items)
    return pa.table(
        {
            "row": list(range(size)),
            "timestamp": ["2019-11-24 00:00:00+00:00"] * size,
            "item_id": items,
            "position": positions,
            "click": [0, 1] * (size // 2),
            "propensity_score": [0.5 if random else 0.7] * size,
            "user_feature_0": ["x", "y"] * (size // 2),
            "user-item_affinity_0": [0.0] * size,
        }
    )


def test_items_positions_and_users_are_read() -> None:
    """Each row is one decision; affinities are read when asked for."""
    table = _rows([0, 1, 0, 1], [1, 1, 2, 2], random=True)
    log = read_open_bandit(table)
    assert (log.count, log.horizon, log.names) == (4, 1, ("0", "1"))
    assert log.features == ("position", "user_feature_0=x", "user_feature_0=y")
    assert "user-item_affinity_0" in read_open_bandit(table, affinities=True).features


def test_another_log_shows_how_often_items_are_shown() -> None:
    """The target has the frequencies of the other log at each position."""
    log = read_open_bandit(_rows([0, 1, 0, 1], [1, 1, 2, 2], random=True))
    other = read_open_bandit(_rows([0, 0, 0, 1, 1, 1], [1, 1, 1, 1, 2, 2], random=False))
    found = shown_like("bts", log, other).probabilities
    assert found is not None
    assert found == pytest.approx(np.array([[0.75, 0.25], [0.75, 0.25], [0, 1], [0, 1]]))


def test_what_one_log_lacks_is_named() -> None:
    """Unknown items and positions are refused."""
    log = read_open_bandit(_rows([0, 1, 0, 1], [1, 1, 2, 2], random=True))
    with pytest.raises(InputError, match="never shows '5'"):
        shown_like("bts", log, read_open_bandit(_rows([0, 5], [1, 2], random=False)))
    with pytest.raises(InputError, match="position 2"):
        shown_like("bts", log, read_open_bandit(_rows([0, 1], [1, 1], random=False)))
