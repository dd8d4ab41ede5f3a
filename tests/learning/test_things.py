"""Things that a household teaches: learned, found, put right, forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gnothi.core.acting import Act
from gnothi.core.errors import InputError
from gnothi.core.seeing import Pixels
from gnothi.learning.evidence import Comparison, Outcome
from gnothi.learning.gate import Ruling
from gnothi.learning.teaching import Demonstration, Taught, Tried, judged
from gnothi.learning.things import LabelledEyes, TaughtThings
from gnothi.registry.registry import Registry
from gnothi.serve.things import expected
from gnothi.testing.seeing import things_complaints
from gnothi.vision.teaching.examples import identity
from gnothi.vision.teaching.learner import Found
from gnothi.vision.teaching.looking import look
from gnothi.vision.teaching.own import OwnNetwork
from gnothi.vision.teaching.things import NAME
from tests.vision.teaching.patches import (
    BLUE,
    DARK_RED,
    GREEN,
    RED,
    PatchEyes,
    boxes,
    painted,
)

NOTHING = boxes()
BOWL, BOOK = [40, 50, 100, 110], [180, 130, 230, 200]


class _Ticking:
    """A clock on which every look takes a second."""

    def __init__(self) -> None:
        """Begin on some day."""
        self._now = datetime(2026, 11, 30, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the next second."""
        self._now += timedelta(seconds=1)
        return self._now


CLOCK = _Ticking()


