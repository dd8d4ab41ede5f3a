"""Dynamic look-ahead: word errors against latency, beside the same look-ahead for all frames.

One network, one search, one end: when somebody has finished, what waits is worked out at once under
every policy. Latency is that of the algorithm, in sound and not in computing: the time from the end
of a frame's sound to the end of the sound that its scores waited for.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import Expected, Hints
from gnothi.serve.hearing import hints
from gnothi.skills.skillset import SkillSet
from gnothi.speech.features import features
from gnothi.speech.lookahead import CAP, LEAST, SHARE, Floats, Gate, LookAhead, Pace
from gnothi.speech.spelling import Expectation
from gnothi.speech.streaming import (
    ENCODER_S,
    Advance,
    EncoderStream,
    Heard,
    StreamingModel,
    open_search,
)
from gnothi.speech.word_errors import Errors, compare
from gnothi.speech.wording import shipped
from gnothi_lab.progress import sampled, watched
from gnothi_lab.result import Result
from gnothi_lab.speech.names import Names
from gnothi_lab.speech.recordings import Recording, read_set, spoken_commands, with_noise
from gnothi_train.speech.voices import UNHEARD, VOICES, usable

Numbers = NDArray[np.float64]
COMMANDS, READ = 54, 8
NOISE_DB = 10.0
FIXED = (
    Pace(1, 0),
    Pace(2, 0),
    Pace(1, 1),
    Pace(2, 1),
    Pace(1, 2),
    Pace(1, 4),
    Pace(8, 4),
)
GATES = ((0, SHARE), (LEAST, 0.1), (LEAST, SHARE))
"""Least look-ahead and share of the points of the dynamic curve."""
OURS = f"dynamic_{LEAST}_{SHARE}"
CAUSAL = "fixed_1_0"
_TOGETHER = 48
_PROCESSES = 5
_REST = 8
_KINDS = ("latency", "frame_latency", "token_latency")


@dataclass(frozen=True, slots=True)
class Task:
    """Recordings, and what may be said in them."""

    recordings: Sequence[Recording]
    expectation: Expectation | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one policy heard one recording."""

    errors: Errors
    delays: Numbers
    """Frames from each frame to the one that it waited for."""
    is_token: NDArray[np.bool_]
    """Whether a piece is likelier than the blank."""

    def sums(self) -> list[tuple[float, float]]:
        """Return sum and count of delays within speech, of all frames, and of tokens."""
        places = np.flatnonzero(self.is_token)
        within = self.delays[places[0] : places[-1] + 1] if len(places) else self.delays[:0]
        kinds = (within, self.delays, self.delays[self.is_token])
        return [(float(one.sum()), float(len(one))) for one in kinds]


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Compare policies on the test part; *quick* on a few recordings of the development part."""
    if data is None:
        raise ValueError("look-ahead needs the recordings: set GNOTHI_DATA")
    gate = Gate.read()
    given = tasks(data, "dev" if quick else "test", seed, count=24 if quick else COMMANDS)
    policies: dict[str, LookAhead] = {f"fixed_{p.chunk}_{p.right}": p for p in FIXED}
    policies |= {f"dynamic_{least}_{share}": gate.with_(least, share) for least, share in GATES}
    found = heard_by(policies, given)
    rng = np.random.default_rng(seed)
    figures, intervals = compared({n: by["commands"] for n, by in found.items()}, rng)
    read, read_intervals = compared({n: by["read"] for n, by in found.items()}, rng)
    told = {name: _told(by) for name, by in found.items()}
    return Result(
        name="look-ahead",
        figures={**told[OURS], **figures, **{f"{n}_read": v for n, v in read.items()}},
        intervals={**intervals, **{f"{n}_read": v for n, v in read_intervals.items()}},
        baselines={name: one for name, one in told.items() if name != OURS},
        published=_PUBLISHED,
        notes=_NOTES,
    )


def heard_by(
    policies: Mapping[str, LookAhead], given: Mapping[str, Task]
) -> dict[str, dict[str, list[Outcome]]]:
    """Return how each of *policies* hears everything that is *given*, in processes of their own."""
    # Forked, so that recordings and language models are shared and not sent.
    with ProcessPoolExecutor(
        _PROCESSES, get_context("fork"), initializer=_Worker.begin, initargs=(policies, given)
    ) as pool:
        made = {name: pool.submit(_Worker.all_tasks, name) for name in policies}
        return {name: made[name].result() for name in watched(list(policies), "Policies")}


class _Worker:
    """What a process of the pool knows."""

    model: StreamingModel
    policies: Mapping[str, LookAhead]
    given: Mapping[str, Task]

    @classmethod
    def begin(cls, policies: Mapping[str, LookAhead], given: Mapping[str, Task]) -> None:
        """Open a network of its own."""
        cls.model, cls.policies, cls.given = StreamingModel(), policies, given

    @classmethod
    def all_tasks(cls, name: str) -> dict[str, list[Outcome]]:
        """Return how the policy called *name* hears all tasks."""
        policy = cls.policies[name]
        return {task: list(hear(cls.model, policy, one)) for task, one in cls.given.items()}


def tasks(data: Path, part: str, seed: int, *, count: int) -> dict[str, Task]:
    """Return commands in voices that no recogniser of ours heard, quiet and noisy; and reading."""
    rng = np.random.default_rng(seed)
    groups = [g for g in UNHEARD if any(v.group == g and usable(v) for v in VOICES)]
    home = spoken_commands(part, data, rng, count, groups=groups)
    noisy = with_noise(home.recordings, data, rng, decibels=NOISE_DB)
    told = hints(Names(home.names), SkillSet.load())
    read = sampled(read_set(data, "librispeech-3spk", splits=("dev",)), quick=True, size=READ)
    return {
        "commands": Task([*home.recordings, *noisy], Expectation(shipped().model(told))),
        "read": Task(read, Expectation(shipped().model(Hints(expected=Expected.REQUEST)))),
    }


def hear(model: StreamingModel, policy: LookAhead, task: Task) -> Iterator[Outcome]:
    """Yield how *policy* hears the recordings of *task*, in their order."""
    order = sorted(range(len(task.recordings)), key=lambda n: len(task.recordings[n].samples))
    outcomes: dict[int, Outcome] = {}
    for at in range(0, len(order), _TOGETHER):
        chosen = order[at : at + _TOGETHER]
        lines = [_Line(model, features(task.recordings[one].samples)) for one in chosen]
        _play(model, policy, lines)
        for number, line in zip(chosen, lines, strict=True):
            outcomes[number] = line.outcome(model, task, task.recordings[number])
    yield from (outcomes[number] for number in range(len(order)))


class _Line:
    """A recording that arrives frame by frame."""

    def __init__(self, model: StreamingModel, frames: Floats) -> None:
        self.encoder: EncoderStream = model.open()
        self.frames = frames
        self.before = np.zeros((0, 0), np.float32)
        self.heard: list[Heard] = []
        self.delays: list[int] = []
        self.is_over = False

    def arrive(self, now: int) -> None:
        """Let the encoder frame number *now* arrive, the first being number 0."""
        self.encoder.accept(self.frames[2 * now : 2 * now + 2])
        if 2 * now + 2 >= len(self.frames) and not self.is_over:
            self.is_over = True
            self.encoder.finish()

    def next(self, policy: LookAhead) -> Advance | None:
        """Return what is worked out now, if anything."""
        waiting = self.encoder.waiting
        if self.is_over:
            chunk = min(_REST, waiting)
            return Advance(self.encoder, chunk, min(CAP, waiting - chunk)) if chunk else None
        look = policy.next(len(self.before))
        ready = waiting >= look.chunk + look.right
        return Advance(self.encoder, look.chunk, look.right) if ready else None

    def outcome(self, model: StreamingModel, task: Task, recording: Recording) -> Outcome:
        """Return what the search makes of what was heard."""
        scores = np.concatenate([one.scores for one in self.heard])
        search = open_search(model, task.expectation)
        search.accept(scores, np.concatenate([one.states for one in self.heard]))
        found = search.finish()
        errors = compare(recording.text, found[0].text if found else "")
        return Outcome(errors, np.array(self.delays, np.float64), scores.argmax(1) > 0)


def _play(model: StreamingModel, policy: LookAhead, lines: Sequence[_Line]) -> None:
    """Let all *lines* arrive at the same pace; after each frame, all is worked out that can be."""
    now = -1
    while any(not line.is_over or line.encoder.waiting for line in lines):
        now += 1
        for line in lines:
            if not line.is_over:
                line.arrive(now)
        looked: set[int] = set()
        while True:
            work = [
                (line, one)
                for line in lines
                if (line.is_over or id(line) not in looked) and (one := line.next(policy))
            ]
            if not work:
                break
            for (line, one), attempt in zip(
                work, model.attempt([one for _, one in work]), strict=True
            ):
                looked.add(id(line))
                scores = attempt.heard.scores
                count = one.chunk if line.is_over else policy.final(scores, line.before)
                first = line.encoder.heard
                if count:
                    line.heard.append(attempt.keep(count))
                    line.delays += [max(0, now - frame) for frame in range(first, first + count)]
                line.before = scores[count:]


def compared(
    found: Mapping[str, Sequence[Outcome]], rng: np.random.Generator, *, draws: int = 2000
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Return by how much word errors fall at equal mean latency, and 95 % intervals.

    The fixed policies are joined by their lower convex hull, which is what drawing among them at
    random reaches; recordings are drawn for the intervals, the same for all policies.
    """
    names = list(found)
    edits = np.array([[one.errors.edits for one in found[name]] for name in names], np.float64)
    words = np.array([one.errors.words for one in found[OURS]], np.float64)
    sums = np.array([[one.sums() for one in found[name]] for name in names])
    drawn = rng.integers(0, len(words), (draws, len(words)))
    figures: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    for kind, label in enumerate(_KINDS):
        key = "wer_reduction_at_equal_" + label
        whole = np.arange(len(words))[None]
        figures[key] = float(_reduction(names, edits, words, sums[:, :, kind], whole)[0])
        reductions = _reduction(names, edits, words, sums[:, :, kind], drawn)
        low, high = np.quantile(reductions, (0.025, 0.975))
        intervals[key] = (float(low), float(high))
    return figures, intervals


