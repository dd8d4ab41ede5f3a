"""Frame batching: how many streams one core hears in real time, and how much later.

Every policy is run with the shipped network, its language model and its search on recorded commands
of real people that come in blocks of 60 ms, from streams that begin at random moments. The work is
done for real and its processor time measured; the clock is virtual, so that hundreds of streams
need no hundreds of microphones, and so that what else the machine does matters less. When work is
due is decided by the rules that the product uses.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from heapq import heappop, heappush
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

from gnothi.core.hearing import NO_HINTS, RATE, Samples
from gnothi.speech.batching import Rules
from gnothi.speech.ctc import Search
from gnothi.speech.features import FrontEnd
from gnothi.speech.lookahead import Floats, LookAhead, Pace
from gnothi.speech.spelling import Expectation
from gnothi.speech.streaming import ENCODER_S, Advance, EncoderStream, StreamingModel, open_search
from gnothi.speech.wording import shipped
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_lab.speech.recordings import whole

SET = "command-coffee-picovoice"
CLIPS = 48
ALONE = Rules(enough=1, wait_s=0.0)
LATE_S = 0.25
"""Where work is done later than this after it was due, one time in twenty, it is not real time."""
LIGHT = 8
"""Streams where nobody has to wait for the core."""
_STEP = 1.12
_PROCESSES = 4
_BLOCK = round(ENCODER_S * RATE)


@dataclass(frozen=True, slots=True)
class Policy:
    """How much is worked out at once, and with whom."""

    name: str
    pace: LookAhead
    rules: Rules


FRAME_BY_FRAME = Policy("frame_by_frame", Pace(1, 4), ALONE)
BATCHED = Policy("batched", Pace(2, 4), Rules())
POLICIES = (
    FRAME_BY_FRAME,
    Policy("chunks_of_8", Pace(8, 4), ALONE),
    Policy("batched_frames", Pace(1, 4), Rules()),
    BATCHED,
)
"""All look ahead as far: they hear alike, and differ in cost and in how late they are."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a number of streams cost, and how late they were heard."""

    streams: int
    busy: float
    """Processor time over time."""
    latency_s: float
    """Mean time from the end of a frame's sound until its scores are in the search."""
    late_s: float
    """95th percentile of the time from when work was due until it was done."""
    rows: float
    """Streams in a call, on average."""

    @property
    def is_real_time(self) -> bool:
        """Whether the core keeps up."""
        return self.late_s <= LATE_S and self.busy <= 1


class Engine:
    """The recogniser's parts."""

    def __init__(self, clips: Sequence[Samples]) -> None:
        """Hear *clips* again and again."""
        self.clips = clips
        self.model = StreamingModel()
        self.expectation = Expectation(shipped().model(NO_HINTS))


@dataclass(slots=True, eq=False)
class _Stream:
    """Somebody who speaks without end, one clip after the other."""

    engine: Engine
    pace: LookAhead
    clip: int
    at: int = 0
    front: FrontEnd = field(init=False)
    encoder: EncoderStream = field(init=False)
    search: Search = field(init=False)
    before: Floats = field(init=False)
    """Scores of the frames that were looked at and not final."""
    arrived: list[float] = field(init=False)
    """When the frames that wait were said."""
    is_over: bool = field(init=False)

    def __post_init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        model = self.engine.model
        self.front, self.encoder, self.at = FrontEnd(), model.open(), 0
        self.search = open_search(model, self.engine.expectation)
        self.before = np.zeros((0, 0), np.float32)
        self.arrived = []
        self.is_over = False

    def hear(self, now_s: float) -> None:
        """Take in the next block."""
        if self.is_over and not self.encoder.waiting:
            self.clip = (self.clip + 1) % len(self.engine.clips)
            self._begin()
        clip = self.engine.clips[self.clip]
        block = clip[self.at : self.at + _BLOCK]
        self.at += _BLOCK
        self.encoder.accept(self.front.accept(block))
        if self.at >= len(clip) and not self.is_over:
            self.is_over = True
            self.encoder.finish()
        self.arrived += [now_s] * (self.encoder.waiting - len(self.arrived))

    def work(self) -> Advance | None:
        """Return what is due; at the end of a clip, everything."""
        waiting = self.encoder.waiting
        if self.is_over and waiting:
            return Advance(self.encoder, min(8, waiting), min(4, waiting - min(8, waiting)))
        look = self.pace.next(len(self.before))
        if waiting < look.chunk + look.right:
            return None
        return Advance(self.encoder, look.chunk, look.right)


