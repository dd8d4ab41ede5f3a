"""What words sound like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.text.phonetics import sound, sounds_like


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("wreck room", "rec room"),
        ("lite", "light"),
        ("knight lamp", "night lamp"),
        ("haul", "hall"),
    ],
)
def test_homophones_share_a_key(heard: str, meant: str) -> None:
    """Words that sound the same have one key."""
    assert sound(heard) == sound(meant)
    assert sounds_like(heard, meant) > 0.9


def test_spaces_are_not_heard() -> None:
    """Where the recogniser puts spaces makes no difference."""
    assert sounds_like("sell are", "cellar") > 0.9


def test_other_words_sound_different() -> None:
    """Different words are not alike."""
    assert sounds_like("kitchen", "bedroom") < 0.6


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share_and_mutual(left: str, right: str) -> None:
    """Likeness lies between 0 and 1 and does not depend on the order."""
    assert 0 <= sounds_like(left, right) <= 1
    assert sounds_like(left, right) == pytest.approx(sounds_like(right, left))
