"""Whether the fusion helps a second spotter of another build."""

from pathlib import Path

import numpy as np
import torch

from gnothi_lab.sight.reading import Figures, Intervals
from gnothi_lab.sight.renders import SIDE, rendered
from gnothi_lab.sight.spotting import letters
from gnothi_lab.statistics import bootstrap
from gnothi_train.vision.loop import CHECKPOINT
from gnothi_train.vision.text.batches import Reading, batch_of
from gnothi_train.vision.text.second import SecondSpotter

STEEPEST = 15.0
"""Its boxes are upright: words are turned by so many degrees at most."""
_TILES = 8
NAMES = {False: "second-global", True: "second-fused"}


def compared(data: Path, folder: Path, seed: int, count: int) -> tuple[Figures, Intervals]:
    """Return how many words the second spotter reads with and without the fusion, and its gain."""
    pages = rendered(data, count, seed, steepest=STEEPEST, side=SIDE)
    right: dict[bool, list[list[bool]]] = {False: [], True: []}
    for is_fused, name in NAMES.items():
        network = _opened(folder / name, is_fused=is_fused)
        for begin in range(0, len(pages), _TILES):
            rng = np.random.default_rng((seed, begin))
            reading = Reading(words=40, jitter=0.0, is_level=True)
            batch = batch_of(pages[begin : begin + _TILES], reading, rng)
            texts, wanted = network.read(batch), batch.texts
            hits = iter([letters(a) == letters(b) for a, b in zip(texts, wanted, strict=True)])
            for there in batch.there.reshape(-1, reading.words).sum(1).tolist():
                right[is_fused].append([next(hits) for _ in range(int(there))])
    sums = np.array(
        [[sum(a), sum(b), len(a)] for a, b in zip(right[True], right[False], strict=True)], float
    )

    def over(drawn: np.ndarray, axis: int) -> np.ndarray:
        del axis
        chosen = sums[np.atleast_2d(drawn).astype(int)].sum(axis=1)
        return (chosen[:, 0] - chosen[:, 1]) / np.maximum(1, chosen[:, 2])

    fused, alone, words = sums.sum(axis=0)
    rng = np.random.default_rng(seed)
    span = bootstrap(np.arange(len(sums)), rng, statistic=over, draws=1000)
    figures = {
        "second_spotter_gain": (fused - alone) / words,
        "second_spotter_fused": fused / words,
        "second_spotter_global": alone / words,
    }
    return figures, {"second_spotter_gain": span}


def _opened(folder: Path, *, is_fused: bool) -> SecondSpotter:
    network = SecondSpotter(is_fused=is_fused)
    state = torch.load(folder / CHECKPOINT, weights_only=True)
    network.load_state_dict(state["averaged"] or state["network"])
    return network.eval()
