"""Simulated turns with their features and the truth, to fit and test the model of defects.

People of the world `households` say one thing and go on with their lives: what is said within
seconds is nearly always said again. :func:`in_a_row` has the same wishes asked for one right after
the other, as people do who type, or try out what the assistant can do.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from gnothi.learning.mining import connect
from gnothi.learning.signs import FEATURES, column, with_features
from gnothi_lab.worlds.households.parameters import Parameters
from gnothi_lab.worlds.households.world import Week, World

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_PACES = (0.5, 2.0, 4.0, 8.0, 15.0)
"""Seconds from one wish to the next, as somebody is used to: a program, a tester, a reader."""
_SPREAD = 0.6
_SITTING = 20
"""Wishes of a sitting."""
_RECENT = 4
"""How many turns back somebody remembers what was asked for."""


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
    in_a_row: float = 0.0
    """Share of people whose wishes are asked for :func:`one right after the other <in_a_row>`; with
    0, everybody asks for theirs when they come to mind."""


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
        week = world.play(number)
        share = setting.in_a_row
        yield judged(in_a_row(week, seed=setting.seed, share=share) if share else week)


def in_a_row(week: Week, *, seed: int, share: float = 1.0) -> Week:
    """Return *week* with the wishes of people one right after the other; the truth stays.

    Only a *share* of the people are in it, and nobody who was not recognised.

    What belongs to one wish (said again, stopped, confirmed) stays together at its own pace. Wishes
    that are alike follow one another: another room, the opposite, another number. Nobody asks at
    once for what was just done. How sure the understanding was tells nothing here: a real one is
    often sure of what then fails.
    """
    pa: Any = import_module("pyarrow")
    rng = np.random.default_rng(seed)
    log: Any = week.log.to_pandas().sort_values(["at", "position"], kind="stable")
    log = log[log.person.notna()].reset_index(drop=True)
    when = log["at"].to_list()
    meant = week.truth.to_pandas().set_index("id").meant[log.id].to_list()
    order: list[int] = []
    sessions: list[str] = []
    moments: list[Any] = []
    for person, turns in log.groupby("person", sort=True):
        if rng.random() >= share:
            continue
        pace = rng.choice(_PACES)
        for number, wishes in enumerate(_sittings(turns, meant, rng)):
            moment = min(when[wish[0]] for wish in wishes)
            for wish in wishes:
                order += wish
                sessions += [f"{person}-{number}"] * len(wish)
                moments += [moment + (when[place] - when[wish[0]]) for place in wish]
                moment = moments[-1] + _seconds(pace * np.exp(_SPREAD * rng.standard_normal()))
    rows = log.loc[order].assign(session=sessions, at=moments, position=range(len(order)))
    rows["signals"] = [_without_silence(told) for told in rows.signals]
    known = rows.score.notna().to_numpy()
    rows.loc[known, "score"] = rng.permutation(rows.score[known].to_numpy())
    lived = pa.Table.from_pandas(rows, schema=week.log.schema, preserve_index=False)
    return Week(week.number, lived, week.truth)


def _sittings(
    turns: Any,  # noqa: ANN401 - of pandas
    meant: Sequence[str],
    rng: np.random.Generator,
) -> Iterator[list[list[int]]]:
    """Yield the wishes of each sitting of one person, each wish as the places of its *turns*."""
    wishes = [places.to_list() for places in turns.groupby("session", sort=False).groups.values()]
    slots, texts = turns.slots.to_dict(), turns.text.to_dict()
    ways: Sequence[Callable[[list[int]], Any]] = (
        lambda wish: (slots[wish[-1]], texts[wish[-1]]),
        lambda wish: texts[wish[-1]],
        lambda wish: wish[0],
    )
    wishes.sort(key=ways[rng.integers(len(ways))])
    for first in range(0, len(wishes), _SITTING):
        kept: list[list[int]] = []
        asked: list[str] = []
        for wish in wishes[first : first + _SITTING]:
            if meant[wish[0]] not in asked[-_RECENT:]:
                kept.append(wish)
                asked += [meant[place] for place in wish]
        yield kept


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=round(float(number), 3))


def _without_silence(signals: str) -> str:
    """Leave out that nobody spoke: now somebody does."""
    told = [one for one in json.loads(signals) if one["name"] != "silence"]
    return json.dumps(told, separators=(",", ":"))


def judged(week: Week) -> Turns:
    """Return the turns of *week* with features and truth, in the order in which it was lived."""
    from gnothi.learning.turns import judge_by_signals

    backend = connect("2GB", threads=1)
    log = backend.create_table("turns", week.log)
    known = judge_by_signals(with_features(log).mutate(following=_following(log)))
    wanted = ["id", "following", "defect", *map(column, FEATURES)]
    found = known.select(*wanted).to_pyarrow().to_pandas().set_index("id")
    truth: Any = week.truth.to_pandas().set_index("id")
    truth = truth[truth.index.isin(found.index)]
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
    order = import_module("ibis").window(group_by="session", order_by=["at", "position"])
    return log.id.lead().over(order)
