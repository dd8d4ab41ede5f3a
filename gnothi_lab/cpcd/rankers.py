"""Who is likely to be liked next, by what somebody said so far: ours, BM25, and popularity.

A ranker takes all that was said up to now, the latest last, and returns a score for each artist.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import numpy as np

from gnothi.recommend.acts import Ask, Prompt
from gnothi.recommend.belief import Belief
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.likeness import Likeness
from gnothi.recommend.noise import Floats, Noise
from gnothi.recommend.prior import popular
from gnothi.recommend.replies import Replies
from gnothi.recommend.replies.responses import Encode
from gnothi_lab.cpcd.dialogues import Corpus, Dialogue

Ranker: TypeAlias = Callable[[Sequence[str]], Floats]
FIRST, LATER = Prompt(Ask.OPEN), Prompt(Ask.SAMPLE)
"""What people reply to: nothing at first, then tracks that somebody found for them."""


class Ours:
    """Gnothi's reader of replies, and its belief."""

    def __init__(
        self,
        corpus: Corpus,
        *,
        encode: Encode | None = None,
        is_last_only: bool = False,
        noise: Noise | None = None,
    ) -> None:
        """Know the artists of *corpus*; *is_last_only* forgets all but the latest reply.

        *noise* is how people are believed to answer, by default as in the product.
        """
        self.replies = Replies(corpus.catalogue, encode=encode)
        likeness = Likeness(corpus.catalogue)
        self._start = Belief.begin(likeness, popular(corpus.catalogue), noise)
        self._is_last_only = is_last_only

    def __call__(self, said: Sequence[str]) -> Floats:
        """Return the chance of each artist."""
        belief = self._start
        for number, text in enumerate(said):
            if self._is_last_only and number < len(said) - 1:
                continue
            prompt = LATER if number else FIRST
            belief = belief.after(prompt, self.replies.read(text, prompt))
        return belief.chances


class Bm25:
    """Words in common with an artist's names, facts and titles (bm25s; Lucene's variant).

    Artists of the same score are in the order of popularity.
    """

    def __init__(self, corpus: Corpus, *, is_last_only: bool, has_titles: bool = True) -> None:
        """Index the artists of *corpus*, with titles of tracks or without.

        *is_last_only* asks for the words of the last reply alone.
        """
        import bm25s

        self._index = bm25s.BM25()
        texts = documents(corpus, has_titles=has_titles)
        self._index.index(self._words(texts), show_progress=False)
        self._popularity = popularity(corpus.catalogue)
        self._is_last_only = is_last_only

    def __call__(self, said: Sequence[str]) -> Floats:
        """Return the score of each artist."""
        asked = said[-1] if self._is_last_only else " ".join(said)
        [words] = self._words([asked])
        known = [word for word in words if word in self._index.vocab_dict]
        scores = np.zeros(len(self._popularity))
        if known:
            scores += np.asarray(self._index.get_scores(known), np.float64)
        return scores + 1e-6 * self._popularity

    def _words(self, texts: list[str]) -> list[list[str]]:
        import bm25s

        return bm25s.tokenize(texts, stopwords="en", return_ids=False, show_progress=False)


def documents(corpus: Corpus, *, has_titles: bool = True) -> list[str]:
    """Return what BM25 knows of each artist: names, facts as people call them, titles of tracks."""
    catalogue = corpus.catalogue
    found: list[str] = []
    for number, titles in enumerate(corpus.titles):
        item = catalogue.item(number)
        also = catalogue.also[number] if catalogue.also else ()
        facts = (name for fact in item.facts for name in (fact.label, *fact.also))
        told = titles if has_titles else ()
        found.append(" ; ".join((item.title, *also, *facts, *told)))
    return found


def by_popularity(corpus: Corpus) -> Ranker:
    """Rank by popularity alone."""
    scores = popularity(corpus.catalogue)
    return lambda said: scores


def by_likes(dialogues: Iterable[Dialogue], size: int) -> Ranker:
    """Rank by how often each artist was liked in *dialogues*."""
    counts = Counter(one for dialogue in dialogues for one in dialogue.wanted(0))
    scores = np.array([counts[number] for number in range(size)], np.float64)
    return lambda said: scores


def popularity(catalogue: Catalogue) -> Floats:
    """Return the chance of each artist before a word is said."""
    return popular(catalogue).astype(np.float64)
