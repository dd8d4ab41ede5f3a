"""Fit the model of defects on simulated homes: ``python -m gnothi_lab.fit_defects``.

The world has no people in it: the weights say what tells a failed turn there, and the card says
so. Weeks of three base rates are joined, so that the model knows no single one. Part of them is
lived in a row (:func:`gnothi_lab.worlds.judged.in_a_row`): otherwise nearly everything that is said
within seconds would be a rephrase.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import click
import numpy as np

from gnothi.core.artifact import CARD, Card
from gnothi.learning.defects import ASSUMED, FILE, NAME, DefectModel, fit
from gnothi.learning.signs import FEATURES
from gnothi_lab.result import ROOT
from gnothi_lab.worlds.judged import Floats, Setting, Turns, turns_of

SHIPPED = ROOT / "gnothi" / "models" / "defects"
RATES = (0.05, 0.10, 0.20)
TRAINING, DEVELOPMENT = 1000, 2000
"""Seeds from which on worlds are for fitting and choosing; the benchmark uses others."""
HURRIED = 0.5
"""Share of people whose first week is also lived in a row, for fitting."""
_WORLD = ROOT / "gnothi_lab" / "worlds" / "households" / "parameters.json"


@click.command()
@click.option("--version", default="2026-11-29.2", show_default=True, help="Version on the card.")
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED, help="Folder to write.")
@click.option("--size", default="small", show_default=True, help="Size of the simulated worlds.")
def main(*, version: str, out: Path, size: str) -> None:
    """Fit, measure on development seeds, and write the artifact with its card."""
    model = fitted(turns_of(settings(TRAINING) + hurried(TRAINING), size))
    figures = measured(model, turns_of(settings(DEVELOPMENT, weeks=1), size))
    write(model, figures, version, out, size)
    click.echo(json.dumps(figures))


def settings(seed: int, weeks: int = 2) -> list[Setting]:
    """Return a world of each base rate, from *seed* on."""
    return [Setting(seed + place, rate, weeks=weeks) for place, rate in enumerate(RATES)]


def hurried(seed: int, share: float = HURRIED) -> list[Setting]:
    """Return a week of each base rate in which a *share* of people ask in a row."""
    return [replace(one, in_a_row=share) for one in settings(seed, weeks=1)]


def fitted(turns: Turns) -> DefectModel:
    """Return the model that fits *turns*, control words among them: they are judged, too."""
    return DefectModel(
        fit(turns.features, turns.failed.astype(float), assumed=ASSUMED),
        fit(turns.features, turns.anew.astype(float)),
    )


def chances(weights: Mapping[str, float], features: Floats) -> Floats:
    """Return the probabilities that *weights* give to rows of *features*."""
    inner = features @ np.array([weights.get(name, 0.0) for name in FEATURES])
    return 1.0 / (1.0 + np.exp(-(inner + weights["bias"])))


def measured(model: DefectModel, turns: Turns) -> dict[str, float]:
    """Return the figures for the card, over requests."""
    from sklearn.metrics import roc_auc_score

    asked = turns.requests
    found = chances(model.defect, asked.features)
    return {
        "simulated_dev_auc": round(float(roc_auc_score(asked.failed, found)), 4),
        "simulated_dev_brier": round(float(np.mean((found - asked.failed) ** 2)), 4),
        "simulated_dev_rephrase_auc": round(
            float(roc_auc_score(turns.anew, chances(model.rephrase, turns.features))), 4
        ),
    }


def write(
    model: DefectModel, figures: dict[str, float], version: str, folder: Path, size: str
) -> None:
    """Write the artifact and its card to *folder*."""
    content = model.dump()
    card = Card(
        name=NAME,
        version=version,
        kind="json",
        files={FILE: hashlib.sha256(content).hexdigest()},
        command=f"python -m gnothi_lab.fit_defects --version {version} --size {size}",
        seed=TRAINING,
        data=(
            {
                "name": "simulated households",
                "sha256": hashlib.sha256(_WORLD.read_bytes()).hexdigest(),
                "licence": "Apache-2.0",
            },
        ),
        figures=figures,
        notices=(
            "Fitted on simulated households: nobody in the data is real.",
            f"Weights of {', '.join(ASSUMED)} are assumed: nothing of the kind happens there.",
            "Part of the weeks is rearranged: the same wishes, asked for within seconds.",
        ),
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes(content)
    (folder / CARD).write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
