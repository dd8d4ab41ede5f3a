import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.dialogue.lexicon import lexicon, words
from gnothi.dialogue.reading import Context, Relation, read

RECENT = Context(recent=True)
CONFIRMING = Context(confirming=True)
ASKING = Context(asking=True)


@pytest.mark.parametrize(
    ("text", "context", "relation", "content"),
    [
        ("turn on the light", RECENT, Relation.FRESH, "turn on the light"),
        ("turn it off again", RECENT, Relation.FRESH, "turn it off again"),
        ("no, the bedroom", RECENT, Relation.CORRECTION, "the bedroom"),
        ("No, oat milk!", RECENT, Relation.CORRECTION, "oat milk"),
        ("i meant the bedroom", RECENT, Relation.CORRECTION, "the bedroom"),
        ("i meant the bedroom, not the kitchen", RECENT, Relation.CORRECTION, "the bedroom"),
        ("not the kitchen, the bedroom", RECENT, Relation.CORRECTION, "the bedroom"),
        ("not the kitchen but the bedroom", RECENT, Relation.CORRECTION, "the bedroom"),
        ("make it 22 degrees", RECENT, Relation.CORRECTION, "22 degrees"),
        ("no wait, make it ten minutes", RECENT, Relation.CORRECTION, "ten minutes"),
        ("set it to 40%, sorry, 50%", RECENT, Relation.FRESH, "set it to 40%, sorry, 50%"),
        ("sorry, 50%", RECENT, Relation.CORRECTION, "50%"),
        ("no, turn on the fan please", RECENT, Relation.RESTATEMENT, "turn on the fan"),
        ("actually turn it off", RECENT, Relation.FRESH, "turn it off"),
        ("and the kitchen", RECENT, Relation.FOLLOW_UP, "the kitchen"),
        ("what about tomorrow?", RECENT, Relation.FOLLOW_UP, "tomorrow"),
        ("the bedroom too", RECENT, Relation.FOLLOW_UP, "the bedroom"),
        ("and turn off the fan", RECENT, Relation.FRESH, "and turn off the fan"),
        ("twenty percent", RECENT, Relation.FRAGMENT, "twenty percent"),
        ("undo that", RECENT, Relation.UNDO, ""),
        ("undo that", Context(), Relation.FRESH, "undo that"),
        ("never mind", Context(), Relation.CANCEL, ""),
        ("what did you say?", Context(), Relation.REPEAT, ""),
        ("yes", CONFIRMING, Relation.YES, ""),
        ("um, yes please", CONFIRMING, Relation.YES, ""),
        ("Yeah, go ahead.", CONFIRMING, Relation.YES, ""),
        ("ok, never mind", CONFIRMING, Relation.CANCEL, ""),
        ("yes, but the back door", CONFIRMING, Relation.CORRECTION, "the back door"),
        ("no, don't", CONFIRMING, Relation.NO, ""),
        ("no, the back door", CONFIRMING, Relation.CORRECTION, "the back door"),
        ("cancel", ASKING, Relation.CANCEL, ""),
        ("ten minutes", ASKING, Relation.FRAGMENT, "ten minutes"),
        ("yes", Context(), Relation.FRESH, "yes"),
    ],
)
def test_an_utterance_is_read_against_what_was_said_before(
    text: str, context: Context, relation: Relation, content: str
) -> None:
    """Corrections, answers and follow-ups are told from requests by where they stand."""
    reading = read(text, context, lexicon())
    assert (reading.relation, reading.text) == (relation, content)


@given(
    st.text(),
    st.builds(Context, confirming=st.booleans(), asking=st.booleans(), recent=st.booleans()),
)
def test_the_content_is_a_part_of_the_utterance(text: str, context: Context) -> None:
    """Whatever is said, what is read stands in it, where the reading says."""
    reading = read(text, context, lexicon())
    assert text[reading.start : reading.start + len(reading.text)] == reading.text


@given(st.text())
def test_a_yes_is_only_heard_when_one_is_awaited(text: str) -> None:
    """Nothing is confirmed that was not asked."""
    assert read(text, Context(recent=True), lexicon()).relation is not Relation.YES


def test_wrappers_do_not_change_what_is_asked() -> None:
    """Politeness and hesitation are no content."""
    bare = lexicon().bare(words("um hey gnothi could please"))
    assert [word.text for word in bare] == ["could"]
