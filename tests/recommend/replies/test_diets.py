"""What people don't eat is understood, by what the catalogue says that dishes are without."""

import pytest

from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.catalogue import Attribute
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.replies import Replies
from gnothi.recommend.replies.spotting import contraries_of

DISHES = shipped("dinner")
REPLIES = Replies(DISHES)
VALUES = [one.value for one in DISHES.attributes]
OPEN, PASTA = Prompt(Ask.OPEN), Prompt(Ask.SUGGEST, (VALUES.index("pasta"),))
SAMPLE = Prompt(Ask.SAMPLE, item=0)


def _named(answer: Answer) -> tuple[list[str], list[str]]:
    return [VALUES[one] for one in answer.likes], [VALUES[one] for one in answer.dislikes]


@pytest.mark.parametrize("prompt", [OPEN, PASTA, SAMPLE])
@pytest.mark.parametrize(
    ("text", "likes", "dislikes"),
    [
        ("I don't eat meat", ["vegetarian"], []),
        ("we gave up meat", ["vegetarian"], []),
        ("meat-free", ["vegetarian"], []),
        ("we're vegetarian", ["vegetarian"], []),
        ("something with meat", [], ["vegetarian"]),
        ("not without meat", [], ["vegetarian"]),
        ("I can't eat gluten", ["gluten-free"], []),
        ("gluten free please", ["gluten-free"], []),
        ("my son is lactose intolerant", ["dairy-free"], []),
        ("no dairy", ["dairy-free"], []),
        ("no seafood please", [], ["seafood"]),
        ("nothing with cheese", [], ["cheese"]),
        ("I'm allergic to eggs", [], ["eggs"]),
        ("egg allergy", [], ["eggs"]),
        ("nut free pasta", ["pasta"], []),
        ("I don't eat pork or beef", [], ["pork", "beef"]),
    ],
)
def test_what_people_do_not_eat(
    text: str, likes: list[str], dislikes: list[str], prompt: Prompt
) -> None:
    """It is refused, or what is without it is wanted; whatever was asked, it is no yes to that."""
    answer = REPLIES.read(text, prompt)
    assert _named(answer) == (likes, dislikes)
    is_named = set(prompt.values) & {*answer.likes}
    assert is_named or answer.degree is None or answer.degree < 0
    assert not answer.is_unsure


@pytest.mark.parametrize("text", ["I'm allergic to nuts", "I don't eat seitan", "I avoid carbs"])
def test_what_the_catalogue_does_not_know_is_no_yes(text: str) -> None:
    """After a suggestion it is a no, and after an open question more than no opinion."""
    suggested = REPLIES.read(text, PASTA)
    assert suggested.degree is not None and suggested.degree < 0
    assert not REPLIES.read(text, OPEN).is_unsure


def test_names_say_what_something_is_without() -> None:
    """Both ways to say it are read."""
    diet = Attribute("diet", "dairy-free", "dairy-free", ("without milk", "lactose free", "plain"))
    assert [*contraries_of(diet)] == ["dairy", "milk", "lactose"]
