"""It is told what is asked for: the thing, not every word that is said."""

import pytest

from gnothi.skills.builtin.recommend.seeking import is_sought


@pytest.mark.parametrize(
    "text",
    [
        "help me find music",
        "help me find a film",
        "find me a good film for tonight",
        "help me find a film starring Tom Hanks",
        "find us a movie everybody likes",
        "recommend an action film",
        "recommend a comedy",
        "suggest a Tarantino film",
        "suggest something by Queen",
        "recommend some modern jazz",
        "recommend the Beatles",
        "recommend something dark",
        "can you recommend a good Italian dish",
        "recommend a soup",
        "help me choose between pasta and rice",
        "help me decide what to watch",
        "help me find something to watch",
        "what should I cook",
        "suggestions for dinner",
        "help me choose a radio station",
        "find us a jazz station",
        "recommend an Irish radio station",
        "help me choose",
        "help us choose a film for movie night",
        "I need a recommendation",
    ],
)
def test_what_there_is_to_choose_from(text: str) -> None:
    """A kind of thing, a name of a catalogue, something vague, or nothing in particular."""
    assert is_sought(text)


@pytest.mark.parametrize(
    "text",
    [
        "help me find a movie theater",
        "find me a movie theater nearby",
        "find me a film studio in town",
        "help me choose a movie poster",
        "recommend a film festival",
        "help me find a cinema",
        "help me find a music teacher for my son",
        "help me find the recipe book",
        "help me find a cooking class",
        "find us a fire station",
        "find me a gas station",
        "help me find a watch",
        "help me find my keys",
        "recommend a restaurant for dinner",
        "help me find a place to eat",
        "any suggestions for a hotel",
    ],
)
def test_what_only_sounds_like_it(text: str) -> None:
    """The word "movie" in it doesn't make a theater a film."""
    assert not is_sought(text)
