"""Being taught a thing by words and a picture."""

import asyncio
import importlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.acting import Status
from gnothi.core.clock import SystemClock
from gnothi.core.seeing import Frame
from gnothi.core.settings import Settings
from gnothi.learning.things import LabelledEyes, TaughtThings
from gnothi.registry.registry import Registry
from gnothi.skills.builtin.sight import teaching
from gnothi.skills.builtin.sight.teaching import is_correction, wanted_name
from gnothi.vision.eyes import Eyes
from gnothi.vision.pictures import read_picture
from tests.dialogue.scene import Scene
from tests.vision.finding.eyes import finder
from tests.vision.teaching.patches import BLUE, DARK_RED, RED, PatchEyes, painted
from tests.vision.written import Reader

SETTINGS = Settings.from_environment({})
importlib.import_module("sklearn.linear_model")  # takes seconds where much else goes on
BOWL = [180, 60, 300, 180]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("This is the cat's bowl.", "the cat's bowl"),
        ("that\N{RIGHT SINGLE QUOTATION MARK}s my mug", "my mug"),
        ("this is Ana's cup", "Ana's cup"),
        ("remember this as the blue vase", "the blue vase"),
        ("what is this?", None),
        ("this is great", None),
        ("where is the cat's bowl?", None),
        ("this is my phone", "my phone"),
        ("this is a bill, what's the total?", None),
        ("that's the total", None),
        ("this is the wrong one", None),
        ("this is a photo of my garden", None),
        ("here is the label, read it", None),
    ],
)
def test_what_a_thing_is_called(text: str, name: str | None) -> None:
    """Names begin with an article or an owner; everything else is no lesson."""
    assert wanted_name(text) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("That's wrong!", True),
        ("no, that's not the cat's bowl", True),
        ("that isn't it", True),
        ("this is the cat's bowl", False),
        ("what's that?", False),
    ],
)
def test_what_puts_a_finding_right(text: str, *, expected: bool) -> None:
    """Only words against it do."""
    assert is_correction(text) is expected


async def test_a_thing_is_taught_by_a_picture_and_a_sentence(tmp_path: Path) -> None:
    """It takes what stands out, says where that is, and finds it in the next picture."""
    registry = Registry.open(tmp_path, shipped=tmp_path / "none")
    things = TaughtThings(registry, lambda: LabelledEyes(PatchEyes(), "eyes@1"), SystemClock())
    eyes = Eyes(Reader)
    scene = Scene(SETTINGS, sight=eyes, things=things)
    shown = eyes.take(painted((BOWL, RED), ([5, 5, 40, 40], BLUE)), "shown")
    turn = await scene.say("this is the cat's bowl", picture=shown.id)
    assert turn.actions[0].status is Status.DONE
    assert turn.reply.text.startswith("I take it that you mean what is on the right")
    assert "show me a few more" in turn.reply.text.lower()
    [line] = turn.reply.display[0]["lines"]
    np.testing.assert_allclose(
        [line["corners"][0], line["corners"][2]], [BOWL[:2], BOWL[2:]], atol=3
    )
    [found] = things.find(
        "cat's bowl", read_picture(eyes.take(painted(([20, 90, 140, 210], RED)), "s").jpeg)
    )
    np.testing.assert_allclose(found.box, (20, 90, 140, 210), atol=3)


async def test_an_empty_picture_teaches_nothing(tmp_path: Path) -> None:
    """Where nothing stands out it says so, and how to go on."""
    registry = Registry.open(tmp_path, shipped=tmp_path / "none")
    things = TaughtThings(registry, lambda: LabelledEyes(PatchEyes(), "eyes@1"), SystemClock())
    eyes = Eyes(Reader)
    scene = Scene(SETTINGS, sight=eyes, things=things)
    turn = await scene.say("this is my mug", picture=eyes.take(painted(), "shown").id)
    assert "Draw a box" in turn.reply.text and not things.names


class _Camera:
    """A camera before which a red bowl stands."""

    name = "camera"

    def look(self) -> Frame:
        """Return the bowl."""
        return Frame(painted((BOWL, RED)), 0.0)

    def close(self) -> None:
        """Nothing is open."""


async def test_a_thing_is_taught_before_the_camera(tmp_path: Path) -> None:
    """Nothing has to be shown first; it looks anew."""
    scene, things, _ = _household(tmp_path, _Camera)
    turn = await scene.say("this is my bowl")
    assert turn.actions[0].call.api == "teach" and things.names == ("my bowl",)


