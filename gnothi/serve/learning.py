"""Learning in a household: what the commands, the page and an erase ask of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from gnothi.core.clock import Clock, SystemClock
from gnothi.core.errors import InputError
from gnothi.core.risk import Risk
from gnothi.core.settings import Settings
from gnothi.journal.journal import Journal
from gnothi.language.rewrites import Rewrite
from gnothi.learning.cycle import RewriteCycle
from gnothi.learning.turns import judge_by_signals
from gnothi.registry.registry import Registry
from gnothi.skills.skillset import SkillSet

FOLDER = "learning"
"""Copies and counts from the journal; may be deleted at any time."""
GUARDED = frozenset({"iot_unlock", "iot_disarm"})
"""Intents that open or disarm, whatever they are about."""
_FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Learning:
    """The rewrites of one household: learned, told, forgotten."""

    cycle: RewriteCycle
    journal: Journal

    def forget(self, ids: Sequence[str]) -> list[Rewrite]:
        """Drop the rewrites called *ids* for good; return those that were in use.

        Raises:
            InputError: one of them is not in use.
        """
        live = {one.id: one for one in self.cycle.live()}
        if unknown := [one for one in ids if one not in live]:
            raise InputError(f"Nothing called {unknown[0]!r} was learned; see: gnothi learn show")
        store = self.journal.store("learning")
        store.put(_FORGOTTEN, [*forgotten(self.journal), *ids])
        self.cycle.forget(ids)
        return [live[one] for one in ids]


def open_learning(
    settings: Settings,
    journal: Journal,
    registry: Registry,
    skills: SkillSet,
    *,
    clock: Clock | None = None,
) -> Learning:
    """Return the learning of the installation in *settings*."""
    cycle = RewriteCycle(
        journal,
        registry,
        settings.folder / FOLDER,
        clock=clock or SystemClock(),
        judge=judge_by_signals,
        risk_of=lambda key: risk_of(key, skills),
        forgotten=lambda: frozenset(forgotten(journal)),
    )
    return Learning(cycle, journal)


def forgotten(journal: Journal) -> list[str]:
    """Return the ids of rewrites that nobody wants back."""
    kept = journal.store("learning").get(_FORGOTTEN)
    return [str(one) for one in kept] if isinstance(kept, list) else []


def risk_of(key: str, skills: SkillSet) -> Risk:
    """Return the highest class that an interpretation may lead to, as its skills declare it.

    What is not understood leads to nothing, and may become anything that is not guarded.
    """
    found = [_risk(one.partition("|")[0], skills) for one in key.split("&")]
    return max(found, key=lambda risk: risk.rank)


def _risk(intent: str, skills: SkillSet) -> Risk:
    if intent in GUARDED:
        return Risk.GUARDED
    known = skills.for_intent(intent)
    return known[1].risk if known else Risk.REVERSIBLE


def told(rewrite: Rewrite) -> Mapping[str, object]:
    """Return what there is to say of *rewrite*, for sentences."""
    evidence = rewrite.evidence
    values = {"before": cast("float", evidence.get("own_score", 0.0))}
    return {
        "id": rewrite.id,
        "said": rewrite.source,
        "becomes": rewrite.target,
        "person": rewrite.person or "",
        "turns": evidence.get("turns", 0),
        "people": evidence.get("people", 0),
        "after": cast("float", evidence.get("score", 0.0)),
        **values,
    }
