"""Training goes by the clock, learns, and goes on where it was killed."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import ctc_loss

from gnothi.speech.features import WIDTH
from gnothi_train.speech import shards
from gnothi_train.speech.learn import (
    Item,
    Learning,
    Recipe,
    batches,
    collate,
    guess_places,
    in_turn,
    mask,
    read_items,
    schedule,
)
from gnothi_train.speech.network import Shape, StreamingEncoder
from gnothi_train.speech.pieces import Speller

PIECES = ["", "_a", "_b", "c", "_c", "b", "a"]
TINY = Shape(width=32, heads=2, layers=2, kernel=5, channels=(4, 8))


def items(size: int = 12) -> list[Item]:
    """Return utterances whose words sound alike every time."""
    rng = np.random.default_rng(0)
    sounds = {word: rng.normal(size=(8, WIDTH)) for word in ("a", "b", "c")}
    found: list[Item] = []
    for _ in range(size):
        words = rng.choice(["a", "b", "c"], 3)
        quiet = rng.normal(size=(4, WIDTH)) * 0.1
        parts = [part for word in words for part in (sounds[word], quiet)]
        found.append(Item(" ".join(words), np.concatenate(parts).astype(np.float16)))
    return found


def learning(minutes: float) -> Learning:
    """Return a run with a network that knows nothing."""
    torch.manual_seed(0)
    recipe = Recipe(minutes=minutes, seconds=10.0, rate=3e-3, dropped=0.0)
    network = StreamingEncoder(len(PIECES), TINY)
    return Learning(network, Speller(PIECES), recipe, seed=1, clock=map(float, count()).__next__)


@pytest.fixture(scope="module")
def trained() -> Learning:
    """A run of forty steps, each of which takes a second by its clock."""
    torch.set_num_threads(1)
    run = learning(2 / 3)
    while run.share < 1:
        run.epoch([items()], lambda share, loss, speed: None)
    return run


def surprise(network: StreamingEncoder) -> float:
    """Return the loss of CTC for each piece."""
    batch = collate(items(), Speller(PIECES), 1, np.random.default_rng(0), 0.0)
    with torch.no_grad():
        end, _ = network(batch.frames, batch.lengths, chunk=batch.frames.shape[1] // 2, right=0)
    scores = end.log_softmax(-1).transpose(0, 1)
    given = batch.targets, batch.lengths, batch.target_lengths
    return float(ctc_loss(scores, *given, reduction="sum")) / len(batch.targets)


def test_it_learns(trained: Learning) -> None:
    """What is said surprises the averaged network far less than one that knows nothing."""
    assert surprise(trained.averaged()) < 0.5 * surprise(learning(2 / 3).network)


def test_priors_change_where_pieces_are_sought_and_nothing_else() -> None:
    """Without priors, the gradient is that of CTC."""
    run = learning(2 / 3)
    run.recipe = replace(run.recipe, priors=0.0)
    batch = collate(items(4), Speller(PIECES), 1, np.random.default_rng(0), 0.0)
    shape = (4, batch.frames.shape[1] // 2, len(PIECES))
    logits = torch.randn(shape, generator=torch.Generator().manual_seed(0)).requires_grad_()
    (own,) = torch.autograd.grad(run.ctc(logits, batch), logits)
    given = batch.targets, batch.lengths, batch.target_lengths
    plain = ctc_loss(logits.log_softmax(-1).transpose(0, 1), *given, reduction="sum")
    (theirs,) = torch.autograd.grad(plain / len(batch.targets), logits)
    assert torch.allclose(own, theirs, atol=1e-6)


def test_places_are_guessed_where_it_is_loud() -> None:
    """Pieces are spread evenly over the loud frames, with blanks around."""
    frames = np.zeros((40, WIDTH), np.float32)
    frames[10:30] = 2.0
    assert guess_places(frames, [3, 4]).tolist() == [0] * 5 + [3] * 5 + [4] * 5 + [0] * 5


def test_it_goes_on_where_it_was(trained: Learning, tmp_path: Path) -> None:
    """Weights, averages, the optimiser's state and the clock come back."""
    run = trained
    run.save(tmp_path)
    other = learning(2 / 3)
    assert not other.resume(tmp_path / "elsewhere")
    assert other.resume(tmp_path)
    assert (other.step, other.spent, other.heard) == (run.step, run.spent, run.heard)
    for name, value in run.average.items():
        assert torch.equal(other.average[name], value)
    one, same = next(run.network.parameters()), next(other.network.parameters())
    assert torch.equal(one, same)
    assert torch.equal(
        run.optimiser.state[one]["exp_avg_sq"], other.optimiser.state[same]["exp_avg_sq"]
    )


def test_batches_hold_everything_once() -> None:
    """Every utterance is in one batch, and no batch is longer than it may be."""
    found = list(batches(items(50), 5.0, np.random.default_rng(0)))
    assert sum(map(len, found)) == 50
    assert all(sum(len(item.frames) for item in batch) * 0.03 <= 5.0 for batch in found)


def test_short_and_long_are_heard_in_turn() -> None:
    """Batches alternate until all that is short was heard; what is long begins anew."""
    short, long = items(30), [Item("a b", item.frames[:40]) for item in items(4)]
    found = list(in_turn([short, long], 5.0, np.random.default_rng(0)))
    kinds = [batch[0].text == "a b" for batch in found]
    assert kinds == [False, True] * (len(found) // 2)
    assert sum(len(batch) for batch in found[::2]) == 30
    assert sum(len(batch) for batch in found[1::2]) > 4
    assert len(list(in_turn([short], 5.0, np.random.default_rng(0)))) == len(found) // 2


def test_masks_leave_most_of_the_sound() -> None:
    """Stripes are blanked out in place, and never all of it."""
    for seed in range(20):
        frames = np.ones((60, WIDTH), np.float32)
        mask(frames, np.random.default_rng(seed))
        assert 0.5 < frames.mean() <= 1.0


def test_the_rate_ends_when_time_is_up() -> None:
    """It rises, stays, and is all but nothing at the end."""
    assert schedule(0.0, 0.1) < 0.1 < schedule(0.05, 0.1) < schedule(0.2, 0.1) == 1.0
    assert schedule(0.99, 0.1) < 0.02


def test_shards_give_back_what_was_written(tmp_path: Path) -> None:
    """Utterances of different lengths come back with their texts."""
    made = items(3)
    frames = [item.frames[: 10 + at] for at, item in enumerate(made)]
    texts = [item.text for item in made]
    shards.write(tmp_path / "x" / "train-000", frames, texts, ["espeak"] * 3)
    found = read_items([tmp_path / "x" / "train-000.json"])
    assert [item.text for item in found] == texts
    assert all(np.array_equal(a.frames, b) for a, b in zip(found, frames, strict=True))
