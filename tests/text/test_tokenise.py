"""Words with their places."""

from hypothesis import given
from hypothesis import strategies as st

from gnothi.text.tokenise import MAX_CHARACTERS, tokenise


def forms(text: str) -> list[str]:
    """Return what the network reads of *text*."""
    return [word.form for word in tokenise(text)]


@given(st.text())
def test_words_lie_in_the_text_in_order(text: str) -> None:
    """Each word is a stretch of the original, and no two overlap."""
    end = 0
    for word in tokenise(text):
        assert end <= word.start < word.end <= len(text)
        end = word.end


@given(st.text())
def test_every_word_can_be_heard(text: str) -> None:
    """Punctuation alone is no word."""
    assert all(any(map(str.isalnum, word.form)) for word in tokenise(text))


def test_punctuation_and_case_make_no_difference() -> None:
    """A typed sentence reads like a spoken one."""
    assert forms("Turn on the light, please!") == forms("turn on the light please")


def test_words_keep_what_stands_inside() -> None:
    """Hyphens, apostrophes and colons inside a word belong to it."""
    text = "my father-in-law's alarm at 7:30"
    assert [text[word.start : word.end] for word in tokenise(text)] == text.split()


def test_initials_keep_their_full_stops() -> None:
    """The letters of "p. m." are two words with their full stops, as recognisers write it."""
    assert forms("at five p. m.") == ["at", "five", "p.", "m."]


def test_sums_come_apart() -> None:
    """A sum is read number by number."""
    assert forms("5+3") == ["five", "plus", "three"]


def test_fillers_are_left_out() -> None:
    """Hesitation carries no meaning."""
    assert forms("um turn on uh the light") == forms("turn on the light")


def test_a_sentence_of_fillers_is_still_a_sentence() -> None:
    """Somebody who says only "um" has said something."""
    assert forms("um") == ["um"]


def test_nothing_holds_no_words() -> None:
    """Silence, spaces and punctuation are no words."""
    assert tokenise("") == tokenise(" \t\n") == tokenise("?!…") == []


def test_huge_texts_are_cut() -> None:
    """Only the beginning of a novel is read."""
    words = tokenise("light " * 1_000_000)
    assert words[-1].end <= MAX_CHARACTERS