def _reduction(
    names: Sequence[str], edits: Numbers, words: Numbers, sums: Numbers, drawn: NDArray[np.int64]
) -> Numbers:
    """Return one reduction for each draw of recordings."""
    rates = edits[:, drawn].sum(2) / words[drawn].sum(1)
    delays = sums[:, drawn, 0].sum(2) / np.maximum(1, sums[:, drawn, 1].sum(2))
    fixed = [at for at, name in enumerate(names) if name.startswith("fixed")]
    ours = names.index(OURS)
    return np.array(
        [
            1 - rates[ours, one] / hull(delays[fixed, one], rates[fixed, one], delays[ours, one])
            for one in range(len(drawn))
        ]
    )


def hull(delays: Numbers, rates: Numbers, at: float) -> float:
    """Return the lowest rate at a mean delay of *at* that mixtures of two policies reach."""
    best = float(rates[delays <= at].min(initial=np.inf))
    for low in np.flatnonzero(delays <= at):
        for high in np.flatnonzero(delays > at):
            share = (at - delays[low]) / (delays[high] - delays[low])
            best = min(best, float((1 - share) * rates[low] + share * rates[high]))
    return best


def _told(found: Mapping[str, Sequence[Outcome]]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for task, outcomes in found.items():
        words = sum(one.errors.words for one in outcomes)
        figures[f"wer_{task}"] = sum(one.errors.edits for one in outcomes) / words
    sums = np.array([one.sums() for one in found["commands"]]).sum(0)
    for (total, count), label in zip(sums.tolist(), _KINDS, strict=True):
        figures[f"{label}_ms"] = 1000 * ENCODER_S * total / max(1, count)
    return figures


_PUBLISHED = {
    "time-shifted contextual attention": {
        "wer_reduction": 0.1,
        "source": "arXiv 2502.15158, abstract: 10 to 13.9 % on LibriSpeech; other data and latency",
    },
}
_NOTES = (
    (
        "Commands of the test part (sentences, names and homes that nothing learned from), in "
        "voices that the recogniser never heard, each once in a quiet room and once with sounds of "
        "a home 10 dB beneath. Synthetic. read: LibriSpeech, development part, real, for which the "
        "language model of commands is wrong."
    ),
    (
        "latency: mean over frames from the first to the last piece that is said; frame_latency: "
        "over all frames, the silence around included; token_latency: over frames in which a piece "
        "is likelier than none. Computing is not counted."
    ),
    (
        "fixed_C_R works out C frames of 60 ms with R more to their right; dynamic_L_S waits for L "
        "at least, for 16 at most, and until S nats are expected to change. The reductions are "
        f"against the lower convex hull of all fixed ones; {OURS} was chosen on the development "
        "part, with the network of before. Intervals: bootstrap over recordings, not over voices."
    ),
)
