"""A network learns to hear a word in scenes, and is served as it was trained."""

from pathlib import Path

import numpy as np
import pytest
import torch

from gnothi.speech.features import WIDTH
from gnothi_train.wake.folds import served
from gnothi_train.wake.learn import Recipe, learn
from gnothi_train.wake.network import Shape, WakeNetwork
from gnothi_train.wake.scenes import Scene

TINY = Shape(channels=12, taps=3, dilations=(1, 2))


def scenes(count: int) -> list[Scene]:
    """Return noise in which one pattern is said, and another one that is no word."""
    rng = np.random.default_rng(0)
    patterns = rng.normal(size=(2, 4, WIDTH))
    found: list[Scene] = []
    for at in range(count):
        frames = 0.3 * rng.normal(size=(120, WIDTH))
        frames[20:24] += patterns[at % 2]
        frames[70:74] += patterns[1 - at % 2]
        found.append(Scene(frames.astype(np.float16), ((0, 23 if at % 2 == 0 else 73),)))
    return found


def test_a_word_is_told_from_another(tmp_path: Path) -> None:
    """Where it ends, and nowhere else; a run that was broken off goes on to the same end."""
    recipe = Recipe(epochs=24, rate=0.02, batch=8)
    network = learn(scenes(24), 1, recipe, seed=1, shape=TINY)
    for scene in scenes(4):
        scores = served(network, ("word",)).open().accept(scene.frames.astype(np.float32))[:, 0]
        ((_, end),) = scene.said
        inside = scores[end : end + 8].max()
        assert inside > np.delete(scores, np.s_[end - 2 : end + 20]).max() + 2
    kept = tmp_path / "state"

    class Stop(Exception):  # noqa: N818 - nothing is wrong
        pass

    def stop(step: int, _loss: float) -> None:
        if step == 20:
            raise Stop

    with pytest.raises(Stop):
        learn(scenes(24), 1, recipe, seed=1, shape=TINY, kept=kept, progress=stop)
    again = learn(scenes(24), 1, recipe, seed=1, shape=TINY, kept=kept)
    assert all(
        torch.allclose(one, other)
        for one, other in zip(network.parameters(), again.parameters(), strict=True)
    )


def test_what_is_served_says_what_was_trained() -> None:
    """Whatever the pieces that sound comes in, but for the rounding of weights."""
    torch.manual_seed(0)
    network = WakeNetwork(2, TINY).train()
    frames = torch.randn(3, 90, WIDTH)
    network(frames)
    with torch.no_grad():
        wanted = network.eval()(frames)[0].numpy()
    listening = served(network, ("one", "two")).open()
    pieces = [listening.accept(frames[0, a:b].numpy()) for a, b in ((0, 1), (1, 30), (30, 90))]
    assert np.allclose(np.concatenate(pieces), wanted, atol=0.02)
