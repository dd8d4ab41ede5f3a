"""Asking where things are, in a picture or through a camera."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from gnothi.core.errors import MissingExtraError
from gnothi.core.seeing import Frame
from gnothi.core.settings import Settings
from gnothi.skills.builtin.sight import finding
from gnothi.skills.builtin.sight.finding import Asked, asked, is_quick
from gnothi.vision.eyes import Eyes
from gnothi.vision.finding.finder import Finder, Search
from gnothi.vision.finding.nouns import counted
from gnothi.vision.finding.wanted import wanted
from tests.dialogue.scene import Scene
from tests.vision.finding.eyes import PICTURE, There, finder
from tests.vision.written import RECEIPT, Reader

SETTINGS = Settings.from_environment({})
SHELF = (
    There("red mug", (10, 60, 40, 90), 0.95),
    There("blue mug", (150, 5, 190, 45), 0.9),
    There("laptop", (90, 40, 140, 80)),
)


def eyes(*there: There, camera: object = None) -> Eyes:
    """Return eyes that see *there*, and read a receipt."""
    found = finder(*there)
    return Eyes(
        lambda: Reader(*RECEIPT),
        (lambda: camera) if camera else None,  # type: ignore[arg-type,return-value]
        finder=lambda: found,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where is the red mug?", Asked("where", "the red mug")),
        ("please find my keys", Asked("where", "my keys")),
        ("do you see a lamp in the picture?", Asked("there", "a lamp")),
        ("How many books are there?", Asked("count", "books")),
        ("What do you see?", Asked("list")),
        ("what's the total", None),
        ("where is it", None),
        ("where is this from?", None),
        ("how many people are in the picture?", Asked("count", "people")),
        ("show me where my keys are", Asked("where", "my keys")),
        ("where is my mug right now?", Asked("where", "my mug")),
    ],
)
def test_a_question_about_things(text: str, expected: Asked | None) -> None:
    """What kind of question it is, and what is looked for."""
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("where is the red mug?", "I see the red mug on the left, near the bottom."),
        ("where's the cup on the right", "I see the cup on the right, near the top."),
        ("where are the mugs", "I see 2 mugs. One is on the left, near the bottom. Another is "),
        ("how many mugs do you see", "I count 2 mugs."),
        ("is there an apple?", "I don't see any apple."),
        ("where is the green mug?", "I don't see any green mug. There is another mug on the left"),
        ("where is the zither?", "I have not learned what “zither” looks like."),
        ("where is the mug next to the apple?", "I don't see any apple, so I can't tell"),
        ("what do you see?", "If I am not mistaken, I see 2 mugs and a laptop."),
        (
            "do you see a laptop or an apple?",
            "I see the laptop in the middle. I don't see any apple.",
        ),
        ("is there anything on the left?", "I see the thing on the left, near the bottom."),
        ("how many things are there", "I count 3 things."),
        ("where are the zithers?", "I have not learned what “zither” looks like."),
        ("is there a bite to eat for me", "I can read what is written, and look for things."),
    ],
)
async def test_what_is_told_of_a_picture(question: str, answer: str) -> None:
    """Where, how many, what; and why not."""
    sight = eyes(*SHELF)
    turn = await Scene(SETTINGS, sight=sight).say(question, picture=sight.take(PICTURE, "shown").id)
    assert turn.reply.text.startswith(answer)


async def test_boxes_are_shown_and_the_next_question_is_about_the_same_picture() -> None:
    """The page draws them; what is written is asked in the same words as before."""
    sight = eyes(*SHELF)
    scene = Scene(SETTINGS, sight=sight)
    turn = await scene.say("where is the laptop?", picture=sight.take(PICTURE, "shown").id)
    [line] = turn.reply.display[0]["lines"]
    assert (line["text"], line["corners"][0], line["corners"][2]) == ("laptop", [90, 40], [140, 80])
    assert (await scene.say("where is the red mug?")).reply.text.startswith("I see the red mug")
    assert (await scene.say("what's the total?")).reply.text == "Total: 23.90."
    assert "I see" not in (await scene.say("where is the zither?")).reply.text


async def test_what_is_not_known_by_sight_is_read() -> None:
    """A phone number is no thing, and a picture without things is read."""
    sight = eyes()
    scene = Scene(SETTINGS, sight=sight)
    shown = sight.take(PICTURE, "shown").id
    told = await scene.say("is there a phone number on it?", picture=shown)
    assert told.reply.text == "Phone number: 040 555 0199."
    told = await scene.say("do you see a zither?", picture=shown)
    assert told.reply.text.startswith("I have not learned what “zither”")
    assert "GREEN MARKET" in (await scene.say("what do you see?", picture=shown)).reply.text


class Shelf:
    """A camera over a shelf, on which something else stands each time."""

    name = "shelf"

    def __init__(self) -> None:
        self.looks = 0

    def look(self) -> Frame:
        self.looks += 1
        return Frame(np.full_like(PICTURE, self.looks), float(self.looks))

    def close(self) -> None:
        pass


async def test_a_camera_is_looked_through_for_what_is_known_by_sight() -> None:
    """Without a picture "where is" is about things in view only where they can be in view."""
    scene = Scene(SETTINGS, sight=eyes(*SHELF, camera=Shelf()))
    assert (await scene.say("where is the red mug?")).reply.text.startswith("I see the red mug")
    assert "shelf" not in (await scene.say("is there a timer?")).reply.text
    blind = Scene(SETTINGS, sight=eyes(*SHELF))
    assert "I see" not in (await blind.say("where is the red mug?")).reply.text


async def test_a_camera_is_looked_through_each_time() -> None:
    """What it saw a minute ago is gone; only what was read is asked about further."""
    shelf = Shelf()
    scene = Scene(SETTINGS, sight=eyes(*SHELF, camera=shelf))
    for looks, text in (
        (1, "where is the red mug?"),
        (2, "where is the laptop?"),
        (3, "how many mugs are there?"),
        (4, "what do you see?"),
        (5, "read this to me"),
        (5, "what's the total?"),
        (5, "what's the phone number on it?"),
        (6, "where is the red mug?"),
    ):
        turn = await scene.say(text)
        assert shelf.looks == looks and turn.actions[0].call.skill == "sight", text


async def test_a_picture_that_is_gone_is_not_taken_for_what_the_camera_sees() -> None:
    """It says so instead."""
    shelf = Shelf()
    scene = Scene(SETTINGS, sight=eyes(*SHELF, camera=shelf))
    turn = await scene.say("where is the red mug?", picture="gone")
    assert "show it once more" in turn.reply.text and shelf.looks == 0


async def test_what_has_no_words_on_it_is_seen() -> None:
    """Asked what this is, it answers by sight where there is nothing to read."""
    found = finder(SHELF[2])
    sight = Eyes(Reader, finder=lambda: found)
    shown = sight.take(PICTURE, "shown").id
    told = await Scene(SETTINGS, sight=sight).say("what is this?", picture=shown)
    assert "a laptop" in told.reply.text
    assert (
        "can't make out"
        in (await Scene(SETTINGS, sight=sight).say("what's the total?", picture=shown)).reply.text
    )


async def test_without_a_reader_things_are_told_all_the_same() -> None:
    """Who asks what is seen did not ask to read."""

    def no_reader() -> Reader:
        raise MissingExtraError("sight", "Reading pictures")

    found = finder()
    sight = Eyes(no_reader, finder=lambda: found)
    shown = sight.take(PICTURE, "shown").id
    told = await Scene(SETTINGS, sight=sight).say("what do you see?", picture=shown)
    assert told.reply.text == "I see nothing that I know."


async def test_a_picture_that_tells_nothing_is_said_to() -> None:
    """Neither words nor things: both are told, however it was asked."""
    found = finder()
    sight = Eyes(Reader, finder=lambda: found)
    shown = sight.take(PICTURE, "shown").id
    for question in ("what do you see?", "what is this?"):
        told = await Scene(SETTINGS, sight=sight).say(question, picture=shown)
        assert "any words" in told.reply.text and "nothing that I know" in told.reply.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where is the red mug?", True),
        ("how many books are there", True),
        ("do you see my keys?", True),
        ("where is the total?", False),
        ("is there a date on it?", False),
        ("find out what it says", False),
        ("what do you see?", False),
        ("what does this say?", False),
        ("", False),
    ],
)
def test_what_takes_a_moment(text: str, *, expected: bool) -> None:
    """A thing is found at once; before words can be told they have to be read."""
    assert is_quick(text) is expected


def test_whose_a_thing_is_can_be_said() -> None:
    """What is taught as mine is not the assistant's, and people's names have no article."""
    search = Search(wanted("it"), taught="my mug")
    told = [finding._called(replace(search, taught=name)) for name in ("my mug", "Ana's cup")]
    assert told == [
        {"name": "mug", "article": "the"},
        {"name": "Ana's cup", "article": "none"},
    ]


def test_things_are_counted_in_words() -> None:
    """One has an article, several a plural, and scissors always are."""
    told = [
        counted(1, "mug"),
        counted(1, "umbrella"),
        counted(2, "light bulb"),
        counted(3, "knife"),
    ]
    assert told == ["a mug", "an umbrella", "2 light bulbs", "3 knives"]
    assert (counted(1, "scissors"), counted(2, "glasses")) == ("scissors", "2 glasses")
    assert (counted(1, "bread"), counted(2, "bread")) == ("bread", "2 pieces of bread")


@pytest.mark.parametrize("camera", [None, Shelf()])
async def test_the_eyes_open_while_others_are_answered(camera: Shelf | None) -> None:
    """Opening takes a second, and never that of the event loop."""
    opened: list[bool] = []
    found = finder(*SHELF)

    def opens() -> Finder:
        opened.append(threading.current_thread() is threading.main_thread())
        return found

    sight = Eyes(Reader, (lambda: camera) if camera else None, finder=opens)
    picture = "" if camera else sight.take(PICTURE, "shown").id
    turn = await Scene(SETTINGS, sight=sight).say("where is the red mug?", picture=picture)
    assert turn.reply.text.startswith("I see the red mug") and opened == [False]
