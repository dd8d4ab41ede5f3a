"""Two numbers that are fitted: who is liked, and what a turn costs, with a person as the assistant.

In the real conversations a person looked for music, knowing what was asked for but not what would
be liked: here that is a wizard who knows the mood, and plays what is popular in it. Their samples
are liked as often as those of the real ones, and their conversations last as long.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gnothi_lab.worlds.listeners.answering import liking
from gnothi_lab.worlds.listeners.chance import mix, unit
from gnothi_lab.worlds.listeners.goals import Goal, Goals
from gnothi_lab.worlds.listeners.parameters import Parameters
from gnothi_lab.worlds.listeners.people import People

if TYPE_CHECKING:
    from gnothi_lab.worlds.listeners.chance import Floats

_KEY, _SESSIONS, _SAMPLES = 31, 600, 4


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted."""

    like_from: float
    """Closeness at which half of the artists are liked."""
    cost_of_a_turn: float
    """Patience that a turn takes on average."""
    wizard_right: float
    """Share of the wizard's samples that are acceptable."""


def calibrate(people: People, goals: Goals, parameters: Parameters) -> Calibration:
    """Fit to the like-rate of real conversations, by sessions that nothing else uses."""
    from gnothi_lab.worlds.listeners.temper import Sitting
    from gnothi_lab.worlds.listeners.world import closeness

    numbers = np.arange(_SESSIONS)
    listeners = (mix(_KEY, 1, numbers) % np.uint64(people.records.listeners)).astype(np.int64)
    made = goals.make(mix(_KEY, 2, numbers), listeners.tolist())
    sittings = [
        Sitting(0, goal.listener, goal, 0, False, 0) for goal in made for _ in range(_SAMPLES)
    ]
    draws = unit(_KEY, 3, numbers[:, None], np.arange(_SAMPLES)).ravel()
    items = np.array(
        [
            choice(people, goals, one.goal, float(draw))
            for one, draw in zip(sittings, draws, strict=True)
        ]
    )
    tastes = np.array([one.goal.taste for one in sittings])
    close, welcome = closeness(people, goals, parameters["closeness"], sittings, items, tastes)
    wanted = people.records.reality["like_rate"]
    middle = _middle(close, welcome > 0, parameters, wanted)
    costs = parameters.family.costs
    pleased = float((close > 0.6).mean()) * wanted
    cost = costs["turn"] + costs["miss"] * (1 - wanted) + costs["joy"] * pleased
    return Calibration(middle, cost, float((welcome > 0).mean()))


def choice(people: People, goals: Goals, goal: Goal, uniform: float) -> int:
    """Return what a wizard plays: popular, and in the mood."""
    items, _ = goals.items_with(goal.mood[0])
    if not len(items):
        return int(np.argmax(people.popularity))
    weights = (people.popularity[items] + 0.5) * goals.fit(items, goal.mood) ** 2
    total = np.cumsum(weights)
    return int(items[min(int(np.searchsorted(total, uniform * total[-1])), len(items) - 1)])


def _middle(
    close: "Floats", right: NDArray[np.bool_], parameters: Parameters, wanted: float
) -> float:
    """Find the middle of the logistic curve at which the share of liked samples is as *wanted*."""
    family, low, high = parameters.family, -3.0, 3.0
    for _ in range(50):
        middle = (low + high) / 2
        likes = np.where(right, 1 - family.reject, liking(close, family.like_slope, middle))
        low, high = (middle, high) if likes.mean() > wanted else (low, middle)
    return (low + high) / 2
