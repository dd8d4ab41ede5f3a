"""Look-up of learned rewrites: a request that fails here, in the words of one that works.

Learning them is the business of ``gnothi.learning``; this is what a turn pays for them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from gnothi.core.errors import ArtifactError
from gnothi.core.risk import Risk
from gnothi.text.tokenise import request_key

NAME = "language/rewrites"
"""The artifact."""
FILE = "rewrites.json"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One learned rewrite."""

    source: str
    """Key (``request_key``) of what is said."""
    target: str
    """What is understood instead."""
    person: str | None = None
    """Whom it is for; ``None`` for everybody."""
    risk: Risk = Risk.FREE
    """The highest class of action that it may lead to."""
    evidence: Mapping[str, object] = field(default_factory=dict[str, object])
    """What is behind it, for explanations: ``turns``, ``people``, ``before``, ``after`` …"""
    part: bool = False
    """Whether it stands for a phrase, wherever that is said, and not for a whole request."""

    @property
    def id(self) -> str:
        """What names it in the journal, on the page and in ``gnothi learn forget``."""
        words = f"{self.source}={self.target}" if self.part else self.source
        return f"{self.person or '*'}/{words}"


class RewriteTable:
    """All live rewrites; a person's own go before everybody's. Look-up is two dictionary reads."""

    def __init__(self, rewrites: Iterable[Rewrite]) -> None:
        """Index *rewrites* by person and key."""
        self._rewrites = {(one.person, one.source): one for one in rewrites}

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it is not a table of rewrites.
        """
        try:
            content: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
            return cls(_read(row) for row in content["rewrites"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"{folder} holds no table of rewrites: {error}") from error

    def look_up(self, text: str, person: str | None) -> Rewrite | None:
        """Return the rewrite for *text* as *person* says it (``None``: a guest), if any."""
        key = request_key(text)
        own = self._rewrites.get((person, key)) if person else None
        return own or self._rewrites.get((None, key))

    def __iter__(self) -> Iterator[Rewrite]:
        return iter(self._rewrites.values())

    def __len__(self) -> int:
        return len(self._rewrites)


def write_table(rewrites: Iterable[Rewrite]) -> bytes:
    """Return the artifact's file: the same bytes for the same rewrites, in whatever order."""
    rows = [_row(one) for one in sorted(rewrites, key=lambda one: (one.person or "", one.source))]
    return (json.dumps({"rewrites": rows}, ensure_ascii=False, indent=1) + "\n").encode()


def _row(one: Rewrite) -> dict[str, object]:
    return {
        "from": one.source,
        "to": one.target,
        "person": one.person,
        "risk": one.risk.value,
        "evidence": dict(sorted(one.evidence.items())),
    }


def _read(row: Mapping[str, Any]) -> Rewrite:
    return Rewrite(
        source=str(row["from"]),
        target=str(row["to"]),
        person=row["person"],
        risk=Risk(row["risk"]),
        evidence=dict(row.get("evidence", {})),
    )
