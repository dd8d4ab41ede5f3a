"""Tone: better signs, warmer words; and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from gnothi.recommend.tone import Signs, Tone, prosody, sentiment, ssml

ORDER = list(Tone)
parts = st.tuples(st.floats(0, 1), st.floats(-1, 1), st.floats(0, 1))


@given(parts, parts)
def test_better_signs_never_sound_worse(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    """The score, the wording and the voice are monotone in closeness, sentiment and sureness."""
    worse = Signs(*map(min, one, other))
    better = Signs(*map(max, one, other))
    assert worse.score <= better.score
    assert ORDER.index(worse.tone) <= ORDER.index(better.tone)
    assert prosody(worse.score).rate <= prosody(better.score).rate
    assert prosody(worse.score).pitch <= prosody(better.score).pitch


@given(parts)
def test_a_score_lies_between_nothing_and_all(one: tuple[float, ...]) -> None:
    """From 0 to 1, whatever the signs."""
    assert 0 <= Signs(*one).score <= 1


@given(st.lists(st.floats(-1, 1), max_size=8), st.floats(-1, 1), st.floats(-1, 1))
def test_the_last_reaction_counts_most(before: list[float], low: float, high: float) -> None:
    """A better last reaction is a better sentiment, and a mean stays within its values."""
    low, high = sorted((low, high))
    assert sentiment([*before, low]) <= sentiment([*before, high])
    assert -1 <= sentiment(before) <= 1
    assert sentiment([1, -1]) < 0 < sentiment([-1, 1])


def test_speech_is_marked_up_safely() -> None:
    """What is said can't end the mark-up."""
    said = ssml("Simon & <Garfunkel>", 1.0)
    assert said.startswith('<speak><prosody rate="106%" pitch="+8%">')
    assert "Simon &amp; &lt;Garfunkel&gt;" in said
