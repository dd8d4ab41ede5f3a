"""Any skill may lead a talk: here one of a household's own, which asks riddles."""

from datetime import timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from gnothi.core.errors import SkillError
from gnothi.core.interaction import Interaction
from gnothi.core.settings import Settings
from gnothi.skills.format import read_manifest
from gnothi.skills.skillset import SkillSet
from tests.dialogue import scene as scenes
from tests.dialogue.scene import Scene

MANIFEST = """
name = "riddles"
title = "Riddles"

[[api]]
name = "begin"
intents = ["riddles_begin"]
[[api.claims]]
phrases = "asks"
intents = ["general_joke", "general_quirky", "play_game", "qa_definition", "general_help"]

[[api]]
name = "guess"
reads = "read"
keeps = ["general_quirky"]
[api.arguments.word]
type = "own"
"""
WORDS = 'asks = ["a riddle", "some riddles"]\n'
PACK = """
riddles-ask = What has keys and opens no door? ({ $tries })
riddles-right = A piano, yes!
riddles-wrong = It is not a { $word }.
"""
ACTIONS = """
from gnothi.core.acting import Act, Decided, Outcome, Status, Talk
from gnothi.skills.turn import Reading


async def begin(turn):
    return _asked(1)


async def read(turn):
    word = turn.text.split()[-1].strip("?.!").lower()
    known = word in ("piano", "map", "thanks")
    return Reading(0.9 if known else 0.1, {"word": word}, names=known)


async def guess(turn, word=""):
    if word == "broken":
        raise ValueError("a slip")
    if word == "piano":
        return Outcome(Status.DONE, (Act("riddles-right"),), warmth=1.0)
    return _asked(turn.talk["tries"] + 1, Act("riddles-wrong", {"word": word}))


def _asked(tries, *before):
    ask = Act("riddles-ask", {"tries": tries})
    drawn = Decided("riddles/ask", 0.5, {"tries": tries})
    talk = Talk("guess", {"tries": tries}, ask)
    return Outcome(Status.DONE, (*before, ask), talk=talk, decided=(drawn,))
"""


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A household with a skill of its own that leads talks."""
    monkeypatch.setattr(scenes, "SKILLS", SkillSet.load(_skills(tmp_path)))
    return Scene(Settings(tmp_path, f"sqlite:///{tmp_path}/journal.sqlite"))


def _skills(folder: Path, manifest: str = MANIFEST) -> Path:
    skill = folder / "skills" / "riddles"
    skill.mkdir(parents=True)
    files = {"skill.toml": manifest, "en.toml": WORDS, "en.ftl": PACK, "actions.py": ACTIONS}
    for name, text in files.items():
        (skill / name).write_text(dedent(text), encoding="utf-8")
    return folder / "skills"


async def _say(scene: Scene, text: str) -> Interaction:
    scene.clock.moment += timedelta(seconds=5)
    return await scene.say(text)


async def test_a_skill_leads_until_it_has_what_it_wants(scene: Scene) -> None:
    """Its words begin it, its state comes back, and without another talk it is over."""
    begun = await _say(scene, "tell me a riddle")
    assert (begun.reply.text, begun.reply.expects) == (
        "What has keys and opens no door? (1)",
        "talk",
    )
    assert begun.understanding.requests[0].intent == "riddles_begin"
    wrong = await _say(scene, "a map")
    assert wrong.reply.text == "It is not a map. What has keys and opens no door? (2)"
    assert wrong.propensities["riddles/ask"] == 0.5
    assert wrong.decisions[0].record == {"tries": 2}
    right = await _say(scene, "it's a piano!")
    assert (right.reply.text, right.reply.expects) == ("A piano, yes!", None)
    assert 'rate="106%"' in right.reply.ssml


async def test_a_digression_is_served_and_the_talk_waits(scene: Scene) -> None:
    """The light goes on, the timer asks its own question, and the riddle comes back."""
    await _say(scene, "tell me a riddle")
    light = await _say(scene, "turn on the kitchen light")
    assert light.changes["light.kitchen"]["state"] == "on"
    assert "no door" in light.reply.text
    timer = await _say(scene, "set a timer")
    assert timer.reply.expects == "value"
    assert "no door" not in timer.reply.text
    assert (await _say(scene, "ten minutes")).reply.expects == "talk"
    assert (await _say(scene, "a piano")).reply.text == "A piano, yes!"


@pytest.mark.parametrize("length", ["for one minute", "for two hours", "for ten minutes"])
async def test_a_digression_is_read_as_if_nothing_were_asked(scene: Scene, length: str) -> None:
    """How long a timer runs is no answer to the riddle, nor a second request."""
    await _say(scene, "tell me a riddle")
    timer = await _say(scene, f"set a timer {length}")
    assert timer.reply.text.startswith("Timer set for")
    assert timer.reply.expects == "talk"


async def test_whatever_is_no_request_goes_to_the_skill(scene: Scene) -> None:
    """Even what it reads with little sureness: it may know how to ask again."""
    await _say(scene, "tell me a riddle")
    assert (await _say(scene, "hmm, a lighthouse")).reply.text.startswith("It is not a lighthouse")


async def test_a_talk_can_be_cancelled_though_its_skill_knows_no_such_word(scene: Scene) -> None:
    """The conversation itself lets go."""
    await _say(scene, "tell me a riddle")
    assert (await _say(scene, "never mind")).reply.expects is None
    assert "no door" not in (await _say(scene, "turn on the kitchen light")).reply.text


async def test_a_slip_of_the_skill_ends_its_talk(scene: Scene) -> None:
    """It becomes a sentence, and nobody is caught in a broken talk."""
    await _say(scene, "tell me a riddle")
    broken = await _say(scene, "is it broken")
    assert broken.reply.acts[0].key == "dialogue-broken-skill"
    assert broken.reply.expects is None


async def test_nothing_guarded_is_done_in_a_talk_without_a_yes(scene: Scene) -> None:
    """A lock asks first, and the yes is for the lock."""
    await _say(scene, "tell me a riddle")
    asked = await _say(scene, "unlock the front door")
    assert (asked.reply.expects, asked.changes) == ("confirmation", {})
    assert (await _say(scene, "yes")).changes["lock.front_door"]["state"] == "unlocked"


@pytest.mark.parametrize(
    ("wrong", "right", "why"),
    [
        ('intents = ["riddles_begin"]', "", "intent of its own"),
        ('reads = "read"', 'reads = "read"\nrisk = "guarded"', "guarded"),
    ],
)
def test_slips_in_the_manifest_are_told(tmp_path: Path, wrong: str, right: str, why: str) -> None:
    """What claims needs an intent; what leads talks is never guarded."""
    folder = _skills(tmp_path, MANIFEST.replace(wrong, right))
    with pytest.raises(SkillError, match=why):
        read_manifest(folder / "riddles")
