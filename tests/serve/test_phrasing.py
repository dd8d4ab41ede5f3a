"""Phrases at home: learned night by night, asked where a turn has led to nothing."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from gnothi.core.acting import Act
from gnothi.core.artifact import Card
from gnothi.core.clock import FixedClock
from gnothi.core.errors import InputError
from gnothi.core.interaction import Interaction, Signal
from gnothi.core.risk import Risk
from gnothi.core.settings import Settings
from gnothi.core.understanding import Interpretation, Utterance
from gnothi.language.phrases import FILE, Phrase, Phrases, Reading
from gnothi.language.retrieval import NAME as INDEX
from gnothi.language.retrieval import write_index
from gnothi.language.rewrites import FILE as TABLE
from gnothi.language.rewrites import NAME, write_table
from gnothi.learning.chronicle import Fate
from gnothi.learning.turns import judge_by_signals
from gnothi.registry.registry import Registry
from gnothi.serve import unwanted
from gnothi.serve.forgetting import silence
from gnothi.serve.household import Household
from gnothi.serve.learned import digest, find
from gnothi.serve.learning import Learning, open_learning
from gnothi.serve.reading import read
from gnothi.serve.rewriting import LivePhrases, LiveRequests
from gnothi.serve.risks import risk_of
from gnothi.serve.trial import Trial
from tests.dialogue.scene import SKILLS, UNDERSTANDER, Scene
from tests.serve.test_retrieving import KNOWN, MEANT, SAID

OWL = "*/owl=kitchen light"
FIRST = datetime(2026, 10, 26, 18, tzinfo=UTC)
DAY = FIRST.date()


class Family:
    """A household in which a lamp is called the owl, by people who have not said so."""

    def __init__(self, folder: Path, now: datetime = FIRST) -> None:
        self.folder, self.clock = folder, FixedClock(now)
        settings = Settings.from_environment({"GNOTHI_FOLDER": str(folder)})
        self.household = Household.open(settings, clock=self.clock, rng=Random(now.day))
        opened = open_learning(
            settings,
            self.household.journal,
            self.household.registry,
            self.household.skills,
            clock=self.clock,
            threads=1,
            judge=judge_by_signals,
        )
        self.learning: Learning = replace(opened, others=())

    def say(self, text: str, who: str = "ana", after: int = 5) -> Interaction:
        self.clock.moment += timedelta(seconds=after)
        turn = self.household.assistant.turn(Utterance(text, speaker=who), session=f"{who}/kitchen")
        return asyncio.run(turn)

    def week(self) -> None:
        """Let both ask for the owl, and say it better."""
        begin = self.clock.moment
        for number in range(8):
            who = "ana" if number % 2 else "ben"
            self.say("turn on the owl", who, after=1200)
            self.say("turn on the kitchen light", who)
            self.say("turn off the kitchen light", who, after=900)
        self.clock.moment = begin + timedelta(days=7)


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a family whose owl is known after two weeks, to be copied."""
    folder = tmp_path_factory.mktemp("family")
    family = Family(folder)
    for _ in range(2):
        family.week()
        family.learning.learn()
    family.household.close()
    return folder


@pytest.fixture
def family(taught: Path, tmp_path: Path) -> Iterator[Family]:
    """A family whose owl is known."""
    shutil.copytree(taught, tmp_path / "family")
    opened = Family(tmp_path / "family", FIRST + timedelta(days=14))
    yield opened
    opened.household.close()


def test_what_was_never_said_works_by_its_parts(family: Family) -> None:
    """Whoever says "turn off the owl" next need not say it again, and the journal shows why."""
    assert len(family.learning.cycle.live_phrases())
    family.say("turn on the kitchen light", after=900)
    turn = family.say("turn off the owl", after=900)
    assert turn.understanding.text == "turn off the kitchen light"
    assert turn.changes["light.kitchen"]["state"] == "off"
    stage = next(one for one in turn.trace if one.stage == "retrieve")
    assert stage.artifact.startswith(f"{NAME}@")
    assert stage.note == "turn off the owl → turn off the kitchen light"
    assert 0 < turn.propensities[NAME] < 1


def test_what_somebody_does_not_want_stays_off(family: Family) -> None:
    """A find is switched off and on by its name, like any rewrite."""
    name = "ben/turn off the owl"
    with pytest.raises(InputError, match="Nothing called"):
        family.learning.switch_off(name)
    family.say("turn on the kitchen light", "ben", after=900)
    assert family.say("turn off the owl", "ben", after=900).changes
    family.learning.switch_off(name)
    assert not family.say("turn off the owl", "ben", after=900).changes
    family.learning.switch_on(name)
    family.say("turn on the kitchen light", "ben", after=900)
    assert family.say("turn off the owl", "ben", after=900).changes


