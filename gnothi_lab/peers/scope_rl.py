"""SCOPE-RL (Kiyohara et al. 2023) on our logs, where it is installed.

It pins old packages; beside this environment it goes into a folder of its own, put on
``PYTHONPATH``: ``pip install --target DIR --no-deps scope-rl d3rlpy gym gym-notices gymnasium
Farama-Notifications pytorch_revgrad hydra-core omegaconf antlr4-python3-runtime==4.9.3
dataclasses-json marshmallow typing-inspect mypy_extensions structlog colorama h5py seaborn
matplotlib contourpy cycler fonttools kiwisolver pillow pyparsing`` (with the extra ``train``).
"""

import warnings
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from gnothi.policy.fitted import Fitted
from gnothi.policy.intervals import Interval
from gnothi.policy.logs import Floats, Log, Target

LABEL = "SCOPE-RL"
METHODS = {
    "IPS, Bernstein": ("TrajectoryWiseImportanceSampling", "bernstein"),
    "IPS, t": ("TrajectoryWiseImportanceSampling", "ttest"),
    "WIS, t": ("SelfNormalizedTIS", "ttest"),
    "DR, t": ("DoublyRobust", "ttest"),
    "WDR, t": ("SelfNormalizedDR", "ttest"),
}


def is_installed() -> bool:
    """Tell whether it can be asked."""
    return find_spec("scope_rl") is not None


def estimates(log: Log, target: Target, fitted: Fitted) -> Iterator[tuple[str, float, Interval]]:
    """Yield label, value and 95 % interval of each of :data:`METHODS`, with our own model.

    Conversations get the same length, for it knows no other: what is added is one certain action
    without a reward. It knows no people either: conversations count as independent.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its dependencies are old and say so
        discrete: Any = import_module("scope_rl.ope.discrete")
        told = _padded(log, target, fitted)
        for label, (name, kind) in METHODS.items():
            method = getattr(discrete, name)()
            value = float(method.estimate_policy_value(**told))
            ends = method.estimate_interval(**told, alpha=0.05, ci=kind, random_state=0)
            low, high = ends["95.0% CI (lower)"], ends["95.0% CI (upper)"]
            yield f"{LABEL}, {label}", value, Interval(float(low), float(high), kind)


def _padded(log: Log, target: Target, fitted: Fitted) -> dict[str, Any]:
    chances = target.probabilities
    assert chances is not None
    rest = np.zeros(len(log.names))
    rest[0] = 1.0
    return {
        "step_per_trajectory": log.horizon,
        "action": log.by_step(log.actions.astype(np.float64)).astype(int).ravel(),
        "reward": log.by_step(log.rewards).ravel(),
        "pscore": log.by_step(log.propensities, fill=1.0).ravel(),
        "evaluation_policy_action_dist": _rows(log, chances, rest),
        "state_action_value_prediction": _rows(log, fitted.q, np.zeros(len(log.names))),
    }


def _rows(log: Log, values: Floats, fill: Floats) -> Floats:
    padded = np.tile(fill, (log.count, log.horizon, 1))
    padded[log.episodes, log.steps] = values
    return padded.reshape(-1, len(log.names))
