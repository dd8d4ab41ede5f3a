"""The names of a home and the samples of its skills become likely."""

from pathlib import Path

import pytest

from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import NO_HINTS, Expected, Hints, Pattern
from gnothi.core.protocols import Name
from gnothi.speech.ngrams import BEGIN
from gnothi.speech.wording import AREA, DEVICE, SHIPPED, LanguageModel, Wording, shipped


@pytest.fixture(scope="module")
def general() -> LanguageModel:
    """Return what may be said anywhere."""
    return shipped().model(NO_HINTS)


def test_names_of_the_home_take_their_places() -> None:
    """A home's lamp may be said wherever a device may; its share is that of own names."""
    names = (Name("Zoobo Lamp", "light.z", "device"), Name("Den", "den", "area"))
    model = shipped().model(Hints(names=names))
    assert model.classes[DEVICE][("zoobo", "lamp")] > 0.5
    assert sum(model.classes[DEVICE].values()) == pytest.approx(1)
    assert model.classes[AREA][("den",)] > shipped().classes[AREA].get(("den",), 0)
    assert {"zoobo", "turn", "light"} <= model.words


def test_what_skills_want_to_hear_becomes_likely(general: LanguageModel) -> None:
    """A sample of a skill is likelier with it than without, every alternative of it."""
    pattern = Pattern((("flibber the",), (DEVICE,), ("now", "soon")))
    with_it, without = shipped().model(Hints(patterns=(pattern,))), general
    assert with_it.ngrams.chance("flibber", (BEGIN,)) > without.ngrams.chance("flibber", (BEGIN,))
    for word in ("now", "soon"):
        assert with_it.ngrams.chance(word, ("the", DEVICE)) > without.ngrams.chance(
            word, ("the", DEVICE)
        )


def test_a_yes_is_likely_where_one_is_awaited(general: LanguageModel) -> None:
    """What may be answered takes nearly all the chance."""
    hints = Hints(patterns=(Pattern((("yes",),)),), expected=Expected.ANSWER)
    assert shipped().model(hints).ngrams.chance("yes", (BEGIN,)) > 0.8
    assert general.ngrams.chance("yes", (BEGIN,)) < 0.01


def test_it_packs_what_it_reads(tmp_path: Path) -> None:
    """Nothing is lost between counting and reading; a damaged file is told."""
    wording = Wording({(BEGIN, BEGIN, "on"): 2.0}, {DEVICE: {("desk", "lamp"): 1.0}})
    for file in SHIPPED.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "wording.npz").write_bytes(wording.packed())
    with pytest.raises(ArtifactError, match="damaged"):
        Wording.read(tmp_path)
    assert Wording.read(SHIPPED).counts == shipped().counts
