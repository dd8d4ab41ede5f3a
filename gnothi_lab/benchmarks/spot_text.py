"""Reading pictures: our own spotter, each of its views alone, and PP-OCR.

Views of a word are compared with true boxes, on rendered pictures in typefaces that nothing was
learned from and on real receipts. Whole pages are read end to end, at every angle. The rules for
totals and dates were written with every other receipt in view; others are measured here.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import process_time

import numpy as np

from gnothi.core.artifact import read_card
from gnothi.vision.reading.own import LONGEST, OwnReader
from gnothi.vision.reading.rapid import RapidReader
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_lab.sight import reading, second, views
from gnothi_lab.sight.reading import Figures, Intervals, Task
from gnothi_lab.sight.renders import SIDE, renders
from gnothi_lab.sight.scenes import Scene, photos, receipts, resized, turned
from gnothi_lab.sight.views import Told
from gnothi_train.vision.text.crops import WORDS
from gnothi_train.vision.text.trainer import NOTICES

ANGLES = (0, 15, 45, 60, 90)
EVERY = 5
"""One in so many of the receipts that are held back: a page is read ten times."""
SMALL = 0.5
"""Letters of receipts are about 20 pixels high; of the small ones half of that."""
RENDERS = 12
"""Rendered pictures of each angle."""
WORK = "GNOTHI_SPOTTER"
"""Names the work folder of ``gnothi-train spotter``: an artifact for each view, and the second
spotter with and without the fusion."""
USUAL = "build/sight/text"
PICTURES = Path("build/spot-text")
"""What was read, drawn over the pages: a few of the best and of the worst."""
OURS, PEER = OwnReader.name, RapidReader.name


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Compare views, then read pages; *quick* takes two receipts and three renders an angle."""
    if data is None:
        raise ValueError("spot-text needs the pictures: set GNOTHI_DATA")
    learned = Path(os.environ.get(WORK) or USUAL)
    if not all((learned / view).exists() for view in views.VIEWS):
        raise ValueError(f"spot-text needs every view in {learned}: run gnothi-train spotter")
    rng = np.random.default_rng(seed)
    held = receipts(data)[1::2]
    pages = held[1 :: 3 * EVERY if quick else EVERY]
    drawn = {angle: renders(data, angle, 3 if quick else RENDERS, seed) for angle in ANGLES}
    figures, intervals = gains(learned, drawn, pages, rng)
    tasks = [Task(f"_{angle}", [turned(one, angle) for one in pages]) for angle in ANGLES]
    tasks.append(Task("_small", [resized(one, SMALL) for one in pages]))
    tasks.append(Task("_photos", photos(data)))
    tasks += [Task(f"_renders_{angle}", drawn[angle][: len(pages)]) for angle in (0, 45)]
    for reader in (OwnReader(learned / "fused"), RapidReader()):
        for task in tasks:
            task.read(reader)
    for system in (OURS, PEER):
        reading.draw_some(tasks[0], system, PICTURES)
    other, interval = _second(data, learned, seed, quick=quick)
    own, own_intervals = _system(tasks, OURS, held, rng)
    return Result(
        name="spot-text",
        figures={**figures, **other, **own},
        intervals={**intervals, **interval, **own_intervals},
        baselines={"largest amount, first date": {"total_right": reading.largest(tasks[0], OURS)}},
        peers={
            PEER: _system(tasks, PEER, held, rng)[0],
            f"{PEER}, not turned": reading.words(tasks, f"{PEER}, not turned", rng)[0],
        },
        published=_PUBLISHED,
        notes=[*_notes(pages, tasks), *training(learned, other)],
    )


