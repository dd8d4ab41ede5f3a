"""How well a log supports a question: importance weights, effective size, mass never tried.

To be read before any estimate: where a policy does what was hardly ever logged, no method knows.
"""

from dataclasses import dataclass

import numpy as np

from gnothi.core.errors import InputError
from gnothi.policy.logs import Floats, Log, Target


@dataclass(frozen=True, slots=True)
class Support:
    """How much a log says about a policy, and how far the log goes for it at each step."""

    effective: float
    """Kish's effective number of episodes: ``(sum w)**2 / sum w**2``."""
    share: float
    """The same as a share of all episodes."""
    untried: float
    """Share of the policy's decisions that the log never made or could make; the worst step."""
    by_step: tuple["StepSupport", ...]
    largest: float
    """The largest weight of an episode, as a share of all weight: what hangs on one episode."""
    known: bool
    """Whether ``untried`` is known: only when the policy's probability of every action is."""


@dataclass(frozen=True, slots=True)
class StepSupport:
    """Support at one step."""

    episodes: int
    """How many come so far."""
    effective: float
    """Effective number of episodes with the weights up to this step."""
    untried: float
    mean_weight: float
    """Mean weight; it is near 1 where propensities are right and everything was tried."""


def ratios(log: Log, target: Target) -> Floats:
    """Return the importance ratio of each decision, shape ``(rows,)``.

        rho_t = target(a_t | x_t) / propensity_t

    (Precup, Sutton and Singh 2000.)
    """
    if target.taken.shape != (log.size,):
        raise InputError(f"Target '{target.name}' belongs to another log.")
    return target.taken / log.propensities


def cumulative(log: Log, target: Target) -> Floats:
    """Return the weight of each episode up to each step, shape ``(episodes, horizon)``.

        w_t = rho_0 * ... * rho_t

    After an episode has ended, its weight stays what it was.
    """
    return np.cumprod(log.by_step(ratios(log, target), fill=1.0), axis=1, dtype=np.float64)


def effective_size(weights: Floats) -> Floats:
    """Return Kish's effective number ``(sum w)**2 / sum w**2`` over the first axis; 0 for none."""
    squares = (weights**2).sum(0)
    safe = np.where(squares > 0, squares, 1.0)
    return np.asarray(weights.sum(0) ** 2 / safe, dtype=np.float64)


def support(log: Log, target: Target) -> Support:
    """Say how much *log* can tell about *target*, overall and by step."""
    weights = cumulative(log, target)
    sizes = effective_size(weights)
    untried = _untried(log, target, weights)
    reached = (np.arange(log.horizon)[:, None] < log.lengths).sum(1)
    by_step = tuple(
        StepSupport(
            int(reached[t]), float(sizes[t]), float(untried[t]), float(weights[:, t].mean())
        )
        for t in range(log.horizon)
    )
    final = weights[:, -1]
    total = float(final.sum())
    return Support(
        effective=float(sizes[-1]),
        share=float(sizes[-1]) / log.count,
        untried=float(untried.max()),
        by_step=by_step,
        largest=float(final.max()) / total if total else 0.0,
        known=target.probabilities is not None,
    )


def _untried(log: Log, target: Target, weights: Floats) -> Floats:
    """Return for each step the share of the target's decisions that no log of this kind makes.

    sum_i w_{i,t-1} * (1 - sum over candidates a of target(a | x_it)) / sum_i w_{i,t-1}
    """
    if target.probabilities is None:
        return np.zeros(log.horizon)
    tried = np.bincount(log.actions, minlength=len(log.names)) > 0
    covered = np.where(log.allowed & tried, target.probabilities, 0.0).sum(1)
    missing = log.by_step(np.clip(1.0 - covered, 0.0, 1.0))
    before = np.concatenate([np.ones((log.count, 1)), weights[:, :-1]], axis=1)
    alive = before * (np.arange(log.horizon) < log.lengths[:, None])
    mass = alive.sum(0)
    return np.asarray((alive * missing).sum(0) / np.where(mass > 0, mass, 1), dtype=np.float64)
