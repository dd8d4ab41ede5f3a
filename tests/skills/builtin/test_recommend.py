"""What is asked for is told from what is only said; what was asked for is named first."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from gnothi.language.understand import SHIPPED
from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.conversation import Conversation, Recommender
from gnothi.recommend.course import Turn
from gnothi.recommend.policies.rules import Rules
from gnothi.recommend.replies import Replies
from gnothi.skills.builtin.recommend.saying import Voice
from gnothi.skills.builtin.recommend.seeking import is_sought
from gnothi.skills.builtin.recommend.shelves import Shelf, open_shelf
from gnothi.skills.skillset import SkillSet
from gnothi.testing.skills import Stage
from gnothi.text.encoder import Floats, SharedEncoder


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


def test_the_decade_that_was_asked_for_is_named() -> None:
    """Of somebody who played through three decades, the second is told to who asked for it."""
    music = shipped("music")
    sixties, seventies = (music.attribute("decade", value) for value in ("60s", "70s"))
    assert sixties is not None and seventies is not None
    item = next(at for at in range(len(music)) if _decades(music.facts(at)) == [sixties, seventies])
    recommender = Recommender.over(music, Rules())
    shelf = Shelf("music", recommender, Replies(music, is_fuzzy=False))
    told: list[object] = []
    for likes in ((), (seventies,)):
        talk = Conversation(recommender, turns=[Turn(Prompt(Ask.OPEN), Answer(likes=likes))])
        told.append(Voice(shelf, talk, {}).about(item).values["decade"])
    assert told == [["the sixties"], ["the seventies"]]


def _decades(facts: Iterable[int]) -> list[int]:
    return [int(one) for one in facts if shipped("music").attributes[int(one)].facet == "decade"]


class Counting(SharedEncoder):
    """An encoder that keeps what it was asked."""

    asked: tuple[str, ...] = ()

    def encode(self, texts: Sequence[str]) -> Floats:
        """Embed *texts*."""
        self.asked += tuple(texts)
        return super().encode(texts)


def test_replies_are_read_with_the_encoder_of_understanding(skills: SkillSet) -> None:
    """The one that is loaded anyway has half the say; where there is none, words are enough."""
    encoder = Counting(SHIPPED)
    services = Stage(skills).services("recommend")
    shelf = open_shelf("films", replace(services, encoder=lambda: encoder))
    sample = Prompt(Ask.SAMPLE, item=0)
    assert shelf.replies.read("could be worse, I suppose", sample).degree is not None
    assert encoder.asked == ("could be worse, I suppose",)
    assert open_shelf("films", services).replies.read("yes", sample).degree is not None
    assert len(encoder.asked) == 1
