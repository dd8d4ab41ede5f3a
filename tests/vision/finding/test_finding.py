"""Phrases for things: what they say, which things fit them, and what is said where none does."""

from dataclasses import replace

import numpy as np
import pytest

from gnothi.core.errors import InputError
from gnothi.core.seeing import Pixels, Sighting
from gnothi.vision.finding.finder import Finder, Search
from gnothi.vision.finding.wanted import Wanted, each_wanted, wanted
from tests.vision.finding.eyes import PICTURE, There, finder

RED = There("red mug", (10, 60, 40, 90), 0.95)
BLUE = There("blue mug", (150, 5, 190, 45), 0.9)
LAPTOP = There("laptop", (90, 40, 140, 80))
EYES = finder(RED, BLUE, LAPTOP)


def search(text: str) -> Search:
    """Look for *text* in the picture."""
    return EYES.look(PICTURE).search(wanted(text))


@pytest.mark.parametrize(
    ("text", "phrase", "noun", "colour"),
    [
        ("the red mug", "the red mug", "mug", "red"),
        ("My little red coffee cup!", "the little red coffee cup", "coffee cup", "red"),
        ("a gray shoe", "the grey shoe", "shoe", "grey"),
        ("the shoe that is blue", "the blue shoe", "shoe", "blue"),
        ("an orange", "the orange", "orange", ""),
        ("the orange orange", "the orange orange", "orange", "orange"),
        ("the mug that is on the left", "the mug", "mug", ""),
        ("the mug that's", "the mug", "mug", ""),
        ("people are", "the people", "people", ""),
        ("the black and white cat", "the black cat", "cat", "black"),
        ("the under-desk heater", "the under-desk heater", "under-desk heater", ""),
        ("anything", "the thing", "thing", ""),
    ],
)
def test_a_phrase_has_noun_and_colour(text: str, phrase: str, noun: str, colour: str) -> None:
    """The fruit keeps its name, and people's words for colours become the learned ones."""
    assert replace(wanted(text), place="") == Wanted(phrase, noun, colour)


def test_a_phrase_may_say_where_and_which_and_beside_what() -> None:
    """Rules decide those: the network sees one thing at a time."""
    there = wanted("the big blue shoe on the left")
    assert (there.phrase, there.place) == ("the big blue shoe", "left")
    assert wanted("the leftmost cup").extreme == "leftmost"
    related = wanted("the cup to the left of the leftmost laptop")
    assert related.relation == "left" and related.place == "" and related.other
    assert (related.other.noun, related.other.extreme) == ("laptop", "leftmost")


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("the red mug", [RED]),
        ("mugs", [RED, BLUE]),
        ("the left mug", [RED]),
        ("the cup on the right", [BLUE]),
        ("the biggest mug", [BLUE]),
        ("the leftmost mug", [RED]),
        ("the mug to the left of the laptop", [RED]),
        ("the mug above the laptop", [BLUE]),
        ("the mug to the left of the red mug", []),
        ("the blue one", [BLUE]),
    ],
)
def test_what_is_meant_is_found(text: str, there: list[There]) -> None:
    """By noun, colour, synonym, plural, place, extreme and relation; surest first."""
    assert [one.box for one in search(text).found] == [one.box for one in there]


def test_what_is_not_there_is_not_found_and_why() -> None:
    """A noun that was never learned, and something to stand beside that is not there, are told."""
    assert search("the green mug") == Search(wanted("the green mug"))
    assert search("the zither").unknown == "zither"
    assert search("the mug next to the apple").missing == "apple"


@pytest.mark.parametrize(
    ("said", "known"),
    [("people", "person"), ("knives", "knife"), ("mice", "mouse"), ("scarves", "scarf"),
     ("glass", "glass"), ("glasses", "glasses"), ("Mugs", "mug"), ("keys", "key")],
)  # fmt: skip
def test_one_thing_and_several_are_one_word(said: str, known: str) -> None:
    """By rule or by table; and glasses are not two of what one drinks from."""
    eyes = finder()
    for word in ("person", "knife", "mouse", "scarf", "glass"):
        eyes.seer.settings.words[word] = (word,)  # type: ignore[index]
    assert Finder(eyes.seer).phrase(wanted(f"the {said}")) == f"the {known}"


