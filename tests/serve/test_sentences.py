"""Sentences of the API and the terminal."""

import re
from pathlib import Path

import pytest

import gnothi.serve
from gnothi.serve.problems import Code, Problem
from gnothi.serve.sentences import PACK, sentence

_VALUES = {
    "limit": 1,
    "seconds": 2,
    "reason": "r",
    "service": "s",
    "device": "d",
    "person": "p",
}


@pytest.mark.parametrize("code", list(Code))
def test_every_refusal_has_a_sentence(code: Code) -> None:
    """Nobody is shown a code without words, or words with a hole."""
    message = Problem(code, _VALUES).message
    assert message.endswith((".", "r"))
    assert "{" not in message


def test_every_sentence_that_is_used_exists() -> None:
    """The pack holds every key that the code names, and no other."""
    sources = "".join(path.read_text() for path in Path(gnothi.serve.__file__).parent.rglob("*.py"))
    used = set(re.findall(r"['\"]((?:run|pair|sound|wyoming)-[a-z-]+)['\"]", sources))
    kept = set(re.findall(r"^([a-z-]+) =", PACK.read_text(), re.MULTILINE))
    assert used <= kept
    assert kept <= used | {f"problem-{code.slug}" for code in Code}


def test_numbers_are_said_properly() -> None:
    """One second is not seconds."""
    assert "one second" in sentence("problem-too-many", seconds=1)
    assert "2 seconds" in sentence("problem-too-many", seconds=2)
