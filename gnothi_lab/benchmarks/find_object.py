"""Where is the red mug: phrases for things, in rendered scenes and in real photos.

Scenes are *rendered* of things in colours that training never saw them in, with others of the same
noun or colour beside them. What is measured is the artifact that is served; attention between
things and words, which learned from the same scenes for as long, stands beside it. Photos have
templates for phrases, no person's words: not RefCOCO.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from gnothi.language.understand import SHIPPED as LANGUAGE
from gnothi.text.encoder import SharedEncoder
from gnothi.vision.finding.finder import Finder
from gnothi.vision.finding.models import SHIPPED, Seer
from gnothi.vision.finding.wanted import wanted
from gnothi_lab.progress import watched
from gnothi_lab.result import ROOT, Result
from gnothi_lab.sight.finding import photos, speed
from gnothi_lab.sight.finding.pictures import of_photos, of_scenes, sheet
from gnothi_lab.sight.finding.relations import pairs, shares
from gnothi_lab.sight.finding.rendered import Answered, Other, answer, asked_about, scenes
from gnothi_lab.statistics import bootstrap, cluster_bootstrap
from gnothi_train.vision.find.calibration import absent
from gnothi_train.vision.find.stages import APART, JOINT, TOLD, learned
from gnothi_train.vision.find.vectors import PhraseVectors
from gnothi_train.vision.scenes.composing import Scene
from gnothi_train.vision.scenes.things import TOLD as TOLD_NOUNS
from gnothi_train.vision.scenes.things import UNSEEN

FOLDER = ROOT / "build" / "sight"
"""What ``gnothi-train eyes`` leaves: scenes, and eyes that are not served."""
PICTURES = Path("build/find-object")
"""What was found, drawn over scenes and photos: some that were right, and some failures."""
MOST, OTHERS, FEW = 420, 130, 40
"""Scenes of the test, of each other kind, and of a quick run."""
OURS, ATTENTION, WITHOUT = "ours", "attention", "dot product alone"
_Intervals = dict[str, tuple[float, float]]


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Ask about scenes and photos; *quick* takes a few scenes of each kind."""
    if data is None:
        raise ValueError("find-object needs the photos: set GNOTHI_DATA")
    rng = np.random.default_rng(seed)
    encoder = SharedEncoder(LANGUAGE)
    seer = Seer(SHIPPED, encoder.encode)
    finder, vectors = Finder(seer), PhraseVectors(encoder)
    joint, plain = (Other.read(FOLDER / "find", stage, vectors) for stage in (JOINT, APART))
    others = {ATTENTION: joint, WITHOUT: plain}

    def asked(kind: str, nouns: Sequence[str] = ()) -> list[Answered]:
        many = MOST if kind == "test" else OTHERS
        some = scenes(FOLDER / "scenes", kind, most=FEW if quick else many)
        rows = asked_about(some, seed, lambda one: not nouns or one.noun in nouns)
        return answer(rows, seer, others, kind)

    test = asked("test")
    sets = {
        "": [one for one in test if one.is_new],
        "_any_pair": test,
        "_old_pairs": asked("old-pairs"),
        "_new_style": asked("new-style"),
        "_told_nouns": asked("told-nouns", TOLD_NOUNS),
        "_unseen_nouns": asked("unseen-nouns", UNSEEN),
    }
    figures: dict[str, float] = {}
    intervals: _Intervals = {}
    for name, rows in sets.items():
        figures[f"recall_at_1{name}"], intervals[f"recall_at_1{name}"] = _rate(rows, OURS, rng)
        figures[f"questions{name}"] = float(len(rows))
    main = sets[""]
    figures["recall_gap_to_cross_attention"], intervals["recall_gap_to_cross_attention"] = _gap(
        main, ATTENTION, WITHOUT, rng
    )
    for name in ("_told_nouns", "_old_pairs"):
        key = f"gain_over_dot_product_alone{name}"
        figures[key], intervals[key] = _gap(sets[name], OURS, WITHOUT, rng)
    for part, few in _parts(main).items():
        figures[f"recall_at_1_{part}"], intervals[f"recall_at_1_{part}"] = _rate(few, OURS, rng)
    test_scenes = scenes(FOLDER / "scenes", "test", most=FEW if quick else MOST)
    figures |= _absent(finder, test_scenes[:OTHERS], seed)
    related = list(pairs(test_scenes, seed))
    figures |= {f"relation_{name}": told for name, told in shares(related, finder, joint).items()}
    figures |= _speed(seer, test_scenes, seed)
    found = photos.answer(photos.read(data)[:: 10 if quick else 1], finder, data)
    told, told_intervals = _photos(found, OURS, rng)
    for right, name in ((True, "right"), (False, "wrong")):
        rows = of_scenes(main, right=right, count=8)
        sheet([*rows, *of_photos(found, data, right=right, count=4)], PICTURES / f"{name}.png")
    return Result(
        name="find-object",
        figures={**figures, **told},
        intervals={**intervals, **told_intervals},
        baselines=_baselines(sets, found, rng),
        published=_PUBLISHED,
        notes=_notes(main, related, found),
    )


def _rate(
    rows: Sequence[Answered], who: str, rng: np.random.Generator
) -> tuple[float, tuple[float, float]]:
    """Return how often *who* is right, with an interval over scenes."""
    right = [one.right[who] for one in rows]
    return float(np.mean(right)), cluster_bootstrap(right, [one.scene for one in rows], rng)


