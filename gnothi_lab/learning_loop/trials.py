"""Trials: a fleet lives and learns for some weeks, and fresh weeks judge what it learned."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from gnothi.language.rewrites import Rewrite, RewriteTable
from gnothi.learning.outcomes import read_turns
from gnothi_lab.learning_loop.baselines import most_frequent_rephrase
from gnothi_lab.learning_loop.fleet import Fleet, Settings
from gnothi_lab.learning_loop.tally import Policy, Tally, total
from gnothi_lab.unseen import Unseen, learn, risks
from gnothi_lab.worlds.households import Parameters, Week, World, oracle

LookUp = Callable[[str | None, str, str], Rewrite | None]


@dataclass(frozen=True, slots=True)
class Case:
    """A world and a learner."""

    size: str = "small"
    seed: int = 0
    family: str = "first"
    defect_rate: float = 0.1
    attackers: float = 0.0
    settings: Settings = field(default_factory=Settings)
    learned: int = 6
    """Weeks that are lived and learned from."""
    judged: int = 1
    """Fresh weeks, lived after them."""
    compare: bool = False
    """Whether the oracle, simple baselines and parts of the learner are judged, too."""
    retrieval: bool = False
    """Whether the search for requests is judged, too."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case."""

    lived: Tally
    """Over the judged weeks, as they were lived."""
    weeks: Sequence[Tally]
    """Week by week from the first one."""
    parts: Mapping[str, Tally] = field(default_factory=dict[str, Tally])
    """The judged weeks, lived without rewrites, with what others would have done to each turn."""
    pushed: int = 0
    """Rewrites that colluding accounts pushed."""
    moved: int = 0
    """Those that were live for everybody at the end of any week."""


def run_trials(cases: Sequence[Case]) -> list[Outcome]:
    """Return the outcomes of *cases*; worlds are lived side by side."""
    workers = min(len(cases), len(os.sched_getaffinity(0)) + 1)
    if workers < 2:
        return [run_trial(case) for case in cases]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(run_trial, cases))


def run_trial(case: Case) -> Outcome:
    """Live, learn, and judge."""
    world = World(
        Parameters.load(case.size),
        seed=case.seed,
        family=case.family,
        defect_rate=case.defect_rate,
        attackers=case.attackers,
    )
    with TemporaryDirectory() as folder:
        fleet = Fleet(world, Path(folder), case.settings)
        lived: list[Week] = []
        pushed: set[tuple[str, str]] = set()
        moved: set[tuple[str, str]] = set()
        for number in range(case.learned):
            lived.append(fleet.live(number))
            fleet.learn(lived[-1])
            targets = {(one.source, one.target) for one in world.attacked(number)}
            pushed |= targets
            moved |= {one for one in targets if _moved(fleet, number, *one)}
        fresh = range(case.learned, case.learned + case.judged)
        judged = [fleet.live(number) for number in fresh]
        weeks = [Tally.of(week) for week in (*lived, *judged)]
        parts = _parts(case, fleet, lived) if case.compare else {}
        return Outcome(total(weeks[case.learned :]), weeks, parts, len(pushed), len(moved))


def _moved(fleet: Fleet, week: int, source: str, target: str) -> bool:
    """Whether everybody's *source* is now taken for what *target* is taken for."""
    world = fleet.world
    wanted, usual = world.understood(target, week), world.understood(source, week)
    found = fleet.rewrite(None, world.household(world.people[0]), source)
    return bool(found) and world.understood(str(found), week) == wanted != usual


def _parts(case: Case, fleet: Fleet, lived: Sequence[Week]) -> dict[str, Tally]:
    world = fleet.world
    log = fleet.cycle.log()
    turns = read_turns(log.read(list(log.days), (), 0).to_pyarrow().to_pylist())
    simple = most_frequent_rephrase(turns, fleet.settings.everyone)
    index = (
        learn(lived, risk_of=risks(world.parameters), judge=fleet.judge) if case.retrieval else None
    )
    found: dict[str, list[Tally]] = {}
    for number in range(case.learned, case.learned + case.judged):
        week = world.play(number, staged=False)
        fleet.at(number)
        policies: dict[str, Policy] = {
            "all": fleet.rewrite,
            "personal": _only(fleet.look_up, _is_personal),
            "without personal": _only(fleet.look_up, lambda one: not _is_personal(one)),
            "the very words only": _only(fleet.look_up, lambda one: "phrase" not in one.evidence),
            "oracle": oracle(world, number, past=lived),
            "most frequent rephrase": _of(simple),
        }
        if index is not None:
            search = Unseen(index, world, number, risks(world.parameters))
            policies["retrieval only"] = search
            policies["with retrieval"] = _first(fleet.rewrite, search)
        for name, policy in policies.items():
            found.setdefault(name, []).append(Tally.imagined(world, week, policy))
    return {name: total(tallies) for name, tallies in found.items()}


def _is_personal(found: Rewrite) -> bool:
    """Whether a person's own turns are behind *found*."""
    return found.evidence.get("whose") == "own" or (
        found.person is not None and "phrase" not in found.evidence
    )


def _only(look_up: LookUp, wanted: Callable[[Rewrite], bool]) -> Policy:
    def policy(person: str | None, household: str, text: str) -> str | None:
        found = look_up(person, household, text)
        return found.target if found and wanted(found) else None

    return policy


def _of(table: RewriteTable) -> Policy:
    return _only(lambda person, _, text: table.look_up(text, person), lambda _: True)


def _first(*policies: Policy) -> Policy:
    def policy(person: str | None, household: str, text: str) -> str | None:
        told = (one(person, household, text) for one in policies)
        return next((words for words in told if words is not None), None)

    return policy
