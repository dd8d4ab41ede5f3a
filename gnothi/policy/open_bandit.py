"""Reads the Open Bandit Dataset (Saito et al. 2021, arXiv:2008.07146): one decision a row.

Columns: ``item_id`` (what was shown), ``position`` (1 to 3), ``click``, ``propensity_score``, and
features of the user: words in ``user_feature_*``, numbers in ``user-item_affinity_*``.
"""

from pathlib import Path

import numpy as np

from gnothi.core.errors import InputError
from gnothi.policy.logs import Floats, Log, Target, target
from gnothi.policy.reading import Table, read_log, read_table

COLUMNS = {"action": "item_id", "propensity": "propensity_score", "reward": "click"}
SLOT = "position"


def read_open_bandit(source: "Path | Table", *, affinities: bool = False) -> Log:
    """Return the log in *source*, a file of the data set or a table with its columns.

    Features are the position and the user's words, and the *affinities* to each item if asked.

    Raises:
        InputError: a column is missing, or something in it can't be.
    """
    table = read_table(source)
    wanted = ("user_feature_", *(("user-item_affinity_",) if affinities else ()))
    names: list[str] = table.column_names
    features = [SLOT, *(name for name in names if name.startswith(wanted))]
    return read_log(table, COLUMNS, features=features).log


def shown_like(name: str, log: Log, other: Log) -> Target:
    """Return the policy that shows items at each position as often as the *other* log does.

    What is shown there depends on the user hardly at all: it is Thompson sampling without
    context. Items are the same by name.

    Raises:
        InputError: the other log shows what this one does not know, or at other positions.
    """
    if unknown := set(other.names) - set(log.names):
        raise InputError(f"The log never shows {min(unknown)!r}, and the other one does.")
    shares = _shares(other, _slots(other))
    place = np.array([log.names.index(item) for item in other.names])
    probabilities = np.zeros(log.allowed.shape)
    for slot, share in shares.items():
        rows = np.flatnonzero(_slots(log) == slot)
        probabilities[np.ix_(rows, place)] = share
    if missing := set(np.unique(_slots(log))) - set(shares):
        raise InputError(f"The other log shows nothing at position {min(missing):g}.")
    return target(name, log, probabilities)


def _slots(log: Log) -> Floats:
    return log.contexts[:, log.features.index(SLOT)]


def _shares(log: Log, slots: Floats) -> dict[float, Floats]:
    return {
        float(slot): np.bincount(log.actions[slots == slot], minlength=len(log.names))
        / int((slots == slot).sum())
        for slot in np.unique(slots)
    }
