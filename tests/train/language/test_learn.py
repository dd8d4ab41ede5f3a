"""The training loop on a network small enough for a test."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra 'train' is not installed")

from gnothi_train.language.encoding import UNKNOWN, Encoder, collate  # noqa: E402
from gnothi_train.language.examples import Example  # noqa: E402
from gnothi_train.language.judge import answers  # noqa: E402
from gnothi_train.language.learn import Learning, Recipe, batches, loss, schedule  # noqa: E402
from gnothi_train.language.measure import compare, truth  # noqa: E402
from tests.train.language.tiny import EXAMPLES, network, reader  # noqa: E402

RECIPE = Recipe(epochs=2, batch=4, rate=2e-3, head_rate=2e-3)


@pytest.fixture
def encoder() -> Encoder:
    """A reader of letters."""
    return reader()


def train(encoder: Encoder, examples: Sequence[Example], recipe: Recipe, epochs: int) -> Learning:
    """Return a run after *epochs*."""
    learning = Learning(network(), recipe, seed=0)
    for _ in range(epochs):
        learning.run_epoch(encoder.encode(examples))
    return learning


def test_a_small_world_is_learned(encoder: Encoder) -> None:
    """Intents and slots of a handful of sentences are learned by heart."""
    recipe = Recipe(epochs=30, batch=4, rate=3e-3, head_rate=3e-3, average=0.5, smoothing=0.0)
    learning = train(encoder, EXAMPLES, recipe, 30)
    found = answers(learning.averaged(network()), encoder, EXAMPLES, touching=True)
    assert compare(found, [truth(example) for example in EXAMPLES]).exact >= 0.8


def test_a_killed_run_goes_on_as_if_nothing_had_happened(encoder: Encoder, tmp_path: Path) -> None:
    """One epoch, a crash, and another one give the weights of two epochs."""
    whole = train(encoder, EXAMPLES, RECIPE, 2)
    train(encoder, EXAMPLES, RECIPE, 1).save(tmp_path)
    again = Learning(network(), RECIPE, seed=0)
    assert again.resume(tmp_path)
    again.run_epoch(encoder.encode(EXAMPLES))
    for name, weights in whole.average.items():
        assert torch.allclose(weights, again.average[name], atol=1e-6), name


def test_there_is_nothing_to_resume_at_first(tmp_path: Path) -> None:
    """Without a checkpoint training begins at the beginning."""
    assert not Learning(network(), RECIPE, seed=0).resume(tmp_path)


def test_every_sentence_is_in_one_batch(encoder: Encoder) -> None:
    """An epoch shows everything once, in batches of the wanted size."""
    sentences = encoder.encode(EXAMPLES)
    shown = list(batches(sentences, 3, np.random.default_rng(0)))
    assert sorted(s.text for batch in shown for s in batch) == sorted(e.text for e in EXAMPLES)
    assert max(map(len, shown)) == 3


def test_unknown_labels_cost_nothing(encoder: Encoder) -> None:
    """A sentence of which only the scope is known teaches only the scope."""
    batch = collate(encoder.encode([Example("light", None, None, in_scope=None)]))
    assert batch.intents.tolist() == [UNKNOWN]
    scores = network().eval()(batch)
    value = loss(scores, batch, RECIPE)
    assert value.item() == pytest.approx(0.0, abs=1e-5)


def test_consistency_trains_too(encoder: Encoder) -> None:
    """R-Drop runs both passes and stays finite."""
    recipe = Recipe(epochs=1, batch=4, consistency=1.0)
    learning = Learning(network(), recipe, seed=0)
    assert np.isfinite(learning.run_epoch(encoder.encode(EXAMPLES)))


def test_the_rate_warms_up_and_cools_down() -> None:
    """The learning rate rises, falls, and never is zero."""
    rates = [schedule(share, 0.1) for share in np.linspace(0, 1, 50)]
    assert max(rates) == pytest.approx(1, abs=0.05)
    assert rates[0] == rates[-1] == 0.01
