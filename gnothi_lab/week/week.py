"""Reads the week's days and lives through them."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gnothi_lab.sessions.play import Played, stage
from gnothi_lab.sessions.script import Step, furnished, read_steps
from gnothi_lab.sessions.verdict import wrong

FOLDER = Path(__file__).parent
RATCHET = FOLDER / "ratchet.json"


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of the week and what was wrong with it."""

    session: str
    played: Played
    problems: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether everything went as expected."""
        return not self.problems


def read_week() -> list[tuple[str, Step]]:
    """Return every step of the week with the name of its session, in order."""
    days = sorted(FOLDER.glob("[1-7]-*.json"))
    return [
        (session["name"], step)
        for day in days
        for session in json.loads(day.read_text(encoding="utf-8"))
        for step in _opened(session)
    ]


def _opened(session: dict[str, object]) -> Iterator[Step]:
    """Yield the steps of a session; the first opens it, after a power cut where it says so."""
    for index, step in enumerate(read_steps(session)):
        first = index == 0
        yield replace(step, new_session=first, restart=first and bool(session.get("restart")))


def live(*, seed: int = 0) -> list[Moment]:
    """Live through the whole week in a household on disk."""
    return asyncio.run(_live(read_week(), seed=seed))


async def _live(steps: Sequence[tuple[str, Step]], *, seed: int) -> list[Moment]:
    moments: list[Moment] = []
    with stage(furnished({}), seed=seed) as household:
        for name, step in steps:
            played = await household.play(step)
            moments.append(Moment(name, played, tuple(wrong(played))))
    return moments


def share_right(moments: Sequence[Moment]) -> float:
    """Return the share of steps that went as expected."""
    return sum(moment.right for moment in moments) / len(moments)


def recorded() -> float:
    """Return the share below which the week must not fall."""
    return float(json.loads(RATCHET.read_text(encoding="utf-8"))["right"])
