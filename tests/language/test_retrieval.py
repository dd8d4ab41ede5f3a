from dataclasses import replace
from pathlib import Path

import pytest

from gnothi.core.errors import ArtifactError
from gnothi.core.risk import Risk
from gnothi.language.likeness import Habits
from gnothi.language.retrieval import (
    FEATURES,
    Counted,
    Knowledge,
    Question,
    RequestIndex,
    Success,
    write_index,
)
from gnothi.learning.retrieval import PRIOR

SAID = (
    ("open the garage door", "iot_open|device=garage", Risk.GUARDED, 5),
    ("play the news", "news_query", Risk.FREE, 5),
    ("set a timer for ten minutes", "timer_set|ten", Risk.FREE, 1),
    ("turn off the desk lamp", "iot_off|device=desk lamp", Risk.REVERSIBLE, 1),
    ("turn off the kitchen light", "iot_off|place=kitchen", Risk.REVERSIBLE, 5),
    ("turn on the kitchen light", "iot_on|place=kitchen", Risk.REVERSIBLE, 5),
)
KNOWN = Knowledge(
    [Success(*row) for row in SAID],
    {"ana": Counted((0, 2, 3, 4, 5), (2, 3, 6, 4, 9)), "ben": Counted((1, 4), (2, 2))},
    {"home": Counted((0, 1, 2, 3, 4, 5), (2, 2, 3, 6, 6, 9))},
    {"h:home": Habits({"owl": {"desk lamp": 4}})},
    PRIOR,
    threshold=0.5,
)


def ask(text: str, *, index: Knowledge = KNOWN, **options: object) -> str | None:
    """Return what *text* is taken for."""
    options = {"person": "ana", "household": "home"} | options
    found = RequestIndex(index).look_up(Question(text, **options))
    return found.target if found else None


def test_what_was_misheard_is_found_by_its_sound() -> None:
    """Nobody has said it like this, and it is clear what was meant."""
    assert ask("turn on the kitten light") == "turn on the kitchen light"


def test_a_name_of_the_household_is_known_by_habit() -> None:
    """Sound tells nothing here; what they said next the other times does."""
    assert ask("turn off the owl") == "turn off the desk lamp"
    stranger = ask("turn off the owl", person=None, household="")
    assert stranger is None


def test_what_is_said_otherwise_is_left_alone() -> None:
    """Rather nothing than anything."""
    assert ask("tell me about the french revolution") is None
    assert ask("") is None
    assert ask("turn " * 60) is None


@pytest.mark.parametrize("text", ["turn of the kitten light", "set a timer for tin minutes"])
def test_an_opposite_or_a_number_is_never_guessed(text: str) -> None:
    """On is not off, and ten is not two, even if nothing else was ever said."""
    opposite = replace(KNOWN, successes=[Success(*SAID[5]), Success(*SAID[2])])
    opposite = replace(opposite, people={}, households={}, habits={}, least_people=0)
    assert ask(text.replace(" of ", " off "), index=opposite) is None


def test_nothing_guarded_is_reached_or_left() -> None:
    """A door that was meant stops us; nothing else is done in its place."""
    assert ask("open the garish door") is None
    assert ask("turn on the kitten light", risk=Risk.GUARDED) is None
    assert ask("turn on the kitten light", risk=Risk.FREE) is None


def test_others_give_only_what_enough_people_say() -> None:
    """What one person in another home says is theirs."""
    alone = {"person": "eve", "household": "elsewhere"}
    assert ask("turn on the kitten light", **alone) == "turn on the kitchen light"
    assert ask("turn off the disk lamp", **alone) is None


def test_a_rewrite_tells_whose_request_it_was() -> None:
    """For explanations: what it stood for, how sure that was, and where it came from."""
    found = RequestIndex(KNOWN).look_up(Question("turn off the owl", "ana", "home", "iot_off|owl"))
    assert found is not None
    assert (found.source, found.person) == ("turn off the owl", "ana")
    assert found.evidence["before"] == "iot_off|owl"
    assert found.evidence["after"] == "iot_off|device=desk lamp"
    assert found.evidence["whose"] == "own"
    assert 0.5 <= float(str(found.evidence["certainty"])) <= 1


def test_probabilities_add_up() -> None:
    """All meanings and none of them share one probability."""
    ranked = RequestIndex(KNOWN).rank(Question("turn the kitchen light", "ana", "home"))
    assert 0 < sum(one.probability for one in ranked) < 1
    assert len({one.success.meaning for one in ranked}) == len(ranked)


def test_an_index_survives_its_artifact(tmp_path: Path) -> None:
    """What is written is what is read, and the same knowledge is the same bytes."""
    for name, content in write_index(KNOWN).items():
        (tmp_path / name).write_bytes(content)
    read = RequestIndex.load(tmp_path).knowledge
    assert list(read.successes) == list(KNOWN.successes)
    assert (read.people, read.households) == (KNOWN.people, KNOWN.households)
    assert read.weights == dict(KNOWN.weights)
    assert write_index(read) == write_index(KNOWN)


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    """A damaged artifact is named, not guessed at."""
    with pytest.raises(ArtifactError, match="holds no index"):
        RequestIndex.load(tmp_path)
    for name, content in write_index(KNOWN).items():
        (tmp_path / name).write_bytes(content[:-40])
    with pytest.raises(ArtifactError, match="holds no index"):
        RequestIndex.load(tmp_path)


def test_weights_have_names() -> None:
    """What is learned elsewhere fits what is asked here."""
    assert PRIOR.keys() <= set(FEATURES)
