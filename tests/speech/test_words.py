"""Texts become the words that are heard."""

import pytest

from gnothi.speech.words import said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Turn on the light.", "turn on the light"),
        ("Set it to 21° at 7:30 p.m.", "set it to twenty one degrees at seven thirty p m"),
        ("What's 50% of 3rd?", "what's fifty percent of third"),
        ("the Caf\u00e9\u2019s TV-corner", "the cafe's tv corner"),
        ("10000 lumens", "one zero zero zero zero lumens"),
        ("1,250 & more", "twelve fifty and more"),
        ("光", ""),
        ("", ""),
    ],
)
def test_texts_are_told_as_they_are_spoken(text: str, words: str) -> None:
    """Numbers and signs in words, no accents, no punctuation."""
    assert " ".join(said(text)) == words
