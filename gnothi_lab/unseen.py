"""Rewrites of requests that nobody has said before, in the world of simulated households.

``index = learn(weeks, risk_of=…)`` learns from weeks that were lived; ``Unseen(index, world,
week).look_up(person, household, text)`` asks it as the product does: only where the words were not
understood, or nothing of it could be done. An ``Unseen`` is a policy for ``World.play``, too.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from gnothi.core.risk import Risk
from gnothi.language.retrieval import Question, RequestIndex
from gnothi.language.rewrites import Rewrite
from gnothi.learning import retrieval, rewrites
from gnothi.learning.defects import shipped
from gnothi.learning.mining import Aggregates, Scope, connect, update
from gnothi.learning.retrieval import Limits, Turn
from gnothi.learning.turns import (
    Judge,
    Log,
    interpretation_key,
    is_unheard,
    spelled,
    turns_from_log,
)
from gnothi_lab.worlds.households.parameters import Parameters
from gnothi_lab.worlds.households.world import Week, World

RiskOf = Callable[[str], Risk]
_COLUMNS = ("session", "at", "person", "device", "text", "intent", "slots", "understood")


def risks(parameters: Parameters) -> RiskOf:
    """Return what tells the risk class of an interpretation in the world of *parameters*."""
    known: dict[str, Risk] = {}
    for intent in parameters.intents:
        risk = Risk(intent.risk)
        known[intent.intent] = max(risk, known.get(intent.intent, risk), key=lambda one: one.rank)

    def risk_of(key: str) -> Risk:
        found = [known.get(one.partition("|")[0], Risk.REVERSIBLE) for one in key.split("&")]
        return max(found, key=lambda risk: risk.rank)

    return risk_of


def learn(
    weeks: Iterable[Week],
    *,
    risk_of: RiskOf,
    limits: Limits | None = None,
    judge: Judge | None = None,
    prior: Mapping[str, float] | None = None,
) -> RequestIndex:
    """Return the index that the logs of *weeks* teach; the model of defects judges them."""
    turns = [turn for week in weeks for turn in read_turns(week.log, judge)]
    return RequestIndex(retrieval.learn(turns, limits, risk_of=risk_of, prior=prior))


def read_turns(log: Any, judge: Judge | None = None) -> list[Turn]:  # noqa: ANN401 - of pyarrow
    """Return the turns of a week's *log* in which no rewrite took part."""
    judged = (judge or shipped().judge)(import_module("ibis").memtable(log))
    judged = judged.mutate(unheard=is_unheard(judged))
    rows = judged.select(*_COLUMNS, "defect", "rephrase", "unheard").to_pyarrow().to_pylist()
    keys = _Keys()
    return [
        retrieval.turn_of(
            row
            | {
                "day": row["at"].date().isoformat(),
                "person": row["person"] or "",
                "household": row["device"].rpartition(".")[2],
                "text": spelled(row["text"]),
                "interpretation": keys.of(row),
            }
        )
        for row in rows
        if row["understood"] is None
    ]


@dataclass(frozen=True, slots=True)
class Unseen:
    """An index, asked as the product asks it."""

    index: RequestIndex
    world: World
    week: int
    risk_of: RiskOf

    def look_up(self, person: str | None, household: str, text: str) -> Rewrite | None:
        """Return the rewrite of *text*; ``None`` where it works as it is, or nothing is sure."""
        question = self.question(person, household, text)
        return self.index.look_up(question) if question else None

    def question(self, person: str | None, household: str, text: str) -> Question | None:
        """Return what the index is asked; ``None`` where *text* was understood and done."""
        found, done = self.world.reading(household, text, self.week)
        if done or found.control:
            return None
        intent = found.intent.intent if found.intent else None
        slots = [(span.name, span.value) for span in found.spans]
        key = interpretation_key(intent, slots, text)
        return Question(text, person, household, key if intent else "", self.risk_of(key))

    def __call__(self, person: str | None, household: str, text: str) -> str | None:
        """Return other words, as ``World.play`` wants them."""
        found = self.look_up(person, household, text)
        return found.target if found else None


@dataclass(frozen=True, slots=True)
class Exact:
    """Exact rewrites, mined from the same weeks: a person's own, then everybody's."""

    table: Mapping[tuple[str, str], str]

    @classmethod
    def learn(
        cls,
        turns: Sequence[Turn],
        folder: Path,
        everyone: rewrites.Limits,
        personal: rewrites.Limits,
        risk_of: RiskOf,
    ) -> Self:
        """Mine *turns*, with counts in *folder*."""
        found: dict[tuple[str, str], str] = {}
        for scope, limits in ((Scope.EVERYONE, everyone), (Scope.PERSON, personal)):
            update(_log(turns), folder / scope.value, scope=scope)
            counted = Aggregates(connect(), folder / scope.value)
            for one in rewrites.mine(counted, limits, risk_of=risk_of):
                found[one.who, one.said] = one.becomes
        return cls(found)

    def __call__(self, person: str | None, household: str, text: str) -> str | None:
        """Return other words, as ``World.play`` wants them."""
        del household
        said = spelled(text)
        return self.table.get((person or "", said)) or self.table.get(("", said))


def _log(turns: Sequence[Turn]) -> Log:
    names = ("session", "at", "person", "household", "text")
    rows = [{name: getattr(turn, name) for name in names} for turn in turns]
    told = [
        row | {"interpretation": turn.meaning, "defect": turn.defect, "rephrase": turn.rephrase}
        for row, turn in zip(rows, turns, strict=True)
    ]
    return turns_from_log(import_module("ibis").memtable(told))


class _Keys:
    """Interpretations of rows; each different one is spelled once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str], str] = {}

    def of(self, row: Mapping[str, Any]) -> str:
        """Return the key of what a *row* was taken for."""
        intent = row["intent"]
        place = intent, row["slots"] if intent else row["text"]
        if place not in self._known:
            slots = json.loads(row["slots"])
            named = [(slot["name"], slot["value"]) for slot in slots]
            self._known[place] = interpretation_key(intent, named, row["text"])
        return self._known[place]
