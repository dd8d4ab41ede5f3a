"""Putting right, by words, what was read."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.acting import Status
from gnothi.core.clock import SystemClock
from gnothi.core.errors import InputError
from gnothi.core.seeing import Pixels, WrittenLine
from gnothi.core.settings import Settings
from gnothi.learning.readings import TaughtReadings
from gnothi.registry.registry import Registry
from gnothi.skills.builtin.sight.correcting import put_right
from gnothi.skills.builtin.sight.saying import Said, said
from gnothi.vision.eyes import MOST, Eyes
from tests.dialogue.scene import Scene
from tests.vision.written import RECEIPT, Reader, line

SETTINGS = Settings.from_environment({})
MISREAD = (
    line("GRFEN MARKET", 60, 10, 24),
    *RECEIPT[1:8],
    line("28.90", 190, 131, 16),
    *RECEIPT[11:],
)
LABEL = (line("Whole milk", 20, 10), line("BEST BEFORE 12.03.2021", 20, 40))


def _picture(light: int = 255) -> Pixels:
    return np.full((200, 300, 3), light, np.uint8)


def _household(folder: Path, *lines: WrittenLine) -> tuple[Scene, Eyes, TaughtReadings]:
    registry = Registry.open(folder, shipped=folder / "none")
    readings = TaughtReadings(registry, SystemClock())
    eyes = Eyes(lambda: Reader(*lines), mend=readings.mended, recall=readings.told)
    return Scene(SETTINGS, sight=eyes, readings=readings), eyes, readings


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("No, it says Green Market.", "everything", Said("Green Market")),
        ("it should say 23.90", "total", Said("23.90", "total")),
        ("that's wrong, it says Green Market", "title", Said("Green Market", "title")),
        ("the total is 23.90", "", Said("23.90", "total")),
        ("No, the total was twenty-three ninety", "", Said("twenty-three ninety", "total")),
        ("it expires on 12 March 2027", "", Said("12 March 2027", "expiry")),
        ("no, 23.90", "total", Said("23.90", "total")),
        ("no, it's 23 euros 90", "total", Said("23 euro 90", "total")),
        ("the headline is Green Market", "", Said("Green Market", "title")),
        ("the total is wrong", "total", None),
        ("no, 23.90", "everything", None),
        ("what does it say?", "total", None),
        ("the kitchen light is on", "total", None),
        ("no, turn on the fan", "total", None),
    ],
)
def test_what_puts_a_reading_right(text: str, asked: str, expected: Said | None) -> None:
    """What is written, and what of the page it is, where that is told."""
    found = said(text, asked=asked)
    if expected and "euro" in expected.text:
        assert found and found.wanted == expected.wanted and "23" in found.text
    else:
        assert found == expected


async def test_a_total_is_put_right_by_voice(tmp_path: Path) -> None:
    """What was read for it is another number; from then on the picture says what was told."""
    scene, eyes, readings = _household(tmp_path, *MISREAD)
    shown = eyes.take(_picture(), "shown")
    assert (await scene.say("what's the total?", picture=shown.id)).reply.text == "Total: 28.90."
    turn = await scene.say("no, it's 23.90", speaker=None)
    assert turn.actions[0].call.api == "correct" and turn.actions[0].status is Status.DONE
    assert "I take it so for this picture" in turn.reply.text, "numbers teach nothing"
    assert (await scene.say("what's the total?")).reply.text == "Total: 23.90."
    [told] = [one for one in readings.pages[0].lines if one.is_told]
    assert (told.read, told.written, told.cut) == ("28.90", "23.90", b"")


async def test_words_that_were_put_right_are_read_so_in_the_next_picture(tmp_path: Path) -> None:
    """The same shop is misread the same way again."""
    scene, eyes, _ = _household(tmp_path, *MISREAD)
    await scene.say("what does this say?", picture=eyes.take(_picture(), "shown").id)
    turn = await scene.say("no, it says green market")
    assert turn.reply.text.startswith("Thank you. So the line is: GREEN MARKET. Where I read")
    other = eyes.take(_picture(254), "shown")
    assert "GREEN MARKET" in (await scene.say("what's the headline?", picture=other.id)).reply.text


async def test_a_correction_is_undone(tmp_path: Path) -> None:
    """That one only, in the picture and in what was learned; shown again, it says the same."""
    scene, eyes, readings = _household(tmp_path, *MISREAD)
    await scene.say("what's the total?", picture=eyes.take(_picture(), "shown").id)
    await scene.say("the total is twenty-three ninety")
    assert (await scene.say("what's the total?")).reply.text == "Total: 23.90."
    await scene.say("no, 28.10")
    assert (await scene.say("what's the total?")).reply.text == "Total: 28.10."
    await scene.say("no, 28.70")
    await scene.say("undo that")
    assert (await scene.say("what's the total?")).reply.text == "Total: 28.10."
    assert len(readings.pages) == 1
    again = eyes.take(_picture(), "shown").id
    assert (await scene.say("what's the total?", picture=again)).reply.text == "Total: 28.10."


async def test_of_a_picture_that_is_gone_nothing_is_learned(tmp_path: Path) -> None:
    """It was forgotten between the reading and the word."""
    _, eyes, readings = _household(tmp_path, *MISREAD)
    seen = eyes.read(eyes.take(_picture(), "shown").id)
    for light in range(MOST):
        eyes.take(_picture(light), "shown")
    with pytest.raises(InputError, match="show it once more"):
        put_right(eyes, readings, seen, 0, "GREEN MARKET", "ana")
    assert not readings.pages


async def test_a_picture_of_the_line_is_kept_where_somebody_says_so(tmp_path: Path) -> None:
    """Nothing else keeps one."""
    scene, eyes, readings = _household(tmp_path, *MISREAD)
    await scene.say("what's the total?", picture=eyes.take(_picture(), "shown").id)
    await scene.say("the total is 23.90")
    turn = await scene.say("you may keep the picture")
    assert turn.reply.text == "I keep a small picture of that line."
    assert [bool(one.cut) for one in readings.pages[0].lines if one.is_told] == [True]


async def test_an_expiry_is_put_right(tmp_path: Path) -> None:
    """In the way in which it was read."""
    scene, eyes, readings = _household(tmp_path, *LABEL)
    await scene.say("when does this expire?", picture=eyes.take(_picture(), "shown").id)
    turn = await scene.say("no, it expires on the twelfth of march twenty twenty-seven")
    assert "BEST BEFORE 12.03.2027" in turn.reply.text
    assert "good until" in (await scene.say("when does it expire?")).reply.text
    assert readings.pages


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("that's wrong", "What does it say?"),
        ("no, it says zzyzx road", "I find no place for that"),
        ("the total is 28.90", "That is what I read: 28.90."),
        ("the total is 30.00", "That is in another line: CASH 30.00."),
    ],
)
async def test_what_can_t_be_put_right_is_told(tmp_path: Path, text: str, answer: str) -> None:
    """With what may be said instead; nothing is learned."""
    misread = (replace(one, text=one.text.replace("23.90", "28.90")) for one in RECEIPT)
    scene, eyes, readings = _household(tmp_path, *misread)
    await scene.say("what's the total?", picture=eyes.take(_picture(), "shown").id)
    assert (await scene.say(text)).reply.text.startswith(answer)
    assert not readings.pages


@pytest.mark.parametrize("between", ["set a timer for five minutes", "turn on the kitchen light"])
async def test_only_what_was_read_last_is_put_right(tmp_path: Path, between: str) -> None:
    """After another deed, "no" is about that."""
    scene, eyes, readings = _household(tmp_path, *MISREAD)
    await scene.say("what's the total?", picture=eyes.take(_picture(), "shown").id)
    await scene.say(between)
    turn = await scene.say("no, it says green market")
    assert "correct" not in [one.call.api for one in turn.actions] and not readings.pages


@pytest.mark.parametrize(
    ("asked", "text", "api"),
    [
        ("what's the total?", "no, turn on the kitchen light", "control"),
        ("what's the total?", "no, set a timer for 10 minutes", "set_timer"),
        ("when does it expire?", "it expired yesterday", ""),
        ("what does it say?", "this says a lot", ""),
        ("what does it say?", "that's not a problem", ""),
    ],
)
async def test_what_is_no_correction_goes_on_to_the_house(
    tmp_path: Path, asked: str, text: str, api: str
) -> None:
    """Said right after something was read; nothing is learned, and nothing of the picture told."""
    scene, eyes, readings = _household(tmp_path, *MISREAD)
    await scene.say(asked, picture=eyes.take(_picture(), "shown").id)
    turn = await scene.say(text)
    assert not [one for one in turn.actions if one.call.skill == "sight"] and not readings.pages
    assert not api or api in [one.call.api for one in turn.actions], turn.actions
