"""What a turn needs to know of a learned rewrite."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from gnothi.language.rewrites import Rewrite


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The outcome of a look-up."""

    found: Rewrite | None
    """``None``: the words stay as they are."""
    artifact: str
    """``name@version`` of the table."""
    propensity: float = 1.0
    """How probable it was that this table, or none, serves the conversation."""


class Rewriter(Protocol):
    """Looks learned rewrites up, before anything is understood."""

    def rewrite(self, text: str, person: str | None, session: str, day: date) -> Rewriting | None:
        """Return what becomes of *text*; ``None`` where nothing has been learned at all."""
        ...