def _gap(
    rows: Sequence[Answered], some: str, other: str, rng: np.random.Generator
) -> tuple[float, tuple[float, float]]:
    """Return by how much *some* is right more often than *other*, with an interval over scenes."""
    by_scene: dict[str, list[int]] = {}
    for one in rows:
        by_scene.setdefault(one.scene, []).append(one.right[some] - one.right[other])
    means = [float(np.mean(told)) for told in by_scene.values()]
    return float(np.mean(means)), bootstrap(means, rng)


def _parts(rows: Sequence[Answered]) -> Mapping[str, Sequence[Answered]]:
    """Return questions by how large the thing is that they mean."""
    limits = {"under_32px": (0, 32), "32_to_64px": (32, 64), "over_64px": (64, 1e9)}
    parts = {
        name: [one for one in rows if low <= one.question.answer.length < high]
        for name, (low, high) in limits.items()
    }
    return {name: few for name, few in parts.items() if few}


def _absent(finder: Finder, some: Sequence[Scene], seed: int) -> Mapping[str, float]:
    """Return how often something is seen that is not there, and that is there."""
    random = np.random.default_rng(seed)
    wrongly: list[bool] = []
    rightly: list[bool] = []
    for scene, asked in watched(asked_about(some, seed), "what is not there"):
        glance = finder.look(scene.pixels)
        none = absent(scene, random, 4)
        wrongly += [bool(glance.search(wanted(one.text)).found) for one in none]
        rightly += [bool(glance.search(wanted(one.phrase.text)).found) for one in asked]
    return {
        "seen_though_absent": float(np.mean(wrongly)),
        "seen_where_present": float(np.mean(rightly)),
    }


def _speed(seer: Seer, some: Sequence[Scene], seed: int) -> Mapping[str, float]:
    joint = learned(FOLDER / "find", JOINT).joint
    assert joint is not None
    told = speed.phrases(joint, seed)
    both = Seer(SHIPPED, SharedEncoder(LANGUAGE).encode, threads=2)
    pixels = np.kron(some[0].pixels, np.ones((2, 2, 1), np.uint8))
    return {
        **{f"{name}_1200_phrases": value for name, value in told.items()},
        "speedup_1200_phrases": told["ms_attention"] / told["ms_dot"],
        "speedup_1200_phrases_batched": told["ms_attention_batched"] / told["ms_dot"],
        "frames_per_second": speed.frames(both, pixels),
        "ms_picture_one_core": 1000 / speed.frames(seer, pixels),
        "megabytes": sum(one.stat().st_size for one in seer.folder.iterdir()) / 1e6,
    }


def _photos(
    found: Sequence[photos.Answered], who: str, rng: np.random.Generator
) -> tuple[dict[str, float], _Intervals]:
    """Return how often *who* is right on photos, by kind of phrase, with intervals over photos."""
    figures: dict[str, float] = {}
    intervals: _Intervals = {}
    kinds = {f"_{one.asked.kind}": [] for one in found} | {"": list(found), "_known_nouns": []}
    for one in found:
        kinds[f"_{one.asked.kind}"].append(one)
        if one.is_known:
            kinds["_known_nouns"].append(one)
    for kind, rows in kinds.items():
        right, images = [one.right[who] for one in rows], [one.asked.image for one in rows]
        figures[f"photos_recall{kind}"] = float(np.mean(right))
        intervals[f"photos_recall{kind}"] = cluster_bootstrap(right, images, rng)
    return figures, intervals


def _baselines(
    sets: Mapping[str, Sequence[Answered]],
    found: Sequence[photos.Answered],
    rng: np.random.Generator,
) -> Mapping[str, Mapping[str, float]]:
    names = [name for name in next(iter(sets.values()))[0].right if name != OURS]
    told = {
        name: {f"recall_at_1{key}": _rate(rows, name, rng)[0] for key, rows in sets.items()}
        for name in names
    }
    for name in ("largest object", "its own labels"):
        told.setdefault(name, {}).update(_photos(found, name, rng)[0])
    return told


def _notes(
    main: Sequence[Answered], related: Sequence[object], found: Sequence[photos.Answered]
) -> Sequence[str]:
    count = len({one.scene for one in main})
    return (
        (
            f"Rendered: {len(main)} questions about {count} scenes of 6 to 12 things; recall_at_1 "
            "is of painted things in pairs of noun and colour that training never saw, the first "
            "box with an overlap of .5. Open composition, closed nouns."
        ),
        (
            "Attention is of equal size; both learned on the same eyes from the same scenes, then "
            "each went on by itself for as long: 'dot product alone' and 'attention', whose "
            "difference is the gap. What is served learned on for longer, and with captions: what "
            "those add is by how much more it gains for nouns of captions than for others."
        ),
        (
            f"Relations: {len(related)} scenes with two things alike on both sides of a third; of "
            "the times that one of the two is taken, how often the right one: chance is .5."
        ),
        (
            f"Photos: {len(found)} templates (referring_templated), no person's words and no "
            "RefCOCO; the networks saw emoji and clip art, no photo but of clothes."
        ),
        "speedup: 100 things, vectors of phrases kept; attention takes a pass for each phrase.",
        f"Served is the stage '{TOLD}', with captions.",
    )


_PUBLISHED = {
    "X-DETR (Cai et al. 2022)": {
        "frames_per_second": 20.0,
        "source": "abstract: about 20 pictures a second on a GPU, 16.4 AP on the 1,200 classes "
        "of LVIS; another task on other data",
    },
}
