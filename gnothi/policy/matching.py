"""Choosing by probability matching: an action is taken as often as it is likely to be best.

What is 5 % likely to be best is taken 5 % of the time (Thompson 1933; Chapelle and Li 2011), and
nothing that may be taken less often than a floor: without it the log could never say what the
rest is worth. The probability that was really used is returned with the choice, to be logged as
its propensity.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from gnothi.core.errors import InputError
from gnothi.policy.logs import Floats, Mask

FLOOR = 0.02
_NOTHING = 1e-12
"""What is so much less likely than the likeliest is as good as never best."""
_POINTS = 4001
_REACH = 8.0
"""Deviations to both sides over which is integrated."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An action, and how probably it was taken."""

    action: int
    propensity: float
    """What to log: with the floor, and before the draw."""
    probabilities: tuple[float, ...]
    """Those of all actions."""


def match(
    chances: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    allowed: npt.ArrayLike | None = None,
    floor: float = FLOOR,
) -> Choice:
    """Take an action with its chance of being best, at least *floor*.

    *chances* come from :func:`best_of_draws` or :func:`best_of_normals`, shape ``(actions,)``;
    *allowed* says which may be taken, by default all.

    Raises:
        InputError: nothing may be taken, chances are none, or the floor does not fit.
    """
    probabilities = with_floor(chances, floor=floor, allowed=allowed)
    drawn = rng.random() * float(probabilities.sum())
    action = int(np.searchsorted(np.cumsum(probabilities), drawn, side="right"))
    # Rounding may put a draw beyond the last action that may be taken.
    action = min(action, int(np.flatnonzero(probabilities)[-1]))
    told = tuple(probabilities.tolist())
    return Choice(action, told[action], told)


def best_of_draws(draws: npt.ArrayLike) -> Floats:
    """Return how often each action is best in *draws* from a posterior: ``(draws, actions)``.

    Actions that are equally good in a draw share it. The standard error of a chance of 0.05 is
    0.007 with 1,000 draws; the propensity is nevertheless exact, for it is what is used.

    Raises:
        InputError: there is no draw, or a draw has no number for an action.
    """
    worth = np.asarray(draws, dtype=np.float64)
    if worth.ndim != 2 or not worth.size or np.isnan(worth).any():
        raise InputError("Draws are numbers of the shape (draws, actions), at least one.")
    best = (worth == worth.max(1, keepdims=True)).astype(np.float64)
    return np.asarray((best / best.sum(1, keepdims=True)).mean(0), dtype=np.float64)


def best_of_normals(means: npt.ArrayLike, deviations: npt.ArrayLike) -> Floats:
    """Return each action's chance of being best under independent normal posteriors.

        P(a) = integral of density_a(x) * product over b != a of P(worth_b <= x)

    by the trapezoidal rule: to six digits where deviations are of one size, to two where one is a
    hundred times another. Both arguments have the shape ``(actions,)``.

    Raises:
        InputError: the shapes differ, or a deviation is not above 0.
    """
    centre, spread = (np.asarray(one, dtype=np.float64) for one in (means, deviations))
    if centre.ndim != 1 or centre.shape != spread.shape or not centre.size:
        raise InputError("Means and deviations are as many as there are actions.")
    if not np.isfinite(centre).all() or not ((spread > 0) & np.isfinite(spread)).all():
        raise InputError("Means are numbers, and deviations are above 0.")
    special: Any = import_module("scipy.special")  # it has no types
    # Each action is integrated over its own scale, so that a narrow one is not stepped over.
    grid = np.linspace(-_REACH, _REACH, _POINTS)
    density = np.exp(-0.5 * grid**2) * (grid[1] - grid[0]) / np.sqrt(2 * np.pi)
    at = centre[:, None] + spread[:, None] * grid
    below = np.asarray(special.log_ndtr((at[:, :, None] - centre) / spread), dtype=np.float64)
    own = np.arange(centre.size)
    others = below.sum(2) - below[own, :, own]
    chances = (density * np.exp(others)).sum(1)
    return np.asarray(chances / chances.sum(), dtype=np.float64)


def with_floor(
    chances: npt.ArrayLike, *, floor: float = FLOOR, allowed: npt.ArrayLike | None = None
) -> Floats:
    """Return *chances* of what is allowed, scaled so that none is below *floor* and all add to 1.

    Those above the floor keep their proportions; the rest gets the floor itself.

    Raises:
        InputError: nothing is allowed, a chance is negative, or floors add up to more than 1.
    """
    given = np.asarray(chances, dtype=np.float64)
    may: Mask = (
        np.ones(given.shape, dtype=bool) if allowed is None else np.asarray(allowed, dtype=bool)
    )
    if given.ndim != 1 or may.shape != given.shape or not may.any():
        raise InputError("Something must be allowed, and chances are as many as actions.")
    if not (np.isfinite(given) & (given >= 0)).all():
        raise InputError("Chances are numbers from 0.")
    count = int(may.sum())
    if not 0 <= floor * count <= 1:
        raise InputError(f"A floor of {floor:g} for each of {count} actions is more than there is.")
    kept = np.where(may, given, 0.0)
    # Chances may be as small as numbers get: relative to the largest, they can be divided by.
    most = float(kept.max())
    kept = kept / most if most else may.astype(np.float64)
    kept[kept < _NOTHING] = 0.0
    held: Mask = np.zeros(given.shape, dtype=bool)
    while True:
        free = may & ~held
        total = float(kept[free].sum())
        room = 1.0 - floor * int(held.sum())
        scaled = np.where(free, kept * (room / total if total else 0.0), floor * held)
        low = free & (scaled < floor)
        if not low.any() or low.sum() == free.sum():
            break
        held |= low
    # When all that is left is below the floor, it is there by rounding alone.
    scaled = np.where(may, np.maximum(scaled, floor), 0.0)
    return np.asarray(scaled / scaled.sum(), dtype=np.float64)