def test_phrases_that_fail_are_taken_back(family: Family) -> None:
    """A few undos are enough; the table and what serves another person well stay."""
    for _ in range(4):
        family.say("turn on the kitchen light", after=900)
        turn = family.say("turn off the owl", after=900)
        assert turn.changes
        family.household.journal.attach(turn.id, Signal("undo", family.clock.moment))
    family.learning.learn()
    assert {one.person for one in family.learning.cycle.live_phrases()} == {"ben"}
    assert len(family.learning.cycle.live())
    assert not family.say("turn off the owl", after=900).changes
    family.say("turn on the kitchen light", "ben", after=900)
    assert family.say("turn off the owl", "ben", after=900).changes


def test_a_phrase_is_shown_with_its_reasons(family: Family) -> None:
    """Before and after, whose it is, how often it was meant so, and how it did since."""
    family.say("turn on the kitchen light", after=900)
    assert family.say("turn off the owl", after=900).changes
    family.learning.survey()
    found = find(family.learning, OWL.replace("*", "ana"), "ana")
    assert found is not None
    told = found.json()
    assert (told["said"], told["becomes"], told["part"]) == ("owl", "kitchen light", True)
    assert (told["person"], told["fate"]) == ("ana", "live")
    assert any("meant “kitchen light” by it" in one for one in told["because"])
    assert [one.name for one in found.measures] == ["so", "used"]
    assert (found.wins, found.losses) == (1, 0)
    assert find(family.learning, OWL.replace("*", "ana"), "ben") is None
    shared = find(family.learning, OWL)
    assert shared is not None and "2 people said “owl” in vain" in str(shared.json()["because"])


def test_a_phrase_is_switched_off_and_put_back(family: Family) -> None:
    """What everybody has is off for each of them, is not learned meanwhile, and comes back."""
    family.learning.switch_off(OWL, by="ben")
    assert not len(family.learning.cycle.live_phrases())
    assert not family.say("turn off the owl", after=900).changes
    family.week()
    family.learning.learn()
    assert not len(family.learning.cycle.live_phrases())
    off = find(family.learning, OWL)
    assert off is not None and (off.fate, off.by) == (Fate.OFF, "ben")
    family.learning.switch_on(OWL)
    family.say("turn on the kitchen light", after=900)
    assert family.say("turn off the owl", after=900).changes


def test_a_phrase_is_forgotten_for_good(family: Family) -> None:
    """However often people say it better."""
    family.learning.forget([OWL], by="ana")
    for _ in range(2):
        family.week()
        family.learning.learn()
    assert not [one for one in family.learning.cycle.live_phrases() if one.person is None]
    found = find(family.learning, OWL)
    assert found is not None and found.fate is Fate.FORGOTTEN
    told = digest(family.learning, family.household.registry, family.clock.now()).sentences
    assert told


def test_a_withdrawn_phrase_is_told(family: Family) -> None:
    """With how often it went wrong, on the page and in the week's digest."""
    for _ in range(4):
        family.say("turn on the kitchen light", after=900)
        turn = family.say("turn off the owl", after=900)
        family.household.journal.attach(turn.id, Signal("undo", family.clock.moment))
    family.learning.learn()
    found = find(family.learning, OWL)
    assert found is not None and found.fate is Fate.WITHDRAWN
    values = {"said": "owl", "losses": 4, "wins": 0}
    assert found.because[0] == Act("learning-withdrawn", values)
    week = digest(family.learning, family.household.registry, family.clock.now())
    assert "I no longer take “owl” for “kitchen light”" in " ".join(week.sentences)


def test_an_erase_forgets_decisions_about_words_of_one_person(family: Family) -> None:
    """What others say as well stays decided, for them."""
    said = {"turn on the owl", "turn on the kitchen light"}
    journal = family.household.journal
    unwanted.forget(journal, [OWL, "*/pump=raise", "ana/owl=kitchen light"])
    unwanted.forget_words(journal, "ana", said)
    assert unwanted.forgotten(journal) == [OWL]


async def test_asking_once_uses_phrases_too(family: Family) -> None:
    """Whatever talk, page and API would have done; what is refused stays off."""
    settings = family.household.settings
    turn = await Trial(settings).answer("turn off the owl", user="ana")
    assert turn.understanding.text == "turn off the kitchen light"
    refused = frozenset({"ana/turn off the owl"})
    trial = Trial(settings, refused=lambda: refused)
    other = await trial.answer("turn off the owl", user="ana")
    assert not other.changes


