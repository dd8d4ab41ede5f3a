"""What a turn needs to know of a learned rewrite."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from gnothi.core.understanding import Interpretation
from gnothi.language.rewrites import Rewrite


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The outcome of a look-up."""

    found: Rewrite | None
    """``None``: the words stay as they are."""
    artifact: str
    """``name@version`` of what was asked."""
    propensity: float = 1.0
    """How probable it was that this table, or none, serves the conversation."""


class Rewriter(Protocol):
    """Looks learned rewrites up, before anything is understood."""

    def rewrite(self, text: str, person: str | None, session: str, day: date) -> Rewriting | None:
        """Return what becomes of *text*; ``None`` where nothing has been learned at all."""
        ...


class Retriever(Protocol):
    """Finds what was probably meant by words that were not understood, or could not be obeyed."""

    def retrieve(
        self,
        text: str,
        person: str | None,
        session: str,
        day: date,
        requests: Sequence[Interpretation],
    ) -> Rewriting | None:
        """Return what *text*, taken for *requests*, may have been.

        ``None`` where nothing has been learned at all.
        """
        ...
