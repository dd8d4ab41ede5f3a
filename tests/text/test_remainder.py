"""What is left of a sentence."""

from hypothesis import given
from hypothesis import strategies as st

from gnothi.text.remainder import without


def test_prepositions_go_with_their_values() -> None:
    """The words of a reminder remain when the time is taken out."""
    text = "remind me tomorrow to call mom at five pm"
    assert without(text, [(10, 18), (34, 41)]) == "remind me to call mom"


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80))))
def test_any_spans_can_be_taken_out(text: str, spans: list[tuple[int, int]]) -> None:
    """Nothing is invented, whatever the spans."""
    assert len(without(text, [(min(span), max(span)) for span in spans])) <= len(text)