def gains(
    learned: Path,
    drawn: Mapping[int, Sequence[Scene]],
    pages: Sequence[Scene],
    rng: np.random.Generator,
) -> tuple[Figures, Intervals]:
    """Return what each view reads, given true boxes, without and with a lexicon."""
    figures: Figures = {}
    intervals: Intervals = {}
    wholes = views.opened(learned, views.VIEWS, LONGEST)
    halves = views.opened(learned, views.VIEWS, SIDE // 2)
    every = [scene for scenes in drawn.values() for scene in scenes]
    whole: list[Told] = []
    half: list[Told] = []
    known: list[Told] = []
    real: list[Told] = []
    began = process_time()
    for angle, scenes in watched(list(drawn.items()), "views of renders"):
        whole += views.compared(scenes, angle, wholes)
    seconds, count = process_time() - began, len(views.VIEWS) * len(whole)
    for angle, scenes in watched(list(drawn.items()), "views at half size, and with a lexicon"):
        half += views.compared(scenes, angle, halves)
        lexicons = [views.lexicon(one, every, reading.STRANGERS, rng) for one in scenes]
        known += views.compared(scenes, angle, wholes, lexicons)
    for angle in watched(list(ANGLES), "views of receipts"):
        real += views.compared([turned(one, angle) for one in pages], angle, wholes)
    sets = {"": whole, "_half": half, "_lexicon": known, "_receipts": real}
    for name, words in sets.items():
        hard = [word for word in words if word.is_hard]
        for view in views.VIEWS:
            figures[f"{view}_accuracy{name}"] = views.accuracy(words, view)
            figures[f"{view}_accuracy{name}_rotated_or_small"] = views.accuracy(hard, view)
        for title, some, other in (
            ("fused_minus_global_rotated_or_small", hard, "global"),
            ("fused_minus_global", words, "global"),
            ("fused_minus_local", words, "local"),
            ("fused_minus_local_rotated_or_small", hard, "local"),
        ):
            key = f"{title}{name}"
            figures[key], intervals[key] = views.gain(some, other, rng)
    figures |= _by_angle_and_height(whole)
    figures["ms_word_true_boxes"] = 1000 * seconds / max(1, count)
    return figures, intervals


def _by_angle_and_height(words: Sequence[Told]) -> Figures:
    parts = {f"{angle}_degrees": [w for w in words if w.angle == angle] for angle in ANGLES}
    parts |= {
        name: [word for word in words if low <= word.height < high]
        for name, low, high in (("6_to_12px", 6, 12), ("12_to_16px", 12, 16),
                                ("16_to_24px", 16, 24), ("over_24px", 24, 1e9))
    }  # fmt: skip
    return {
        f"{view}_accuracy_{name}": views.accuracy(some, view)
        for name, some in parts.items()
        for view in views.VIEWS
    }


def _second(data: Path, learned: Path, seed: int, *, quick: bool) -> tuple[Figures, Intervals]:
    """Return what the fusion gains in the second spotter; nothing where there is none."""
    if not second.there(learned):
        return {}, {}
    return second.compared(data, learned, seed, 3 if quick else 4 * RENDERS)


def _system(
    tasks: Sequence[Task], system: str, held: Sequence[Scene], rng: np.random.Generator
) -> tuple[Figures, Intervals]:
    figures, intervals = reading.words(tasks, system, rng)
    for task in (one for one in tasks if one.name in ("_0", "_renders_0", "_renders_45")):
        known = reading.lexicons(task.scenes, held if task.name == "_0" else tasks[-1].scenes, rng)
        name = "" if task.name == "_0" else task.name
        figures[f"end_to_end_f_lexicon{name}"] = sum(task.counts(system, known), reading.NONE).f
    found, found_intervals = reading.keys(tasks, system, held)
    level, steep = tasks[0], tasks[3]
    told = sum(len(line.words) for lines in level.readings[system] for line in lines)
    figures |= found
    figures["ms_page"] = 1000 * level.seconds[system] / len(level.scenes)
    figures["ms_page_turned"] = 1000 * steep.seconds[system] / len(steep.scenes)
    figures["ms_word"] = 1000 * level.seconds[system] / max(1, told)
    return figures, {**intervals, **found_intervals}


def _notes(pages: Sequence[Scene], tasks: Sequence[Task]) -> list[str]:
    words = sum(any(map(str.isalnum, word.text)) for scene in pages for word in scene.words)
    photo = next(task for task in tasks if task.name == "_photos")
    readable = sum(bool(word.text) for scene in photo.scenes for word in scene.words)
    return [
        (
            f"Renders: {RENDERS} pictures an angle, {SIDE} pixels a side, in typefaces and on "
            "photos that nothing was learned from; rendered, not photographed. Rotated: by 45 "
            "degrees or more. Small: less than 16 pixels high."
        ),
        (
            "With true boxes both views see pictures at their full size, the global one with a "
            f"feature for every fourth pixel; `_half`: it sees renders at half of it ({SIDE // 2} "
            "px), the local one does not, so a part of that gain is resolution."
        ),
        (
            "Views: readers of one spotter, learned at once from the same words with shared "
            "features and a loss each; they differ in what they look at."
        ),
        (
            f"{len(pages)} receipts of SROIE with {words} words, turned on white: of the half that "
            "was not in view when the rules were written. They were measured once before, and "
            "rules that changed since were checked on all transcriptions. Benchmark-only data; no "
            "picture of a receipt was learned from."
        ),
        (
            "Words of receipts have the place of their share of the line's letters, so a few right "
            "ones miss their place; _true_words reads the transcriptions instead of the picture."
        ),
        f"The photos of ICDAR 2015 have {readable} readable words: a smoke test.",
        (
            "word_accuracy is the share of all words read right in their place; ms is the time of "
            "one core, on a busy machine; turned pages (60 degrees) are read twice."
        ),
        f"A lexicon holds the words of the page and {reading.STRANGERS} of others.",
        (
            "Intervals are over pages; a receipt at five angles is one page, and so few receipts "
            "give a rough interval."
        ),
        (
            "second_spotter_*: level renders seen whole, at 320 pixels; `_half`: of 640, which its "
            "global view sees reduced to 320."
        ),
    ]


def training(learned: Path, figures: Figures) -> list[str]:
    """Return what must be said of how the networks in *learned* came about."""
    card = read_card(learned / "fused")
    steps = card.figures.get("steps")
    notes = [f"{WORK}={learned}: {card.command}" + (f"; {steps:g} steps" if steps else "") + "."]
    if card.notices != NOTICES:
        notes.append(
            "This reader learned from words that are not in the trainer any more: dictionaries "
            "under the GPL, and some words of shops that the receipts have, too (RM, GST, SDN BHD, "
            "JALAN); receipts are no blind test of its vocabulary, and it may not ship."
        )
    if words := card.figures.get("word_steps"):
        notes.append(
            f"Before that the local view alone learned from {words * WORDS:,.0f} words cut out, "
            "and the finder by itself; the others began with its letters. So the gap to the global "
            "view is also that of what each has seen."
        )
    if figures and figures["second_spotter_fused_steps"] != figures["second_spotter_global_steps"]:
        notes.append("The second spotter learned longer with the fusion than without, or shorter.")
    return notes


_PUBLISHED = {
    "GLASS": {"source": "ECCV 2022, Total-Text 79.9 end-to-end F without a lexicon: other data"},
}
