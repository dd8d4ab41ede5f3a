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
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from scipy.optimize import minimize

from gnothi.core.artifact import CARD, Card
from gnothi.core.clock import SystemClock
from gnothi.core.hearing import Hints
from gnothi.core.protocols import Name
from gnothi.core.settings import Settings
from gnothi.language.understand import SHIPPED as LANGUAGE
from gnothi.speech.ctc import Reading
from gnothi.speech.reranking import BEST, FEATURES, FILE, NAME, SHIPPED, WIDTH, candidates
from gnothi.speech.streaming import StreamingModel, StreamingRecogniser
from gnothi.speech.word_errors import compare
from gnothi.speech.wording import shipped
from gnothi.speech.words import said
from gnothi.text.encoder import SharedEncoder
from gnothi_train.language.examples import Example
from gnothi_train.speech.augment import Floats, Places, at_home, noisy, plain
from gnothi_train.speech.voices import GROUPS, UNHEARD, VOICES, speak
from gnothi_train.wording.fit import examples

Doubles = NDArray[np.float64]

SOURCES = ("grammar", "ha_intents", "ha_device_actions")
KINDS = {"device_type": "device", "house_place": "area", "list_name": "list", "person": "person"}
NOISE_DB = 10.0
_HOME = 60
"""Sentences to one home: their names are what it has."""
_LONGEST = 22
_BLOCK = 1600
STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0)
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


FIRST_PASS = Weights(np.array([1.0, 1.0, *[0.0] * (len(FEATURES) - 2)]), np.zeros(WIDTH))
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


def homes(part: str, data: Path, rng: np.random.Generator, count: int) -> list[list[Example]]:
    """Return *count* commands of the *part* called so, parted into homes."""
    by_source: dict[str, dict[str, Example]] = {source: {} for source in SOURCES}
    for one in examples(part, data):
        if one.source in by_source and 0 < len(said(one.text)) <= _LONGEST:
            by_source[one.source][one.text.lower()] = one
    chosen: list[Example] = []
    for found in by_source.values():
        rows = list(found.values())
        chosen += [rows[at] for at in rng.permutation(len(rows))[: -(-count // len(by_source))]]
    order = [chosen[at] for at in rng.permutation(len(chosen))[:count]]
    return [order[at : at + _HOME] for at in range(0, len(order), _HOME)]


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


def lists(data: Path, count: int, seed: int) -> list[Listed]:
    """Return lists for *count* commands in known voices, each in a quiet and in a noisy room."""
    rng = np.random.default_rng(seed)
    places = Places.read(data, "dev")
    recogniser = StreamingRecogniser(StreamingModel(), shipped)
    encoder = SharedEncoder(LANGUAGE)
    groups = [group for group in GROUPS if group not in UNHEARD]
    found: list[Listed] = []
    for home in track(homes("dev", data, rng, count), description="Hearing"):
        hints = Hints(names=names(home))
        for number, one in enumerate(home):
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


def chosen_features(*, embedding: bool) -> NDArray[np.bool_]:
    """Return which weights may change: all features, the *embedding* as well or not."""
    return np.concatenate([np.full(len(FEATURES), True), np.full(WIDTH, embedding)])


@click.command("re-ranking")
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED, help="Folder to fill.")
@click.option("--commands", type=click.IntRange(10), default=480, show_default=True,
              help="Commands that are spoken, each in three rooms.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True)
def main(*, out: Path, commands: int, seed: int) -> None:
    """Learn to choose among the hypotheses of the recogniser that ships, and export the weights."""
    data = Settings.from_environment().data
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder with the public data sets.")
    given = lists(data, commands, seed)
    tried = {
        (strength, embedding): error_rate(
            given, crossed(given, strength, chosen_features(embedding=embedding))
        )
        for strength in STRENGTHS
        for embedding in (False, True)
    }
    strength, embedding = min(tried, key=lambda key: tried[key])
    first = error_rate(given, [FIRST_PASS] * len(given))
    best = sum(one.edits.min() for one in given) / sum(one.words for one in given)
    figures = {
        "lists": float(len(given)),
        "wer_first_pass": round(first, 4),
        "wer_crossed": round(tried[strength, embedding], 4),
        "wer_oracle": round(float(best), 4),
        "strength": strength,
        "embedding": float(embedding),
    }
    weights = fit(given, strength, chosen_features(embedding=embedding))
    write(out, weights, figures, data, commands, seed)
    for (held, is_wide), rate in tried.items():
        click.echo(f"penalty {held:g}, {'with' if is_wide else 'without'} embedding: {rate:.4f}")
    click.echo(json.dumps(figures, indent=1))


def write(
    out: Path, weights: Weights, figures: dict[str, float], data: Path, commands: int, seed: int
) -> None:
    """Write the artifact and its card to *out*."""
    encoder = SharedEncoder(LANGUAGE).card
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
        files={FILE: hashlib.sha256(content).hexdigest()},
        parents=(StreamingModel().card.label, encoder.label),
        command=f"gnothi-train re-ranking --commands {commands} --seed {seed}",
        seed=seed,
        data=(
            {
                "name": "development sentences: the project's grammar, Home Assistant intents, "
                "home-assistant-datasets",
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
    out.mkdir(parents=True, exist_ok=True)
    (out / FILE).write_bytes(content)
    (out / CARD).write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")


def _hash(data: Path) -> str:
    told = "\n".join(one.text for one in examples("dev", data) if one.source in SOURCES)
    return hashlib.sha256(told.encode()).hexdigest()
