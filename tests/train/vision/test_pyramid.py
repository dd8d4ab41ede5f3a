"""The dense detector learns to find squares and discs, by class and by vector."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from gnothi_train.vision.backbone import Backbone, as_input, freeze
from gnothi_train.vision.loop import Loop, Losses, Recipe, moved, seeded
from gnothi_train.vision.pyramid import (
    Dense,
    Pyramid,
    Things,
    assign,
    detections,
    generalised_overlap,
    overlap,
)

_SIDE = 64
_COLOURS = ((230, 40, 40), (40, 60, 230))
_Batch = tuple[torch.Tensor, list[Things]]


def _scene(rng: np.random.Generator) -> tuple[np.ndarray, Things]:
    """One red and one blue square, apart."""
    pixels = np.full((_SIDE, _SIDE, 3), 120, np.uint8) + rng.integers(0, 20, (_SIDE, _SIDE, 1))
    boxes = []
    for half, colour in zip(rng.permutation(2), _COLOURS, strict=True):
        side = int(rng.integers(12, 26))
        left, top = int(half) * 32 + int(rng.integers(0, 32 - side)), int(rng.integers(0, 38))
        pixels[top : top + side, left : left + side] = colour
        boxes.append([left, top, left + side, top + side])
    return pixels.astype(np.uint8), Things(torch.tensor(boxes).float(), torch.tensor([0, 1]))


def _batches(rng: np.random.Generator, size: int = 8) -> Iterator[_Batch]:
    while True:
        pixels, things = zip(*(_scene(rng) for _ in range(size)), strict=True)
        yield as_input(torch.from_numpy(np.stack(pixels))), list(things)


def _network(**more: int) -> Pyramid:
    return Pyramid(more.pop("classes", 2), backbone=Backbone((8, 8, 16, 16, 16), (0, 1, 0, 0)),
                   width=16, **more)  # fmt: skip


def _objective(network: Pyramid, batch: _Batch) -> Losses:
    return network.losses(network(batch[0]), batch[1])


def _found(dense: Dense, things: list[Things]) -> float:
    """Return the share of things that the best detection of their class covers."""
    hits = []
    for one, truth in zip(detections(dense), things, strict=True):
        for box, kind in zip(truth.boxes, truth.classes, strict=True):
            best = torch.from_numpy(one.boxes[one.classes == int(kind)][:1]).float()
            hits.append(bool(len(best)) and float(overlap(best, box[None])) > 0.5)
    return float(np.mean(hits))


def test_it_learns_to_find_things() -> None:
    """After a few steps, and not before."""
    rng = seeded(0)
    network = _network()
    loop = Loop(network, _objective, Recipe(70, rate=1e-2, warm_up=10, average=0.9))
    loop.run(_batches(rng))
    pictures, things = next(_batches(np.random.default_rng(1), 16))
    with torch.no_grad():
        found = _found(loop.result(pictures), things)
        before = _found(_network().eval()(pictures), things)
    assert before < 0.2
    assert found > 0.8


def test_classes_are_told_by_vectors() -> None:
    """Without a linear layer: embeddings of places agree with the vectors of their classes."""
    rng = seeded(0)
    network = _network(classes=0, dimensions=4)
    vectors = torch.eye(4)[:2]

    def objective(network: Pyramid, batch: _Batch) -> Losses:
        return network.losses(network(batch[0], vectors), batch[1])

    Loop(network, objective, Recipe(90, rate=1e-2, warm_up=10)).run(_batches(rng))
    pictures, things = next(_batches(np.random.default_rng(1), 16))
    with torch.no_grad():
        assert _found(network.eval()(pictures, vectors), things) > 0.6


def test_a_run_that_is_cut_off_ends_as_if_it_was_not(tmp_path: Path) -> None:
    """Weights, steps and what is drawn at random go on where they were."""
    batches = [next(_batches(seeded(0))) for _ in range(4)]

    def drawn(network: Pyramid, batch: _Batch) -> Losses:
        losses = network.losses(network(batch[0]), batch[1])
        return {name: loss * (0.5 + torch.rand(())) for name, loss in losses.items()}

    def learned(folder: Path, *cuts: int) -> dict[str, torch.Tensor]:
        for at in (0, *cuts):
            torch.manual_seed(1 + at)
            loop = Loop(_network(), drawn, Recipe(4), folder=folder)
            loop.resume()
            until = next((cut for cut in cuts if cut > loop.step), 4)
            loop.run(batches[loop.step : until])
        return loop.network.state_dict()

    whole, cut = learned(tmp_path / "whole"), learned(tmp_path / "cut", 2)
    assert all(torch.equal(whole[name], cut[name]) for name in whole)


def test_a_batch_is_brought_to_the_device() -> None:
    """All its tensors, whatever they are in; the rest stays."""
    things = Things(torch.zeros(1, 4), torch.zeros(1))
    batch = {"pictures": torch.zeros(2), "things": [things], "names": ("a", 1)}
    brought = moved(batch, torch.device("meta"))
    assert brought["pictures"].is_meta and brought["things"][0].boxes.is_meta
    assert brought["names"] == ("a", 1)


def test_a_run_goes_on_after_its_checkpoint(tmp_path: Path) -> None:
    """As far as it was, with the same weights; another recipe is refused."""
    recipe = Recipe(4, average=0.5)
    loop = Loop(_network(), _objective, recipe, folder=tmp_path)
    assert not loop.resume()
    loop.run(_batches(seeded(0)))
    again = Loop(_network(), _objective, recipe, folder=tmp_path)
    assert again.resume()
    assert again.step == 4
    mine, theirs = loop.network.state_dict(), again.network.state_dict()
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)
    with pytest.raises(ValueError, match="another recipe"):
        Loop(_network(), _objective, Recipe(5), folder=tmp_path).resume()
    with pytest.raises(ValueError, match="another network"):
        Loop(_network(classes=3), _objective, recipe, folder=tmp_path).resume()


def test_what_is_not_finite_ends_the_run() -> None:
    """With a sentence, before the weights are spoilt."""

    def broken(network: Pyramid, batch: _Batch) -> Losses:
        return {"kinds": network(batch[0]).logits.sum() * torch.nan}

    with pytest.raises(ArithmeticError, match="step 0"):
        Loop(_network(), broken, Recipe(4)).run(_batches(seeded(0)))


def test_places_answer_for_what_is_around_them() -> None:
    """Of boxes in one another the smaller one; every box has a place, however small."""
    places = _network().eval()(torch.zeros(1, 3, _SIDE, _SIDE)).places
    boxes = torch.tensor([[0.0, 0, 60, 60], [20, 20, 34, 34], [50, 3, 52, 5]])
    index, wanted = assign(places, Things(boxes, torch.zeros(3, dtype=torch.long)))
    assert set(index.tolist()) == {-1, 0, 1, 2}
    taken = index >= 0
    assert torch.equal(wanted[taken], boxes[index[taken]])
    middle = (places[:, :2] - torch.tensor([28.0, 28.0])).abs().amax(1) < 4
    assert set(index[middle & (places[:, 2] == 8)].tolist()) == {1}
    nothing, _ = assign(places, Things(torch.zeros(0, 4), torch.zeros(0, dtype=torch.long)))
    assert set(nothing.tolist()) == {-1}


def test_overlaps() -> None:
    """Row by row; apart, the generalised one tells how far."""
    some = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 10]])
    others = torch.tensor([[0.0, 0, 10, 5], [20, 0, 30, 10]])
    assert overlap(some, others).tolist() == pytest.approx([0.5, 0.0])
    assert generalised_overlap(some, others).tolist() == pytest.approx([0.5, -1 / 3])


def test_what_is_frozen_stays() -> None:
    """Weights, and the running means of norms, however often the network is told to train."""
    network = _network()
    freeze(network.backbone)
    before = {name: value.clone() for name, value in network.backbone.state_dict().items()}
    Loop(network, _objective, Recipe(2)).run(_batches(seeded(0)))
    after = network.backbone.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
