"""What every round of learning needs, and how far its candidate has come."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from gnothi.core.acting import Act
from gnothi.core.clock import Clock
from gnothi.core.errors import StorageError
from gnothi.core.risk import Risk
from gnothi.learning.judged import judged_copy
from gnothi.learning.mining import connect
from gnothi.learning.rollout import Phase, State
from gnothi.learning.turns import Backend, Judge, Log, turns_from_journal
from gnothi.registry.registry import Registry


class Turns(Protocol):
    """What a cycle needs of the journal."""

    def parquet(
        self, folder: Path, *, first: date | None = None, last: date | None = None
    ) -> list[date]:
        """Bring a Parquet copy in *folder* up to date."""
        ...


class Learner(Protocol):
    """Something else that learns from the journal, once in each round, after the rewrites."""

    @property
    def name(self) -> str:
        """The artifact that it makes, as ``language/heads``."""
        ...

    def run(self) -> Act:
        """Do one round; return what came of it, an act of the learning's language pack.

        Raises:
            GnothiError: it can't be done; what is live stays live, and others go on.
        """
        ...

    def unlearn(self) -> None:
        """Keep only what would have been learned from the journal as it is now, after an erase."""
        ...


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where learners work: one journal, one registry, one folder for copies and counts."""

    journal: Turns
    registry: Registry
    folder: Path
    """Holds nothing but copies, counts and what is under way."""
    clock: Clock
    judge: Judge
    risk_of: Callable[[str], Risk]
    """Tells the class of an interpretation."""
    judge_version: Callable[[], str] = str
    """Turns are judged anew when it changes."""
    wording: Callable[[Act], str] = lambda act: act.key
    """Tells reasons for the registry's history."""
    engine: Callable[[], Backend] = connect
    """Opens what counts."""

    def log(self) -> Log:
        """Return the journal's turns, each judged once, as they are now.

        Raises:
            StorageError: journal or folder can't be read or written.
        """
        copy = self.folder / "turns"
        self.journal.parquet(copy)
        engine = self.engine()
        log = turns_from_journal(engine, copy, judge=self.judge, judge_version=self.judge_version())
        return judged_copy(log, engine, self.folder / "judged")


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A candidate or what is live, and since when its evidence is collected."""

    state: State
    since: datetime
    lessons: str = ""
    """Digest of what it was taught, where the same is not to be tried again."""
    figures: Mapping[str, float] = field(default_factory=dict[str, float])
    """What it reached when it was made, where that is told."""

    @property
    def waits(self) -> bool:
        """Whether it is still being tried."""
        return self.state.phase in {Phase.SHADOW, Phase.CANARY}


@dataclass(frozen=True, slots=True)
class Track:
    """The file in which a cycle keeps what is under way."""

    path: Path

    def read(self) -> UnderWay | None:
        """Return what is under way, if anything is.

        Raises:
            StorageError: the file is damaged.
        """
        try:
            found: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
            kept: dict[str, Any] = found["state"]
            phase = Phase(kept["phase"])
            state = State(str(kept["version"]), phase, float(kept["share"]), int(kept["since"]))
            since = datetime.fromisoformat(found["since"])
            figures = {str(name): float(one) for name, one in found.get("figures", {}).items()}
            return UnderWay(state, since, str(found.get("lessons", "")), figures)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StorageError(f"{self.path} is damaged: {error}") from error

    def keep(self, under_way: UnderWay) -> None:
        """Keep *under_way*; readers never see half a file."""
        content = {**asdict(under_way), "since": under_way.since.isoformat()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{self.path.name}.new")
        fresh.write_text(json.dumps(content), encoding="utf-8")
        fresh.replace(self.path)

    def forget(self) -> None:
        """Keep nothing under way."""
        self.path.unlink(missing_ok=True)
