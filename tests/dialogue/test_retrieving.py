from collections.abc import Sequence
from datetime import date

import pytest

from gnothi.core.risk import Risk
from gnothi.core.settings import Settings
from gnothi.core.understanding import Interpretation
from gnothi.dialogue.rewriting import Rewriting
from gnothi.language.rewrites import Rewrite, RewriteTable
from tests.dialogue.scene import Scene

LABEL = "language/retrieval@1.0"


class Found:
    """Knows what was meant by some words, and what it was asked."""

    def __init__(self, **meant: str) -> None:
        self.meant = {said.replace("_", " "): target for said, target in meant.items()}
        self.asked: list[tuple[str, list[str]]] = []

    def retrieve(
        self,
        text: str,
        person: str | None,
        session: str,
        day: date,
        requests: Sequence[Interpretation],
    ) -> Rewriting:
        self.asked.append((text, [one.intent for one in requests]))
        target = self.meant.get(text)
        found = Rewrite(text, target, risk=Risk.REVERSIBLE) if target else None
        return Rewriting(found, LABEL, 0.95)


class Learned:
    """A table of exact rewrites."""

    def __init__(self, *rewrites: Rewrite) -> None:
        self.table = RewriteTable(rewrites)

    def rewrite(self, text: str, person: str | None, session: str, day: date) -> Rewriting:
        return Rewriting(self.table.look_up(text, person), "language/rewrites@1.0", 0.95)


def scene(found: Found, **options: object) -> Scene:
    """Open a conversation in which words are looked for among successful requests."""
    return Scene(Settings.from_environment(), retriever=found, **options)


async def test_what_led_to_nothing_is_done_as_it_was_meant() -> None:
    """An unknown name is no end: it is done, journalled, and told in the trace."""
    home = scene(Found(turn_on_the_scullery_light="turn on the kitchen light"))
    turn = await home.say("turn on the scullery light")
    assert turn.changes["light.kitchen"]["state"] == "on"
    assert turn.utterance.text == "turn on the scullery light"
    assert turn.understanding.text == "turn on the kitchen light"
    assert [action.status.value for action in turn.actions] == ["done"]
    stage = next(one for one in turn.trace if one.stage == "retrieve")
    assert stage.artifact == LABEL
    assert stage.note == "turn on the scullery light → turn on the kitchen light"
    assert turn.propensities["language/retrieval"] == pytest.approx(0.95)


async def test_what_works_is_not_looked_up() -> None:
    """A turn that succeeds pays nothing, and so does an answer."""
    found = Found()
    home = scene(found)
    await home.say("turn on the kitchen light")
    await home.say("set a timer")
    await home.say("flibber the wug")
    assert found.asked == []


async def test_what_is_unknown_stays_unknown() -> None:
    """Where nothing is found the answer is what it was, and the look-up is in the trace."""
    found = Found()
    with_it = await scene(found).say("turn off the owl")
    without = await Scene(Settings.from_environment()).say("turn off the owl")
    assert with_it.reply.text == without.reply.text
    assert with_it.understanding.text == "turn off the owl"
    assert found.asked == [("turn off the owl", ["iot_turn_off"])]


async def test_no_door_is_opened_by_guessing() -> None:
    """What was found never leads to a guarded action, whatever an index says, yes or no yes."""
    home = scene(Found(turn_off_the_owl="unlock the front door"))
    turn = await home.say("turn off the owl", confirm=True)
    assert not turn.changes
    assert not [one for one in turn.actions if one.status.value == "done"]


async def test_an_exact_rewrite_is_not_rewritten_again() -> None:
    """Learned words that fail are the business of whoever watches them."""
    found = Found(turn_off_the_bat="turn on the kitchen light")
    table = Learned(Rewrite("turn off the owl", "turn off the bat", risk=Risk.REVERSIBLE))
    turn = await scene(found, rewriter=table).say("turn off the owl")
    assert not turn.changes
    assert found.asked == []


async def test_a_question_about_something_unsure_goes_with_it() -> None:
    """A colour is not waited for when something else was meant."""
    home = scene(Found(lights_an="turn on the kitchen light"))
    turn = await home.say("lights an")
    assert turn.changes["light.kitchen"]["state"] == "on"
    assert turn.reply.expects is None
