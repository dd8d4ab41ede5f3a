"""Rewrites by whatever table is live, and the small share of conversations that gets none.

Conversations of a day in the hold-out are not rewritten: they keep showing what would have
happened without, and so keep the journal honest.
"""

import logging
from datetime import date
from hashlib import sha256

from gnothi.core.errors import ArtifactError
from gnothi.dialogue.rewriting import Rewriting
from gnothi.language.rewrites import NAME, RewriteTable
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
        if _place(f"{session} {day}") < self._hold_out:
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


def _place(key: str) -> float:
    """Return where *key* falls between 0 and 1, the same for every table."""
    mark = sha256(f"hold-out\0{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(mark[:8], "big") / 2**64