@dataclass(slots=True, eq=False)
class _Job:
    stream: _Stream
    work: Advance
    since_s: float


@dataclass(slots=True)
class _Core:
    """One core, its virtual clock, and what waits for it."""

    engine: Engine
    policy: Policy
    streams: int
    now_s: float = 0.0
    busy_s: float = 0.0
    jobs: list[_Job] = field(default_factory=list[_Job])
    latencies: list[float] = field(default_factory=list[float])
    lates: list[float] = field(default_factory=list[float])
    calls: int = 0
    rows: int = 0

    def spend(self, begun: float) -> None:
        """Let the time pass that the work since *begun* took."""
        took = process_time() - begun
        self.now_s += took
        self.busy_s += took

    def take(self, stream: _Stream, at_s: float) -> None:
        """Let *stream* take in the block that arrived at *at_s*."""
        begun = process_time()
        stream.hear(at_s)
        self.spend(begun)
        self.hand_in(stream, at_s)

    def hand_in(self, stream: _Stream, at_s: float) -> None:
        """Put what *stream* wants worked out in the queue, once."""
        if all(job.stream is not stream for job in self.jobs) and (work := stream.work()):
            self.jobs.append(_Job(stream, work, at_s))

    def rest_s(self) -> float | None:
        """Return when work is due, in seconds from now."""
        if not self.jobs:
            return None
        return self.policy.rules.rest_s(
            len(self.jobs),
            self.now_s - self.jobs[0].since_s,
            streams=self.streams,
            is_urgent=any(job.stream.is_over for job in self.jobs),
        )

    def call(self) -> None:
        """Work out what is due."""
        batch = self.jobs[: self.policy.rules.enough]
        del self.jobs[: len(batch)]
        begun = process_time()
        found = self.engine.model.attempt([job.work for job in batch])
        counts: list[int] = []
        for job, attempt in zip(batch, found, strict=True):
            stream, scores = job.stream, attempt.heard.scores
            final = stream.pace.final(scores, stream.before)
            counts.append(job.work.chunk if stream.is_over else final)
            if counts[-1]:
                kept = attempt.keep(counts[-1])
                stream.search.accept(kept.scores, kept.states)
            stream.before = scores[counts[-1] :]
        self.spend(begun)
        self.calls += 1
        self.rows += len(batch)
        for job, count in zip(batch, counts, strict=True):
            heard, job.stream.arrived = job.stream.arrived[:count], job.stream.arrived[count:]
            self.latencies += [self.now_s - at_s for at_s in heard]
            self.lates.append(self.now_s - job.since_s)
            self.hand_in(job.stream, self.now_s)


