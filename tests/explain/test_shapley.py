from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gnothi.explain.shapley import Values, attribute, shapley_values, word_spans

_worths = st.integers(0, 6).flatmap(
    lambda players: arrays.arrays(np.float64, 2**players, elements=st.floats(-10, 10))
)


def _by_definition(values: Values) -> list[float]:
    """Average each player's gain over every order of arrival: slow, and plainly right."""
    players = values.size.bit_length() - 1
    orders = list(permutations(range(players)))
    shares = [0.0] * players
    for order in orders:
        present = 0
        for player in order:
            shares[player] += values[present | 1 << player] - values[present]
            present |= 1 << player
    return [share / len(orders) for share in shares]


@settings(deadline=None, max_examples=40)
@given(_worths)
def test_values_are_those_of_the_definition(values: Values) -> None:
    """The fast formula agrees with the average over all orders of arrival."""
    assert shapley_values(values) == pytest.approx(_by_definition(values), abs=1e-9)


@given(_worths)
def test_shares_add_up(values: Values) -> None:
    """Efficiency: the shares add up to what all are worth more than none."""
    assert shapley_values(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


@given(_worths)
def test_a_word_that_changes_nothing_gets_nothing(values: Values) -> None:
    """Dummy: a player who adds nothing to any coalition has the share 0, others keep theirs."""
    with_dummy = np.concatenate([values, values])
    shares = shapley_values(with_dummy)
    assert shares[-1] == pytest.approx(0, abs=1e-9)
    assert shares[:-1] == pytest.approx(shapley_values(values), abs=1e-9)


@given(st.integers(1, 6), st.data())
def test_equal_words_get_equal_shares(players: int, data: st.DataObject) -> None:
    """Symmetry: when only the number of players counts, all have the same share."""
    by_size = data.draw(arrays.arrays(np.float64, players + 1, elements=st.floats(-10, 10)))
    values = by_size[np.bitwise_count(np.arange(2**players))]
    assert np.ptp(shapley_values(values)) == pytest.approx(0, abs=1e-9)


def _alarming(texts: Sequence[str]) -> list[float]:
    return [0.7 * ("wake" in text) + 0.2 * ("wake me" in text) - 0.1 for text in texts]


def test_words_share_the_score() -> None:
    """Words that matter alone get it all, words that matter together share it equally."""
    text = "please wake me"
    found = attribute(text, word_spans(text), _alarming)
    assert [piece.text for piece in found.contributions] == ["please", "wake", "me"]
    assert [piece.value for piece in found.contributions] == pytest.approx([0, 0.8, 0.1])
    assert (found.base, found.score) == pytest.approx((-0.1, 0.8))


def test_long_utterances_are_explained_in_pieces() -> None:
    """Of forty words neighbours play together; together they still cover everything."""
    text = " ".join(f"w{number}" for number in range(40))
    found = attribute(text, word_spans(text), lambda texts: [len(text) for text in texts])
    assert len(found.contributions) == 12
    assert " ".join(piece.text for piece in found.contributions) == text
    assert sum(piece.value for piece in found.contributions) == pytest.approx(len(text))


def test_scores_are_asked_for_in_batches() -> None:
    """No batch is large, and no text is scored twice."""
    asked: list[str] = []

    def score(texts: Sequence[str]) -> list[float]:
        assert len(texts) <= 256
        asked.extend(texts)
        return [0.0] * len(texts)

    text = "a a a a a b c d e f"
    attribute(text, word_spans(text), score)
    assert len(asked) == len(set(asked))


def test_nothing_said() -> None:
    """An empty utterance has a score and no words."""
    found = attribute("", [], lambda texts: [0.5 for _ in texts])
    assert (found.base, found.score, found.contributions) == (0.5, 0.5, ())


@given(st.text())
def test_words_are_found_where_they_are(text: str) -> None:
    """Every span is a word of the text, in order."""
    assert [text[start:end] for start, end in word_spans(text)] == text.split()


def test_shap_agrees() -> None:
    """The well-known library computes the same values."""
    shap = pytest.importorskip("shap", reason="a development check: pip install shap")
    values = np.random.default_rng(0).normal(size=2**5)

    def worth(rows: Values) -> Values:
        return values[(rows.astype(int) << np.arange(5)).sum(axis=1)]

    explainer = shap.explainers.Exact(worth, np.zeros((1, 5)))
    assert explainer(np.ones((1, 5))).values[0] == pytest.approx(shapley_values(values))
