"""The samples of a skill say what can be said to it, and what is meant by that."""

from pathlib import Path

import pytest

from gnothi.skills.sentences import Meaning, SentenceReader, patterns
from gnothi.skills.skillset import Skill, load_skill
from gnothi.speech.graph import WordGraph, count_sentences

SKILL = """
name = "garden"
title = "Garden"

[types.bed]
values = ["tomatoes", "roses", "lawn"]
synonyms = { lawn = ["grass", "the green"] }

[[api]]
name = "water"
intents = ["garden_water"]
samples = [
  "water the {bed}",
  "give the {bed: herbs} some water",
  "water the {bed} for {duration: ten minutes}",
]

[api.arguments.bed]
type = "bed"
slots = ["bed"]

[api.arguments.duration]
type = "duration"
slots = ["duration"]
"""
ACTIONS = """
async def water(turn, *, bed="", duration=None):
    raise NotImplementedError
"""


@pytest.fixture
def garden(tmp_path: Path) -> Skill:
    """A skill that waters beds."""
    folder = tmp_path / "garden"
    folder.mkdir()
    (folder / "skill.toml").write_text(SKILL, encoding="utf-8")
    (folder / "actions.py").write_text(ACTIONS, encoding="utf-8")
    return load_skill(folder)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("water the roses", {"bed": "roses"}),
        ("Water the grass!", {"bed": "lawn"}),
        ("give the herbs some water", {"bed": "herbs"}),
        ("give the grass some water", {"bed": "lawn"}),
        ("water the tomatoes for ten minutes", {"bed": "tomatoes", "duration": "ten minutes"}),
    ],
)
def test_sentences_of_samples_are_understood(
    garden: Skill, text: str, slots: dict[str, str]
) -> None:
    """Whatever value is said, it is that of the catalogue which is meant."""
    assert SentenceReader([garden]).read(text) == Meaning("garden_water", slots)


@pytest.mark.parametrize("text", ["water the car", "water the", "roses", "", "water the roses now"])
def test_other_sentences_are_not(garden: Skill, text: str) -> None:
    """Nothing is guessed."""
    assert SentenceReader([garden]).read(text) is None


def test_what_can_be_said_is_what_is_understood(garden: Skill) -> None:
    """Every pattern, with any of its texts, is read again."""
    reader = SentenceReader([garden])
    for pattern in patterns(garden):
        for at in range(max(map(len, pattern.parts))):
            text = " ".join(part[at % len(part)].strip() for part in pattern.parts)
            assert reader.read(text) is not None, text


def test_a_meaning_can_be_said_in_few_ways(garden: Skill) -> None:
    """Only samples with just these slots say it, with every name of the value."""
    meant = Meaning("garden_water", {"bed": "grass"})
    graph = WordGraph.of(patterns(garden, meant))
    assert count_sentences(graph) == 2 * 3
    reader = SentenceReader([garden])
    for pattern in patterns(garden, meant):
        for name in ("lawn", "grass", "the green"):
            text = " ".join(
                name if len(part) > 1 else "".join(part).strip() for part in pattern.parts
            )
            found = reader.read(text)
            assert found is not None and found.slots == {"bed": "lawn"}
    assert not list(patterns(garden, Meaning("garden_water", {})))
    assert not list(patterns(garden, Meaning("garden_dry", {"bed": "lawn"})))
