"""pocketsphinx hears what a home expects."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Expected, Hints, Hypothesis, Pattern, Samples
from gnothi.core.protocols import Name
from gnothi.speech import pronounce, wording
from gnothi.speech.audio import read_file
from gnothi.testing.hearing import recogniser_complaints

pytest.importorskip("pocketsphinx")
from gnothi.speech.sphinx import Search, Sphinx, SphinxStream

CLUBS = "speech/smoke-pocketsphinx/audio/cards_001.flac"
HOME = Hints(
    names=(Name("Ten Meters", "x", "device"), Name("Kitchen Light", "y", "device")),
    patterns=(Pattern((("go forward",), ("[device]",))), Pattern((("ten of clubs",),))),
)


@pytest.fixture(scope="module")
def sphinx() -> Sphinx:
    """Return a recogniser that all tests share, because it takes a second to open."""
    return Sphinx(wording.shipped, pronounce.shipped)


@pytest.fixture
def forward(data: Path) -> Samples:
    """Return somebody who says "go forward ten meters"."""
    (found,) = (data / "speech" / "smoke-pocketsphinx" / "audio").glob("goforward*")
    return np.concatenate(list(read_file(found)))


def test_it_is_a_recogniser(sphinx: Sphinx, data: Path) -> None:
    """It keeps the contract of recognisers, with a home's names in its language model."""
    clip = np.concatenate(list(read_file(data / CLUBS)))
    assert list(recogniser_complaints(sphinx, clip, hints=HOME)) == []


def test_it_hears_names_of_the_home(sphinx: Sphinx, forward: Samples) -> None:
    """A name is heard as words with their times, and there are other hypotheses."""
    found = _heard(sphinx, HOME, forward)
    assert found[0].text == "go forward ten meters"
    times = [(word.text, round(word.begin_s, 1)) for word in found[0].words]
    assert [text for text, _ in times] == ["go", "forward", "ten", "meters"]
    assert len(found) > 1


def test_it_takes_dictation(sphinx: Sphinx, forward: Samples) -> None:
    """Without a home, the package's general model hears."""
    found = _heard(sphinx, Hints(expected=Expected.DICTATION), forward)
    assert "forward" in found[0].text


def test_two_people_are_heard_at_once(sphinx: Sphinx, forward: Samples) -> None:
    """Streams that overlap do not mix."""
    one, other = sphinx.open(HOME), sphinx.open(HOME)
    for at in range(0, len(forward), RATE // 5):
        one.accept(forward[at : at + RATE // 5])
        other.accept(np.zeros(RATE // 5, np.float32))
    first, second = one.finish(), other.finish()
    one.close()
    other.close()
    assert first[0].text == "go forward ten meters"
    assert not second


def test_other_languages_are_refused(sphinx: Sphinx) -> None:
    """A sentence says which language it knows."""
    with pytest.raises(InputError, match="English"):
        sphinx.open(Hints(language="de"))


def _heard(sphinx: Sphinx, hints: Hints, samples: Samples) -> list[Hypothesis]:
    stream = sphinx.open(hints)
    stream.accept(samples)
    found = list(stream.finish())
    stream.close()
    return found


class Broken:
    """A decoder that hears something and whose list of hypotheses has holes, as real ones do."""

    def __init__(self) -> None:
        self.heard = SimpleNamespace(hypstr="turn it on", best_score=0.5)

    def set_cmn(self, level: str) -> None: ...

    def get_cmn(self, update: bool) -> str:
        return ""

    def start_utt(self) -> None: ...

    def process_raw(self, sound: bytes) -> None: ...

    def end_utt(self) -> None: ...

    def hyp(self) -> SimpleNamespace:
        return self.heard

    def seg(self) -> list[SimpleNamespace]:
        return []

    def nbest(self) -> list[SimpleNamespace | None]:
        return [None, SimpleNamespace(hypstr="turn it off", score=0.4), None]


def test_holes_in_the_list_of_hypotheses_are_left_out() -> None:
    """The package hands out nothing at all where its lattice is broken; the others remain."""
    stream = SphinxStream(Search(Broken), twice=False)
    stream.accept(np.zeros(RATE, np.float32))
    assert [one.text for one in stream.finish()] == ["turn it on", "turn it off"]
