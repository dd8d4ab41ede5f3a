"""The search sums over all ways to spread a text over time, and knows what a home is called."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gnothi.core.hearing import Hypothesis
from gnothi.speech.ctc import Search
from gnothi.speech.ngrams import count, estimate
from gnothi.speech.spelling import Expectation, Weights
from gnothi.speech.wording import AREA, LanguageModel

PIECES = ("", "_a", "b", "_b", "a")
LETTERS = ("", *"abcdefghijklmnopqrstuvwxyz", *(f"_{c}" for c in "abcdefghijklmnopqrstuvwxyz"))
WIDE = Weights(beam=200, pieces=4, threshold=-100.0)


def scores(rng: np.random.Generator, frames: int) -> NDArray[np.float32]:
    """Return random log-probabilities of ``PIECES``."""
    logits = rng.normal(size=(frames, len(PIECES))) * 2
    return np.log(np.exp(logits) / np.exp(logits).sum(1, keepdims=True)).astype(np.float32)


def said(text: str, *, doubts: str = "", frames_each: int = 2) -> NDArray[np.float32]:
    """Return scores that spell *text*; letters may as well be those of *doubts*, a bit better."""

    def spelled(told: str) -> list[str]:
        return [
            f"_{word[0]}" if at == 0 else c for word in told.split() for at, c in enumerate(word)
        ]

    rows: list[NDArray[np.float64]] = []
    other = spelled(doubts or text)
    for at, piece in enumerate(spelled(text)):
        row = np.full(len(LETTERS), 1e-4)
        row[LETTERS.index(piece)] += 0.4
        row[LETTERS.index(other[at])] += 0.5
        blank = np.full(len(LETTERS), 1e-4)
        blank[0] = 1.0
        rows += [row] + [blank] * (frames_each - 1)
    found = np.stack(rows)
    return np.log(found / found.sum(1, keepdims=True)).astype(np.float32)


def home(*names: str, sentences: tuple[str, ...]) -> Expectation:
    """Return what is expected in a home with rooms called *names*."""
    ngrams = estimate(count((tuple(one.split()), 1.0) for one in sentences))
    rooms = {tuple(name.split()): 1 / len(names) for name in names}
    return Expectation(LanguageModel(ngrams, {AREA: rooms}))


def heard(search: Search, frames: NDArray[np.float32]) -> list[Hypothesis]:
    """Return what *search* finds in *frames*."""
    search.accept(frames)
    return search.finish()


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_a_text_counts_with_all_its_ways_through_time(seed: int) -> None:
    """The score of a text is the sum over every alignment (by brute force)."""
    frames = scores(np.random.default_rng(seed), 4)
    ways: defaultdict[str, float] = defaultdict(float)
    for path in product(range(len(PIECES)), repeat=len(frames)):
        text = "".join(PIECES[piece] for piece, _ in groupby(path) if piece)
        if text and text[0] == "_":
            chance = float(np.exp(sum(frames[t, p] for t, p in enumerate(path))))
            ways[text.replace("_", " ").strip()] += chance
    found = {one.text: one.score for one in heard(Search(PIECES, None, WIDE, frame_s=0.06), frames)}
    best = max(ways, key=lambda text: ways[text])
    silent = float(np.exp(frames[:, 0].sum()))
    if found and ways[best] > silent:
        assert found[best] == pytest.approx(np.log(ways[best]), abs=1e-4)


def test_hypotheses_come_best_first() -> None:
    """The list is ordered, and its texts differ."""
    found = heard(Search(PIECES, None, WIDE, frame_s=0.06), scores(np.random.default_rng(3), 8))
    assert len(found) > 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len({one.text for one in found}) == len(found)


def test_a_home_has_a_rec_room() -> None:
    """What sounds like another word is heard as the name that the home has."""
    sentences = ("turn on the light in the [area]", "wreck it", "turn it off")
    sound = said("turn on the light in the recroom", doubts="turn on the light in the wecroom")
    plain = heard(Search(LETTERS, None, frame_s=0.06), sound)
    assert plain[0].text.endswith("wecroom")
    known = Search(LETTERS, home("recroom", "attic", sentences=sentences), frame_s=0.06)
    assert heard(known, sound)[0].text == "turn on the light in the recroom"


def test_names_of_several_words_are_one() -> None:
    """A name is expected as a whole, and its first word alone is no name."""
    expected = home("guest bath room", sentences=("light in the [area]", "light in the hall"))
    found = heard(Search(LETTERS, expected, frame_s=0.06), said("light in the guest bath room"))
    assert found[0].text == "light in the guest bath room"
    assert all(not one.text.endswith(("guest", "guest bath")) for one in found)


def test_what_is_called_stable_stays() -> None:
    """Beginnings that were called stable are beginnings of everything later."""
    rng = np.random.default_rng(5)
    search = Search(PIECES, None, Weights(beam=6), frame_s=0.06)
    stable = ""
    for frame in scores(rng, 60):
        search.accept(frame[None])
        assert search.stable.startswith(stable)
        assert search.text.startswith(search.stable)
        stable = search.stable
    assert stable
    assert all(one.text.startswith(stable) for one in search.finish())


def test_words_know_when_they_were_said() -> None:
    """Words lie in order where their pieces were heard."""
    quiet = np.full((10, len(LETTERS)), -12.0, np.float32)
    quiet[:, 0] = -0.001
    sound = np.concatenate([quiet, said("turn"), quiet, said("it"), quiet])
    [turn, it] = heard(Search(LETTERS, None, frame_s=0.06), sound)[0].words
    assert (turn.text, it.text) == ("turn", "it")
    assert turn.begin_s == pytest.approx(0.54)
    assert turn.end_s == pytest.approx(1.02)
    assert it.begin_s == pytest.approx(1.62)
    assert 0.9 < turn.confidence <= 1


def test_silence_says_nothing() -> None:
    """Where only blanks are heard, there is no hypothesis."""
    quiet = np.full((30, len(LETTERS)), -12.0, np.float32)
    quiet[:, 0] = -0.001
    expected = home("attic", sentences=("light in the [area]",))
    assert heard(Search(LETTERS, None, frame_s=0.06), quiet) == []
    assert heard(Search(LETTERS, expected, frame_s=0.06), quiet) == []


def test_searches_that_share_an_expectation_find_what_each_finds_alone() -> None:
    """What one search works out, others use at the same time, and nobody hears another thing."""
    sentences = ("turn on the light in the [area]", "turn it off", "wreck it", "is it on")
    rooms = ("attic", "guest bath room", "rec room", "hall", "garage")
    shared = home(*rooms, sentences=sentences)

    def found(room: str, expected: Expectation) -> list[Hypothesis]:
        sound = said(f"turn on the light in the {room}")
        return heard(Search(LETTERS, expected, frame_s=0.06), sound)

    alone = [found(room, home(*rooms, sentences=sentences)) for room in rooms]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(found, rooms * 8, [shared] * 8 * len(rooms)))
    assert together == alone * 8


def test_a_reading_says_what_speaks_for_it() -> None:
    """What was heard and what was expected make up the score of a text that has one spelling."""
    expected = home("attic", sentences=("light in the [area]", "light in the hall"))
    search = Search(LETTERS, expected, frame_s=0.06)
    search.accept(said("light in the attic"))
    first, *_ = search.readings()
    assert first.hypothesis.score == pytest.approx(first.heard + first.expected)
    assert first.heard < 0
    assert [one.hypothesis for one in search.readings()] == search.finish()


def test_a_network_that_is_unsure_is_believed_when_blanks_count_less() -> None:
    """What is heard beneath blanks comes out where their weight is taken off; not in dictation."""
    faint = said("light in the hall")
    faint[:, 0] = faint[:, 1:].max(1) + 1.5
    told = home("hall", sentences=("light in the hall",))

    def best(expected: Expectation | None, blank: float) -> str:
        found = heard(Search(LETTERS, expected, Weights(word=0, blank=blank), frame_s=0.06), faint)
        return found[0].text if found else ""

    assert best(told, 3.0) == "light in the hall"
    assert best(told, 0.0) != "light in the hall"
    assert best(None, 3.0) == best(None, 0.0)
