"""Intent by word and character n-grams and logistic regression: what needs no network."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any


def _words(text: str) -> list[str]:
    words = text.lower().split()
    return words + [" ".join(pair) for pair in pairwise(words)]


def fit_ngrams(texts: Sequence[str], intents: Sequence[str], *, seed: int) -> Any:  # noqa: ANN401
    """Return a fitted scikit-learn pipeline; ``predict(texts)`` gives intents."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import make_pipeline, make_union

    features = make_union(
        TfidfVectorizer(sublinear_tf=True, analyzer=_words),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
    )
    model = SGDClassifier(loss="modified_huber", alpha=5e-5, max_iter=60, random_state=seed)
    return make_pipeline(features, model).fit(list(texts), list(intents))
