"""A transducer learns from an encoder that does not change, and is kept beside it."""

from itertools import count
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from gnothi.core.artifact import read_card  # noqa: E402
from gnothi.speech.features import WIDTH  # noqa: E402
from gnothi.speech.streaming import MODEL, SHIPPED, StreamingModel  # noqa: E402
from gnothi.speech.transducer import FILE  # noqa: E402
from gnothi_train.speech.learn import Item  # noqa: E402
from gnothi_train.speech.network import Shape, StreamingEncoder  # noqa: E402
from gnothi_train.speech.pieces import Speller  # noqa: E402
from gnothi_train.speech.trainer import Run  # noqa: E402
from gnothi_train.speech.transducer import Head  # noqa: E402
from gnothi_train.speech.transducing import Learning, Recipe, write  # noqa: E402

PIECES = ["", "_a", "_b", "c", "_c", "b", "a"]
TINY = Shape(width=32, heads=2, layers=2, kernel=5, channels=(4, 8))


def items(size: int = 12) -> list[Item]:
    """Return utterances whose words sound alike every time."""
    rng = np.random.default_rng(0)
    sounds = {word: rng.normal(size=(8, WIDTH)) for word in "abc"}
    found: list[Item] = []
    for _ in range(size):
        words = rng.choice([*"abc"], 3)
        sound = np.concatenate([sounds[word] for word in words])
        found.append(Item(" ".join(words), sound.astype(np.float16)))
    return found


def test_it_learns_and_the_encoder_stays() -> None:
    """The loss falls by the clock, and no weight of the network moves."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    network = StreamingEncoder(len(PIECES), TINY)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    recipe = Recipe(minutes=0.5, seconds=10.0, rate=2e-2, dropped=0.0)
    clock = map(float, count()).__next__
    learning = Learning(network, Speller(PIECES), recipe, seed=0, clock=clock)
    losses: list[float] = []
    while learning.share < 1:
        learning.epoch(items(), lambda share, loss: losses.append(loss))
    assert len(losses) > 20
    assert losses[-1] < losses[0] / 2
    assert all(torch.equal(value, before[n]) for n, value in network.state_dict().items())
    learned = dict(learning.averaged().named_parameters())
    assert learned["joined.bias"].abs().max() > 0


def test_it_is_kept_beside_the_network_that_it_hears_with(tmp_path: Path) -> None:
    """The artifact is whole, the network the very same, and the card says where it comes from."""
    old = read_card(SHIPPED)
    pieces = len(StreamingModel(SHIPPED).pieces)
    run = Run(tmp_path, tmp_path, 3, 1, 1, SHIPPED)
    write(Head(144, pieces), run, tmp_path / "out", command="gnothi-train transducer")
    model = StreamingModel(tmp_path / "out")
    assert model.transducer is not None
    assert model.card.files[MODEL] == old.files[MODEL]
    assert FILE in model.card.files
    assert (model.card.parents, model.card.seed) == ((old.label,), 3)
