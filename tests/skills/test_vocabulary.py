"""The words that skills listen for."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.errors import SkillError
from gnothi.skills.vocabulary import Phrases, Vocabulary

PLAY = Phrases(["play", "put on", "the", "please"])


def test_phrases_are_whole_words() -> None:
    """A phrase is found as whole words, with any spaces, in any case."""
    assert "Put  ON some jazz" in PLAY
    assert "display it" not in PLAY


def test_dots_stand_for_some_words() -> None:
    """Three dots in a phrase are up to four words, whichever."""
    phrases = Phrases(["something ... for dinner"])
    assert "something for dinner" in phrases
    assert "is there something really quick for dinner today" in phrases
    assert "something that you would not have for dinner" not in phrases


def test_strip_keeps_what_is_inside() -> None:
    """Words around a name are taken away, the same words inside it stay."""
    said = "please play the house of the rising sun, please!"
    assert PLAY.strip(said) == "house of the rising sun"


def test_cut_takes_every_phrase() -> None:
    """Cutting removes phrases wherever they stand."""
    assert PLAY.cut("play the song the other way") == "song other way"


@given(st.text(max_size=200))
def test_nothing_breaks_phrases(text: str) -> None:
    """Any text can be searched, cut and stripped; what is left holds no phrase at its ends."""
    left = PLAY.strip(text)
    assert left in text
    assert not (left and PLAY.strip(left) != left)
    assert PLAY.find(PLAY.cut(text)) is None or len(PLAY.cut(text)) < len(text)


def test_meanings(tmp_path: Path) -> None:
    """The first meaning whose phrase is in the text is meant."""
    words = Vocabulary({"asks": {"zone": ["time zone"], "time": ["time"]}, "all": "every"})
    assert words.meaning("asks", "which time zone is it") == "zone"
    assert words.meaning("asks", "what is the time") == "time"
    assert words.meaning("asks", "hello") is None
    with pytest.raises(SkillError):
        _ = words["all"]
    with pytest.raises(SkillError):
        words.table("nothing")
    with pytest.raises(SkillError):
        Vocabulary.beside(str(tmp_path / "actions.py"))
