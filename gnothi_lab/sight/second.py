"""Whether the fusion helps a second spotter of another build."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from gnothi_lab.sight.reading import Figures, Intervals
from gnothi_lab.sight.renders import SIDE, rendered
from gnothi_lab.sight.spotting import letters
from gnothi_lab.sight.views import gained
from gnothi_train.vision.loop import CHECKPOINT
from gnothi_train.vision.text.batches import REDUCED, Reading, batch_of
from gnothi_train.vision.text.pages import Rendered
from gnothi_train.vision.text.second import SecondSpotter

STEEPEST = 15.0
"""Its boxes are upright: words are turned by so many degrees at most."""
SIDES = {"": REDUCED, "_half": SIDE}
"""Its global view sees every picture at 320 pixels: whole, or at half its size."""
_TILES = 8
NAMES = {False: "second-global", True: "second-fused"}


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """One second spotter, as far as it has come."""

    network: SecondSpotter
    steps: int

    @classmethod
    def read(cls, folder: Path, *, is_fused: bool) -> "Learned":
        """Read the checkpoint in *folder*."""
        network = SecondSpotter(is_fused=is_fused)
        state = torch.load(folder / CHECKPOINT, weights_only=True)
        network.load_state_dict(state["averaged"] or state["network"])
        return cls(network.eval(), state["step"])


def there(folder: Path) -> bool:
    """Return whether *folder* has it with and without the fusion."""
    return all((folder / name / CHECKPOINT).exists() for name in NAMES.values())


def compared(data: Path, folder: Path, seed: int, count: int) -> tuple[Figures, Intervals]:
    """Return how many words the second spotter reads with and without the fusion, and its gain."""
    spotters = {one: Learned.read(folder / name, is_fused=one) for one, name in NAMES.items()}
    figures: Figures = {
        "second_spotter_fused_steps": spotters[True].steps,
        "second_spotter_global_steps": spotters[False].steps,
    }
    intervals: Intervals = {}
    for name, side in SIDES.items():
        pages = rendered(data, count, seed, steepest=STEEPEST, side=side)
        fused, words = _right(spotters[True].network, pages, seed)
        alone, _ = _right(spotters[False].network, pages, seed)
        sums = np.column_stack([fused - alone, words])
        key = f"second_spotter_gain{name}"
        figures[key], intervals[key] = gained(sums, np.random.default_rng(seed))
        figures[f"second_spotter_fused{name}"] = fused.sum() / words.sum()
        figures[f"second_spotter_global{name}"] = alone.sum() / words.sum()
    return figures, intervals


def _right(
    network: SecondSpotter, pages: Sequence[Rendered], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return how many words of each of *pages* are read right, and how many there are."""
    right: list[int] = []
    words: list[int] = []
    reading = Reading(words=40, jitter=0.0, is_level=True)
    for begin in range(0, len(pages), _TILES):
        rng = np.random.default_rng((seed, begin))
        batch = batch_of(pages[begin : begin + _TILES], reading, rng)
        pairs = zip(network.read(batch), batch.texts, strict=True)
        hits = iter([letters(text) == letters(wanted) for text, wanted in pairs])
        for number in batch.there.reshape(-1, reading.words).sum(1).tolist():
            right.append(sum(next(hits) for _ in range(number)))
            words.append(number)
    return np.array(right), np.array(words)
