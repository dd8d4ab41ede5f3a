"""The coffee maker of a published benchmark, as a skill in the product's own format.

Picovoice's speech-to-intent-benchmark (Apache-2.0) says in a grammar what people may order, and
lets 50 people do so in their own rooms. The grammar is written out as samples, its values as
catalogues; nothing in the skill knows of the recordings.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.audio import read_file
from gnothi_train.speech.augment import Places

SET = "command-coffee-picovoice"
INTENT = "orderDrink"
_PART = re.compile(r"\[(?P<choice>[^\]]*)\]|\$(?P<type>\w+):(?P<slot>\w+)|(?P<word>[^\s\[$]+)")
KITCHEN = "picovoice_kitchen"
_FRAME = 2048
_ACTIONS = '''"""Make coffee: for listening to orders, there is no machine behind it."""

from gnothi.core.acting import Act, Outcome, Status
from gnothi.skills.turn import Turn


async def order(turn: Turn, **wanted: str) -> Outcome:
    """Order what is *wanted*."""
    return Outcome(Status.DONE, (Act("coffee-ordered", dict(wanted)),))
'''
_WORDS = "coffee-ordered = { $coffeeDrink }, coming up.\n"


def write_skill(data: Path, folder: Path) -> Path:
    """Write the skill to *folder* and return it."""
    grammar = yaml.safe_load((data / "speech" / SET / "coffee_maker.yaml").read_text("utf-8"))
    context = grammar["context"]
    lines = ['name = "coffee"', 'title = "Coffee"', ""]
    for slot, values in context["slots"].items():
        lines += [f"[types.{slot}]", f"values = {_texts(values)}", ""]
    lines += ["[[api]]", 'name = "order"', f'intents = ["{INTENT}"]', "samples = ["]
    written = dict.fromkeys(
        sample for one in context["expressions"][INTENT] for sample in _samples(one)
    )
    lines += [f"  {json.dumps(sample)}," for sample in written]
    lines += ["]", ""]
    for slot in context["slots"]:
        lines += [
            f"[api.arguments.{slot}]",
            f'type = "{slot}"',
            f'slots = ["{slot}"]',
            "only_slots = true",
            "",
        ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "skill.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "actions.py").write_text(_ACTIONS, encoding="utf-8")
    (folder / "en.ftl").write_text(_WORDS, encoding="utf-8")
    return folder


def _texts(values: list[str]) -> str:
    return json.dumps([value.strip() for value in values])


def _samples(expression: str) -> Iterator[str]:
    """Yield the samples that an *expression* of the grammar stands for."""
    found = [""]
    for part in _PART.finditer(expression):
        if part["choice"] is not None:
            ways = [one.strip() for one in part["choice"].split(",")]
        else:
            ways = [f"{{{part['slot']}}}" if part["slot"] else part["word"]]
        found = [f"{before} {way}".strip() for before in found for way in ways]
    yield from found


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody orders a drink."""

    file: str
    cluster: str
    slots: dict[str, str]
    samples: Samples


def read_orders(data: Path, *, every: int = 1) -> list[Order]:
    """Return recordings in the order of the table: all, or *every* so many-th."""
    folder = data / "speech" / SET
    with (folder / "transcripts.tsv").open(encoding="utf-8", newline="") as lines:
        rows: list[dict[str, Any]] = list(
            csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        )
    return [
        Order(
            row["file"],
            row["cluster"],
            {name: value.strip() for name, value in json.loads(row["slots_json"]).items()},
            _whole(folder / row["file"]),
        )
        for row in rows[::every]
    ]


def folds(clusters: list[str], count: int, *, seed: int) -> list[int]:
    """Return for each of *clusters* its fold: whole clusters together, folds of similar size.

    The largest go first, each to the fold that has least; *seed* orders those of equal size.
    """
    sizes = {name: clusters.count(name) for name in sorted(set(clusters))}
    names = list(sizes)
    order: list[int] = np.random.default_rng(seed).permutation(len(names)).tolist()
    shuffled = [names[i] for i in order]
    filled = [0] * count
    chosen: dict[str, int] = {}
    for name in sorted(shuffled, key=lambda one: -sizes[one]):
        chosen[name] = int(np.argmin(filled))
        filled[chosen[name]] += sizes[name]
    return [chosen[name] for name in clusters]


def mixed(speech: Samples, noise: Samples, decibels: float, rng: np.random.Generator) -> Samples:
    """Return *speech* with *noise* beneath it, as the benchmark mixes them.

    The loudest frame of 2,048 samples of the speech is *decibels* above that of the noise, and the
    sum is scaled to half of what can be told (``benchmark/mixer.py`` of the repository).
    """
    long = np.resize(noise, max(len(noise), len(speech) + RATE))
    start = int(rng.integers(len(long) - len(speech)))
    beneath = long[start : start + len(speech)]
    scale = np.sqrt(_loudest(speech) / (_loudest(beneath) * 10 ** (decibels / 10) + 1e-12))
    noisy = speech + np.float32(scale) * beneath
    return (noisy / (2 * np.abs(noisy).max() + 1e-9)).astype(np.float32)


def _loudest(sound: Samples) -> float:
    frames = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME)
    return float((frames**2).sum(1).max())


def read_noises(data: Path) -> dict[str, list[Samples]]:
    """Return what recordings are mixed with: the benchmark's kitchen, and sounds of homes.

    The kitchen is the benchmark's own noise (its other one, a cafe, was not kept); the sounds are
    those of ESC-10's fold 4. Neither is heard in adaptation.
    """
    return {
        "kitchen": [
            _whole(path) for path in _noises(data, "noise-misc", "train") if KITCHEN in path.name
        ],
        "home": [_whole(path) for path in _noises(data, "noise-esc10", "dev")],
    }


def training_places(data: Path) -> Places:
    """Return rooms and noises to learn in: the kitchen is not among them."""
    paths = [*_noises(data, "noise-esc10", "train"), *_noises(data, "noise-misc", "train")]
    sounds = [_whole(path) for path in paths if KITCHEN not in path.name]
    levels = [float(np.sqrt(np.mean(one**2))) + 1e-9 for one in sounds]
    noises = [
        one / np.float32(level)
        for one, level in zip(sounds, levels, strict=True)
        if len(one) > RATE // 4
    ]
    return Places(noises, Places.read(data, "train").responses)


def _noises(data: Path, name: str, split: str) -> list[Path]:
    folder = data / "speech" / name
    with (folder / "transcripts.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [folder / row["file"] for row in rows if row["split"] == split]


def _whole(path: Path) -> Samples:
    return np.concatenate(list(read_file(path)))
