"""Conversations under any policy: an interface for worlds, and a small one of our own.

The world ``Guessing``: a listener has something in mind that shows only in answers, a taste of
their own that is the same in all their conversations, and patience that runs out by chance. The
assistant asks (about one of three sides of it, or openly) or offers one of four things; a
conversation ends with a success, or when patience ends, mostly after 3 to 8 turns. Only what was
answered so far is seen, so that the same features hide different goals.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from gnothi.policy.logs import Floats, Ints, Log, Mask

Policy: TypeAlias = Callable[[Floats, Mask], Floats]
"""From features and candidates to probabilities, shape ``(rows, actions)``."""

SIDES, OFFERS, TURNS = 3, 4, 8
ACTIONS = (*(f"ask {side}" for side in "abc"), "ask openly", *(f"offer {n}" for n in range(OFFERS)))
FEATURES = (
    *(f"belief {side}" for side in "abc"),
    *(f"sureness {side}" for side in "abc"),
    "turn",
    "refusals",
)
_CORNERS: Floats = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]], dtype=np.float64)
"""What each offer is like; shape ``(offers, sides)``."""


class World(Protocol):
    """Where policies converse; rewards of a conversation add up to 0 to 1."""

    def converse(
        self, policy: Policy, episodes: int, rng: np.random.Generator, *, each: int = 1
    ) -> Log:
        """Return the log of *episodes* conversations, *each* of them with the same person."""
        ...


@dataclass(frozen=True, slots=True)
class Guessing:
    """Guess what a listener has in mind, from noisy answers and within their patience."""

    noise: float = 0.6
    """Deviation of an answer from what is in mind, which has a deviation of 1."""
    pickiness: float = 4.0
    """How sharply an offer's fit decides whether it is taken."""
    patience: float = 0.9
    """Mean probability of going on after a turn; each person has their own."""

    def converse(
        self, policy: Policy, episodes: int, rng: np.random.Generator, *, each: int = 1
    ) -> Log:
        """Play all conversations side by side, turn by turn."""
        people = -(-episodes // each)
        person = np.repeat(np.arange(people), each)[:episodes]
        taste = rng.normal(0, 0.7, (people, SIDES))[person]
        patience = rng.beta(self.patience * 12, (1 - self.patience) * 12, people)[person]
        goal = taste + rng.normal(0, 0.7, (episodes, SIDES))
        sums, counts = np.zeros((episodes, SIDES)), np.zeros((episodes, SIDES))
        asked = np.zeros((episodes, len(ACTIONS)), dtype=bool)
        refusals = np.zeros(episodes)
        alive = np.arange(episodes)
        turns: list[tuple[Ints, Floats, Mask, Ints, Floats, Floats]] = []
        for turn in range(TURNS):
            features = _seen(sums[alive], counts[alive], turn, refusals[alive])
            allowed = ~asked[alive]
            allowed[:, SIDES + 1 :] &= turn > 1
            chances = policy(features, allowed)
            actions = _drawn(chances, rng)
            logged = chances[np.arange(len(alive)), actions]
            success = self._answer(alive, actions, goal, sums, counts, rng)
            refusals[alive] += (actions > SIDES) & ~success
            asked[alive, actions] = True
            turns.append((alive, features, allowed, actions, logged, success.astype(np.float64)))
            # An offer that fails costs more patience than a question.
            stays = patience[alive] ** np.where(actions > SIDES, 4.0, 0.4)
            alive = alive[~success & (rng.random(len(alive)) < stays)]
            if not alive.size:
                break
        return _log(turns, person)

    def _answer(
        self,
        alive: Ints,
        actions: Ints,
        goal: Floats,
        sums: Floats,
        counts: Floats,
        rng: np.random.Generator,
    ) -> Mask:
        """Take in the answers to questions; return which offers were taken."""
        size = len(alive)
        side = np.where(actions < SIDES, actions, rng.integers(0, SIDES, size))
        asks = actions <= SIDES
        told = goal[alive, side] + rng.normal(0, self.noise, size)
        # Open questions are sometimes answered by nothing, and sometimes by two things.
        open_ = actions == SIDES
        heard = asks & (~open_ | (rng.random(size) < 0.8))
        rows = alive[heard]
        sums[rows, side[heard]] += told[heard]
        counts[rows, side[heard]] += 1
        also = open_ & (rng.random(size) < 0.5)
        other = (side + 1) % SIDES
        rows = alive[also]
        sums[rows, other[also]] += goal[rows, other[also]] + rng.normal(0, self.noise, rows.size)
        counts[rows, other[also]] += 1
        offer = np.clip(actions - SIDES - 1, 0, OFFERS - 1)
        fit = (goal[alive] * _CORNERS[offer]).sum(1) / np.sqrt(SIDES)
        taken = rng.random(size) < 1 / (1 + np.exp(-self.pickiness * (fit - 0.7)))
        return ~asks & taken


def _seen(sums: Floats, counts: Floats, turn: int, refusals: Floats) -> Floats:
    belief = sums / (counts + 1)
    later = np.stack([np.full(len(sums), turn / TURNS), refusals], axis=1)
    return np.concatenate([belief, 1 - 1 / (1 + counts), later], axis=1)


def _drawn(chances: Floats, rng: np.random.Generator) -> Ints:
    ladder = chances.cumsum(1)
    drawn = rng.random(len(chances)) * ladder[:, -1]
    actions = (drawn[:, None] >= ladder).sum(1)
    return np.minimum(actions, chances.shape[1] - 1)


def _log(turns: list[tuple[Ints, Floats, Mask, Ints, Floats, Floats]], person: Ints) -> Log:
    columns = [np.concatenate(parts) for parts in zip(*turns, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    episodes, contexts, allowed, actions, propensities, rewards = (
        column[order] for column in columns
    )
    return Log(
        episodes=episodes,
        actions=actions,
        propensities=propensities,
        rewards=rewards,
        contexts=contexts,
        allowed=allowed,
        clusters=person,
        names=ACTIONS,
        features=FEATURES,
    )
