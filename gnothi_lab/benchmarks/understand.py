"""Understanding: intent, slots, exact match, scope and speed on public test beds.

The models for single sets are trained when they are absent, by the same command that a reader
would use; they stay outside the repository. The shipped model is judged as the product serves it:
a text goes in, and whatever comes out (several requests, out of scope) is the answer.
"""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from gnothi.core.artifact import CARD
from gnothi.core.errors import InputError
from gnothi.core.understanding import Understanding
from gnothi.language.models import read_labels
from gnothi.language.understand import NeuralUnderstander
from gnothi.text.encoder import Reading, SharedEncoder
from gnothi_lab.baselines.ngrams import fit_ngrams
from gnothi_lab.result import ROOT, Result
from gnothi_lab.statistics import bootstrap
from gnothi_train.language.examples import Example, read_set
from gnothi_train.language.export import answer, read
from gnothi_train.language.homes import mapping
from gnothi_train.language.measure import Answer, compare, truth

MODELS = ROOT / "build" / "language"
IN_SCOPE = 0.93
"""In-scope accuracy at which recall of out-of-scope requests is reported (CLINC150)."""
_QUICK = 200
_DRAWS = 2000
_TIMED = 1000

PUBLISHED: Mapping[str, Mapping[str, float | str]] = {
    "XLM-R base, all locales": {
        "intent": 0.883,
        "slot_f1": 0.787,
        "exact": 0.697,
        "source": "FitzGerald et al. 2022, arXiv 2204.08582, en-US, test set",
    },
    "mT5 base text-to-text, all locales": {
        "intent": 0.879,
        "slot_f1": 0.816,
        "exact": 0.725,
        "source": "FitzGerald et al. 2022, arXiv 2204.08582, en-US, test set",
    },
    "BERT base with CRF": {
        "snips_sentence": 0.9357,
        "atis_sentence": 0.8858,
        "source": "monologg/JointBERT, test sets, best epoch on test",
    },
    "BERT, confidence threshold": {
        "oos_recall": 0.523,
        "oos_in_scope": 0.962,
        "source": "Larson et al. 2019, arXiv 1909.02027, test set",
    },
}


