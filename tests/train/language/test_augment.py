"""Augmentation changes the words, never what is labelled."""

import numpy as np
import pytest

from gnothi_train.language import augment
from gnothi_train.language.examples import Example, Span

EXAMPLE = Example(
    "set the kitchen lights to forty percent",
    "iot_brightness_set",
    (Span("house_place", 8, 15), Span("percent", 26, 39)),
)
CHANGES = (augment.wrap, augment.mistype, augment.shorten)


def values(example: Example) -> list[tuple[str, str]]:
    """Return the slots of *example* with their texts."""
    return [(span.name, example.text[span.start : span.end]) for span in example.spans or ()]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", range(30))
def test_slots_stay_on_their_words(change: object, seed: int) -> None:
    """After any change each slot still covers whole words in its place."""
    changed = change(EXAMPLE, np.random.default_rng(seed))
    assert [name for name, _ in values(changed)] == ["house_place", "percent"]
    for (_, was), (_, now) in zip(values(EXAMPLE), values(changed), strict=True):
        assert now == now.strip()
        assert abs(len(now) - len(was)) <= 2


def test_a_replaced_value_takes_its_slot_along() -> None:
    """A longer room moves what comes after it."""
    changed = augment.rewrite(EXAMPLE, [(8, 15, "living room")])
    assert values(changed) == [("house_place", "living room"), ("percent", "forty percent")]


def test_swapped_values_come_from_the_same_slot() -> None:
    """A value is only exchanged for another of its slot and intent."""
    other = Example("make the hall red", "iot_brightness_set", (Span("house_place", 9, 13),))
    collected = augment.Values([other])
    swapped = {
        values(collected.swap(EXAMPLE, np.random.default_rng(seed)))[0] for seed in range(20)
    }
    assert swapped == {("house_place", "kitchen"), ("house_place", "hall")}


@pytest.mark.parametrize("seed", range(10))
def test_joined_requests_are_moves_of_their_own(seed: int) -> None:
    """Each request is one move; the words that join them belong to none."""
    second = Example("play jazz", "play_music")
    joined = augment.join([EXAMPLE, second, second], np.random.default_rng(seed))
    found = [joined.text[move.start : move.end] for move in joined.moves]
    assert found == [EXAMPLE.text, "play jazz", "play jazz"]


def test_changes_are_reproducible() -> None:
    """The same generator gives the same sentence."""
    one, other = (augment.wrap(EXAMPLE, np.random.default_rng(7)) for _ in range(2))
    assert one == other
