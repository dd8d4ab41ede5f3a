"""Names that no dictionary has are pronounced all the same."""

import pytest

from gnothi.speech.pronounce import Pronunciations, shipped

DICTIONARY = {
    "hose": (("HH", "OW", "Z"),),
    "pipe": (("P", "AY", "P"),),
    "read": (("R", "EH", "D"), ("R", "IY", "D")),
    "ana": (("AE", "N", "AH"),),
}


@pytest.fixture(scope="module")
def sounds() -> Pronunciations:
    """Return what knows four words."""
    return Pronunciations(DICTIONARY, shipped())


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("read", "R EH D"),
        ("hosepipe", "HH OW Z P AY P"),
        ("ana's", "AE N AH Z"),
        ("pipe's", "P AY P S"),
        ("tv", "T IY V IY"),
        ("zoobo", "Z UW B OW"),
        ("shelf", "SH EH L F"),
        ("flimmer", "F L IH M ER"),
        ("knight", "N AY T"),
    ],
)
def test_words_are_pronounced(sounds: Pronunciations, word: str, phones: str) -> None:
    """By the dictionary, by two known parts, as letters, or by what letters usually say."""
    assert " ".join(sounds.of(word)[0]) == phones


def test_every_usual_way_is_known(sounds: Pronunciations) -> None:
    """A word with two sounds keeps both; what has no letters has none."""
    assert len(sounds.of("read")) == 2
    assert sounds.of("'") == ()