class _Counting(PatchEyes):
    """LabelledEyes that count how often they look."""

    runs = 0

    def run(self, **inputs: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Look."""
        self.runs += 1
        return super().run(**inputs)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """An empty registry."""
    return Registry.open(tmp_path, shipped=tmp_path / "none")


@pytest.fixture
def things(registry: Registry) -> TaughtThings:
    """A household that was taught nothing."""
    return TaughtThings(registry, lambda: LabelledEyes(PatchEyes(), "sight/eyes@1"), CLOCK)


def _shown(at: int = 0, colour: tuple[int, int, int] = RED) -> Demonstration:
    box = [BOWL[0] + at, BOWL[1], BOWL[2] + at, BOWL[3]]
    pixels = painted((box, colour), ([10, 150, 60, 220], BLUE))
    return Demonstration(f"{at}", pixels, boxes(box), NOTHING)


def test_a_thing_is_taught_and_found(things: TaughtThings) -> None:
    """It is found by its name, whatever the case and the article."""
    taught = things.teach("cat's bowl", [_shown(0), _shown(30)])
    assert taught.is_used and things.names == ("cat's bowl",)
    [found] = things.find("The Cat's Bowl", painted(([200, 20, 260, 80], RED), (BOOK, BLUE)))
    np.testing.assert_allclose(found.box, (200, 20, 260, 80), atol=2)
    assert found.name == "cat's bowl"


def test_what_was_taught_outlives_the_process(registry: Registry, things: TaughtThings) -> None:
    """Another process finds the same, with the same confidence."""
    things.teach("cat's bowl", [_shown(0), _shown(30)], keep_pictures=True)
    again = TaughtThings(registry, lambda: LabelledEyes(PatchEyes(), "sight/eyes@1"), CLOCK)
    pixels = painted(([200, 20, 260, 80], RED))
    assert again.find("cat's bowl", pixels) == things.find("cat's bowl", pixels)
    assert len(again.things().things[0].cuts) == 2


def test_without_consent_no_picture_is_kept(things: TaughtThings) -> None:
    """Only what the network saw is, which is no picture."""
    assert not things.teach("bowl", [_shown()]).thing.cuts


def test_a_correction_is_learned_from(things: TaughtThings) -> None:
    """A dark red book was taken for the bowl; it is not taken for it again."""
    things.teach("bowl", [_shown(0), _shown(30)])
    pixels = painted((BOWL, RED), (BOOK, DARK_RED))
    wrong = Demonstration("wrong", pixels, boxes(BOWL), boxes(BOOK))
    assert things.teach("bowl", [wrong]).is_used
    found = things.find("bowl", pixels)
    np.testing.assert_allclose([one.box for one in found], [BOWL], atol=2)


def test_a_worse_version_does_not_replace_what_works(
    registry: Registry, things: TaughtThings
) -> None:
    """Somebody draws boxes around nothing in particular: the old version stays, they wait."""
    things.teach("bowl", [_shown(at) for at in (0, 30, 60, 90, 120)])
    nonsense = [
        Demonstration(f"n{at}", one.pixels, boxes([10, 150, 60, 220]), one.boxes)
        for at, one in ((at, _shown(at)) for at in (10, 20, 50, 100))
    ]
    taught = things.teach("bowl", nonsense)
    assert taught.verdict.ruling is not Ruling.APPROVE
    assert len(taught.thing.waiting) == len(nonsense)
    found = things.find("bowl", painted(([200, 20, 260, 80], RED), ([20, 20, 70, 90], BLUE)))
    np.testing.assert_allclose([one.box for one in found], [[200, 20, 260, 80]], atol=2)


def test_what_is_forgotten_is_gone_for_good(
    registry: Registry, things: TaughtThings, tmp_path: Path
) -> None:
    """No version on the disk knows it any more."""
    things.teach("bowl", [_shown()])
    things.teach("book", [Demonstration("b", painted((BOOK, GREEN)), boxes(BOOK), NOTHING)])
    things.forget("the bowl")
    assert things.names == ("book",)
    kept = [path.read_text() for path in tmp_path.rglob("things.json")]
    assert len(kept) == 1 and "bowl" not in kept[0]


def test_new_eyes_want_to_be_shown_again(registry: Registry, things: TaughtThings) -> None:
    """What another network saw means nothing to a new one: it says so, and learns anew."""
    things.teach("bowl", [_shown()], keep_pictures=True)
    later = TaughtThings(registry, lambda: LabelledEyes(PatchEyes(), "sight/eyes@2"), CLOCK)
    with pytest.raises(InputError, match="show me bowl again"):
        later.find("bowl", _shown().pixels)
    [known] = later.things().things
    assert things.sees(known) and not later.sees(known)
    assert "Show it to me again" in expected(known, seen=later.sees(known))
    taught = later.teach("bowl", [_shown()])
    assert later.find("bowl", _shown().pixels) and taught.thing.cuts == known.cuts


def test_new_eyes_learn_from_what_was_kept(registry: Registry, things: TaughtThings) -> None:
    """Small cuts are enough to know it again; how well, nobody can tell."""
    things.teach("bowl", [_shown(0), _shown(30)], keep_pictures=True)
    things.teach("book", [_shown(0, GREEN)])
    bank = (look(PatchEyes(), painted((BOOK, BLUE))),)
    later = TaughtThings(registry, lambda: LabelledEyes(PatchEyes(), "sight/eyes@2", bank), CLOCK)
    assert later.unseen == ("bowl", "book") and not later.names
    assert later.renew() == ("bowl",) and later.renew() == ()
    assert later.names == ("bowl",) and later.unseen == ("book",)
    [found] = later.find("bowl", painted(([200, 20, 260, 80], RED), (BOOK, BLUE)))
    np.testing.assert_allclose(found.box, (200, 20, 260, 80), atol=2)
    thing = later.things().find("bowl")
    assert thing and len(thing.cuts) == 2 and not thing.learned.expectation.pictures


def test_what_several_people_showed_is_not_learned_from_cuts(
    registry: Registry, things: TaughtThings
) -> None:
    """Who is erased takes theirs along, and nobody knows which they are."""
    both = [replace(_shown(at), teacher=who) for at, who in ((0, "ana"), (30, "ben"))]
    things.teach("bowl", both, keep_pictures=True)
    later = TaughtThings(registry, lambda: LabelledEyes(PatchEyes(), "sight/eyes@2"), CLOCK)
    assert later.renew() == () and later.unseen == ("bowl",)


def test_what_only_answers_learns_nothing(registry: Registry, things: TaughtThings) -> None:
    """It finds what is known, and says where things are taught."""
    things.teach("bowl", [_shown()])
    answering = TaughtThings(
        registry, lambda: LabelledEyes(PatchEyes(), "sight/eyes@1"), CLOCK, learns=False
    )
    assert answering.find("bowl", _shown().pixels)
    with pytest.raises(InputError, match="gnothi see teach"):
        answering.teach("book", [_shown(0, GREEN)])
    assert things.names == ("bowl",)


def test_a_picture_is_looked_at_once_for_all_names(registry: Registry) -> None:
    """However many things are known."""
    eyes = _Counting()
    things = TaughtThings(registry, lambda: LabelledEyes(eyes, "sight/eyes@1"), CLOCK)
    for name in ("bowl", "book"):
        things.teach(name, [_shown()])
    pixels, before = _shown(60).pixels, eyes.runs
    for name in things.names:
        things.find(name, pixels)
    assert eyes.runs == before + 2  # one network finds, the other looks at what was found


def test_few_versions_are_kept(registry: Registry, things: TaughtThings) -> None:
    """Examples are in every version: the oldest is let go, the way back to the others stays."""
    for number in range(12):
        things.teach(f"bowl {number}", [_shown()])
    assert len(registry.versions(NAME)) == 9
    registry.roll_back(NAME)
    assert things.names[-1] == "bowl 10"


@pytest.mark.parametrize("name", ["", "  ", "the", "x" * 70])
def test_a_name_that_nobody_can_say_is_refused(things: TaughtThings, name: str) -> None:
    """In a sentence."""
    with pytest.raises(InputError, match="name"):
        things.teach(name, [_shown()])


def test_what_was_never_taught_is_not_found(things: TaughtThings) -> None:
    """In a sentence."""
    with pytest.raises(InputError, match="no thing called"):
        things.find("bowl", _shown().pixels)


def test_things_keep_their_contract(things: TaughtThings) -> None:
    """The checks that everybody passes who knows things."""
    things.teach("bowl", [_shown(0), _shown(30)])
    assert list(things_complaints(things, "bowl", _shown(60).pixels)) == []


def test_a_correction_tells_of_nothing_else(things: TaughtThings) -> None:
    """The bowl in the picture, which nobody mentioned, is not learned as something else."""
    things.teach("bowl", [_shown(0), _shown(30)])
    pixels = painted((BOWL, RED), (BOOK, DARK_RED))
    wrong = Demonstration("wrong", pixels, NOTHING, boxes(BOOK), whole=False)
    assert things.teach("bowl", [wrong]).is_used
    found = things.find("bowl", pixels)
    np.testing.assert_allclose([one.box for one in found], [BOWL], atol=2)


def test_a_correction_of_a_picture_that_was_taught_keeps_its_boxes(things: TaughtThings) -> None:
    """What was drawn in it stays, but for what is called wrong now."""
    pixels = painted((BOWL, RED), (BOOK, DARK_RED))
    things.teach("bowl", [Demonstration("one", pixels, boxes(BOWL, BOOK), NOTHING)])
    wrong = Demonstration("again", pixels, NOTHING, boxes(BOOK), whole=False)
    [shown] = things.teach("bowl", [wrong]).thing.shown
    np.testing.assert_array_equal(shown.boxes[0], [BOWL])
    assert shown.whole


def test_what_was_learned_from_is_no_evidence(things: TaughtThings) -> None:
    """Of a red bowl in one picture and a green one in another, neither version knew the other."""
    things.teach("bowl", [_shown(0)])
    taught = things.teach("bowl", [_shown(30, GREEN)])
    assert taught.evidence is not None and taught.evidence.turns == 1
    assert taught.is_used


def test_more_alarms_are_worse_where_no_picture_was_right_before() -> None:
    """Both are wrong in the one picture; the candidate takes more for the thing."""
    evidence = Comparison(NAME)
    evidence.add([Outcome(live_right=False, candidate_right=False)])
    tried = Tried(evidence.evidence(), live_score=1, score=0)
    assert judged(tried, Act("better")).ruling is Ruling.WAIT


def test_two_things_in_the_same_pictures_do_not_hurt_each_other(things: TaughtThings) -> None:
    """Pictures that show both are no pictures without the other."""
    pixels = painted((BOWL, RED), (BOOK, DARK_RED))
    for name, box in (("bowl", BOWL), ("book", BOOK), ("bowl", BOWL)):
        things.teach(name, [Demonstration("same.jpg", pixels, boxes(box), NOTHING)])
    [found] = things.find("bowl", pixels)
    np.testing.assert_allclose(found.box, BOWL, atol=2)
    assert found.confidence > 0.6


def test_pictures_are_known_by_what_they_show(things: TaughtThings) -> None:
    """Two files of one name are two pictures; one picture by two names is one."""
    first, second = _shown(0), _shown(30)
    things.teach("bowl", [replace(first, name="0.jpg")])
    things.teach("bowl", [replace(second, name="0.jpg")])
    assert len(things.things().things[0].shown) == 2
    things.teach("bowl", [replace(second, name="again.jpg")])
    assert len(things.things().things[0].shown) == 2


def test_what_was_taught_last_is_taken_back(things: TaughtThings) -> None:
    """Once, and only while nothing else was done."""
    things.teach("bowl", [_shown()])
    things.teach("book", [Demonstration("b", painted((BOOK, GREEN)), boxes(BOOK), NOTHING)])
    things.take_back()
    assert things.names == ("bowl",)
    with pytest.raises(InputError, match="taken back"):
        things.take_back()


def test_what_another_process_taught_meanwhile_stays(
    registry: Registry, things: TaughtThings
) -> None:
    """Whoever teaches waits for the one who is at it."""
    other = TaughtThings(registry, lambda: LabelledEyes(PatchEyes(), "sight/eyes@1"), CLOCK)
    with registry.alone(NAME):
        waiting = Thread(target=other.teach, args=("book", [_shown(0, GREEN)]))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
    waiting.join()
    things.teach("bowl", [_shown()])
    assert other.names == ("book", "bowl")


def test_what_somebody_showed_is_unlearned(registry: Registry, things: TaughtThings) -> None:
    """Things of theirs alone are gone, the others are learned anew, and no version knows more."""
    things.teach("bowl", [replace(_shown(0), teacher="ana"), replace(_shown(30), teacher="ben")])
    things.teach("book", [replace(_shown(0, GREEN), teacher="ana")])
    things.unlearn("ana")
    [left] = things.things().things
    assert left.name == "bowl" and [one.teacher for one in left.shown] == ["ben"]
    assert len(registry.versions(NAME)) == 1


def test_what_was_taken_back_is_unlearned_as_well(registry: Registry, things: TaughtThings) -> None:
    """It stood in an earlier version."""
    things.teach("bowl", [replace(_shown(0), teacher="ben")])
    things.teach("book", [replace(_shown(0, GREEN), teacher="ana")])
    things.take_back()
    things.unlearn("ana")
    assert things.names == ("bowl",) and len(registry.versions(NAME)) == 1


class _Own(OwnNetwork):
    """A network that finds a fixed box in whatever it is shown."""

    def find(self, pixels: Pixels, least: float | None = None) -> Found:
        """Return the box where the first example has it."""
        return Found(boxes(BOWL), np.ones(1))


def _with_own(
    things: TaughtThings, monkeypatch: pytest.MonkeyPatch, *held: Demonstration
) -> Taught:
    """Add a network from which the pictures *held* were held back."""
    names = frozenset(f"{identity(one.pixels)}.jpg" for one in held)
    own = _Own(b"a network", 64, 0.5)
    monkeypatch.setattr("gnothi.learning.things.read_own", lambda *_: (own, names))
    return things.add_network("bowl", Path(), held)


def _still(at: int) -> Demonstration:
    """Return the bowl where it always is, and a book elsewhere."""
    pixels = painted((BOWL, RED), ([150 + at, 150, 190 + at, 220], BLUE))
    return Demonstration(f"still {at}", pixels, boxes(BOWL), NOTHING)


STILL = [_still(at) for at in (0, 30, 60)]
MOVED = [_shown(at) for at in (30, 60, 90)]


@pytest.mark.parametrize(("held", "expected"), [(STILL, True), (MOVED, False)])
def test_a_network_of_its_own_must_do_no_worse(
    things: TaughtThings,
    monkeypatch: pytest.MonkeyPatch,
    held: list[Demonstration],
    *,
    expected: bool,
) -> None:
    """It is tried on what was held back from it: right there it is used, wrong there it is not."""
    things.teach("bowl", [*STILL, *MOVED])
    assert _with_own(things, monkeypatch, *held).is_used is expected
    assert (things.things().things[0].own is not None) is expected


@pytest.mark.parametrize("held", [0, 1, 2])
def test_a_network_that_was_hardly_tried_is_not_used(
    things: TaughtThings, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    """On one picture or two that it did not learn from, it may be right by luck."""
    things.teach("bowl", [*STILL, *MOVED])
    told = _with_own(things, monkeypatch, *STILL[:held]).told
    assert told.key == "sight-thing-own-untried" and told.values["pictures"] == held
    assert things.things().things[0].own is None


def test_a_network_of_its_own_stays_when_more_is_shown(
    things: TaughtThings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on answering, and that is told."""
    things.teach("bowl", [*STILL, *MOVED])
    _with_own(things, monkeypatch, *STILL)
    taught = things.teach("bowl", [_shown(45)])
    assert taught.thing.own is not None and taught.told.key == "sight-thing-own-stays"