def test_an_erase_takes_phrases_back(family: Family) -> None:
    """Neither the person's own are left, nor those that nobody else has meant."""
    assert {one.person for one in family.learning.cycle.live_phrases()} == {None, "ana", "ben"}
    silence(family.household, "ana")
    family.household.journal.erase("ana")
    family.learning.unlearn("ana")
    left = list(family.learning.cycle.live_phrases())
    assert {one.person for one in left} == {"ben"}
    files = "".join(path.read_text() for path in family.folder.rglob("*.json"))
    assert '"ana"' not in files and "ana/" not in files


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A registry in which phrases are live that nobody should have learned."""
    found = Registry.open(tmp_path / "registry", shipped=tmp_path / "nothing")
    phrases = [
        Phrase("owl", "kitchen light", None, 9, 9),
        Phrase("turn off the bat", "unlock the front door", None, 9, 9),
        Phrase("pump", "unlock", None, 9, 9),
    ]
    files = {TABLE: write_table(()), FILE: Phrases(phrases, most=6).dump()}
    hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
    found.put(files, Card(NAME, "1.0", "json", hashes, licence="private"))
    found.make_live(NAME, "1.0")
    return found


def reads(words: str, session: str) -> Reading | None:
    """Understand as the product does."""
    return read(words, UNDERSTANDER, SKILLS, lambda key: risk_of(key, SKILLS))


def nothing(words: str, session: str) -> None:
    """Understand nothing."""


def requests(registry: Registry, **options: object) -> LiveRequests:
    """Open the phrases that are live, and an index where there is one."""
    phrases = LivePhrases(registry, reads=options.pop("reads", reads), hold_out=0.0)
    options = {"hold_out": 0.0, "risk_of": lambda key: risk_of(key, SKILLS)} | options
    return LiveRequests(registry, phrases=phrases, **options)


@pytest.mark.parametrize("said", ["turn off the bat", "pump the wug"])
async def test_no_door_is_opened_by_phrases(registry: Registry, said: str) -> None:
    """Whatever was learned, and whoever says yes."""
    assert reads("unlock the front door", "") == Reading(
        "iot_unlock|device_type=front door", Risk.GUARDED, pytest.approx(1.0, abs=0.1)
    )
    found = requests(registry).retrieve(said, "ana", "kitchen", DAY, ())
    assert found is not None and found.found is None
    home = Scene(Settings.from_environment(), retriever=requests(registry))
    assert not (await home.say(said, confirm=True)).changes


def test_nothing_is_done_for_what_is_guarded(registry: Registry) -> None:
    """Who wanted a door open is not served with a light."""
    live = requests(registry)
    asked = [Interpretation("iot", "iot_unlock", 0.9)]
    assert live.retrieve("turn on the owl", None, "kitchen", DAY, []).found is not None
    assert live.retrieve("turn on the owl", None, "kitchen", DAY, asked).found is None


def test_what_is_refused_is_left_alone(registry: Registry) -> None:
    """A rewrite that was forgotten does not come back by its parts."""
    live = requests(registry, refused=lambda: frozenset({"*/turn on the owl"}))
    assert live.retrieve("turn on the owl", "ana", "kitchen", DAY, ()).found is None


def test_the_search_is_asked_where_phrases_find_nothing(registry: Registry) -> None:
    """Phrases go first, and what answered is in the journal."""
    files = write_index(KNOWN)
    hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
    registry.put(files, Card(INDEX, "1.0", "npz", hashes, licence="private"))
    registry.make_live(INDEX, "1.0")
    for live, name in ((requests(registry), NAME), (requests(registry, reads=nothing), INDEX)):
        told = live.retrieve(SAID, "ana", "kitchen", DAY, ())
        assert told is not None and told.found is not None
        assert (told.artifact, told.found.target) == (f"{name}@1.0", MEANT)


def test_conversations_of_the_hold_out_go_without(registry: Registry) -> None:
    """And the journal can tell how probable that was."""
    phrases = LivePhrases(registry, reads=reads, hold_out=1.0)
    told = phrases.rephrase("turn on the owl", "ana", "kitchen", DAY, Risk.REVERSIBLE)
    assert told is not None
    assert (told.found, told.artifact, told.propensity) == (None, f"{NAME}@1.0", 1.0)


def test_a_turn_pays_for_a_handful_of_variants(registry: Registry) -> None:
    """However many phrases there are, understanding is asked six times."""
    many = [Phrase("owl", f"thing {number}", None, 9, 9) for number in range(40)]
    asked: list[str] = []
    Phrases(many, most=6).look_up("turn on the owl", None, asked.append)
    assert len(asked) == 6


def test_damaged_phrases_are_no_end(registry: Registry, caplog: pytest.LogCaptureFixture) -> None:
    """The assistant goes on without them, and the log says so."""
    (registry.get(NAME).folder / FILE).write_bytes(b"nothing")
    assert requests(registry).retrieve("turn on the owl", None, "kitchen", DAY, ()) is None
    assert NAME in caplog.text
