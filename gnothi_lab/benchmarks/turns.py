"""How long a turn takes, by stage and whole; turns a second, memory, cold start, a long journal.

Everything runs on one core, the network in one thread; a household on disk with its journal. The
assistant answers within one process: HTTP is not in these figures.

A round of learning runs in the worker process of the product, on a journal of 100,000 turns, once
wherever the system likes and once on the very core of the turns. How much it slows turns is the
ratio of medians of neighbouring blocks of turns, beside it and while it is halted.
"""

import asyncio
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np

from gnothi.core.acting import Status
from gnothi.core.interaction import Interaction
from gnothi.core.settings import Settings
from gnothi.core.understanding import Utterance
from gnothi.serve.household import HOME_FILE, Household
from gnothi.serve.learning import FOLDER
from gnothi.serve.worker import Worker
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_lab.sessions.play import OFFLINE
from gnothi_lab.sessions.script import furnished
from gnothi_lab.statistics import bootstrap

SAID = (
    "turn on the kitchen light",
    "set the living room light to 40 percent",
    "turn it off again",
    "is the front door locked",
    "set a timer for ten minutes",
    "how much time is left",
    "cancel the timer",
    "add milk and bread to the shopping list",
    "what's on the shopping list",
    "remove milk from the shopping list",
    "what time is it",
    "close the blinds and turn off the tv",
    "what's 12 times 12",
    "which windows are open",
    "make it a bit warmer in the living room",
    "thank you",
)
WARM_UP, TURNS, LONG = 32, 2000, 1_000_000
BATCH = 20_000
LEARNED, ROUNDS, NAMES, LONGEST = 100_000, 3, 3000, 60.0
"""Turns that are learned from, rounds, names that are asked for, seconds of a round at most."""
SESSIONS = (1, 10, 100)
MEBIBYTE = 1024.0


@dataclass(frozen=True, slots=True)
class Timed:
    """Turns that were answered one after another."""

    ms: Sequence[float]
    stages: dict[str, list[float]]


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure; *quick* takes a twentieth of the turns and of the journal."""
    del data
    share = 20 if quick else 1
    one_core = _bind_to_one_core()
    with tempfile.TemporaryDirectory() as folder:
        household = _household(Path(folder), seed)
        timed = asyncio.run(_one_after_another(household, TURNS // share))
        rates = {many: asyncio.run(_at_once(household, many, TURNS // share)) for many in SESSIONS}
        memory = _resident()
        slow = _slowdown(household, Random(seed), quick=quick)
        long = _long_journal(household, LONG // share)
        later = asyncio.run(_one_after_another(household, TURNS // share // 4))
        household.close()
    figures = {
        "ms_p50": _quantile(timed.ms, 0.5),
        "ms_p99": _quantile(timed.ms, 0.99),
        "turns_per_second": rates[1],
        **{f"turns_per_second_{many}_sessions": rates[many] for many in SESSIONS[1:]},
        "rss_mb": memory,
        "cold_start_s": _cold_start(5 if quick else 20),
        **{f"{name}_ms_p50": _quantile(ms, 0.5) for name, ms in sorted(timed.stages.items())},
        **{name: one.figure for name, one in slow.items()},
        "journal_turns": long,
        "ms_p50_long_journal": _quantile(later.ms, 0.5),
        "ms_p99_long_journal": _quantile(later.ms, 0.99),
    }
    return Result(
        name="turns",
        figures=figures,
        intervals=_intervals(timed, slow, np.random.default_rng(seed)),
        notes=[
            f"{len(timed.ms)} turns of {len(SAID)} different sentences, journal included.",
            "One core." if one_core else "The process could not be bound to one core.",
            "Cold start: a new process until its first answer.",
            _note_slow(slow),
        ],
    )


def _bind_to_one_core() -> bool:
    """Keep this process on one core from now on, as the budgets are for one."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    return len(os.sched_getaffinity(0)) == 1


def _household(folder: Path, seed: int) -> Household:
    settings = Settings.from_environment(
        {"GNOTHI_FOLDER": str(folder), "GNOTHI_WEATHER": OFFLINE, "GNOTHI_PLACES": OFFLINE}
    )
    (folder / HOME_FILE).write_text(json.dumps(furnished({})), encoding="utf-8")
    return Household.open(settings, rng=Random(seed))


async def _one_after_another(household: Household, turns: int) -> Timed:
    timed = Timed([], {})
    for index in range(WARM_UP + turns):
        began = time.perf_counter()
        interaction = await _say(household, index, session=f"one-{index // len(SAID)}")
        took = (time.perf_counter() - began) * 1000
        if index >= WARM_UP:
            timed.ms.append(took)
            _note(timed, interaction)
    return timed


def _note(timed: Timed, interaction: Interaction) -> None:
    for stage in interaction.trace:
        timed.stages.setdefault(stage.stage.replace(" ", "_"), []).append(stage.ms)


