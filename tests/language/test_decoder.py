"""Legal tags only, and the best of them."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gnothi.language.decoder import decode, log_softmax, spans

SLOTS = 2
TAGS = 1 + 2 * SLOTS
SCORES = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 3), st.integers(1, 5), st.just(TAGS)),
    elements=st.integers(-8, 8).map(float),
)


def is_legal(path: tuple[int, ...], *, touching: bool) -> bool:
    """Return whether every inside tag follows a tag of its own slot, and no value its like."""
    before = 0
    for tag in path:
        if tag > SLOTS and before not in (tag, tag - SLOTS):
            return False
        if not touching and 0 < tag <= SLOTS and before in (tag, tag + SLOTS):
            return False
        before = tag
    return True


@given(SCORES, st.booleans())
def test_the_best_legal_path_is_found(scores: np.ndarray, touching: bool) -> None:
    """No legal sequence of tags scores higher than the decoder's."""
    paths, totals = decode(scores, touching=touching)
    words = scores.shape[1]
    for path, total, rows in zip(paths, totals, scores, strict=True):
        assert is_legal(tuple(path), touching=touching)
        assert total == rows[np.arange(words), path].sum()
        every = product(range(TAGS), repeat=words)
        legal = (other for other in every if is_legal(other, touching=touching))
        assert total == max(rows[np.arange(words), list(other)].sum() for other in legal)


@given(SCORES)
def test_spans_cover_exactly_the_tagged_words(scores: np.ndarray) -> None:
    """Spans and tags are two ways to write the same thing."""
    path = decode(scores)[0][0]
    covered = {word for _, first, last in spans(path, SLOTS) for word in range(first, last)}
    assert covered == {word for word, tag in enumerate(path) if tag}


@given(SCORES)
def test_probabilities_add_up(scores: np.ndarray) -> None:
    """The softmax is a distribution over the last axis."""
    assert np.allclose(np.exp(log_softmax(scores)).sum(-1), 1, atol=1e-5)
