"""How readers read whole pages: words end to end, totals and dates, by angle and by size."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from time import process_time

import numpy as np

from gnothi.core.seeing import Pixels, TextReader, WrittenLine
from gnothi.vision.reading.answers import Gist, gist
from gnothi.vision.reading.findings import Sort
from gnothi.vision.reading.order import arranged
from gnothi.vision.reading.upright import Upright
from gnothi_lab.progress import watched
from gnothi_lab.sight.drawing import draw
from gnothi_lab.sight.scenes import Scene
from gnothi_lab.sight.spotting import Spotted, letters, spotted
from gnothi_lab.statistics import bootstrap, wilson

TURNED = (45, 60, 90)
"""Where readers begin to lose words."""
STRANGERS = 100
"""Words of other pages in a lexicon."""
Figures = dict[str, float]
Intervals = dict[str, tuple[float, float]]
Lines = tuple[WrittenLine, ...]


@dataclass(slots=True)
class Noting:
    """A reader that remembers what it read first, so that one run measures two systems."""

    reader: TextReader
    first: Lines | None = None

    @property
    def name(self) -> str:
        """The name of the reader within."""
        return self.reader.name

    def read(self, pixels: Pixels) -> Lines:
        """Read *pixels*."""
        lines = self.reader.read(pixels)
        self.first = lines if self.first is None else self.first
        return lines


@dataclass(slots=True)
class Task:
    """Pages of one kind, and how each system reads them."""

    name: str
    scenes: Sequence[Scene]
    readings: dict[str, list[Lines]] = field(default_factory=dict[str, list[Lines]])
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    def read(self, reader: TextReader) -> None:
        """Let *reader* read every page, turned upright where it is askew, and as it is.

        What it reads without turning is kept as ``NAME, not turned``.
        """
        name, plain = reader.name, f"{reader.name}, not turned"
        began = process_time()
        for scene in watched(self.scenes, f"{name}{self.name}"):
            noting = Noting(reader)
            self.readings.setdefault(name, []).append(Upright(noting).read(scene.pixels))
            self.readings.setdefault(plain, []).append(noting.first or ())
        self.seconds[name] = process_time() - began

    def counts(self, system: str, lexicons: Sequence[Sequence[str]] = ()) -> list[Spotted]:
        """Return what *system* read right on each page, with a lexicon for each or none."""
        known = lexicons or [()] * len(self.scenes)
        return [
            spotted(scene.words, lines, words)
            for scene, lines, words in zip(self.scenes, self.readings[system], known, strict=True)
        ]


def words(
    tasks: Sequence[Task], system: str, rng: np.random.Generator
) -> tuple[Figures, Intervals]:
    """Return end-to-end F and word accuracy of *system* for each of *tasks*, by their names."""
    figures: Figures = {}
    intervals: Intervals = {}
    hard: list[Spotted] = []
    for task in tasks:
        counts = task.counts(system)
        name = "" if task.name == "_0" else task.name
        figures[f"end_to_end_f{name}"] = sum(counts, NONE).f
        figures[f"word_accuracy{name}"] = sum(counts, NONE).accuracy
        intervals[f"end_to_end_f{name}"] = interval(counts, rng)
        if name == "_small" or name.strip("_") in map(str, TURNED):
            hard += counts
    figures["word_accuracy_rotated_or_small"] = sum(hard, NONE).accuracy
    level = tasks[0]
    for name, low, high in _HEIGHTS:
        pairs = zip(level.scenes, level.readings[system], strict=True)
        counts = [
            spotted([word for word in scene.words if low <= word.height < high], lines)
            for scene, lines in pairs
        ]
        figures[f"word_accuracy_{name}"] = sum(counts, NONE).accuracy
    return figures, intervals


def interval(counts: Sequence[Spotted], rng: np.random.Generator) -> tuple[float, float]:
    """Return a bootstrap interval of F over pages: words of a page share its paper and light."""
    pages = np.arange(len(counts))

    def over(drawn: np.ndarray, axis: int) -> np.ndarray:
        del axis
        chosen = [sum((counts[int(one)] for one in row), NONE).f for row in np.atleast_2d(drawn)]
        return np.asarray(chosen)

    return bootstrap(pages, rng, statistic=over, draws=500)


def lexicons(
    scenes: Sequence[Scene], others: Sequence[Scene], rng: np.random.Generator
) -> list[list[str]]:
    """Return for each of *scenes* its own words and as many strangers' of *others*."""
    found: list[list[str]] = []
    for scene in scenes:
        own = {letters(word.text) for word in scene.words if word.text}
        rest = {letters(w.text) for one in others if one.name != scene.name for w in one.words}
        strangers = sorted(rest - own - {""})
        strange = rng.choice(strangers, min(STRANGERS, len(strangers)), replace=False)
        found.append([*sorted(own), *map(str, strange)])
    return found