def _household(
    folder: Path, camera: Callable[[], _Camera] | None = None
) -> tuple[Scene, TaughtThings, Eyes]:
    registry = Registry.open(folder, shipped=folder / "none")
    things = TaughtThings(registry, lambda: LabelledEyes(PatchEyes(), "eyes@1"), SystemClock())
    found = finder()
    eyes = Eyes(Reader, camera, finder=lambda: found)
    return Scene(SETTINGS, sight=eyes, things=things), things, eyes


async def _asked(scene: Scene, eyes: Eyes) -> None:
    """Ask for the bowl where something dark red is taken for it, and the bowl is there too."""
    book = painted(([20, 30, 90, 120], DARK_RED))
    turn = await scene.say("where is the bowl?", picture=eyes.take(book, "shown").id)
    assert turn.reply.text.startswith("I see the bowl")


async def test_that_s_wrong_teaches_what_a_thing_is_not(tmp_path: Path) -> None:
    """Said after a finding, what was found is learned as something else."""
    scene, things, eyes = _household(tmp_path)
    await scene.say("this is the bowl", picture=eyes.take(painted((BOWL, RED)), "shown").id)
    await _asked(scene, eyes)
    turn = await scene.say("that's wrong")
    assert [one.call.api for one in turn.actions] == ["unsee"]
    assert not things.find("bowl", painted(([20, 30, 90, 120], DARK_RED)))
    assert things.find("bowl", painted(([20, 90, 140, 210], RED)))


async def test_what_was_taught_by_words_is_undone_by_words(tmp_path: Path) -> None:
    """A slip of the tongue teaches nothing for good."""
    scene, things, eyes = _household(tmp_path)
    await scene.say("this is the bowl", picture=eyes.take(painted((BOWL, RED)), "shown").id)
    await scene.say("undo that")
    assert not things.names


async def test_learning_that_takes_long_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, instead of that it failed."""
    monkeypatch.setattr(teaching, "PATIENCE", 0.0)
    scene, things, eyes = _household(tmp_path)
    picture = eyes.take(painted((BOWL, RED)), "shown").id
    turn = await scene.say("this is the bowl", picture=picture)
    assert "a little longer" in turn.reply.text
    for _ in range(100):
        if things.names:
            break
        await asyncio.sleep(0.02)
    assert things.names == ("the bowl",)


async def test_a_large_picture_is_taught_where_it_stands(tmp_path: Path) -> None:
    """What is learned from is smaller; boxes are told in pixels of what was shown."""
    scene, _, eyes = _household(tmp_path)
    box = [400, 400, 1200, 1000]
    shown = eyes.take(painted((box, RED), size=(2000, 1600)), "shown")
    turn = await scene.say("this is the bowl", picture=shown.id)
    [line] = turn.reply.display[0]["lines"]
    np.testing.assert_allclose([line["corners"][0], line["corners"][2]], [box[:2], box[2:]], atol=9)


@pytest.mark.parametrize("between", ["set a timer for five minutes", "where is the red mug?"])
async def test_only_the_last_deed_is_put_right(tmp_path: Path, between: str) -> None:
    """What was found before that is left alone."""
    scene, things, eyes = _household(tmp_path)
    await scene.say("this is the bowl", picture=eyes.take(painted((BOWL, RED)), "shown").id)
    await _asked(scene, eyes)
    await scene.say(between)
    turn = await scene.say("that's wrong")
    assert "unsee" not in [one.call.api for one in turn.actions]
    assert len(things.things().things[0].shown) == 1


@pytest.mark.parametrize("shows", [True, False])
async def test_with_new_eyes_it_asks_to_be_shown_again(tmp_path: Path, *, shows: bool) -> None:
    """What others saw is not called unknown; before the camera as with a picture."""
    scene, _, eyes = _household(tmp_path)
    await scene.say("this is the cat's bowl", picture=eyes.take(painted((BOWL, RED)), "shown").id)
    registry = Registry.open(tmp_path, shipped=tmp_path / "none")
    later = TaughtThings(registry, lambda: LabelledEyes(PatchEyes(), "eyes@2"), SystemClock())
    found = finder()
    sight = Eyes(Reader, None if shows else _Camera, finder=lambda: found)
    scene = Scene(SETTINGS, sight=sight, things=later)
    picture = sight.take(painted((BOWL, RED)), "shown").id if shows else ""
    turn = await scene.say("where is the cat's bowl?", picture=picture)
    assert turn.reply.text.startswith("I have new eyes since you showed me “the cat's bowl”.")
    turn = await scene.say("where is the zither?", picture=picture)
    assert "new eyes" not in turn.reply.text
