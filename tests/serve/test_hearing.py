"""What a recogniser is told comes from the home and from the skills."""

from gnothi.core.clock import SystemClock
from gnothi.core.hearing import Expected, Hints
from gnothi.home.house import STARTER, House
from gnothi.serve.hearing import hints
from gnothi.skills.skillset import SkillSet
from gnothi.speech.ngrams import BEGIN
from gnothi.speech.wording import shipped


def told(expected: Expected = Expected.REQUEST) -> Hints:
    """Return what is told in the starter home."""
    return hints(House.from_file(STARTER, clock=SystemClock()), SkillSet.load(), expected)


def test_names_and_samples_are_told() -> None:
    """Every name of the home, and every sample with the values that its slots take."""
    known = told()
    assert "Kitchen Light" in {name.text for name in known.names}
    timers = [one for one in known.patterns if one.parts[0][0].startswith("set a timer for")]
    assert any(len(one.parts) == 2 and "ten minutes" in one.parts[1] for one in timers)
    assert any(("[device]",) in one.parts and ("[area]",) in one.parts for one in known.patterns)
    assert not any("something" in part for one in known.patterns for part in one.parts)


def test_equal_homes_are_told_alike() -> None:
    """Equal hints are equal values, so that a language model is made once."""
    assert told() == told()
    assert hash(told()) == hash(told())


def test_a_yes_or_no_is_awaited_where_one_is() -> None:
    """Answers are likelier than requests there."""
    model = shipped().model(told(Expected.ANSWER)).ngrams
    assert model.chance("no", (BEGIN,)) > model.chance("turn", (BEGIN,))
