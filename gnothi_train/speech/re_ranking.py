"""``gnothi-train re-ranking``: learn to choose among the recogniser's own hypotheses.

Minimum word error rate training: with p the softmax of the scores of one list, the expected number
of wrong words, sum p e, is made small (Prabhavalkar et al., arXiv 1712.01818). Lists come from
sentences of the development part, of which neither the recogniser nor its language model knows
template or names: on what they learned from, both would look better than they are. Templates and
names of the test part occur in neither.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from scipy.optimize import minimize

from gnothi.core.artifact import Card
from gnothi.core.clock import SystemClock
from gnothi.core.hearing import Hints
from gnothi.core.protocols import Name
from gnothi.core.settings import Settings
from gnothi.speech.ctc import Reading
from gnothi.speech.reranking import (
    BEST,
    ENCODER,
    FEATURES,
    FILE,
    NAME,
    SHIPPED,
    WIDTH,
    candidates,
)
from gnothi.speech.streaming import TRANSDUCED, StreamingModel, StreamingRecogniser
from gnothi.speech.word_errors import compare
from gnothi.speech.wording import shipped
from gnothi.speech.words import said
from gnothi.text.encoder import SharedEncoder
from gnothi_train.artifact import write_artifact
from gnothi_train.language.examples import Example
from gnothi_train.speech.augment import Floats, Places, at_home, noisy, plain
from gnothi_train.speech.voices import GROUPS, UNHEARD, VOICES, speak
from gnothi_train.wording.fit import examples

Doubles = NDArray[np.float64]

HOMES = ("grammar", "ha_intents", "ha_device_actions")
"""Sources of commands to a home."""
TALK = ("massive_en",)
"""Sources of what else is said to an assistant."""
KINDS = {"device_type": "device", "house_place": "area", "list_name": "list", "person": "person"}
NOISE_DB = 10.0
_HOME = 21
"""Sentences to one home: their names are what it has."""
_APART = 20
"""Seeds from those of homes to those of other talk."""
_LONGEST = 22
_BLOCK = 1600
STRENGTHS = (0.1, 0.3, 1.0)
"""Penalties on weights that are tried."""
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Listed:
    """Hypotheses of one utterance, and what is wrong with each."""

    features: Doubles
    """(hypotheses, features)"""
    embeddings: Doubles
    edits: Doubles
    words: int
    """Words that were said."""
    text: str


@dataclass(frozen=True, slots=True)
class Weights:
    """What a linear form over features and embedding learned."""

    features: Doubles
    direction: Doubles

    def choose(self, one: Listed) -> int:
        """Return the hypothesis with the highest score."""
        return int(np.argmax(one.features @ self.features + one.embeddings @ self.direction))


_FLAT = 0.3
"""Makes chances of hypotheses less extreme: else nearly all lists are decided from the start."""
FIRST_PASS = Weights(
    _FLAT
    * np.array(
        [1 - TRANSDUCED.transducer, TRANSDUCED.transducer, 1.0, *[0.0] * (len(FEATURES) - 3)]
    ),
    np.zeros(WIDTH),
)
"""What the search does, but for sums over spellings."""


def listed(readings: Sequence[Reading], hints: Hints, encoder: SharedEncoder, text: str) -> Listed:
    """Return *readings* of an utterance that said *text* with their features."""
    found = candidates(readings, hints, encoder)
    errors = [compare(text, one.hypothesis.text) for one in readings]
    return Listed(
        np.stack([one.features for one in found]),
        np.stack([one.embedding for one in found]),
        np.array([one.edits for one in errors], np.float64),
        errors[0].words,
        text,
    )


def sentences(
    data: Path, sources: Sequence[str], rng: np.random.Generator, count: int
) -> list[Example]:
    """Return *count* sentences of the development part, in equal shares from *sources*."""
    by_source: dict[str, dict[str, Example]] = {source: {} for source in sources}
    for one in examples("dev", data):
        if one.source in by_source and 0 < len(said(one.text)) <= _LONGEST:
            by_source[one.source][one.text.lower()] = one
    chosen: list[Example] = []
    for found in by_source.values():
        rows = list(found.values())
        chosen += [rows[at] for at in rng.permutation(len(rows))[: -(-count // len(by_source))]]
    return [chosen[at] for at in rng.permutation(len(chosen))[:count]]


def names(chosen: Iterable[Example]) -> tuple[Name, ...]:
    """Return what the home of these sentences calls its things."""
    found = (
        Name(one.text[span.start : span.end].lower(), "", KINDS[span.name])
        for one in chosen
        for span in one.spans or ()
        if span.name in KINDS
    )
    return tuple(dict.fromkeys(found))


def heard(
    recogniser: StreamingRecogniser, sound: Floats, hints: Hints, best: int = BEST
) -> list[Reading]:
    """Return the readings of *sound* in the order of the search."""
    stream = recogniser.open(hints)
    for at in range(0, len(sound), _BLOCK):
        stream.accept(sound[at : at + _BLOCK])
    return stream.readings(best)


def lists(data: Path, sources: Sequence[str], seed: int) -> list[Listed]:
    """Return lists for the sentences of one home in known voices, each heard in three rooms."""
    rng = np.random.default_rng(seed)
    places = Places.read(data, "dev")
    recogniser = StreamingRecogniser(StreamingModel(), shipped)
    encoder = SharedEncoder(ENCODER)
    groups = [group for group in GROUPS if group not in UNHEARD]
    home = sentences(data, sources, rng, _HOME)
    hints = Hints(names=names(home))
    found: list[Listed] = []
    for number, one in enumerate(track(home, description=f"Hearing {seed}")):
        text = " ".join(said(one.text))
        voices = [voice for voice in VOICES if voice.group == groups[number % len(groups)]]
        (sound,) = speak([text], voices[int(rng.integers(len(voices)))], rng)
        if not sound.any():
            continue
        clear = sound.astype(np.float32) / np.float32(32768)
        rooms = (plain(clear, rng), noisy(clear, places, rng, decibels=NOISE_DB))
        found += [
            listed(readings, hints, encoder, text)
            for room in (*rooms, at_home(clear, places, rng))
            if (readings := heard(recogniser, room, hints))
        ]
    return found


def kept(store: Path, data: Path, sources: Sequence[str], seed: int) -> list[Listed]:
    """Return ``lists``, from *store* where they are, made for the same networks."""
    labels = f"{StreamingModel().card.label} {SharedEncoder(ENCODER).card.label} {FEATURES} {BEST}"
    key = hashlib.sha256(labels.encode()).hexdigest()[:12]
    path = store / f"{sources[0]}-{seed}-{key}.npz"
    if not path.exists():
        found = lists(data, sources, seed)
        store.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            path,
            features=np.concatenate([one.features for one in found]),
            embeddings=np.concatenate([one.embeddings for one in found]).astype(np.float32),
            edits=np.concatenate([one.edits for one in found]),
            sizes=np.array([len(one.edits) for one in found]),
            words=np.array([one.words for one in found]),
            texts=np.array([one.text for one in found]),
        )
    with np.load(path, allow_pickle=False) as held:
        ends = np.cumsum(held["sizes"])[:-1]
        parts = (np.split(held[name], ends) for name in ("features", "embeddings", "edits"))
        words, texts = held["words"].tolist(), held["texts"].tolist()
        return [Listed(*row) for row in zip(*parts, words, texts, strict=True)]


class _Table:
    """Lists side by side, padded, with centred and scaled features."""

    def __init__(self, given: Sequence[Listed], scale: Doubles) -> None:
        most = max(len(one.edits) for one in given)
        self.known = np.zeros((len(given), most), bool)
        self.edits = np.zeros((len(given), most))
        self.x = np.zeros((len(given), most, len(scale)))
        for row, one in enumerate(given):
            many = len(one.edits)
            self.known[row, :many] = True
            self.edits[row, :many] = one.edits
            x = np.concatenate([one.features, one.embeddings], 1)
            self.x[row, :many] = (x - x.mean(0)) * scale
        self.words = sum(one.words for one in given)

    def loss(self, weights: Doubles) -> tuple[float, Doubles]:
        """Return the expected errors a word, and their gradient."""
        scores = np.where(self.known, self.x @ weights, -np.inf)
        chances = np.exp(scores - scores.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        expected = (chances * self.edits).sum(1, keepdims=True)
        slope = chances * (self.edits - expected)
        return float(expected.sum()) / self.words, np.einsum(
            "uh,uhf->f", slope, self.x
        ) / self.words


def fit(given: Sequence[Listed], strength: float, used: NDArray[np.bool_]) -> Weights:
    """Return the weights with the fewest expected errors in *given*.

    They begin at those of the search, and *strength* holds them there; the features that are not
    *used* keep theirs.
    """
    rows = np.concatenate([np.concatenate([one.features, one.embeddings], 1) for one in given])
    scale = 1 / (rows.std(0) + 1e-9)
    table = _Table(given, scale)
    start = np.concatenate([FIRST_PASS.features, FIRST_PASS.direction]) / scale
    # A direction of many small parts is held as one feature would be.
    hold = np.where(np.arange(len(scale)) < len(FEATURES), 1.0, 30.0) * strength / len(given)

    def cost(changes: Doubles) -> tuple[float, Doubles]:
        changes = np.where(used, changes, 0.0)
        loss, slope = table.loss(start + changes)
        penalty = float((hold * changes**2).sum())
        return loss + penalty, np.where(used, slope + 2 * hold * changes, 0.0)

    found = minimize(cost, np.zeros(len(scale)), jac=True, method="L-BFGS-B")
    weights = (start + np.where(used, np.asarray(found.x, np.float64), 0.0)) * scale
    return Weights(weights[: len(FEATURES)], weights[len(FEATURES) :])


def error_rate(given: Sequence[Listed], weights: Sequence[Weights]) -> float:
    """Return the word error rate where each list is ordered by its own *weights*."""
    edits = sum(
        float(one.edits[each.choose(one)]) for one, each in zip(given, weights, strict=True)
    )
    return edits / sum(one.words for one in given)


def crossed(given: Sequence[Listed], strength: float, used: NDArray[np.bool_]) -> list[Weights]:
    """Return for each list the weights that were fitted without its sentence."""
    fold = [hashlib.sha256(one.text.encode()).digest()[0] % FOLDS for one in given]
    made = [
        fit([one for one, f in zip(given, fold, strict=True) if f != number], strength, used)
        for number in range(FOLDS)
    ]
    return [made[number] for number in fold]


def _first(count: int, *, embedding: bool = False) -> NDArray[np.bool_]:
    """Return which weights may change: the first *count* features, and the *embedding* or not."""
    return np.concatenate([np.arange(len(FEATURES)) < count, np.full(WIDTH, embedding)])


_USED = {
    "search": _first(FEATURES.index("named_words")),
    "names": _first(FEATURES.index("scope")),
    "sentence": _first(len(FEATURES)),
    "embedding": _first(len(FEATURES), embedding=True),
}
"""Sets of weights that are tried, each with one kind of feature more than the one before."""


@click.command("re-ranking")
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED, help="Folder to fill.")
@click.option("--work", type=click.Path(path_type=Path), default=Path("build/re-ranking"),
              show_default=True, help="Folder of what was heard; it may be removed.")  # fmt: skip
@click.option("--homes", type=click.IntRange(1, _APART), default=4, show_default=True,
              help="Homes with 21 commands, and as much other talk.")  # fmt: skip
@click.option("--seed", type=int, default=21, show_default=True)
def main(*, out: Path, work: Path, homes: int, seed: int) -> None:
    """Learn to choose among the hypotheses of the recogniser that ships, and export the weights."""
    data = Settings.from_environment().data
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder with the public data sets.")
    commands = [one for at in range(homes) for one in kept(work, data, HOMES, seed + at)]
    talk = [one for at in range(homes) for one in kept(work, data, TALK, seed + _APART + at)]
    given = commands + talk
    tried = {
        (name, strength): crossed(given, strength, used)
        for name, used in _USED.items()
        for strength in STRENGTHS
    }
    rates = {key: error_rate(given, weights) for key, weights in tried.items()}
    name, strength = min(rates, key=lambda key: rates[key])
    figures = {"lists": float(len(given)), "strength": strength}
    figures |= {f"wer_crossed_{one}": min(rates[one, held] for held in STRENGTHS) for one in _USED}
    middle = len(commands)
    for part, rows in (("commands", slice(0, middle)), ("talk", slice(middle, None))):
        some = given[rows]
        figures |= {
            f"wer_first_pass_{part}": error_rate(some, [FIRST_PASS] * len(some)),
            f"wer_crossed_{part}": error_rate(some, tried[name, strength][rows]),
            f"wer_oracle_{part}": sum(float(one.edits.min()) for one in some)
            / sum(one.words for one in some),
        }
    figures = {key: round(value, 4) for key, value in figures.items()}
    weights = fit(given, strength, _USED[name])
    write(out, weights, figures, data, f"--homes {homes} --seed {seed}")
    click.echo(json.dumps(figures, indent=1))


def write(out: Path, weights: Weights, figures: dict[str, float], data: Path, options: str) -> None:
    """Write the artifact and its card to *out*."""
    encoder = SharedEncoder(ENCODER).card
    has_direction = bool(weights.direction.any())
    kept = {
        "encoder": encoder.label,
        "weights": {
            name: round(float(value), 6)
            for name, value in zip(FEATURES, weights.features, strict=True)
        },
        "direction": np.round(weights.direction, 6).tolist() if has_direction else [],
    }
    content = json.dumps(kept, indent=1).encode() + b"\n"
    card = Card(
        name=NAME,
        version=f"{SystemClock().now():%Y-%m-%d}.1",
        kind="json",
        files={},
        parents=(StreamingModel().card.label, encoder.label),
        command=f"gnothi-train re-ranking {options}",
        seed=int(options.rsplit(maxsplit=1)[-1]),
        data=(
            {
                "name": "development sentences: the project's grammar, Home Assistant intents, "
                "home-assistant-datasets, MASSIVE 1.0",
                "sha256": _hash(data),
                "licence": "Apache-2.0, CC BY 4.0",
            },
        ),
        figures=figures,
        notices=(
            "Figures: development part, folds by sentence; spoken by espeak-ng, flite, festival.",
            "Noise: ESC-10 (K. J. Piczak), CC BY 3.0; Picovoice, Apache-2.0; audiomentations, MIT.",
        ),
    )
    write_artifact(out, card, {FILE: content})


def _hash(data: Path) -> str:
    told = "\n".join(one.text for one in examples("dev", data) if one.source in HOMES + TALK)
    return hashlib.sha256(told.encode()).hexdigest()
