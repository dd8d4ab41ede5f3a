"""Sentences of a household's own skills are understood; all others as before."""

from pathlib import Path

from gnothi.core.understanding import Kind, Situation, Understanding
from gnothi.dialogue.assistant import Chosen
from gnothi.language.understand import NeuralUnderstander
from gnothi.serve.authored import authored
from gnothi.skills.skillset import SkillSet, load_skill

SKILL = """
name = "coffee"
title = "Coffee"
[types.size]
values = ["small", "large"]
synonyms = { large = ["big"] }
[[api]]
name = "order"
intents = ["order_drink"]
samples = ["give me a {size} coffee", "turn on the light", "I'd like a {size} one", "{size}",
           "yes please", "feed the cat"]
[api.arguments.size]
type = "size"
slots = ["size"]
"""


class Deaf:
    """Understands nothing."""

    def understand(self, text: str, situation: Situation = Situation.IDLE) -> Understanding:
        """Return that nothing is asked."""
        return Understanding(text, out_of_scope=True, artifact="deaf@1")


def choose(session: str) -> Chosen:
    """Return who understands *session*."""
    return Chosen(Deaf(), 0.25)


def skills(folder: Path) -> SkillSet:
    """Return a household with one skill of its own."""
    (folder / "coffee").mkdir()
    (folder / "coffee" / "skill.toml").write_text(SKILL, encoding="utf-8")
    actions = "async def order(turn, *, size=''): ..."
    (folder / "coffee" / "actions.py").write_text(actions, encoding="utf-8")
    return SkillSet([load_skill(folder / "coffee")])


def test_a_sample_is_understood_with_any_value(tmp_path: Path) -> None:
    """The words that fill a slot are told where they stand."""
    chosen = authored(skills(tmp_path), choose)("session")
    assert chosen.propensity == 0.25
    found = chosen.understander.understand("Give me a BIG coffee!")
    [request] = found.requests
    assert (request.domain, request.intent, request.score) == ("coffee", "order_drink", 1.0)
    [slot] = request.slots
    assert (slot.name, slot.value, found.text[slot.start : slot.end]) == ("size", "BIG", "BIG")
    [move] = found.moves
    assert move.kind is Kind.REQUEST and move.request == request
    assert found.artifact == "skills/coffee@samples"


def test_words_that_are_two_in_one_are_understood(tmp_path: Path) -> None:
    """Slots stand where they were said, behind a contraction as well."""
    chosen = authored(skills(tmp_path), choose)("session")
    [request] = chosen.understander.understand("i'd like a large one").requests
    assert [(slot.value, slot.start) for slot in request.slots] == [("large", 11)]


def test_answers_come_before_samples(tmp_path: Path) -> None:
    """A value and a yes go to who asked for them; whole requests are still understood."""
    network = NeuralUnderstander()
    chosen = authored(skills(tmp_path), lambda session: Chosen(network, 1.0))("session")

    def kind(text: str, situation: Situation) -> tuple[Kind, bool]:
        found = chosen.understander.understand(text, situation)
        return found.moves[0].kind, found.artifact == "skills/coffee@samples"

    assert kind("large", Situation.IDLE) == (Kind.REQUEST, True)
    assert kind("large", Situation.ASKED) == (Kind.VALUE, False)
    assert kind("yes please", Situation.CONFIRM) == (Kind.YES, False)
    for situation in Situation:
        assert kind("give me a large coffee", situation) == (Kind.REQUEST, True)
    # To the network, this alone would be a yes to whether a door may be opened.
    assert network.understand("feed the cat", Situation.CONFIRM).moves[0].kind is Kind.YES
    assert kind("feed the cat", Situation.CONFIRM) == (Kind.REQUEST, True)


def test_what_no_sample_says_is_understood_as_before(tmp_path: Path) -> None:
    """Nothing is guessed from the samples."""
    understander = authored(skills(tmp_path), choose)("session").understander
    for text in ("give me a huge coffee", "", "coffee"):
        assert understander.understand(text).artifact == "deaf@1"


def test_without_own_skills_nothing_changes() -> None:
    """Samples of built-in skills are what the network learned: it decides."""
    assert authored(SkillSet.load(), choose) is choose