def test_several_things_are_asked_for_at_once() -> None:
    """Each by itself; two colours of one thing are one thing."""
    told = {
        text: [one.name for one in each_wanted(text)]
        for text in ("my keys and my wallet", "a mug, a cup or a laptop", "a black and white cat")
    }
    assert list(told.values()) == [["keys", "wallet"], ["mug", "cup", "laptop"], ["black cat"]]


@pytest.mark.parametrize(
    "name",
    ["silver spoon", "red and white bowl", "lamp by the door", "golden retriever",
     "cup of the cat", "my old mug", "Ana's cup", "the red one"],
)  # fmt: skip
def test_a_taught_name_is_not_taken_apart(name: str) -> None:
    """Colours, relations and articles in it are only words of the name."""
    asked = name.removeprefix("the ").removeprefix("my ")
    for text in (f"the {asked}", f"the {asked} on the left", f"{asked.upper()}!"):
        assert wanted(text, ["spoon", "lamp", "cat", name, "mug"]).taught == name
    beside = wanted(f"the mug next to the {asked}", [name])
    assert beside.taught == "" and beside.other and beside.other.taught == name


def test_boxes_around_one_thing_count_once() -> None:
    """A part of a mug is no second mug; two mugs side by side are two."""
    whole, part = There("mug", (0, 0, 60, 60), 0.9), There("mug", (20, 20, 50, 50), 0.8)
    beside = There("mug", (70, 0, 130, 60), 0.7)
    found = finder(part, whole, beside).look(PICTURE).search(wanted("the mug")).found
    assert [one.box for one in found] == [whole.box, beside.box]


def test_a_list_names_each_thing_once() -> None:
    """The likeliest noun of each; what is hardly likely is left out."""
    glance = finder(RED, LAPTOP, There("key", (60, 0, 80, 20), 0.3)).look(PICTURE)
    assert [one.name for one in glance.things()] == ["mug", "laptop"]


def test_a_colour_is_asked_of_the_network() -> None:
    """Whoever taught one mug still asks for the blue one."""

    class Mine:
        names = ("my mug",)

        def find(self, name: str, pixels: Pixels) -> tuple[Sighting, ...]:
            return (Sighting(name, RED.box, 0.8),)

    glance = EYES.look(PICTURE)
    found = glance.search(wanted("the blue mug", Mine.names), Mine())
    assert (found.taught, [one.box for one in found.found]) == ("", [BLUE.box])
    assert glance.search(wanted("the mug", Mine.names), Mine()).taught == "my mug"


class Taught:
    """The cat's bowl was taught."""

    names = ("the cat's bowl",)

    def find(self, name: str, pixels: Pixels) -> tuple[Sighting, ...]:
        assert name == "the cat's bowl"
        return (Sighting(name, (0, 0, 20, 20), 0.8),)


def test_what_was_taught_is_asked_first() -> None:
    """Under the name that it was given, and in a list too; relations hold between both."""
    glance = EYES.look(PICTURE)
    found = glance.search(wanted("my cat's bowl", Taught.names), Taught())
    assert found.taught == "the cat's bowl" and found.found[0].box == (0, 0, 20, 20)
    assert glance.things(Taught())[0].name == "the cat's bowl"
    beside = glance.search(wanted("the cat's bowl above the red mug", Taught.names), Taught())
    assert len(beside.found) == 1


def test_a_picture_is_looked_at_once() -> None:
    """Phrases after the first cost no pass of the network; what is no picture is refused."""
    eyes = finder(RED)
    glance = eyes.look(PICTURE)
    for text in ("the mug", "the red mug", "the laptop"):
        glance.search(wanted(text))
    assert eyes.seer.views == 1  # type: ignore[attr-defined]
    with pytest.raises(InputError, match="A picture is uint8"):
        eyes.look(np.zeros((4, 4), dtype=np.uint8))
