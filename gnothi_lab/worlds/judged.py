"""Simulated turns with their features and the truth, to fit and test the model of defects."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gnothi.learning.mining import connect
from gnothi.learning.signs import FEATURES, column, with_features
from gnothi_lab.worlds.households.parameters import Parameters
from gnothi_lab.worlds.households.world import Week, World

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Turns:
    """Turns of a world, row by row."""

    features: Floats
    """Shape ``(turns, len(FEATURES))``."""
    failed: Flags
    """By the world's truth."""
    anew: Flags
    """The next turn of the session says it again."""
    control: Flags
    """Words such as "stop" or "yes", which are left out of rates."""
    by_signals: Floats
    """What the plain signals make of it, from 0 to 1."""
    cause: npt.NDArray[np.object_]
    """Why a turn failed; empty for those that did not."""

    @property
    def requests(self) -> "Turns":
        """The turns that are no control words."""
        return self.only(~self.control)

    def only(self, chosen: Flags) -> "Turns":
        """Return the *chosen* rows."""
        return Turns(*(getattr(self, name)[chosen] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Setting:
    """A world to be lived in."""

    seed: int
    rate: float
    family: str = "first"
    weeks: int = 2


def turns_of(settings: Iterable[Setting], size: str = "small") -> Turns:
    """Live through all *settings* and return every turn."""
    parameters = Parameters.load(size)
    return joined([turns for setting in settings for turns in _lived(setting, parameters)])


def joined(parts: Sequence[Turns]) -> Turns:
    """Return all of *parts* as one."""
    columns = ([getattr(part, name) for part in parts] for name in Turns.__slots__)
    return Turns(*(np.concatenate(column) for column in columns))


def _lived(setting: Setting, parameters: Parameters) -> Iterator[Turns]:
    world = World(parameters, seed=setting.seed, family=setting.family, defect_rate=setting.rate)
    for number in range(setting.weeks):
        yield judged(world.play(number))


def judged(week: Week) -> Turns:
    """Return the turns of *week* with features and truth, in the order of its log."""
    from gnothi.learning.turns import judge_by_signals

    backend = connect("2GB", threads=1)
    log = backend.create_table("turns", week.log)
    known = judge_by_signals(with_features(log).mutate(following=_following(log)))
    wanted = ["id", "following", "defect", *map(column, FEATURES)]
    found = known.select(*wanted).to_pyarrow().to_pandas().set_index("id")
    truth: Any = week.truth.to_pandas().set_index("id")
    found = found.loc[truth.index]
    anew = dict(truth.rephrases.dropna().items())
    following = found.following.to_list()
    return Turns(
        features=found[[column(name) for name in FEATURES]].to_numpy(np.float64),
        failed=~truth.right.to_numpy(bool),
        anew=np.array(
            [anew.get(after) == own for own, after in zip(found.index, following, strict=True)]
        ),
        control=truth.control.to_numpy(bool),
        by_signals=found.defect.to_numpy(np.float64) / 1000,
        cause=truth.cause.fillna("").to_numpy(object),
    )


def _following(log: Any) -> Any:  # noqa: ANN401 - ibis has no types
    from importlib import import_module

    order = import_module("ibis").window(group_by="session", order_by=["at", "position"])
    return log.id.lead().over(order)
