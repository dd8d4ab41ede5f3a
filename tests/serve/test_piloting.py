"""Who leads talks: the rules, what was learned, and now and then something that is tried."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from gnothi.core.artifact import Card
from gnothi.core.interaction import Interaction
from gnothi.core.settings import Settings
from gnothi.recommend.acts import Ask
from gnothi.recommend.journalled import talks
from gnothi.recommend.policies.learned import FILE, NAME, Learned
from gnothi.recommend.rewards import Reward
from gnothi.recommend.trees import Forest
from gnothi.serve.api import build_app
from gnothi.serve.household import Household

VERSION = "1.plays"
LABEL = f"{NAME}@{VERSION}"


def _settings(folder: Path, explore: float) -> Settings:
    found = Settings.from_environment({"GNOTHI_FOLDER": str(folder)})
    return replace(found, explore=explore)


def _always(ask: Ask) -> Learned:
    """Return a policy that was taught to do one thing."""
    nothing = np.zeros((1, 1), np.int16)
    none = np.zeros((1, 1), np.float32)
    return Learned({ask: Forest(1.0, nothing, none, nothing, nothing, none, 0)})


def _put(household: Household, policy: Learned, version: str = VERSION) -> None:
    content = policy.dump()
    card = Card(NAME, version, "npz", {FILE: sha256(content).hexdigest()})
    household.registry.put({FILE: content}, card)


@pytest.fixture
def household(tmp_path: Path) -> Household:
    """A household in which nothing is tried."""
    return Household.open(_settings(tmp_path, 0.0))


@pytest.fixture
def curious(tmp_path: Path) -> Household:
    """A household in which every talk tries other things."""
    return Household.open(_settings(tmp_path, 1.0))


def _here(household: Household) -> Iterator[TestClient]:
    app = build_app(household)
    with TestClient(app, base_url="http://127.0.0.1:8765", client=("127.0.0.1", 50_000)) as one:
        yield one


def _say(household: Household, *lines: str) -> list[Interaction]:
    for here in _here(household):
        for line in lines:
            told = {"text": line, "session": "evening", "user": "alex"}
            assert here.post("/api/turn", json=told).status_code == 200
        return list(household.journal.iterate())
    return []


def test_rules_lead_while_nothing_was_learned(household: Household) -> None:
    """They are named in the journal, and are no artifact."""
    first, _ = _say(household, "suggest a film", "I don't know")
    record = first.decisions[0].record
    assert (record["policy"], record["tries"], record["usual"]) == ("rules", False, [])
    assert NAME not in first.artifacts


def test_what_the_registry_has_live_leads(household: Household) -> None:
    """A policy that was taught to play plays at once; version and propensity are journalled."""
    _put(household, _always(Ask.PLAY))
    household.registry.make_live(NAME, VERSION)
    turns = _say(household, "suggest a film", "no", "yes, great")
    assert [one.decisions[0].record["act"] for one in turns[:2]] == ["play", "play"]
    assert turns[0].artifacts[NAME] == VERSION
    assert turns[0].propensities[NAME] == 1.0
    (talk,) = talks(turns, reward=Reward())
    assert (talk.policy, talk.tries, talk.is_played) == (LABEL, False, True)
    assert talk.logged.rewards[-1] == 1.0


def test_a_talk_is_led_to_its_end_by_who_began_it(household: Household) -> None:
    """Another version that goes live in the middle leads the next talk."""
    _put(household, _always(Ask.SAMPLE))
    household.registry.make_live(NAME, VERSION)
    _put(household, _always(Ask.PLAY), "1.other")
    for here in _here(household):
        for line in ("suggest a film", "no", "no"):
            here.post("/api/turn", json={"text": line, "session": "evening", "user": "alex"})
            household.registry.make_live(NAME, "1.other")
        turns = list(household.journal.iterate())
        assert {one.decisions[0].record["policy"] for one in turns if one.decisions} == {LABEL}


def test_a_canary_leads_its_share(household: Household) -> None:
    """How probable it was is kept with the choice."""
    _put(household, _always(Ask.SAMPLE))
    _put(household, _always(Ask.PLAY), "1.other")
    household.registry.make_live(NAME, VERSION)
    household.registry.start_canary(NAME, "1.other", 0.25)
    first, *_ = _say(household, "suggest a film")
    share = {VERSION: 0.75, "1.other": 0.25}[first.artifacts[NAME]]
    assert first.propensities[NAME] == share


def test_a_talk_that_tries_keeps_what_would_have_been_usual(curious: Household) -> None:
    """Nothing has no chance, the usual has at least half of its own, and both are logged."""
    turns = _say(curious, "suggest a film", "I don't know", "I don't know")
    made = [one for turn in turns for one in turn.decisions if "chances" in one.record]
    assert made  # how the talk ended, if it did, was not chosen
    for one in made:
        chances, usual = (np.array(one.record[name]) for name in ("chances", "usual"))
        assert one.record["tries"] is True
        assert chances.min() > 0.005
        assert usual.sum() == pytest.approx(1, abs=1e-4)
        assert (chances >= 0.499 * usual).all()


@pytest.mark.parametrize(("told", "share"), [("0", 0), ("0.5", 0.5), ("7", 1), ("x", 0.1)])
def test_how_many_talks_try_is_a_setting(told: str, share: float) -> None:
    """A share; what is none is the default."""
    assert Settings.from_environment({"GNOTHI_EXPLORE": told}).explore == share


def test_a_damaged_policy_is_replaced_by_the_rules(household: Household) -> None:
    """Somebody changed the file: nobody notices but the log."""
    _put(household, _always(Ask.PLAY))
    household.registry.make_live(NAME, VERSION)
    folder = household.registry.get(NAME, VERSION).folder
    (folder / FILE).write_bytes(b"nothing")
    (first,) = _say(household, "suggest a film")
    assert first.decisions[0].record["policy"] == "rules"
