"""Rewrites by whatever table and index are live, and the few conversations that get none.

Conversations of a day in the hold-out are not rewritten: they keep showing what would have
happened without, and so keep the journal honest.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256

from gnothi.core.errors import ArtifactError
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation
from gnothi.dialogue.rewriting import Rewriting
from gnothi.language import retrieval
from gnothi.language.retrieval import Question, RequestIndex
from gnothi.language.rewrites import NAME, RewriteTable
from gnothi.learning.turns import interpretation_key
from gnothi.learning.unseen import HOME
from gnothi.registry.registry import Registry

HOLD_OUT = 0.05
"""Share of sessions of a day that are not rewritten."""

_log = logging.getLogger(__name__)


class LiveRewrites:
    """Asks the registry, each turn, which table serves a session; each is loaded once."""

    def __init__(self, registry: Registry, *, hold_out: float = HOLD_OUT) -> None:
        """Rewrite with what *registry* says; nothing is loaded before it is needed."""
        self._registry = registry
        self._hold_out = hold_out
        self._loaded: dict[str, RewriteTable] = {}

    def rewrite(self, text: str, person: str | None, session: str, day: date) -> Rewriting | None:
        """Return what becomes of *text*; ``None`` while nothing has been learned."""
        if self._registry.serving(NAME) is None:
            return None
        choice = self._registry.choose(NAME, session)
        if is_held_out(session, day, self._hold_out):
            return Rewriting(None, f"{NAME}@{choice.version}", self._hold_out)
        found = self._open(choice.version).look_up(text, person)
        propensity = (1 - self._hold_out) * choice.propensity
        return Rewriting(found, f"{NAME}@{choice.version}", propensity)

    def table(self) -> RewriteTable:
        """Return the rewrites that serve everybody, canaries aside."""
        live = self._registry.serving(NAME)
        return self._open(live) if live else RewriteTable(())

    def _open(self, version: str) -> RewriteTable:
        if version not in self._loaded:
            try:
                folder = self._registry.get(NAME, version).folder
                self._loaded[version] = RewriteTable.load(folder)
            except ArtifactError as error:
                _log.error("%s %s can't be used: %s", NAME, version, error)
                self._loaded[version] = RewriteTable(())
        return self._loaded[version]


class LiveRequests:
    """Finds what was meant by words that led to nothing, in whatever index serves a session."""

    def __init__(
        self,
        registry: Registry,
        *,
        risk_of: Callable[[str], Risk],
        refused: Callable[[], frozenset[str]] = frozenset,
        hold_out: float = HOLD_OUT,
    ) -> None:
        """Find with what *registry* says; nothing is loaded before it is needed.

        *risk_of* tells the class of an interpretation; *refused* has the ids of rewrites that
        people don't want.
        """
        self._registry, self._risk_of, self._refused = registry, risk_of, refused
        self._hold_out = hold_out
        self._loaded: dict[str, RequestIndex | None] = {}

    def retrieve(
        self,
        text: str,
        person: str | None,
        session: str,
        day: date,
        requests: Sequence[Interpretation],
    ) -> Rewriting | None:
        """Return what *text* may have been; ``None`` while nothing has been learned."""
        if self._registry.serving(retrieval.NAME) is None:
            return None
        choice = self._registry.choose(retrieval.NAME, session)
        label = f"{retrieval.NAME}@{choice.version}"
        if is_held_out(session, day, self._hold_out):
            return Rewriting(None, label, self._hold_out)
        index = self._open(choice.version)
        found = index.look_up(self._question(text, person, requests)) if index else None
        if found and not self._refused().isdisjoint({found.id, f"*/{found.source}"}):
            found = None
        return Rewriting(found, label, (1 - self._hold_out) * choice.propensity)

    def _question(
        self, text: str, person: str | None, requests: Sequence[Interpretation]
    ) -> Question:
        keys = [
            interpretation_key(one.intent, [(slot.name, slot.value) for slot in one.slots], text)
            for one in requests
        ]
        risk = max(map(self._risk_of, keys), key=lambda one: one.rank, default=Risk.REVERSIBLE)
        return Question(text, person, HOME, "&".join(keys), risk)

    def _open(self, version: str) -> RequestIndex | None:
        if version not in self._loaded:
            self._loaded.clear()
            try:
                folder = self._registry.get(retrieval.NAME, version).folder
                self._loaded[version] = RequestIndex.load(folder)
            except ArtifactError as error:
                _log.error("%s %s can't be used: %s", retrieval.NAME, version, error)
                self._loaded[version] = None
        return self._loaded[version]


def is_held_out(session: str, day: date, share: float) -> bool:
    """Whether a *share* of conversations without rewrites holds this one."""
    return _place(f"{session} {day}") < share


def _place(key: str) -> float:
    """Return where *key* falls between 0 and 1, the same for every table."""
    mark = sha256(f"hold-out\0{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(mark[:8], "big") / 2**64
