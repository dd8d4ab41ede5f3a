"""A conversation with the built-in skills, without understanding: tests name the intent."""

import pytest

from gnothi.skills.skillset import SkillSet
from gnothi.testing.skills import Rehearsal
from gnothi.testing.talk import Talk


@pytest.fixture(scope="session")
def skills() -> SkillSet:
    """The built-in skills."""
    return SkillSet.load()


@pytest.fixture
def talk(skills: SkillSet) -> Talk:
    """A fresh conversation on a Friday morning at nine, in the starter home."""
    return Talk(Rehearsal(skills))
