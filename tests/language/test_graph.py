import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.core.understanding import Interpretation, Slot
from gnothi.language.graph import UNKNOWN, Node, of_request, read_graph

WORDS = st.text("abcdefgh", min_size=1, max_size=4)
TREES = st.recursive(
    st.builds(lambda words: Node("SL:A", tuple(words)), st.lists(WORDS, min_size=1, max_size=3)),
    lambda inner: st.builds(
        lambda children: Node("IN:B", tuple(children)),
        st.lists(inner | WORDS, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


@given(TREES)
def test_what_is_written_is_read_back(tree: Node) -> None:
    """Brackets hold all of a graph."""
    assert read_graph(str(tree)) == tree


@given(TREES, st.lists(WORDS, min_size=1, max_size=3))
def test_an_answer_takes_the_place_of_the_unknown_node(tree: Node, answer: list[str]) -> None:
    """The words of the whole are those of the beginning, then those of the answer."""
    cut = Node("IN:ROOT", (tree, Node("SL:MISSING", ("at", UNKNOWN))))
    assert cut.unknown_role == "SL:MISSING"
    whole = cut.filled(answer)
    assert whole.words == (*tree.words, "at", *answer)
    assert whole.unknown_role is None


def test_a_request_becomes_a_graph_with_what_it_lacks() -> None:
    """A value that has begun is gone on with."""
    text = "set an alarm at seven on"
    heard = Interpretation(
        "alarm", "alarm_set", 1.0, (Slot("time", "seven", 16, 21),), start=0, end=len(text)
    )
    cut = of_request(text, heard, "date")
    assert str(cut) == "[IN:alarm_set set an alarm at [SL:time seven ] on [SL:date UNKNOWN ] ]"
    ended = of_request(text[:21], Interpretation("", "x", 1, heard.slots, end=21), "time")
    assert ended.children[-1] == Node("SL:time", ("seven", UNKNOWN))


@pytest.mark.parametrize("text", ["", "two words", "[IN:A b", "[IN:A b ] ]", "[IN:A ] [IN:B ]"])
def test_what_is_no_graph_is_refused(text: str) -> None:
    """Unmatched brackets and loose words are told."""
    with pytest.raises(InputError):
        read_graph(text)
