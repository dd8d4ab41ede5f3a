"""Randomised sessions as learners get them: the anonymised export, with propensities."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gnothi.recommend.decisions import Logged, table
from gnothi.recommend.policies import Policy
from gnothi.recommend.rewards import Reward
from gnothi_lab.recommend.sessions import Played, Room, Way, play

DEFAULT = Reward()
_CHUNK = 250


@dataclass(frozen=True, eq=False)
class Export:
    """A log for learners, and what learners never see: who was really content."""

    table: Any
    """Of :func:`gnothi.recommend.decisions.table`; its rewards are the usefulness of prompts."""
    playback: np.ndarray
    """For each row, whether something was played to its end: the reward for an ablation."""
    success: np.ndarray
    """For each conversation: for figures about the log, not for learning."""


def export(
    room: Room,
    policy: Policy,
    sessions: Sequence[tuple[str, int]],
    way: Way,
    *,
    seed: int,
    reward: Reward = DEFAULT,
) -> Export:
    """Play *sessions* by a randomised *policy*, and write down its decisions."""
    import pyarrow as pa

    key = np.random.default_rng([seed, 99]).bytes(32)
    tables: list[Any] = []
    ended: list[bool] = []
    success: list[bool] = []
    for part in _parts(play(room, policy, sessions, way=way, seed=seed)):
        logged = [_logged(room, one, way, reward) for one in part if one.decisions]
        tables.append(table(logged, key=key))
        ended += [one.completed is not None for one in part for _ in one.decisions]
        success += [one.truth.is_success for one in part]
    whole = pa.concat_tables(tables)
    return Export(whole, np.array(ended, np.float64), np.array(success, np.bool_))


def _logged(room: Room, one: Played, way: Way, reward: Reward) -> Logged:
    """Return a session as learners get it: rewards of turns that nobody decided are left out."""
    turns = reward.of(room.start(one.session.key, way), one.turns, one.completed)
    return Logged(
        episode=f"{one.session.key} {one.session.number} {way.history}",
        person=one.session.key,
        kind=room.catalogue.kind,
        decisions=one.decisions,
        rewards=[turns[place] for place in one.places],
    )


def _parts(played: Iterable[Played]) -> Iterator[list[Played]]:
    part: list[Played] = []
    for one in played:
        part.append(one)
        if len(part) == _CHUNK:
            yield part
            part = []
    if part:
        yield part