def load(engine: Engine, policy: Policy, streams: int, seconds: float, seed: int) -> Load:
    """Return what *streams* cost under *policy*, over so many *seconds* of their time."""
    rng = np.random.default_rng(seed)
    core = _Core(engine, policy, streams)
    events: list[tuple[float, int]] = []
    speakers: list[_Stream] = []
    for number in range(streams):
        clip = int(rng.integers(len(engine.clips)))
        speakers.append(_Stream(engine, policy.pace, clip))
        # They are somewhere within their clips when the clock starts.
        speakers[-1].at = _BLOCK * int(rng.integers(len(engine.clips[clip]) // _BLOCK))
        heappush(events, (float(rng.uniform(0, ENCODER_S)), number))
    while events or core.jobs:
        rest = core.rest_s()
        if events and events[0][0] <= core.now_s + (0 if rest is None else rest):
            at_s, number = heappop(events)
            core.now_s = max(core.now_s, at_s)
            core.take(speakers[number], at_s)
            if at_s + ENCODER_S < seconds:
                heappush(events, (at_s + ENCODER_S, number))
        elif rest is None:
            core.now_s = events[0][0]
        else:
            core.now_s += rest
            core.call()
    return Load(
        streams,
        core.busy_s / seconds,
        float(np.mean(core.latencies)),
        float(np.quantile(core.lates, 0.95)),
        core.rows / core.calls,
    )


def most(engine: Engine, policy: Policy, first: int, seconds: float, seed: int) -> Load:
    """Return the load with the most streams in real time; the search begins at *first*."""
    found = load(engine, policy, first, seconds, seed)
    while not found.is_real_time:
        streams = max(1, min(found.streams - 1, int(found.streams / _STEP)))
        found = load(engine, policy, streams, seconds, seed)
    while True:
        more = load(
            engine, policy, max(found.streams + 1, int(found.streams * _STEP)), seconds, seed
        )
        if not more.is_real_time:
            return found
        found = more


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure every policy; *quick* does so once, for a second."""
    if data is None:
        raise ValueError("batching needs the recordings: set GNOTHI_DATA")
    engine = Engine(read_clips(data, 12 if quick else CLIPS))
    seconds, repeats = (1.0, 1) if quick else (2.0, 3)
    rounds = [
        (policy, seed + number, seconds)
        for number in range(repeats)
        for policy in POLICIES
        if not number or policy in (BATCHED, FRAME_BY_FRAME)
    ]
    light: dict[str, Load] = {}
    loads: dict[str, list[Load]] = {policy.name: [] for policy in POLICIES}
    # Forked: each opens a network of its own, and shares what was read.
    with ProcessPoolExecutor(
        _PROCESSES, get_context("fork"), initializer=_Worker.begin, initargs=(engine,)
    ) as pool:
        made = [pool.submit(_Worker.measure, *one) for one in rounds]
        for (policy, _, _), one in zip(rounds, watched(made, "Streams"), strict=True):
            least, full = one.result()
            light.setdefault(policy.name, least)
            loads[policy.name].append(full)
    figures = {name: _figures(light[name], loads[name]) for name in loads}
    ours, theirs = figures[BATCHED.name], figures[FRAME_BY_FRAME.name]
    ratios = [
        one.streams / other.streams
        for one, other in zip(loads[BATCHED.name], loads[FRAME_BY_FRAME.name], strict=True)
    ]
    return Result(
        name="batching",
        figures={
            **ours,
            "streams_ratio": median(ratios),
            "added_ms": ours["latency_ms_light"] - theirs["latency_ms_light"],
            "added_ms_full": ours["latency_ms_full"] - theirs["latency_ms_full"],
            "runs": float(repeats),
        },
        intervals={"streams_ratio": (min(ratios), max(ratios))},
        baselines={n: one for n, one in figures.items() if n != BATCHED.name},
        notes=_NOTES,
    )


class _Worker:
    """What a process of the pool knows."""

    engine: Engine

    @classmethod
    def begin(cls, engine: Engine) -> None:
        """Hear with the parts of *engine*, and a network of its own."""
        cls.engine = engine
        cls.engine.model = StreamingModel()

    @classmethod
    def measure(cls, policy: Policy, seed: int, seconds: float) -> tuple[Load, Load]:
        """Return what a few streams cost under *policy*, and as many as there can be."""
        least = load(cls.engine, policy, LIGHT, seconds, seed)
        first = max(LIGHT, round(LIGHT / least.busy))
        return least, most(cls.engine, policy, first, seconds, seed)


def read_clips(data: Path, count: int) -> list[Samples]:
    """Return *count* recorded commands of real people."""
    folder = data / "speech" / SET / "audio"
    paths = sorted(folder.glob("*.*"))
    return [whole(path) for path in paths[:: max(1, len(paths) // count)][:count]]


def _figures(light: Load, found: Sequence[Load]) -> dict[str, float]:
    return {
        "streams_per_core": float(median(one.streams for one in found)),
        "latency_ms_light": 1000 * light.latency_s,
        "latency_ms_full": 1000 * median(one.latency_s for one in found),
        "late_ms_p95_full": 1000 * median(one.late_s for one in found),
        "rows_full": median(one.rows for one in found),
    }


_NOTES = (
    (
        "Streams in real time on one core: the most whose work is done, 19 times in 20, within "
        "250 ms of when it was due. Front end, network and search with the language model included."
    ),
    (
        "All policies look ahead 4 frames (240 ms) at least. frame_by_frame works out every frame "
        "of 60 ms as soon as its look-ahead is there, each stream by itself; batched takes two "
        "frames at a time, and waits up to 20 ms for other streams, or until somebody has finished."
    ),
    (
        "Latency is the mean time from the end of a frame's sound until the search has it, the "
        "look-ahead included: with 8 streams (light) and with the most streams (full). added_ms, "
        "added_ms_full: the differences to frame_by_frame, each with its own streams."
    ),
    (
        "Virtual clock, measured processor time. batched and frame_by_frame: medians of the runs, "
        "and as interval of their ratio its lowest and highest value; the others are run once."
    ),
)