@dataclass(frozen=True, slots=True)
class Judged:
    """Sentences with what they call for and what was answered."""

    truths: Sequence[Answer]
    answers: Sequence[Answer]

    def figures(self) -> dict[str, float]:
        """Return intent, slot_f1 and exact."""
        return asdict(compare(self.answers, self.truths))

    def intervals(self, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
        """Return 95 % bootstrap intervals of the same figures, sentences drawn anew."""
        pairs = list(zip(self.answers, self.truths, strict=True))
        intent = [answer.intent == true.intent for answer, true in pairs]
        exact = [answer == true for answer, true in pairs]
        return {
            "intent": bootstrap(np.array(intent, float), rng),
            "slot_f1": self._f1_interval(rng),
            "exact": bootstrap(np.array(exact, float), rng),
        }

    def _f1_interval(self, rng: np.random.Generator) -> tuple[float, float]:
        pairs = list(zip(self.answers, self.truths, strict=True))
        shared = np.array([len(answer.spans & true.spans) for answer, true in pairs])
        named = np.array([len(answer.spans) + len(true.spans) for answer, true in pairs])
        rows = rng.integers(0, len(pairs), (_DRAWS, len(pairs)))
        low, high = np.quantile(2 * shared[rows].sum(1) / named[rows].sum(1), (0.025, 0.975))
        return float(low), float(high)


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure the shipped model and the models for single sets."""
    if data is None:
        raise InputError("This benchmark needs GNOTHI_DATA, a folder with the public data sets.")
    rng = np.random.default_rng(seed)
    dev = _sample(read_set(data, "massive_en", "dev"), quick=quick)
    figures: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    if massive := judge_single(_model("massive", train=not quick), dev):
        figures |= massive.figures()
        intervals |= massive.intervals(rng)
    understander = NeuralUnderstander()
    shipped = judge_served(understander, dev)
    figures |= {f"shipped_{name}": value for name, value in shipped.figures().items()}
    intervals |= {f"shipped_{name}": value for name, value in shipped.intervals(rng).items()}
    figures |= _scope(understander, data, quick=quick) | _timed(understander, dev)
    figures["megabytes"] = _megabytes(understander.encoder.folder)
    for name in ("snips", "atis"):
        sentences = _sample(read_set(data, name, "dev"), quick=quick)
        if judged := judge_single(_model(name, train=not quick), sentences):
            figures[f"{name}_sentence"] = judged.figures()["exact"]
            intervals[f"{name}_sentence"] = judged.intervals(rng)["exact"]
    notes = list(NOTES)
    if folder := _model("clinc150", train=not quick):
        curve, more = scope_curve(folder, _sample(read_set(data, "clinc150", "dev"), quick=quick))
        figures |= curve
        notes += more
    return Result(
        name="understand",
        figures=figures,
        intervals=intervals,
        baselines={"n-grams, logistic regression": _ngrams(data, dev, seed=seed)},
        published=PUBLISHED,
        notes=notes + _costs(understander.encoder),
    )


NOTES = (
    (
        "intent, slot_f1, exact: MASSIVE en-US dev, trained on its train part only, int8 in the "
        "light runtime; shipped_*: the model in the package, its whole answer to a text judged."
    ),
    "Published rows are on the test sets, ours on the dev sets.",
    (
        "shipped_oos_recall: CLINC150 dev, intents that no skill could serve; shipped_lost: "
        "in-scope MASSIVE dev sentences that the shipped model calls out of scope or splits."
    ),
)


def judge_served(understander: NeuralUnderstander, sentences: Sequence[Example]) -> Judged:
    """Return the product's whole answers; what is split or out of scope has no intent."""
    found = [_whole(understander.understand(sentence.text)) for sentence in sentences]
    return Judged([truth(sentence) for sentence in sentences], found)


def _whole(understanding: Understanding) -> Answer:
    if len(understanding.requests) != 1:
        return Answer(None, frozenset())
    request = understanding.requests[0]
    return Answer(request.intent, frozenset((s.name, s.start, s.end) for s in request.slots))


def judge_single(folder: Path | None, sentences: Sequence[Example]) -> Judged | None:
    """Return the answers of the artifact in *folder* to single, in-scope requests."""
    if folder is None:
        return None
    labels = read_labels(folder)
    readings = read(SharedEncoder(folder), sentences)
    found = [answer(s, r, labels) for s, r in zip(sentences, readings, strict=True)]
    return Judged([truth(sentence) for sentence in sentences], found)


def scope_curve(
    folder: Path, sentences: Sequence[Example]
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return recall of out-of-scope requests where in-scope accuracy is ``IN_SCOPE``.

    A request is refused when its intent is unsure or the scope head speaks against it: the score
    is the scope's logit minus the largest intent logit (Hendrycks and Gimpel 2017 use the latter
    alone), each in units of its own spread.
    """
    labels = read_labels(folder)
    readings = read(SharedEncoder(folder), sentences)
    inside = np.array([sentence.in_scope is True for sentence in sentences])
    right = np.array(
        [
            sentence.intent == labels.intents[int(np.argmax(reading.intents))]
            for sentence, reading in zip(sentences, readings, strict=True)
        ]
    )
    score = _strangeness(readings)
    curve = [_at(float(threshold), score, inside, right) for threshold in np.sort(score)]
    recall, accuracy = max((point for point in curve if point[1] >= IN_SCOPE), default=curve[-1])
    told = ", ".join(
        f"{max((r for r, a in curve if a >= level), default=0):.3f} at {level:.2f}"
        for level in (0.90, 0.91, 0.92, 0.93, 0.94, 0.95)
    )
    note = f"CLINC150, recall of out-of-scope at in-scope accuracy: {told}."
    return {"oos_recall": recall, "oos_in_scope": accuracy}, (note,)


def _strangeness(readings: Sequence[Reading]) -> np.ndarray:
    scope = np.array([reading.scope for reading in readings])
    sure = np.array([float(reading.intents.max()) for reading in readings])
    return scope / scope.std() - sure / sure.std()


def _at(
    threshold: float, score: np.ndarray, inside: np.ndarray, right: np.ndarray
) -> tuple[float, float]:
    refused = score > threshold
    return float(refused[~inside].mean()), float((right & ~refused)[inside].mean())


def _scope(understander: NeuralUnderstander, data: Path, *, quick: bool) -> dict[str, float]:
    table = mapping()["clinc150"]
    known = {*table, *table["unsure"]}
    clinc = [e for e in read_set(data, "clinc150", "dev") if e.intent and e.intent not in known]
    outside = [understander.understand(e.text) for e in _sample(clinc, quick=quick)]
    massive = _sample(read_set(data, "massive_en", "dev"), quick=quick)
    inside = [understander.understand(e.text) for e in massive]
    return {
        "shipped_oos_recall": float(np.mean([u.out_of_scope for u in outside])),
        "shipped_lost": float(np.mean([len(u.requests) != 1 for u in inside])),
    }


def _timed(understander: NeuralUnderstander, sentences: Sequence[Example]) -> dict[str, float]:
    taken: list[float] = []
    for sentence in sentences[:_TIMED]:
        start = time.perf_counter()
        understander.understand(sentence.text)
        taken.append(1000 * (time.perf_counter() - start))
    return {f"ms_p{q}": float(np.percentile(taken, q)) for q in (50, 99)}


def _ngrams(data: Path, dev: Sequence[Example], *, seed: int) -> dict[str, float]:
    train = read_set(data, "massive_en", "train")
    model = fit_ngrams([e.text for e in train], [e.intent or "" for e in train], seed=seed)
    found = model.predict([e.text for e in dev])
    return {"intent": float(np.mean([i == e.intent for i, e in zip(found, dev, strict=True)]))}


def _costs(encoder: SharedEncoder) -> list[str]:
    """Tell what 8 bits cost, where it was measured when the artifact was exported."""
    told: list[str] = []
    for label, folder in (("shipped", encoder.folder), ("massive", MODELS / "massive")):
        figures = SharedEncoder(folder).card.figures if (folder / CARD).exists() else {}
        pairs = [
            f"{name} {figures[wide]:.4f} → {figures[f'dev_{name}']:.4f}"
            for name in ("intent", "slot_f1", "exact")
            if (wide := f"unquantised_dev_{name}") in figures
        ]
        if pairs:
            told.append(f"Cost of 8 bits ({label}): {', '.join(pairs)}.")
    return told


def _model(name: str, *, train: bool) -> Path | None:
    """Return the folder of a benchmark's own model, trained now if it is absent."""
    folder = MODELS / name
    if not (folder / CARD).exists():
        if not train:
            return None
        command = [sys.executable, "-m", "gnothi_train", "language", "--data", name]
        subprocess.run([*command, "--out", str(folder), "--resume"], check=True)
    return folder


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.iterdir()) / 1e6


def _sample(sentences: Sequence[Example], *, quick: bool) -> list[Example]:
    return list(sentences[:_QUICK] if quick else sentences)