def keys(tasks: Sequence[Task], system: str, held: Sequence[Scene]) -> tuple[Figures, Intervals]:
    """Return how often totals and dates are right, as read by *system*, and as transcribed."""
    figures: Figures = {}
    intervals: Intervals = {}
    for task in (one for one in tasks if one.name in ("_0", "_60", "_90")):
        name = "" if task.name == "_0" else task.name
        for key, hits in _right(task.scenes, task.readings[system]).items():
            figures[f"{key}{name}"] = sum(hits) / len(hits)
            intervals[f"{key}{name}"] = wilson(hits)
    for key, hits in _right(held, [_transcribed(one) for one in held]).items():
        figures[f"{key}_true_words"] = sum(hits) / len(hits)
        intervals[f"{key}_true_words"] = wilson(hits)
    return figures, intervals


def largest(task: Task, system: str) -> float:
    """Return how often the largest amount is the total: what is given for change is larger."""
    hits: list[bool] = []
    for scene, lines in zip(task.scenes, task.readings[system], strict=True):
        amounts = gist(arranged(lines), day_first=True).of(Sort.AMOUNT)
        values = [one.value for one in amounts if isinstance(one.value, Decimal)]
        hits.append(_is_total(max(values, default=None), scene))
    return sum(hits) / len(hits)


def draw_some(task: Task, system: str, folder: Path) -> None:
    """Draw the best page, the worst, and one between, to *folder*."""
    counts = task.counts(system)
    order = sorted(range(len(counts)), key=lambda at: counts[at].f)
    for label, at in (("worst", order[0]), ("middle", order[len(order) // 2]), ("best", order[-1])):
        draw(task.scenes[at], task.readings[system][at], folder / f"{system}-{label}.jpg")


def _right(
    scenes: Sequence[Scene], readings: Sequence[Sequence[WrittenLine]]
) -> Mapping[str, list[bool]]:
    told = [gist(arranged(lines), day_first=True) for lines in readings]
    pairs = list(zip(scenes, told, strict=True))
    return {
        "total_right": [_is_total(one.total and one.total.value, scene) for scene, one in pairs],
        "date_right": [_is_date(one, scene) for scene, one in pairs],
    }


def _is_total(value: object, scene: Scene) -> bool:
    return value == Decimal(re.sub(r"[^\d.]", "", scene.key["total"]))


def _is_date(told: Gist, scene: Scene) -> bool:
    """Whether the first date is the one that is wanted, however it is written."""
    wanted = re.sub(r"\W", "", scene.key["date"]).casefold()
    return bool(told.date) and re.sub(r"\W", "", told.date.text).casefold() == wanted


def _transcribed(scene: Scene) -> Sequence[WrittenLine]:
    return [
        WrittenLine(text, corners, 1.0)
        for text, corners in zip(scene.rows, scene.places, strict=True)
    ]


NONE = Spotted(0, 0, 0, 0)
_HEIGHTS = (("under_16px", 0, 16), ("16_to_24px", 16, 24), ("over_24px", 24, 10_000))
