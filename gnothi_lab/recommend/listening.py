"""The listeners as a world for off-policy evaluation: logs of conversations under any policy.

Actions are slots (``suggest.1``, ``play.3``), features are those of the moment and a few of each
slot, so that what a policy does can be worked out from a row. A conversation is rewarded with 1 if
something was played to its end, as an assistant notices it.
"""

from dataclasses import dataclass, field

import numpy as np

from gnothi.policy.logs import Floats, Log, Mask
from gnothi.recommend.features import MOMENT, NAMES
from gnothi.recommend.policies import Chooser
from gnothi.recommend.prompts import Menu
from gnothi_lab.off_policy.conversations import Policy
from gnothi_lab.recommend.sessions import MANY, Played, Room, Way, play

OF_SLOTS = ("success", "relative_gain", "mass", "was_liked")
_PLACES = [NAMES.index(name) for name in OF_SLOTS]
_MOST = 100_000


@dataclass(frozen=True, eq=False)
class Listening:
    """Conversations with listeners to learn from; implements ``World`` of the off-policy trials."""

    room: Room
    way: Way = field(default_factory=lambda: Way(MANY))

    @property
    def actions(self) -> tuple[str, ...]:
        """The names of all slots."""
        breadth = self.way.breadth
        return (
            "open",
            *(f"suggest.{at + 1}" for at in range(breadth.suggestions)),
            *(f"choice.{at + 1}" for at in range(breadth.choices)),
            *(f"either.{at + 1}" for at in range(breadth.pairs)),
            *(f"sample.{at + 1}" for at in range(breadth.samples)),
            *(f"play.{at + 1}" for at in range(breadth.plays)),
        )

    @property
    def features(self) -> tuple[str, ...]:
        """The names of all features."""
        return MOMENT + tuple(f"{slot} {name}" for slot in self.actions for name in OF_SLOTS)

    def converse(
        self, policy: Policy, episodes: int, rng: np.random.Generator, *, each: int = 1
    ) -> Log:
        """Return the log of *episodes* conversations, *each* of them with the same person."""
        keys = self.room.listeners.keys(test=False)
        start = int(rng.integers(1, _MOST))
        people = rng.permutation(len(keys))
        sessions = [
            (keys[people[(at // each) % len(keys)]], start + at % each + each * (at // each))
            for at in range(episodes)
        ]
        seed = int(rng.integers(2**31))
        chooser = _Slotted(policy, self.actions)
        played = play(self.room, chooser, sessions, way=self.way, seed=seed)
        return self._log([one for one in played if one.decisions])

    def _log(self, played: list[Played]) -> Log:
        decisions = [(number, one) for number, each in enumerate(played) for one in each.decisions]
        place = {name: at for at, name in enumerate(self.actions)}
        seen = [seen_of(one.slots, one.features, self.actions) for _, one in decisions]
        last = {number: len(each.decisions) - 1 for number, each in enumerate(played)}
        firsts = np.cumsum([0, *(len(each.decisions) for each in played)])
        rewards = np.zeros(len(decisions))
        for number, each in enumerate(played):
            rewards[firsts[number] + last[number]] = float(each.completed is not None)
        names = sorted({each.session.key for each in played})
        return Log(
            episodes=np.array([number for number, _ in decisions], np.int64),
            actions=np.array([place[one.action] for _, one in decisions], np.int64),
            propensities=np.array([one.propensity for _, one in decisions]),
            rewards=rewards,
            contexts=np.array([features for features, _ in seen]),
            allowed=np.array([allowed for _, allowed in seen]),
            clusters=np.array([names.index(each.session.key) for each in played], np.int64),
            names=self.actions,
            features=self.features,
        )


@dataclass(frozen=True, eq=False)
class _Slotted(Chooser):
    """A policy over slots, as one over menus."""

    policy: Policy
    actions: tuple[str, ...]

    def chances(self, menu: Menu) -> Floats:
        """Return the policy's chances of the candidates."""
        slots = tuple(one.slot for one in menu.candidates)
        features, allowed = seen_of(slots, menu.features, self.actions)
        chances = self.policy(features[None], allowed[None])[0]
        told = chances[[self.actions.index(slot) for slot in slots]]
        return np.asarray(told / told.sum(), np.float64)


def seen_of(
    slots: tuple[str, ...], features: Floats, actions: tuple[str, ...]
) -> tuple[Floats, Mask]:
    """Return the features of a row, and which slots there are."""
    table = np.asarray(features, np.float64)
    by_slot = np.zeros((len(actions), len(OF_SLOTS)))
    allowed = np.zeros(len(actions), np.bool_)
    for slot, row in zip(slots, table, strict=True):
        at = actions.index(slot)
        by_slot[at], allowed[at] = row[_PLACES], True
    return np.concatenate((table[0, : len(MOMENT)], by_slot.ravel())), allowed
