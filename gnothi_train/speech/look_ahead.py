"""``gnothi-train look-ahead``: learn which frames need to wait for what is said after them.

Every frame of utterances that the recogniser did not learn from is worked out with several
look-aheads. What the gate foretells is how much its scores will still change: no labels are needed.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import Card
from gnothi.core.clock import SystemClock
from gnothi.core.settings import Settings
from gnothi.speech.features import features as frames_of
from gnothi.speech.lookahead import CAP, FEATURES, FILE, NAME, SHIPPED, divergence, features
from gnothi.speech.streaming import Advance, EncoderStream, StreamingModel
from gnothi_train.artifact import write_artifact
from gnothi_train.speech.augment import Places
from gnothi_train.speech.judge import Clip, read_clips

Doubles = NDArray[np.float64]

RIGHTS = (0, 1, 2, 3, 4, 8, CAP)
_USUAL = 2
"""The look-ahead that the frames before a frame had."""
_TOGETHER = 16
_LEAST = 1e-3
_PENALTY = 10.0


def examples(model: StreamingModel, clips: Sequence[Clip]) -> tuple[Doubles, Doubles]:
    """Return features of frames, (n, features), and how much each will still change, in nats."""
    rows: list[Doubles] = []
    changes: list[Doubles] = []
    for at in range(0, len(clips), _TOGETHER):
        for looks in _looked(model, clips[at : at + _TOGETHER]):
            final = looks[-1][0]
            for number, scores in enumerate(looks[:-1]):
                before = looks[number - 1][:1] if number else scores[:0]
                rows.append(features(scores, before)[0])
                changes.append(divergence(final, scores[0]))
    return np.array(rows), np.array(changes)


def _looked(model: StreamingModel, clips: Sequence[Clip]) -> Iterator[list[NDArray[np.float32]]]:
    """Yield the scores of what waits, from each frame on, for every look-ahead."""
    streams: list[EncoderStream] = []
    for clip in clips:
        streams.append(model.open())
        streams[-1].accept(frames_of(clip.sound))
    while streams := [one for one in streams if one.waiting > CAP]:
        wanted = [Advance(one, 1, right) for one in streams for right in RIGHTS]
        found = model.attempt(wanted)
        for at in range(0, len(found), len(RIGHTS)):
            yield [one.heard.scores for one in found[at : at + len(RIGHTS)]]
            found[at + RIGHTS.index(_USUAL)].keep(1)


def fit(rows: Doubles, changes: Doubles) -> dict[str, Doubles]:
    """Return the weights of the quadratic form that foretells the logarithm of *changes*.

    Ridge regression over the features and their products.
    """
    mean, scale = rows.mean(0), rows.std(0) + 1e-6
    z = (rows - mean) / scale
    one, other = np.triu_indices(FEATURES)
    terms = np.concatenate([z, z[:, one] * z[:, other]], 1)
    middle, spread = terms.mean(0), terms.std(0) + 1e-6
    known = (terms - middle) / spread
    wanted = np.log(changes + _LEAST)
    squares = known.T @ known + _PENALTY * np.eye(known.shape[1])
    found = np.asarray(np.linalg.solve(squares, known.T @ (wanted - wanted.mean())), np.float64)
    weights = found / spread
    quadratic = np.zeros((FEATURES, FEATURES))
    quadratic[one, other] = weights[FEATURES:]
    return {
        "mean": mean,
        "scale": scale,
        "bias": np.array(wanted.mean() - middle @ weights),
        "linear": weights[:FEATURES],
        "quadratic": quadratic,
    }


def explained(weights: dict[str, Doubles], rows: Doubles, changes: Doubles) -> float:
    """Return the share of the variance of the logarithm of *changes* that is foretold."""
    z = (rows - weights["mean"]) / weights["scale"]
    told = weights["bias"] + z @ weights["linear"] + ((z @ weights["quadratic"]) * z).sum(1)
    wanted = np.log(changes + _LEAST)
    return float(1 - ((wanted - told) ** 2).mean() / wanted.var())


@click.command("look-ahead")
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED, help="Folder to fill.")
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("build/speech"),
    show_default=True,
    help="Folder in which gnothi-train hearing has left its development sound.",
)
@click.option("--clips", type=click.IntRange(4), default=64, show_default=True,
              help="Utterances, one half of them with noise.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True)
def main(*, out: Path, work: Path, clips: int, seed: int) -> None:
    """Learn when the recogniser that ships must wait for more sound, and export it.

    From development sentences in known voices, in quiet rooms and with noise. GNOTHI_DATA is
    needed for the noise.
    """
    data = Settings.from_environment().data
    index = work / "audio" / "dev-seen.json"
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder with the public data sets.")
    if not index.is_file():
        raise click.UsageError(f"There is no {index}: run gnothi-train hearing first.")
    model = StreamingModel()
    quiet = read_clips(index, seed=seed)[: clips // 2]
    loud = read_clips(index, seed=seed, places=Places.read(data, "dev"))[clips // 2 : clips]
    heard = [one for pair in zip(quiet, loud, strict=True) for one in pair]
    kept = len(heard) * 3 // 4
    rows, changes = examples(model, heard[:kept])
    weights = fit(rows, changes)
    figures = {
        "frames": float(len(rows) // (len(RIGHTS) - 1)),
        "explained": explained(weights, *examples(model, heard[kept:])),
    }
    write(out, weights, figures, model.card.label, index, clips, seed)
    click.echo(json.dumps(figures))


def write(
    out: Path,
    weights: dict[str, Doubles],
    figures: dict[str, float],
    parent: str,
    index: Path,
    clips: int,
    seed: int,
) -> None:
    """Write the artifact and its card to *out*."""
    rounded = {name: np.round(value, 6).tolist() for name, value in weights.items()}
    content = json.dumps(rounded, indent=None).encode() + b"\n"
    card = Card(
        name=NAME,
        version=f"{SystemClock().now():%Y-%m-%d}.1",
        kind="json",
        files={},
        parents=(parent,),
        command=f"gnothi-train look-ahead --clips {clips} --seed {seed}",
        seed=seed,
        data=(
            {
                "name": "development sentences, spoken by espeak-ng, flite and festival",
                "sha256": hashlib.sha256(index.read_bytes()).hexdigest(),
                "licence": "Apache-2.0, CC BY 4.0",
            },
        ),
        figures=figures,
        notices=(
            "explained: share of the variance of log changes on utterances that were kept apart.",
            "Noise: ESC-10 (K. J. Piczak), CC BY 3.0; Picovoice, Apache-2.0; audiomentations, MIT.",
        ),
    )
    write_artifact(out, card, {FILE: content})
