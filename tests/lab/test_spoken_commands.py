"""The benchmark of spoken commands counts what it says it counts."""

import json
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.hearing import RATE
from gnothi.skills.sentences import SentenceReader, patterns
from gnothi.skills.skillset import load_skill
from gnothi.speech.graph import WordGraph, count_sentences
from gnothi_lab.benchmarks.spoken_commands import FOLDS, SPOKEN, Answer, Bench, Orders, intervals
from gnothi_lab.speech.coffee import Order, folds, mixed, write_skill
from gnothi_train.speech.adapt import Recipe

EMPTY = np.zeros(1, np.float32)


def answer(cluster: str, slots: dict[str, str] | None, condition: str = "clean") -> Answer:
    """Return an answer to somebody who wanted a small latte."""
    order = Order("x.ogg", cluster, {"size": "small", "coffeeDrink": "latte"}, EMPTY)
    return Answer(order, condition, "" if condition == "clean" else "home", "", slots)


def test_clusters_stay_together() -> None:
    """No cluster is in two folds, and folds are of similar size."""
    clusters = [f"c{at // 7}" for at in range(200)]
    found = folds(clusters, 5, seed=0)
    for name in set(clusters):
        assert len({fold for fold, one in zip(found, clusters, strict=True) if one == name}) == 1
    sizes = [found.count(fold) for fold in range(5)]
    assert max(sizes) - min(sizes) <= 7
    assert found != folds(clusters, 5, seed=1)


@pytest.mark.parametrize("decibels", [24.0, 6.0])
def test_the_loudest_frames_are_compared(decibels: float) -> None:
    """Noise lies as far beneath the speech as the benchmark wants it."""
    rng = np.random.default_rng(0)
    speech = np.zeros(2 * RATE, np.float32)
    speech[RATE // 2 : RATE] = np.sin(np.arange(RATE // 2) / 5)
    noise = rng.normal(size=RATE).astype(np.float32)
    heard = mixed(speech, noise, decibels, np.random.default_rng(1))
    assert len(heard) == len(speech) and np.abs(heard).max() == pytest.approx(0.5, abs=1e-6)
    quiet = np.concatenate([heard[: RATE // 2 - 64], heard[RATE + 64 :]])
    loud = np.mean(heard[RATE // 2 : RATE] ** 2) - np.mean(quiet**2)
    assert 10 * np.log10(loud / np.mean(quiet**2)) == pytest.approx(decibels, abs=1)


def test_an_order_is_right_when_all_of_it_is() -> None:
    """A wrong, a missing and an extra slot are errors; extra ones the repository lets pass."""
    right = {"size": "small", "coffeeDrink": "latte"}
    assert answer("a", right).right
    assert not answer("a", None).right
    assert not answer("a", {"size": "small"}).published_right
    assert not answer("a", {**right, "size": "large"}).published_right
    extra = answer("a", {**right, "roast": "dark roast"})
    assert extra.published_right and not extra.right


def test_clusters_are_drawn_for_intervals() -> None:
    """One cluster that is all wrong counts as one, however many orders it has."""
    right = {"size": "small", "coffeeDrink": "latte"}
    found = [answer("bad", None) for _ in range(50)]
    found += [answer(f"c{at}", right) for at in range(50)]
    found += [answer("bad", None, "6db"), answer("c1", right, "6db")]
    low, high = intervals(found, np.random.default_rng(0))["accepted_clean"]
    assert high == 1.0 and low < 0.3


def test_folds_are_put_together(data: Path, tmp_path: Path) -> None:
    """Each order is answered by the network that did not learn from its cluster, and just once."""
    orders = Orders(data, tmp_path, seed=0, quick=True)
    bench = Bench(orders, Recipe(), quick=False, folder=tmp_path)
    kept, baselines = bench.kept, ("unadapted", f"synthetic-{SPOKEN}")
    texts = {at: say(one.slots) for at, one in enumerate(orders.orders)}
    wrong = next(at for at, fold in enumerate(orders.folds) if fold == 0)
    for fold in range(FOLDS):
        rows = [
            [at, condition, "" if at == wrong else texts[at]]
            for at, other in enumerate(orders.folds)
            for condition in orders.conditions()
            if other == fold and orders.are_heard(at, condition)
        ]
        for name in (f"fold-{fold}", *baselines):
            (kept / name).mkdir(parents=True, exist_ok=True)
            (kept / name / "card.json").touch()
        (kept / f"fold-{fold}" / f"answers-{fold}.json").write_text(json.dumps(rows))
        clean = [row for row in rows if row[1] == "clean"]
        for name in baselines:
            (kept / name / f"answers-{fold}-clean.json").write_text(json.dumps(clean))
    for name in ("elsewhere", "usual-gnothi", "usual-pocketsphinx"):
        (kept / f"{name}.json").write_text('{"accepted_clean": 0.5}')
    result = bench.result()
    count = len(orders.orders)
    assert result.figures["orders"] == count
    assert result.figures["accepted_clean"] == pytest.approx((count - 1) / count)
    assert result.figures["accepted_clean_fold_1"] == 1.0
    assert result.figures["accepted_clean_fold_0"] < 1.0
    levels = [f"accepted_{level}db" for level in (24, 15, 9, 6)]
    mean = np.mean([result.figures[name] for name in levels])
    assert result.figures["accepted_noisy"] == pytest.approx(mean) and mean < 1
    low, high = result.intervals["accepted_noisy"]
    assert low <= mean <= high
    assert set(result.baselines) >= {"not adapted, same sentences", "adapted, other speech"}


def say(slots: dict[str, str]) -> str:
    """Return a sentence that means *slots*."""
    order = [slots[name] for name in ("size", "roast", "numberOfShots") if name in slots]
    extra = " and ".join(slots[name] for name in ("milkAmount", "sugarAmount") if name in slots)
    return f"make me a {' '.join([*order, slots['coffeeDrink']])}{extra and f' with {extra}'}"


def test_the_grammar_becomes_a_skill(data: Path, tmp_path: Path) -> None:
    """Its samples say all 120 million orders, and mean what each says."""
    skill = load_skill(write_skill(data, tmp_path / "coffee"))
    assert count_sentences(WordGraph.of(patterns(skill))) == 120_130_920
    reader = SentenceReader([skill])
    found = reader.read("I'd like a small dark roast iced mocha with a little bit of soy milk")
    assert found is not None
    assert found.slots == {
        "size": "small",
        "roast": "dark roast",
        "coffeeDrink": "iced mocha",
        "milkAmount": "a little bit of soy milk",
    }
