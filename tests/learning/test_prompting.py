"""Learning which question to ask, round by round, in a simulated household."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gnothi.learning.prompting import Schooling, read_finding
from gnothi.learning.rollout import Phase, State
from gnothi.learning.sentences import in_percent
from gnothi.learning.workshop import Track, UnderWay
from gnothi.recommend.policies.learned import NAME, Learned
from gnothi.serve.sentences import learning_sentence
from tests.learning.prompting_school import School
from tests.learning.talking_household import Household


@pytest.fixture
def school(tmp_path: Path) -> Callable[..., School]:
    """Makes schools."""
    return lambda **how: School(tmp_path, Household(**how))


def test_too_few_talks_are_said_in_a_sentence(school: Callable[..., School]) -> None:
    """Nothing is learned of ten talks, and it is told how many are missing."""
    one = school()
    one.household.talk(10)
    act = one.cycle.run()
    assert act.key == "prompts-few"
    missing = Schooling().least - act.values["talks"]
    assert f"need {missing} more" in learning_sentence(act)
    assert read_finding(one.folder) is None


def test_a_better_policy_is_let_in_step_by_step(school: Callable[..., School]) -> None:
    """Bad rules are found out: evidence, a share of talks, more, all of them."""
    one = school(seed=1)
    assert one.talk(600) == "prompts-better"
    found = read_finding(one.folder)
    assert found is not None
    assert found.phase is Phase.CANARY
    assert 0 < found.evidence.gain.low <= found.evidence.gain.value <= found.evidence.gain.high
    one.household.tried = 0.1
    seen = []
    for _ in range(8):
        one.serve()
        seen.append(one.talk(60))
        if one.registry.assignment(NAME).canary is None:
            break
    assert seen[-1] == "prompts-held"
    live = one.registry.live(NAME)
    assert Learned.load(one.registry.get(NAME, live).folder).forests
    one.serve()
    one.talk(30)
    assert one.registry.live(NAME) == live


def test_what_turns_out_worse_goes_back_by_itself(school: Callable[..., School]) -> None:
    """A canary that finds less than the rules is ended, and the rules lead again."""
    one = school(seed=1)
    one.talk(600)
    one.serve()
    one.household.tried = 0.1
    one.household.is_bad = False  # the rules are good now
    one.household.learned = None  # and what leads by the artifact's name is the worst
    one.household.is_reversed = True
    seen = [one.talk(60) for _ in range(6)]
    assert "prompts-regressed" in seen
    assert one.registry.assignment(NAME).canary is None


def test_what_leads_all_is_still_watched(school: Callable[..., School]) -> None:
    """Once live it is compared with talks before it, and taken back when it does worse."""
    one = school(seed=1)
    one.talk(600)
    canary = one.registry.assignment(NAME).canary
    assert canary is not None
    one.household.tried, one.household.is_bad = 0.1, False
    one.household.talk(100)  # the rules are good, and then what was learned gets everybody
    one.registry.make_live(NAME, canary.version)
    track = Track(one.folder / "prompting" / "state.json")
    track.keep(UnderWay(State(canary.version, Phase.LIVE, 1.0), one.household.now))
    one.serve()
    one.household.learned, one.household.is_reversed = None, True
    seen = [one.talk(40) for _ in range(3)]
    assert "prompts-regressed" in seen
    live = one.registry.get(NAME, one.registry.live(NAME))
    assert not Learned.load(live.folder).forests, "the rules lead again"


def test_where_prompts_do_not_matter_nothing_is_let_in(school: Callable[..., School]) -> None:
    """All is luck: look after look refuses, says why, and waits for more."""
    one = school(use=0.0)
    told = [one.talk(130) for _ in range(4)]
    assert "prompts-better" not in told
    assert one.registry.serving(NAME) is None
    assert {"prompts-unsupported", "prompts-open"} & set(told)


def test_a_look_waits_for_half_as_many_talks_again(school: Callable[..., School]) -> None:
    """The same talks are not looked at twice."""
    one = school(use=0.0)
    one.talk(150)
    assert one.talk(0) == "prompts-since"
    assert one.talk(10) == "prompts-since"


def test_rounds_are_the_same_for_the_same_talks(tmp_path: Path) -> None:
    """Keys are thrown away and chance is seeded: the same journal leads to the same bytes."""
    findings = []
    for name in ("one", "other"):
        school = School(tmp_path / name, Household())
        school.talk(150)
        findings.append(read_finding(school.folder))
    assert findings[0] == findings[1]


def test_whoever_is_erased_was_never_in_it(school: Callable[..., School]) -> None:
    """What leads afterwards is what the journal of the others would have taught."""
    one = school(seed=1)
    one.talk(600)
    canary = one.registry.assignment(NAME).canary
    assert canary is not None
    one.registry.make_live(NAME, canary.version, reason="approved")
    one.household.forget("cleo")
    one.cycle.unlearn()
    live = one.registry.live(NAME)
    assert {card.version for card in one.registry.versions(NAME)} == {live}
    assert live != canary.version
    found = read_finding(one.folder)
    if found is not None:
        assert found.version == live
    one.household.turns = []
    one.cycle.unlearn()
    assert not Learned.load(one.registry.get(NAME, one.registry.live(NAME)).folder).forests
    assert read_finding(one.folder) is None


def test_a_policy_of_other_features_is_none(
    school: Callable[..., School], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade that changes what learners see, rounds and erasing go on: the rules lead."""
    one = school(seed=1)
    assert one.talk(600) == "prompts-better"
    canary = one.registry.assignment(NAME).canary
    assert canary is not None
    monkeypatch.setattr("gnothi.recommend.policies.learned.NAMES", ("something", "else"))
    one.talk(1)
    assert one.registry.assignment(NAME).canary is None
    one.registry.make_live(NAME, canary.version, reason="approved")
    one.household.forget("cleo")
    one.cycle.unlearn()
    assert canary.version not in {card.version for card in one.registry.versions(NAME)}


def test_nothing_that_is_kept_tells_words_or_names(school: Callable[..., School]) -> None:
    """Neither the finding nor the artifact's card knows who said what."""
    one = school()
    one.talk(150)
    kept = "".join(
        path.read_text("utf-8", "replace")
        for folder in (one.folder, one.registry._artifacts)
        for path in folder.rglob("*.json")
    )
    assert json.loads((one.folder / "prompting" / "finding.json").read_text())
    assert not any(word in kept for word in ("words that", "ana", "cleo/kitchen"))


def test_every_reason_has_a_sentence(school: Callable[..., School]) -> None:
    """Values are filled in, in points of a hundred."""
    one = school()
    one.talk(150)
    found = read_finding(one.folder)
    assert found is not None
    for act in found.reasons:
        told = learning_sentence(act)
        assert told != act.key
        assert "{" not in told
        assert in_percent(act).key == act.key
