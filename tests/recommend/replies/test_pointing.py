"""What is said of what is offered without its name, and facts by other words than their names."""

from functools import cache

import pytest

from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.replies import LIKED, Replies
from gnothi.recommend.replies.company import GUEST
from gnothi.recommend.replies.pointing import neighbour

MUSIC = shipped("music")
OFFERED = MUSIC.titles.index("Nina Simone")
SAMPLE = Prompt(Ask.SAMPLE, item=OFFERED)


@cache
def _replies() -> Replies:
    return Replies(MUSIC)


def _read(text: str, prompt: Prompt = SAMPLE) -> Answer:
    return _replies().read(text, prompt)


def _values(*names: str) -> tuple[int, ...]:
    values = [one.value for one in MUSIC.attributes]
    return tuple(values.index(name) for name in names)


@pytest.mark.parametrize(
    "text",
    [
        "not her, but something like her",
        "someone like her please",
        "more like him",
        "similar to that",
        "anybody in the style of this one?",
    ],
)
def test_who_wants_something_like_it_goes_by_it(text: str) -> None:
    """They want others like it, so it is neither refused nor what they want."""
    answer = _read(text)
    assert answer.similar == (OFFERED,)
    assert (answer.degree, answer.wish, answer.items) == (LIKED, Wish.MORE, ())


@pytest.mark.parametrize(
    "text", ["I like that", "yes, just like that", "not like that", "I hate that"]
)
def test_like_is_no_comparison_everywhere(text: str) -> None:
    """Who likes it, or agrees with it, or refuses it, compares nothing."""
    assert _read(text).similar == ()


@pytest.mark.parametrize(
    "text", ["anything but that", "anything but her", "everything except this"]
)
def test_anything_but_it_is_a_no(text: str) -> None:
    """To the thing that is offered, or to both of a choice; "anything" alone is no opinion."""
    choice = Prompt(Ask.CHOICE, _values("rock", "pop"))
    for prompt in (SAMPLE, choice):
        answer = _read(text, prompt)
        assert answer.degree is not None and answer.degree < 0
        assert not answer.is_unsure
    assert _read("no opinion on that").is_unsure


@pytest.mark.parametrize(
    ("text", "decade"),
    [
        ("older", "40s"),
        ("something a bit older please", "40s"),
        ("too modern for me", "40s"),
        ("newer", "70s"),
        ("yes, but more recent", "70s"),
        ("too old", "70s"),
    ],
)
def test_older_and_newer_are_beside_what_is_offered(text: str, decade: str) -> None:
    """She sang in the fifties and sixties."""
    answer = _read(text)
    assert answer.likes == _values(decade)
    assert answer.sureness > 0.5


@pytest.mark.parametrize("text", ["not older", "my older sister loves her", "maybe later"])
def test_not_every_older_compares(text: str) -> None:
    """Nor does it without anything to compare with."""
    assert _read(text).likes == ()
    assert _read("older", Prompt(Ask.OPEN)).is_empty


def test_nothing_is_older_than_the_oldest() -> None:
    """And what has no decade has none beside it."""
    decades = [one for one in MUSIC.facet("decade").tolist() if MUSIC.counts[one]]
    ends = [neighbour(MUSIC, int(MUSIC.items_with(one)[0]), -1) for one in decades]
    assert None in ends
    dinner = shipped("dinner")
    assert neighbour(dinner, 0, 1) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("party music", "upbeat"),
        ("faster", "energetic"),
        ("something slower", "calm"),
        ("something jazzy", "jazz"),
        ("rather bluesy", "blues"),
        ("something funky", "groovy"),
        ("soulful", "soul"),
    ],
)
def test_facts_are_known_by_other_words(text: str, value: str) -> None:
    """But a catalogue's own names come first: "funky" is a mood of this one."""
    assert _read(text).likes == _values(value)


def test_a_partial_no_keeps_what_it_is_about() -> None:
    """Not too poppy: that is no word against rock, and the eighties stay wanted."""
    choice = Prompt(Ask.CHOICE, _values("rock", "pop"))
    answer = _read("something from the 80s, but not too poppy", choice)
    assert (answer.likes, answer.dislikes) == (_values("80s"), _values("pop"))
    assert answer.degree is None


def test_who_says_how_many_they_are_is_not_alone() -> None:
    """A number of people is company; a number of anything else is none."""
    assert _read("we're four people and one hates country", Prompt(Ask.OPEN)).company == (GUEST,)
    assert _read("we are 3 minutes late", Prompt(Ask.OPEN)).company is None
