"""Being taught a thing by words and a picture."""

from pathlib import Path

import numpy as np
import pytest

from gnothi.core.acting import Call, Status
from gnothi.core.clock import SystemClock
from gnothi.core.settings import Settings
from gnothi.learning.teaching import Example
from gnothi.learning.things import Eyes as SeeingEyes
from gnothi.learning.things import TaughtThings
from gnothi.registry.registry import Registry
from gnothi.skills.builtin.sight.teaching import is_correction, unsee, wanted_name
from gnothi.skills.turn import Services, Turn
from gnothi.vision.eyes import Eyes
from gnothi.vision.pictures import read_picture
from tests.dialogue.scene import Scene
from tests.vision.teaching.patches import BLUE, DARK_RED, RED, PatchEyes, painted
from tests.vision.written import Reader

SETTINGS = Settings.from_environment({})
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
    things = TaughtThings(registry, lambda: SeeingEyes(PatchEyes(), "eyes@1"), SystemClock())
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
    things = TaughtThings(registry, lambda: SeeingEyes(PatchEyes(), "eyes@1"), SystemClock())
    eyes = Eyes(Reader)
    scene = Scene(SETTINGS, sight=eyes, things=things)
    turn = await scene.say("this is my mug", picture=eyes.take(painted(), "shown").id)
    assert "Draw a box" in turn.reply.text and not things.names


async def test_that_s_wrong_teaches_what_a_thing_is_not(tmp_path: Path) -> None:
    """Said after a finding, it is learned from; without one, it is about something else."""
    registry = Registry.open(tmp_path, shipped=tmp_path / "none")
    things = TaughtThings(registry, lambda: SeeingEyes(PatchEyes(), "eyes@1"), SystemClock())
    bowl, book = painted((BOWL, RED)), painted(([20, 30, 90, 120], DARK_RED), (BOWL, RED))
    none = np.zeros((0, 4))
    things.teach("bowl", [Example("a", bowl, np.array([BOWL], float), none)])
    eyes = Eyes(Reader)
    scene = Scene(SETTINGS, sight=eyes, things=things)
    shown = eyes.take(book, "shown")
    wrong = Call("sight", "unsee", {"name": "bowl", "picture": shown.id, "box": [20, 30, 90, 120]})
    before = things.things().find("bowl")
    done = await unsee(
        Turn(
            "that's wrong",
            None,
            None,
            None,
            Services(None, None, None, None, SETTINGS, sight=eyes, things=things),
        ),
        **wrong.arguments,
    )
    after = things.things().find("bowl")
    assert done.status is Status.DONE and before and after
    assert len(after.shown) + len(after.waiting) == len(before.shown) + 1
    assert "unsee" not in str((await scene.say("that's wrong")).actions)
