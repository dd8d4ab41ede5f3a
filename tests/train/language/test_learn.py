"""The training loop on a network small enough for a test."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra 'train' is not installed")

from transformers import BertConfig  # noqa: E402

from gnothi_train.language import vocabulary  # noqa: E402
from gnothi_train.language.encoding import UNKNOWN, Encoder, Labels, collate  # noqa: E402
from gnothi_train.language.examples import Example, Span  # noqa: E402
from gnothi_train.language.judge import answers  # noqa: E402
from gnothi_train.language.learn import Learning, Recipe, batches, loss, schedule  # noqa: E402
from gnothi_train.language.measure import compare, truth  # noqa: E402
from gnothi_train.language.network import LanguageNetwork, Shape  # noqa: E402

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PIECES = [*vocabulary.SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
ROOMS = ("den", "hall", "attic", "bath")
EXAMPLES = [
    example
    for room in ROOMS
    for example in (
        Example(f"light {room}", "on", (Span("room", 6, 6 + len(room)),)),
        Example(f"dark {room}", "off", (Span("room", 5, 5 + len(room)),)),
    )
]
LABELS = Labels(("off", "on"), ("room",))
RECIPE = Recipe(epochs=2, batch=4, rate=2e-3, head_rate=2e-3)


@pytest.fixture
def encoder() -> Encoder:
    """A reader of letters."""
    return Encoder(vocabulary.wordpiece(PIECES), LABELS)


def tiny() -> LanguageNetwork:
    """Return a network of a few thousand weights, always the same."""
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(PIECES),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    return LanguageNetwork(Shape(len(PIECES), 2, 3, considered=2), config)


def train(encoder: Encoder, examples: Sequence[Example], recipe: Recipe, epochs: int) -> Learning:
    """Return a run after *epochs*."""
    learning = Learning(tiny(), recipe, seed=0)
    for _ in range(epochs):
        learning.run_epoch(encoder.encode(examples))
    return learning


def test_a_small_world_is_learned(encoder: Encoder) -> None:
    """Intents and slots of a handful of sentences are learned by heart."""
    recipe = Recipe(epochs=30, batch=4, rate=3e-3, head_rate=3e-3, average=0.5, smoothing=0.0)
    learning = train(encoder, EXAMPLES, recipe, 30)
    found = answers(learning.averaged(tiny()), encoder, EXAMPLES)
    assert compare(found, [truth(example) for example in EXAMPLES]).exact >= 0.8


def test_a_killed_run_goes_on_as_if_nothing_had_happened(encoder: Encoder, tmp_path: Path) -> None:
    """One epoch, a crash, and another one give the weights of two epochs."""
    whole = train(encoder, EXAMPLES, RECIPE, 2)
    train(encoder, EXAMPLES, RECIPE, 1).save(tmp_path)
    again = Learning(tiny(), RECIPE, seed=0)
    assert again.resume(tmp_path)
    again.run_epoch(encoder.encode(EXAMPLES))
    for name, weights in whole.average.items():
        assert torch.allclose(weights, again.average[name], atol=1e-6), name


def test_there_is_nothing_to_resume_at_first(tmp_path: Path) -> None:
    """Without a checkpoint training begins at the beginning."""
    assert not Learning(tiny(), RECIPE, seed=0).resume(tmp_path)


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
    scores = tiny().eval()(batch)
    value = loss(scores, batch, RECIPE)
    only_boundaries = torch.nn.functional.softplus(scores.boundaries).mean()
    assert value.item() == pytest.approx(only_boundaries.item(), abs=1e-5)


def test_consistency_trains_too(encoder: Encoder) -> None:
    """R-Drop runs both passes and stays finite."""
    recipe = Recipe(epochs=1, batch=4, consistency=1.0)
    learning = Learning(tiny(), recipe, seed=0)
    assert np.isfinite(learning.run_epoch(encoder.encode(EXAMPLES)))


def test_the_rate_warms_up_and_cools_down() -> None:
    """The learning rate rises, falls, and never is zero."""
    rates = [schedule(share, 0.1) for share in np.linspace(0, 1, 50)]
    assert max(rates) == pytest.approx(1, abs=0.05)
    assert rates[0] == rates[-1] == 0.01
