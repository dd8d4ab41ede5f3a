"""How the last round of learning went, as it is kept for whoever looks next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from gnothi.core.acting import Act
from gnothi.core.plain import Json, plain
from gnothi.core.protocols import Store
from gnothi.learning.chronicle import read_act, write_act
from gnothi.learning.cycle import HOUSEHOLD, Round

_LAST = "last"


@dataclass(frozen=True, slots=True)
class Last:
    """How the last round went."""

    at: datetime
    reason: Act
    """What came of it, or why it broke off."""
    broken: bool = False
    others: Mapping[str, Act] = field(default_factory=dict[str, Act])
    """What came of further learners, by artifact."""
    evidence: Mapping[str, float] = field(default_factory=dict[str, float])
    """What the gate saw of a candidate: ``turns``, ``support``, ``people``, ``gain`` …"""


def keep_last(store: Store, last: Last) -> None:
    """Keep *last* in place of the one before."""
    others: dict[str, Json] = {name: write_act(act) for name, act in last.others.items()}
    kept = {**cast("dict[str, Json]", plain(last)), "others": others}
    store.put(_LAST, {**kept, "reason": write_act(last.reason)})


def read_last(store: Store) -> Last | None:
    """Return how the last round went; ``None`` before the first one, and after an erase."""
    found = cast("Mapping[str, Any] | None", store.get(_LAST))
    if not found:
        return None
    others = {name: read_act(act) for name, act in found["others"].items()}
    return Last(
        at=datetime.fromisoformat(found["at"]),
        reason=read_act(found["reason"]) or Act(""),
        broken=bool(found["broken"]),
        others={name: act for name, act in others.items() if act},
        evidence=dict(found["evidence"]),
    )


def drop_last(store: Store) -> None:
    """Keep nothing of the last round: its reasons may quote somebody who is erased."""
    store.delete(_LAST)


def figures(done: Round) -> dict[str, float]:
    """Return what the gate saw in a round; nothing where it was not asked."""
    evidence = done.evidence
    if evidence is None:
        return {}
    return {
        "turns": evidence.turns,
        "support": HOUSEHOLD.limits.support,
        "people": evidence.people,
        "gain": evidence.gain,
        "low": evidence.low,
        "high": evidence.high,
        "mended": evidence.positive.hits,
        "broken": evidence.negative.hits,
    }
