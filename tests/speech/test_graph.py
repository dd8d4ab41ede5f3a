"""All sentences of a skill are weighed against sound at once, and the best one is found exactly."""

from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gnothi.core.hearing import Pattern
from gnothi.speech.graph import GraphWeights, SentenceGraph, WordGraph, count_sentences

PIECES = ("", "_a", "b", "_b", "a", "ab")
LETTERS = ("", *"abcdefghijklmnopqrstuvwxyz", *(f"_{c}" for c in "abcdefghijklmnopqrstuvwxyz"))
PLAIN = GraphWeights(blank=0.0, word=0.0)
ORDERS = (
    Pattern((("can I have", "give me"), ("a",), ("small", "large"), ("latte", "iced latte"))),
    Pattern((("can I have", "give me"), ("a",), ("latte", "iced latte"))),
)


def scores(rng: np.random.Generator, frames: int) -> NDArray[np.float32]:
    """Return random log-probabilities of ``PIECES``."""
    logits = rng.normal(size=(frames, len(PIECES))) * 2
    return np.log(np.exp(logits) / np.exp(logits).sum(1, keepdims=True)).astype(np.float32)


def spoken(text: str, *, sure: float = 0.9) -> NDArray[np.float32]:
    """Return scores that spell *text* letter by letter, with a blank after each."""
    rows: list[NDArray[np.float64]] = []
    for word in text.split():
        for at, letter in enumerate(word):
            piece = LETTERS.index(letter if at else f"_{letter}")
            for number in (piece, 0):
                row = np.full(len(LETTERS), (1 - sure) / (len(LETTERS) - 1))
                row[number] = sure
                rows.append(row)
    return np.log(np.stack(rows)).astype(np.float32)


def test_sentences_share_their_beginnings_and_ends() -> None:
    """Every alternative of every part is counted, and words that lie between equal ones once."""
    graph = WordGraph.of(ORDERS)
    assert count_sentences(graph) == 2 * 2 * 2 + 2 * 2
    assert sum(arc.word == "can" for arc in graph.arcs) == 1
    assert sum(arc.word == "latte" for arc in graph.arcs) <= 4


def test_words_that_nobody_can_spell_take_their_sentence_with_them() -> None:
    """A pattern of which a part can't be said is none; an empty one says nothing."""
    assert count_sentences(WordGraph.of([Pattern((("turn on",), ("東京",)))])) == 0
    assert SentenceGraph(WordGraph.of([]), LETTERS).best(spoken("a")) is None


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_best_alignment_is_found(seed: int) -> None:
    """No path through time scores higher than the one that is found (by brute force)."""
    frames = scores(np.random.default_rng(seed), 4)
    said = {"a", "ab", "a b", "aa", "b aa"}
    best = -np.inf
    for path in product(range(len(PIECES)), repeat=len(frames)):
        text = "".join(PIECES[piece] for piece, _ in groupby(path) if piece)
        if text.replace("_", " ").strip() in said and text[0] == "_":
            best = max(best, float(sum(frames[t, p] for t, p in enumerate(path))))
    graph = SentenceGraph(WordGraph.of(Pattern(((one,),)) for one in said), PIECES)
    found = graph.best(frames, PLAIN)
    assert found is not None and found.text in said
    assert found.score == pytest.approx(best, abs=1e-4)
    assert found.strain >= -1e-6


def test_what_comes_in_pieces_is_heard_alike() -> None:
    """Scores may come in any portions."""
    graph, heard = SentenceGraph(WordGraph.of(ORDERS), LETTERS), spoken("give me a large latte")
    alignment = graph.open()
    for at in range(0, len(heard), 3):
        alignment.accept(heard[at : at + 3])
    assert alignment.finish() == graph.best(heard)


def test_words_lie_where_they_were_heard() -> None:
    """The best sentence has its words in order, each when it was said."""
    found = SentenceGraph(WordGraph.of(ORDERS), LETTERS).best(spoken("give me a small iced latte"))
    assert found is not None and found.text == "give me a small iced latte"
    begins = [word.begin_s for word in found.words]
    assert begins == pytest.approx([0, 0.48, 0.72, 0.84, 1.44, 1.92])
    assert all(word.confidence == pytest.approx(0.9) for word in found.words)


def test_what_is_no_sentence_strains() -> None:
    """Other words are heard as the nearest sentence, which explains them badly."""
    graph = SentenceGraph(WordGraph.of(ORDERS), LETTERS)
    order, other = (graph.best(spoken(text)) for text in ("give me a latte", "open the window"))
    assert order is not None and other is not None
    assert order.strain < 0.01 < 1 < other.strain


def test_faint_words_come_out_where_blanks_count_less() -> None:
    """A network that is unsure says nothing; taking off the weight of blanks brings words back."""
    graph, faint = SentenceGraph(WordGraph.of(ORDERS), LETTERS), spoken("give me a small latte")
    faint = np.repeat(faint, 2, 0)
    quiet = faint.copy()
    quiet[:, 0] = quiet.max(1) + 2
    believed = graph.best(quiet, GraphWeights(blank=4.0, word=0.0))
    doubted = graph.best(quiet, PLAIN)
    assert believed is not None and believed.text == "give me a small latte"
    assert doubted is not None and doubted.text != believed.text


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("give me a latte", "give me a latte"),
        ("give me latte", "give me a latte"),
        ("can i have a large iced lattes please", "can i have a large iced latte"),
        ("", "give me a latte"),
    ],
)
def test_texts_of_others_are_read_as_the_closest_sentence(heard: str, meant: str) -> None:
    """A missing, a wrong or an extra word does not keep a sentence from being found."""
    assert " ".join(WordGraph.of(ORDERS).closest(heard.split())) == meant
