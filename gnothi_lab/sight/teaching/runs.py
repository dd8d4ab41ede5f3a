"""One run: a detector is taught a domain by one method, and judged on pictures it never saw.

What came of a run is kept under a hash of the code that draws, learns, finds and counts, of the
weights that it begins with, of the pictures, and of its own settings; versions of libraries are not
in it. So a benchmark that was stopped goes on, and one whose code or weights changed begins anew.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from itertools import islice
from pathlib import Path
from time import process_time

import numpy as np

import gnothi_train.vision
from gnothi.vision.teaching.folders.collection import Example
from gnothi_lab.sight.detection import FoundBoxes, Precision, TruthBoxes, precision
from gnothi_lab.sight.teaching.domains import Domain, looked_at, shots
from gnothi_lab.sight.teaching.keys import code, content, key
from gnothi_train.vision.pyramid import Detections
from gnothi_train.vision.teach.augment import Batch
from gnothi_train.vision.teach.detectors import load
from gnothi_train.vision.teach.finding import find
from gnothi_train.vision.teach.methods import Method, Start, Tuning, drawn, teach

STEPS, PICTURES, SIZE = 320, 6, 160
"""Of every run: steps, pictures in a batch, pixels of a side."""
USUAL = 3e-3
"""The learning rate where none was found to be better."""
_CODE = tuple(
    Path(gnothi_train.vision.__path__[0]) / f"{name}.py"
    for name in (
        *("backbone", "pyramid", "loop"),
        *(f"teach/{one}" for one in ("augment", "centre", "detectors", "finding", "methods")),
    )
)


@dataclass(frozen=True, slots=True)
class Run:
    """What is taught, how, and by which draw of examples."""

    domain: str
    method: Method
    count: int = 10
    """Boxes of each class, at least."""
    seed: int = 0
    architecture: str = "pyramid"
    basis: str = "large"
    """The set that was learned before; empty for none."""
    rate: float = USUAL
    """The highest learning rate."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How well a run found what is in the test pictures."""

    ap50: float
    ap: float
    seconds: float
    """Of one core, for teaching."""
    pictures: int
    """That examples were drawn in."""


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Pictures that several methods learn from."""

    key: tuple[str, int, int]
    shots: Sequence[Example]
    batches: Sequence[Batch]
    seconds: float
    """That making them took."""


class Laboratory:
    """Does runs, and keeps what came of each."""

    def __init__(self, folder: Path) -> None:
        """Find weights in *folder*, and keep outcomes there."""
        self._folder = folder
        self._lesson: _Lesson | None = None

    def outcome(self, run: Run, domain: Domain) -> Outcome:
        """Return what comes of *run*; it is done only if it was not done before."""
        place = self.place(run, domain)
        if place.exists():
            return Outcome(**json.loads(place.read_text(encoding="utf-8")))
        done = self._do(run, domain)
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary = place.with_suffix(".new")
        temporary.write_text(json.dumps(asdict(done)), encoding="utf-8")
        temporary.replace(place)
        return done

    def can(self, run: Run) -> bool:
        """Return whether the weights are there that *run* begins with."""
        return all(path.exists() for path in self._weights(run))

    def place(self, run: Run, domain: Domain) -> Path:
        """Return where the outcome of *run* is kept."""
        told = astuple(run), _given(run), code(_CODE), content(domain)
        mark = key(told, self._weights(run))
        name = f"{domain.name}-{run.method}-{run.count}-{run.seed}-{mark}.json"
        return self._folder / "runs" / name

    def _do(self, run: Run, domain: Domain) -> Outcome:
        lesson = self._lesson_of(run, domain)
        start = self._start(run)
        began = process_time()
        network = teach(
            run.method,
            start,
            lesson.shots,
            domain.classes,
            _given(run),
            seed=run.seed,
            given=lesson.batches,
        )
        seconds = process_time() - began + lesson.seconds
        told = judged(domain, find(network, domain.test, SIZE), SIZE)
        return Outcome(told.ap50, told.ap, seconds, len(lesson.shots))

    def _lesson_of(self, run: Run, domain: Domain) -> "_Lesson":
        """Return what is learned from; the last one is kept, for the next method."""
        key = run.domain, run.count, run.seed
        if self._lesson is None or self._lesson.key != key:
            began = process_time()
            examples = shots(domain, run.count, run.seed)
            made = list(islice(drawn(examples, _given(run), seed=run.seed), STEPS))
            self._lesson = _Lesson(key, examples, made, process_time() - began)
        return self._lesson

    def _start(self, run: Run) -> Start:
        paths = self._weights(run)
        networks = {path: load(path, run.architecture) for path in paths}
        known = next(iter(networks.values()), None)
        return Start(run.architecture, known, known if run.method is Method.META else None)

    def _weights(self, run: Run) -> Sequence[Path]:
        """Return the files that *run* begins with."""
        if run.method is Method.SCRATCH or not run.basis:
            return ()
        quick = "-quick" if run.method is Method.META else ""
        return (self._folder / f"{run.architecture}-{run.basis}{quick}.pt",)


def _given(run: Run) -> Tuning:
    return Tuning(steps=STEPS, pictures=PICTURES, size=SIZE, rate=run.rate)


def judged(domain: Domain, found: Sequence[Detections], size: int) -> Precision:
    """Return how well *found* tells what is in the test pictures of *domain*."""
    truth = [TruthBoxes(one.boxes, one.classes) for one in looked_at(domain, size)]
    told = [FoundBoxes(one.boxes, one.classes.astype(np.int64), one.scores) for one in found]
    return precision(truth, told)
