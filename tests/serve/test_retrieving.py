"""Successful requests, asked while the assistant runs."""

import logging
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from gnothi.core.acting import Reply
from gnothi.core.artifact import Card
from gnothi.core.clock import FixedClock
from gnothi.core.errors import InputError
from gnothi.core.interaction import Interaction
from gnothi.core.risk import Risk
from gnothi.core.settings import Settings
from gnothi.core.understanding import Interpretation, Understanding, Utterance
from gnothi.journal.journal import Journal
from gnothi.language.likeness import Habits
from gnothi.language.retrieval import NAME, Counted, Knowledge, Success, write_index
from gnothi.learning.retrieval import PRIOR
from gnothi.learning.unseen import HOME
from gnothi.registry.registry import Registry
from gnothi.serve.learning import open_learning
from gnothi.serve.rewriting import LiveRequests
from gnothi.serve.unwanted import forgotten
from tests.dialogue.scene import NOW, SKILLS, Scene

DAY = date(2026, 11, 20)
SAID, MEANT = "turn off the owl", "turn off the kitchen light"
KNOWN = Knowledge(
    [Success(MEANT, "iot_hue_lightoff|house_place=kitchen", Risk.REVERSIBLE, 1)],
    {"ana": Counted((0,), (5,))},
    {HOME: Counted((0,), (5,))},
    {f"h:{HOME}": Habits({"owl": {"kitchen light": 6}})},
    PRIOR,
    threshold=0.5,
    least_people=1,
)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A registry in which an index is live."""
    found = Registry.open(tmp_path / "registry", shipped=tmp_path / "nothing")
    files = write_index(KNOWN)
    hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
    found.put(files, Card(NAME, "1.0", "npz", hashes, licence="private"))
    found.make_live(NAME, "1.0")
    return found


def requests(registry: Registry, **options: object) -> LiveRequests:
    """Open what is live."""
    options = {"hold_out": 0.0, "risk_of": lambda _: Risk.REVERSIBLE} | options
    return LiveRequests(registry, **options)


def test_before_anything_is_learned_nothing_is_asked(tmp_path: Path) -> None:
    """A new home has no index, and its turns name none."""
    empty = Registry.open(tmp_path / "empty", shipped=tmp_path / "nothing")
    assert requests(empty).retrieve(SAID, "ana", "kitchen", DAY, ()) is None


async def test_a_turn_is_done_as_it_was_meant(registry: Registry) -> None:
    """From words that led to nothing to the light, with the index in the journal."""
    home = Scene(Settings.from_environment(), retriever=requests(registry))
    await home.say("turn on the kitchen light")
    turn = await home.say(SAID)
    assert turn.changes["light.kitchen"]["state"] == "off"
    assert turn.artifacts[NAME] == "1.0"
    assert turn.propensities[NAME] == 1.0


def test_a_few_conversations_go_without(registry: Registry) -> None:
    """The hold-out shows what would have happened, and how probable it was to be in it."""
    found = requests(registry, hold_out=1.0).retrieve(SAID, "ana", "kitchen", DAY, ())
    assert found is not None
    assert (found.found, found.artifact, found.propensity) == (None, f"{NAME}@1.0", 1.0)


@pytest.mark.parametrize("name", [f"ana/{SAID}", f"*/{SAID}"])
def test_what_somebody_does_not_want_is_not_done(registry: Registry, name: str) -> None:
    """A rewrite that was forgotten or switched off stays away, whoever finds it."""
    live = requests(registry, refused=lambda: frozenset({name}))
    found = live.retrieve(SAID, "ana", "kitchen", DAY, ())
    assert found is not None
    assert found.found is None


def test_what_is_guarded_is_left_alone(registry: Registry) -> None:
    """A door that can't be found is not a light."""
    live = requests(registry, risk_of=lambda _: Risk.GUARDED)
    found = live.retrieve(SAID, "ana", "kitchen", DAY, [Interpretation("iot", "iot_unlock", 0.9)])
    assert found is not None
    assert found.found is None


def test_a_damaged_index_is_no_end(registry: Registry, caplog: pytest.LogCaptureFixture) -> None:
    """The assistant goes on without it, and the log says so."""
    (registry.get(NAME).folder / "retrieval.npz").write_bytes(b"nothing")
    with caplog.at_level(logging.ERROR):
        found = requests(registry).retrieve(SAID, "ana", "kitchen", DAY, ())
    assert found is not None
    assert found.found is None
    assert NAME in caplog.text


def test_a_guess_is_switched_off_on_and_forgotten_by_its_name(tmp_path: Path) -> None:
    """What was found once is known by the person and the words, like any rewrite."""
    folder, name = Settings.from_environment({"GNOTHI_FOLDER": str(tmp_path)}), f"ana/{SAID}"
    registry = Registry.open(tmp_path / "registry", shipped=tmp_path / "nothing")
    with Journal.open(folder.journal_url) as journal:
        learning = open_learning(folder, journal, registry, SKILLS, clock=FixedClock(NOW))
        with pytest.raises(InputError, match="Nothing called"):
            learning.switch_off(name)
        journal.append(found_turn())
        assert learning.switch_off(name).target == MEANT
        assert name in {one.rewrite.id for one in learning.shelf.all()}
        learning.switch_on(name)
        assert not learning.shelf.all()
        assert not len(learning.cycle.live())
        learning.forget([name])
        assert forgotten(journal) == [name]


def found_turn() -> Interaction:
    """Return a turn in which an index found what was meant."""
    request = Interpretation("iot", "iot_hue_lightoff", 0.9)
    return Interaction(
        id="0" * 32,
        at=NOW,
        session="ana/kitchen",
        user="ana",
        utterance=Utterance(SAID, speaker="ana"),
        understanding=Understanding(MEANT, (request,)),
        actions=(),
        reply=Reply(""),
        artifacts={NAME: "1.0"},
    )