async def _at_once(household: Household, sessions: int, turns: int) -> float:
    """Return turns a second while so many people talk, each waiting for the answer."""
    began = time.perf_counter()
    await asyncio.gather(
        *(
            _person(household, f"many-{sessions}-{one}", turns // sessions)
            for one in range(sessions)
        )
    )
    return (turns // sessions) * sessions / (time.perf_counter() - began)


async def _person(household: Household, session: str, turns: int) -> None:
    for index in range(turns):
        await _say(household, index, session=session)


async def _say(household: Household, index: int, *, session: str) -> Interaction:
    said = Utterance(SAID[index % len(SAID)], speaker="ana")
    return await household.assistant.turn(said, session=session)


@dataclass(frozen=True, slots=True)
class Slowed:
    """Turns beside a round of learning, block by block against turns while it was halted."""

    beside: list[float]
    """Median milliseconds of each block."""
    without: list[float]
    seconds: float
    """How long the rounds were watched."""

    @property
    def figure(self) -> float:
        """The median of the ratios of neighbouring blocks."""
        return float(np.median(self._ratios()))

    def interval(self, rng: np.random.Generator) -> tuple[float, float]:
        """Return where that median lies."""
        return bootstrap(self._ratios(), rng, statistic=np.median, draws=500)

    def _ratios(self) -> list[float]:
        pairs = zip(self.beside, self.without, strict=True)
        return [beside / without for beside, without in pairs]


def _slowdown(household: Household, rng: Random, *, quick: bool) -> dict[str, Slowed]:
    """Measure turns beside rounds of learning, which run elsewhere or on the core of the turns."""
    turns, rounds = (LEARNED // 20, 1) if quick else (LEARNED, ROUNDS)
    model = household.journal.recent(limit=1)[0]
    for batch in watched(range(0, turns, BATCH), "a journal to learn from"):
        numbers = range(batch, min(turns, batch + BATCH))
        household.journal.append_all(_mistakes(model, numbers, rng))
    slowed = {
        "slowdown_while_learning": Slowed([], [], 0.0),
        "slowdown_while_learning_one_core": Slowed([], [], 0.0),
    }
    for _ in watched(range(rounds), "turns beside learning"):
        for name, known in slowed.items():
            found = asyncio.run(_beside(household, shared=name.endswith("one_core")))
            slowed[name] = Slowed(
                known.beside + found.beside,
                known.without + found.without,
                known.seconds + found.seconds,
            )
    return slowed


async def _beside(household: Household, *, shared: bool) -> Slowed:
    """Take turns beside a round that is halted for every other block of them."""
    shutil.rmtree(household.settings.folder / FOLDER, ignore_errors=True)
    own = os.sched_getaffinity(0)
    if not shared:
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    loaded = asyncio.Event()
    worker = Worker(household, lambda news: None if news["step"] == "begin" else loaded.set())
    worker.begin()
    await asyncio.wait_for(loaded.wait(), LONGEST)
    os.sched_setaffinity(0, own)
    slowed, began = Slowed([], [], 0.0), time.perf_counter()
    while worker.pid is not None and time.perf_counter() - began < LONGEST:
        os.kill(worker.pid, signal.SIGSTOP)
        without = await _block(household)
        os.kill(worker.pid, signal.SIGCONT)
        beside = await _block(household)
        if worker.pid is not None:  # It was there until the end of the block.
            slowed.beside.append(beside)
            slowed.without.append(without)
    took = time.perf_counter() - began
    await worker.stop()
    return replace(slowed, seconds=took)


async def _block(household: Household) -> float:
    """Return the median milliseconds of all sentences, each said once."""
    took: list[float] = []
    for index in range(len(SAID)):
        began = time.perf_counter()
        await _say(household, index, session="beside")
        took.append((time.perf_counter() - began) * 1000)
    return float(np.median(took))


def _mistakes(model: Interaction, numbers: range, rng: Random) -> Iterator[Interaction]:
    """Yield turns of which a tenth fail, each followed by one that says it better."""
    start = datetime(2019, 1, 1, tzinfo=UTC)
    names = [rng.randrange(NAMES) for _ in numbers]
    for place, index in enumerate(numbers):
        fails, again = index % 10 == 0, index % 10 == 1
        name = names[place - 1] if again else names[place]
        moment = start + timedelta(seconds=180 * index - (172 if again else 0))
        status = Status.FAILED if fails else Status.DONE
        yield replace(
            model,
            id=f"{2**100 + index:032x}",
            at=moment,
            session=f"mistakes-{index // 20}",
            user=("ana", "ben", "cleo")[index // 20 % 3],
            utterance=Utterance(f"play {'the ' if fails else ''}band number {name}"),
            actions=tuple(replace(one, status=status) for one in model.actions[:1]),
        )


def _long_journal(household: Household, turns: int) -> int:
    """Fill the journal up to so many turns; return how many it holds."""
    model = household.journal.recent(limit=1)[0]
    for batch in watched(range(0, turns, BATCH), "a long journal"):
        household.journal.append_all(_copies(model, range(batch, min(turns, batch + BATCH))))
    return household.journal.count()


def _copies(model: Interaction, numbers: range) -> Iterator[Interaction]:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    for index in numbers:
        moment = start + timedelta(minutes=3 * index)
        yield replace(model, id=f"{index:032x}", at=moment, session=f"old-{index // 8}")


def _cold_start(times: int) -> float:
    """Return the median time of a new process until it has answered once."""
    command = [sys.executable, "-m", "gnothi", "ask", "--json", "turn on the kitchen light"]
    took: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    return float(np.median(took))


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBIBYTE


def _quantile(values: Sequence[float], share: float) -> float:
    return float(np.quantile(values, share))


def _intervals(
    timed: Timed, slow: dict[str, Slowed], rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    return {
        "ms_p50": bootstrap(timed.ms, rng, statistic=np.median, draws=500),
        **{name: one.interval(rng) for name, one in slow.items()},
    }


def _note_slow(slow: dict[str, Slowed]) -> str:
    blocks = sum(len(one.beside) for one in slow.values())
    seconds = sum(one.seconds for one in slow.values())
    return (
        f"Beside learning: {blocks} pairs of {len(SAID)} turns in {seconds:.0f} s of learning anew"
        " from the whole journal; while learning is halted for a block, nothing else differs."
    )
