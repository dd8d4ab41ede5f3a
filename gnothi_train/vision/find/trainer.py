"""``gnothi-train eyes``: the network that finds what a phrase names, from rendered scenes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click
import numpy as np
import torch

from gnothi.core.artifact import Card
from gnothi.core.clock import SystemClock
from gnothi.core.errors import GnothiError
from gnothi.language.understand import SHIPPED as LANGUAGE
from gnothi.text.encoder import SharedEncoder
from gnothi.vision.finding.models import NAME, SHIPPED
from gnothi.vision.finding.networks import NAMING, NETWORK, SightNetworks
from gnothi.vision.networks import Network
from gnothi.vision.teaching.bank import BANK
from gnothi_train.artifact import write_artifact
from gnothi_train.vision.find.bank import bank
from gnothi_train.vision.find.calibration import calibrated
from gnothi_train.vision.find.export import contents
from gnothi_train.vision.find.measure import judge, look, recall
from gnothi_train.vision.find.stages import (
    APART,
    JOINT,
    TOLD,
    Plan,
    learn_boxes,
    learn_own,
    learn_regions,
    learned,
    learned_eyes,
)
from gnothi_train.vision.find.vectors import PhraseVectors
from gnothi_train.vision.scenes.composing import Scene
from gnothi_train.vision.scenes.rendering import render
from gnothi_train.vision.scenes.shards import read_shard
from gnothi_train.vision.scenes.things import UNSEEN, words

SETS = {
    "development": 300,
    "test": 1_500,
    "old-pairs": 500,
    "new-style": 500,
    "told-nouns": 500,
    "unseen-nouns": 500,
}
"""Scenes to measure on; all but the first are for the benchmark ``find-object`` alone."""
_NOTICES = (
    "Learned from rendered scenes alone; things are cut out of the following pictures.",
    "Fluent 3D emoji (Microsoft), MIT, as in the npm package @lobehub/fluent-emoji-3d.",
    "Noto emoji (Google), pictures, Apache-2.0, as in the npm package emoji-datasource-google.",
    "Noto Color Emoji (Google), font, OFL 1.1, as in Debian's fonts-noto-color-emoji.",
    "Twemoji (Twitter and contributors), CC BY 4.0.",
    "Open Clip Art Library, public domain, as in Debian's openclipart-png.",
    "Clothing dataset (A. Grigorev and contributors), CC0.",
    "Backgrounds: drawn here, and wallpapers of gnome-backgrounds by J. Steiner, CC BY-SA 3.0.",
    (
        "Figures: how often the first box is right, for phrases about 300 rendered scenes of "
        "development: pairs of noun and colour that training has, and some that it never has."
    ),
)
_LICENCES = {
    "fluent-emoji-3d": "MIT",
    "noto-emoji": "Apache-2.0",
    "noto-color-emoji-font": "OFL-1.1",
    "twemoji": "CC BY 4.0",
    "openclipart": "public domain",
    "clothing-small": "CC0 1.0",
    "gnome-backgrounds": "CC BY-SA 3.0",
}


@click.command("eyes")
@click.option("--pictures", required=True,
              type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of emoji, clip art and backgrounds: see the how-to page.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED, help="Folder to fill.")
@click.option("--work", type=click.Path(path_type=Path), default=Path("build/sight"),
              show_default=True, help="Folder of what is made; it may be removed.")  # fmt: skip
@click.option("--scenes", type=click.IntRange(16), default=Plan().scenes, show_default=True)
@click.option("--label-steps", type=click.IntRange(1), default=Plan().label_steps,
              show_default=True, help="With things cut out of the scenes, by labels.")  # fmt: skip
@click.option("--region-steps", type=click.IntRange(1), default=Plan().region_steps,
              show_default=True, help="The same, with phrases.")  # fmt: skip
@click.option("--box-steps", type=click.IntRange(1), default=Plan().box_steps, show_default=True,
              help="With whole scenes: where things are.")  # fmt: skip
@click.option("--own-steps", type=click.IntRange(1), default=Plan().own_steps, show_default=True,
              help="Of a dot product alone, and of attention alone.")  # fmt: skip
@click.option("--told-steps", type=click.IntRange(1), default=Plan().told_steps,
              show_default=True, help="With captions: that is served.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True,
              help="Of learning; the scenes are the same for any.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
def main(
    *,
    pictures: Path,
    out: Path,
    work: Path,
    scenes: int,
    label_steps: int,
    region_steps: int,
    box_steps: int,
    own_steps: int,
    told_steps: int,
    seed: int,
    threads: int,
) -> None:
    """Render scenes, let eyes learn to find what phrases name, and write the artifact.

    Attention between things and words learns beside the dot product that is served: it stays in
    the work folder for the benchmark `find-object`. Takes about an hour of one core; begun again,
    it goes on where it was; what other pictures made, it makes anew.
    """
    torch.set_num_threads(threads)
    plan = Plan(
        scenes=scenes,
        label_steps=label_steps,
        region_steps=region_steps,
        box_steps=box_steps,
        own_steps=own_steps,
        told_steps=told_steps,
        seed=seed,
    )
    try:
        shards = render(
            pictures, work / "scenes", {"boxed": plan.scenes, "told": plan.told, **SETS}
        )
        boxed, told, development = (
            [scene for path in shards[name] for scene in read_shard(path)]
            for name in ("boxed", "told", "development")
        )
        vectors = PhraseVectors(SharedEncoder(LANGUAGE))
        learn(plan, work / "find", boxed, told, vectors)
        card = write(plan, work / "find", out, development, vectors, [*boxed, *told])
    except (GnothiError, FileNotFoundError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(card.figures, indent=1))


def learn(
    plan: Plan,
    folder: Path,
    boxed: Sequence[Scene],
    told: Sequence[Scene],
    vectors: PhraseVectors,
) -> None:
    """Let every stage learn that has not."""
    learn_regions(plan, folder, boxed, vectors, _tell)
    learn_boxes(plan, folder, boxed, _tell)
    for stage in (APART, JOINT):
        learn_own(stage, plan, folder, boxed, vectors, _tell)
    learn_own(TOLD, plan, folder, boxed, vectors, _tell, told=told)


def write(
    plan: Plan,
    folder: Path,
    out: Path,
    development: Sequence[Scene],
    vectors: PhraseVectors,
    scenes: Sequence[Scene],
) -> Card:
    """Write the artifact of what was learned from *scenes* to *out*; return its card."""
    served, eyes = learned(folder, TOLD), learned_eyes(folder)
    assert served.apart is not None
    figures: dict[str, float] = {}
    for stage in (TOLD, APART, JOINT):
        own = learned(folder, stage)
        judges = [judge(mind, vectors) for mind in own.minds.values()]
        founds = look(eyes, own.regions, development)
        right = recall(judges, founds, development, seed=plan.seed)
        figures[f"development_recall_at_1_{stage}"] = float(np.mean(right))
    settings = calibrated(eyes, served.regions, served.apart, development, vectors, plan.seed)
    known = {word: sorted(nouns - {*UNSEEN}) for word, nouns in words().items()}
    told = {"words": {word: nouns for word, nouns in known.items() if nouns}, **settings}
    files = contents(eyes, served.regions, served.apart, told)
    networks = SightNetworks(Network(files[NETWORK]), Network(files[NAMING]))
    files[BANK] = bank(networks, scenes)
    steps = " ".join(
        f"--{name.replace('_', '-')} {value}"
        for name, value in asdict(plan).items()
        if name.endswith("_steps") or name == "scenes"
    )
    card = Card(
        name=NAME,
        version=f"{SystemClock().now():%Y-%m-%d}.1",
        kind="onnx",
        files={},
        command=f"gnothi-train eyes --pictures DIR {steps} --seed {plan.seed}",
        seed=plan.seed,
        data=_sources(scenes),
        figures=figures,
        notices=_NOTICES,
    )
    write_artifact(out, card, files)
    return card


def _sources(scenes: Sequence[Scene]) -> tuple[Mapping[str, str], ...]:
    """Return the *scenes* as one set, by the hash of their pictures, and what they are drawn of."""
    whole = hashlib.sha256()
    for scene in scenes:
        whole.update(scene.jpeg)
    rendered = {
        "name": "rendered scenes",
        "sha256": whole.hexdigest(),
        "licence": "not kept; drawn of what follows",
    }
    drawn_of = ({"name": name, "licence": licence} for name, licence in _LICENCES.items())
    return (rendered, *drawn_of)


def _tell(step: int, means: Mapping[str, float]) -> None:
    losses = " ".join(f"{name} {value:.3f}" for name, value in means.items())
    click.echo(f"{step} {losses}")
