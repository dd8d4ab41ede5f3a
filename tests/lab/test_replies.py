"""Replies for measuring are labelled, apart from those for fitting, and scored rightly."""

import csv

import numpy as np
import pytest

from gnothi.recommend.acts import Answer
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.replies import Replies
from gnothi.recommend.replies.responses import Direction, Reaction
from gnothi_lab.replies.measuring import calibration_error, macro_f1, macro_f1_interval
from gnothi_lab.replies.requests import development, read_all, read_sentences
from gnothi_lab.replies.spoken import LABELS, MIXED, degree_of, direction_of, unlike, written
from gnothi_train.responses.hands import HANDS, read_hands


def test_many_hands_wrote_many_replies() -> None:
    """There are replies of many styles to learn from, and whole hands apart for measuring."""
    learned = read_hands()
    assert len({one.hand for one in learned}) >= 6
    assert len({one.text for one in learned}) >= 1500
    assert {one.hand for one in learned}.isdisjoint(
        path.stem for path in LABELS.parent.glob("hands/*")
    )


def test_most_held_out_replies_are_new() -> None:
    """Few held-out replies are, word for word, among those that were learned from."""
    hands = written()
    assert len(unlike(hands, written(HANDS))) > 0.9 * len(hands)


def test_labels_hold_no_text() -> None:
    """Of real conversations only labels are kept."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["label"] for row in rows} <= {*Reaction, MIXED}
    assert all(set(row) == {"dialogue", "turn", "label"} for row in rows)


def test_macro_f1_averages_over_classes() -> None:
    """A class that is never found pulls the mean down, however rare it is."""
    truth = ["for"] * 9 + ["against"]
    assert macro_f1(truth, truth) == 1
    assert macro_f1(truth, ["for"] * 10) == pytest.approx(0.9 / 0.95 / 2)


def test_the_interval_holds_the_figure() -> None:
    """Drawing groups anew gives values around the one that is reported."""
    truth = ["for", "against", "between"] * 20
    found = ["for", "against", "for"] * 20
    groups = [str(at // 3) for at in range(60)]
    low, high = macro_f1_interval(truth, found, groups, np.random.default_rng(0))
    assert low <= macro_f1(truth, found) + 1e-9 and macro_f1(truth, found) <= high + 1e-9


def test_calibration_error_is_the_gap() -> None:
    """Being 0.9 sure and right half of the time is an error of 0.4."""
    assert calibration_error([0.9] * 10, [True, False] * 5) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("answer", "direction", "degree"),
    [
        (Answer(degree=1.0), Direction.FOR, Reaction.STRONG_YES),
        (Answer(degree=0.6), Direction.FOR, Reaction.YES),
        (Answer(degree=0.0), Direction.BETWEEN, Reaction.LUKEWARM),
        (Answer(degree=-0.7), Direction.AGAINST, Reaction.NO),
        (Answer(degree=-1.0), Direction.AGAINST, Reaction.STRONG_NO),
        (Answer(is_unsure=True), Direction.UNSURE, Reaction.UNSURE),
        (Answer(), Direction.NONE, Reaction.NONE),
    ],
)
def test_answers_tell_their_class(answer: Answer, direction: Direction, degree: Reaction) -> None:
    """Degrees fall back into the classes that replies are labelled with."""
    assert direction_of(answer) is direction
    assert degree_of(answer) is degree


def test_sentences_for_development_are_read() -> None:
    """Nearly everything that is named in them is found, wanted or refused."""
    music = shipped("music")
    sentences = development(read_sentences(music))
    found = read_all(Replies(music), sentences)
    hits = [one == sentence.meaning for one, sentence in zip(found, sentences, strict=True)]
    assert len(sentences) >= 75
    assert sum(hits) >= 0.9 * len(hits)
