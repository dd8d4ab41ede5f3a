from datetime import date

import pytest

from gnothi.core.interaction import Signal
from gnothi.core.risk import Risk
from gnothi.core.settings import Settings
from gnothi.dialogue.rewriting import Rewriting
from gnothi.language.rewrites import Rewrite, RewriteTable
from tests.dialogue.scene import Scene

LABEL = "language/rewrites@2026-11-21.1"


class Learned:
    """A table of rewrites that is live."""

    def __init__(self, *rewrites: Rewrite) -> None:
        self.table = RewriteTable(rewrites)

    def rewrite(self, text: str, person: str | None, session: str, day: date) -> Rewriting:
        return Rewriting(self.table.look_up(text, person), LABEL, 0.95)


def scene(*rewrites: Rewrite, **options: object) -> Scene:
    """Open a conversation in which *rewrites* are live."""
    return Scene(Settings.from_environment(), rewriter=Learned(*rewrites), **options)


async def test_what_fails_is_said_as_what_works() -> None:
    """A learned rewrite stands in for the words; the journal keeps what was heard."""
    home = scene(
        Rewrite("make the scullery shine", "turn on the kitchen light", risk=Risk.REVERSIBLE)
    )
    turn = await home.say("Make the scullery shine!")
    assert turn.changes["light.kitchen"]["state"] == "on"
    assert turn.utterance.text == "Make the scullery shine!"
    assert turn.understanding.text == "turn on the kitchen light"


async def test_a_rewrite_shows_in_the_trace_and_in_the_propensities() -> None:
    """Why did you do that? And how probable was it?"""
    home = scene(Rewrite("brew up", "set a timer for three minutes"))
    turn = await home.say("brew up")
    stage = next(one for one in turn.trace if one.stage == "rewrite")
    assert (stage.artifact, stage.note) == (LABEL, "brew up → set a timer for three minutes")
    assert turn.artifacts["language/rewrites"] == "2026-11-21.1"
    assert turn.propensities["language/rewrites"] == pytest.approx(0.95)


async def test_a_rewrite_opens_no_door() -> None:
    """Nothing learned leads to a higher risk class than it was learned for, yes or no yes."""
    home = scene(Rewrite("home sweet home", "unlock the front door", risk=Risk.REVERSIBLE))
    turn = await home.say("home sweet home", confirm=True)
    assert not turn.changes
    assert not turn.actions


async def test_an_answer_is_not_rewritten() -> None:
    """What is said to a question stands for nothing by itself."""
    home = scene(Rewrite("twelve minutes", "what time is it"))
    await home.say("set a timer")
    await home.say("twelve minutes")
    assert len(home.alarms.all()) == 1


@pytest.mark.parametrize(
    ("reply", "signal"),
    [
        ("no, the bedroom", "correction"),
        ("undo that", "undo"),
        ("no that's wrong", "refusal"),
        ("what did you say?", "repeat"),
    ],
)
async def test_a_reaction_is_a_signal_of_the_turn_before(reply: str, signal: str) -> None:
    """The journal learns that a turn was corrected, refused, taken back or not caught."""
    kept: list[tuple[str, Signal]] = []
    home = scene(journal=lambda turn: None, signals=lambda turn, one: kept.append((turn, one)))
    first = await home.say("turn on the kitchen light")
    await home.say(reply)
    assert [(turn, one.name) for turn, one in kept] == [(first.id, signal)]


async def test_going_on_is_no_signal() -> None:
    """Another request says nothing about the one before."""
    kept: list[object] = []
    home = scene(journal=lambda turn: None, signals=lambda *one: kept.append(one))
    await home.say("turn on the kitchen light")
    await home.say("and the bedroom light")
    await home.say("what time is it")
    assert not kept
