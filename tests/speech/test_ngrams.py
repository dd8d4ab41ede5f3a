"""What follows what is a probability, whatever was counted."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.speech.ngrams import BEGIN, END, count, estimate

words = st.sampled_from("turn on off the light fan [device]".split())
sentences = st.lists(st.tuples(st.lists(words, max_size=6), st.floats(0.1, 5)), min_size=1)


@given(sentences, st.lists(words, max_size=2))
@settings(max_examples=60, deadline=None)
def test_chances_add_up(said: list[tuple[list[str], float]], context: list[str]) -> None:
    """After anything, also what was never seen, something follows with certainty."""
    model = estimate(count(said), more=["unheard"])
    total = sum(model.chance(one, tuple(context)) for one in (*model.symbols, END))
    assert total == pytest.approx(1)
    assert model.chance("unheard", tuple(context)) > 0


def test_what_was_said_is_likelier() -> None:
    """Words that followed are likelier than others, and short contexts help out."""
    said = ["turn on the light", "turn off the light", "dim the lamp"]
    model = estimate(count((one.split(), 1.0) for one in said))
    assert model.chance("light", ("off", "the")) > model.chance("lamp", ("off", "the"))
    assert model.chance("turn", (BEGIN,)) > model.chance("light", (BEGIN,))
    assert model.chance("light", ("never", "the")) > model.chance("on", ("never", "the"))


def test_it_writes_what_recognisers_read(tmp_path: Path) -> None:
    """The file has as many grams as it says, and every context of a longer one as a shorter."""
    model = estimate(count([("turn on the light".split(), 1.0), ("turn it off".split(), 2.0)]))
    model.write_arpa(tmp_path / "a.arpa")
    lines = (tmp_path / "a.arpa").read_text().splitlines()
    for order, grams in enumerate(model.chances, 1):
        assert f"ngram {order}={len(grams)}" in lines
        if order > 1:
            assert {gram[:-1] for gram in grams} <= model.chances[order - 2].keys()
