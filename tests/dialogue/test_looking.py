"""Talking about a picture: what is shown, what the camera sees, and what is about other things."""

import io

import numpy as np
import pytest
from PIL import Image

from gnothi.core.acting import Status
from gnothi.core.errors import ProviderError
from gnothi.core.seeing import Frame
from gnothi.core.settings import Settings
from gnothi.vision.eyes import Eyes
from tests.dialogue.scene import Scene
from tests.vision.written import RECEIPT, Reader, line

SETTINGS = Settings.from_environment({})


class Door:
    """A camera at the door; it may be away."""

    name = "door"

    def __init__(self) -> None:
        self.is_there = True

    def look(self) -> Frame | None:
        if not self.is_there:
            raise ProviderError("The camera at door does not answer.")
        return Frame(np.zeros((200, 300, 3), dtype=np.uint8), 0.0)

    def close(self) -> None:
        pass


def shown(eyes: Eyes) -> str:
    """Show a picture; return its id."""
    file = io.BytesIO()
    Image.new("RGB", (300, 200)).save(file, "PNG")
    return eyes.show(file.getvalue()).id


async def test_a_receipt_is_talked_about() -> None:
    """What is asked with it and after it is about it, until something else is asked."""
    eyes = Eyes(lambda: Reader(*RECEIPT))
    scene = Scene(SETTINGS, sight=eyes)
    turn = await scene.say("", picture=shown(eyes))
    assert turn.utterance.text == "What does this say?"
    assert turn.reply.text.startswith("In large letters: GREEN MARKET. Total: 23.90.")
    (display,) = turn.reply.display
    assert display["kind"] == "sight" and len(display["lines"]) == len(RECEIPT)
    assert (await scene.say("what's the total?")).reply.text == "Total: 23.90."
    told = await scene.say("What's the phone number?")
    assert told.reply.text == "Phone number: 040 555 0199."
    assert [one["text"] for one in told.reply.display[0]["lines"] if one["marked"]] == [
        "Tel. 040 555 0199"
    ]
    assert "no expiry" in (await scene.say("when does it expire")).reply.text
    changed = await scene.say("turn on the kitchen light")
    assert changed.changes["light.kitchen"]["state"] == "on"
    assert (await scene.say("how much was it?")).reply.text == "Total: 23.90."


async def test_whatever_is_said_with_a_picture_is_about_it() -> None:
    """Even what would unlock a door; what can't be told yet is said."""
    eyes = Eyes(lambda: Reader(*RECEIPT))
    scene = Scene(SETTINGS, sight=eyes)
    for text, answer in (
        ("unlock the front door", "I can read what is written, and look for things."),
        ("where is the red mug?", "I can't look for things"),
    ):
        turn = await scene.say(text, picture=shown(eyes))
        assert turn.reply.text.startswith(answer) and not turn.changes


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Milk · use by 18.11.2026", "It was good until Wednesday, so it has expired."),
        ("Milk · use by 27.11.2026", "It is good until"),
        ("Milk · use by 03/04/2027", "It is good until March 4"),
    ],
)
async def test_when_it_expires(text: str, answer: str) -> None:
    """On a Friday in November 2026, in a home that writes the month first."""
    eyes = Eyes(lambda: Reader(line(text, 0, 0)))
    scene = Scene(SETTINGS, sight=eyes)
    told = await scene.say("when does it expire?", picture=shown(eyes))
    assert told.reply.text.startswith(answer.split(",", maxsplit=1)[0].removesuffix(" Wednesday"))
    assert ("expired" in told.reply.text) == ("expired" in answer)


async def test_each_thing_is_told_once_and_what_is_left_out_is_counted() -> None:
    """An expiry is not also a date; of five dates three are told; one line is all there is."""
    words = " ".join(["word"] * 30)
    rows = [words, "use by 28.11.2026", *(f"{day}.01.2026" for day in (20, 21, 22, 23, 24))]
    pages = [[line(row, 0, 20 * at) for at, row in enumerate(rows)]]
    pages.append([line(f"{words} total 5.00", 0, 0)])
    eyes = Eyes(lambda: reader)
    scene = Scene(SETTINGS, sight=eyes)
    reader = Reader(*pages[0])
    told = (await scene.say("", picture=shown(eyes))).reply.text
    assert told.count("November") + told.count("tomorrow") == 1 and ", and 2 more." in told
    assert "7 lines in all" in told
    assert ", and 3 more." in (await scene.say("what are the dates on it?")).reply.text
    assert "November" in (await scene.say("what's the expiration date?")).reply.text
    reader.lines = tuple(pages[1])
    told = (await scene.say("", picture=shown(eyes))).reply.text
    assert "Total: 5.00." in told and "line" not in told


async def test_a_month_has_no_day() -> None:
    """It is told as it is written; good until its last day, where it is an expiry."""
    eyes = Eyes(lambda: Reader(line("best before NOV 2026", 0, 0)))
    scene = Scene(SETTINGS, sight=eyes)
    told = await scene.say("when does it expire?", picture=shown(eyes))
    assert told.reply.text.startswith("It is good until")
    assert (await scene.say("what's the date on it?")).reply.text == "The date on it is NOV 2026."


async def test_nothing_to_look_at_is_said() -> None:
    """And "what's the total" is then about something else."""
    scene = Scene(SETTINGS, sight=Eyes(Reader))
    assert (await scene.say("what does this say?")).reply.text.startswith("I see nothing")
    assert "picture" not in (await scene.say("what's the total?")).reply.text
    assert (await Scene(SETTINGS).say("read this to me")).reply.text.startswith("I see nothing")


async def test_the_camera_is_looked_through_when_nothing_is_shown() -> None:
    """Each time anew; while it is away a sentence says so."""
    reader, door = Reader(line("Parcel for Ana", 0, 0)), Door()
    scene = Scene(SETTINGS, sight=Eyes(lambda: reader, lambda: door))
    assert (await scene.say("read this to me")).reply.text == "It says: Parcel for Ana"
    reader.lines = ()
    assert "can't make out" in (await scene.say("what does it say")).reply.text
    door.is_there = False
    turn = await scene.say("what does this say")
    assert turn.actions[0].status is Status.FAILED and "does not answer" in turn.reply.text


async def test_a_picture_that_is_gone_is_asked_for_again() -> None:
    """Nobody is told of somebody else's picture instead."""
    turn = await Scene(SETTINGS, sight=Eyes(Reader)).say("read this", picture="unknown")
    assert "show it once more" in turn.reply.text


async def test_the_only_date_of_a_label_is_told_for_what_it_is() -> None:
    """On a lid there is often a date alone; nobody says what it means."""
    eyes = Eyes(lambda: Reader(line("12.03.2027 14:32", 10, 10), line("L 4711", 10, 40)))
    turn = await Scene(SETTINGS, sight=eyes).say("when does it expire?", picture=shown(eyes))
    assert turn.reply.text.startswith("It does not say until when it is good. The only date on it")
