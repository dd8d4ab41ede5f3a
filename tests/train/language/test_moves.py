"""Utterances with their moves marked: read as they are written, and recombined without harm."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra 'train' is not installed")

from gnothi.core.understanding import Kind, Situation
from gnothi_train.language.moves import (
    Recombined,
    example,
    marked,
    read_marked,
)

LINE = "done | turn on the kitchen light | no wait, not [old the kitchen], [change the bedroom]"


def told(line: str) -> list[tuple[str, str]]:
    """Return kind and words of every move of *line*."""
    found = example(marked(line))
    return [(move.name, found.text[move.start : move.end]) for move in found.moves or ()]


def test_marks_become_moves() -> None:
    """What stands in brackets is a move, with its words at their place."""
    assert told(LINE) == [("old", "the kitchen"), ("change", "the bedroom")]
    assert example(marked(LINE)).situation is Situation.DONE
    assert example(marked(LINE)).text == "no wait, not the kitchen, the bedroom"


def test_a_remark_has_no_moves() -> None:
    """An utterance without brackets teaches that nothing is to be done."""
    assert told("idle | | it's raining again") == []


@pytest.mark.parametrize("line", ["gone | | [request x]", "idle | | [wish x]"])
def test_a_slip_of_the_writer_is_told(line: str) -> None:
    """An unknown situation or kind is an error, not a silent aside."""
    with pytest.raises(ValueError, match="is not a valid"):
        marked(line)


def test_recombined_utterances_keep_their_marks() -> None:
    """Exchanged pieces stand where their moves say, and have the same kinds as before."""
    lines = read_marked(tune=False)
    made = Recombined(lines, ["play some jazz"]).epoch(np.random.default_rng(0), more=300)
    assert len(made) == len(lines) + 300
    for one in made:
        for move in one.moves or ():
            words = one.text[move.start : move.end]
            assert words == words.strip() != ""
            assert Kind(move.name)


def test_what_is_measured_on_is_not_learned() -> None:
    """The lines for tuning are by another author, and none of them is learned from."""
    learned = {example(line).text for line in read_marked(tune=False)}
    measured = [example(line).text for line in read_marked(tune=True)]
    assert len(measured) >= 500
    long = [text for text in measured if len(text.split()) > 4]
    assert sum(text in learned for text in long) / len(long) < 0.01
