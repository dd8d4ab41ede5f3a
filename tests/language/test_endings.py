from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import ArtifactError
from gnothi.language.endings import EndingNetwork, Endings, features, kinds_of, with_kinds

ENDINGS = Endings()


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("turn on the lights in the", "house_place"),
        ("what's the weather in", "place_name"),
        ("set a timer for", "duration"),
        ("wake me up at", "time"),
    ],
)
def test_what_breaks_off_lacks_something_of_a_kind(text: str, role: str) -> None:
    """Sentences that end with a preposition are cut off, and what is missing is told."""
    ending = ENDINGS.judge(text)
    assert ending.cut > 0.9
    assert role in [name for name, _ in ending.roles[:3]]


@pytest.mark.parametrize(
    "text",
    [
        "turn on the lights", "set a timer for ten minutes", "which lights are on", "stop",
        "what should I listen to", "is the front door locked", "turn it off",
        "what is the thermostat set to",
    ],
)  # fmt: skip
def test_complete_requests_are_complete(text: str) -> None:
    """Not every sentence that ends with a small word lacks anything."""
    assert ENDINGS.judge(text).cut < 0.9


def test_signs_of_writers_count() -> None:
    """A full stop ends a sentence, three dots don't."""
    assert ENDINGS.judge("turn on the lights in the.").cut == 0
    assert ENDINGS.judge("turn on the…").cut == 1
    assert ENDINGS.judge("  ").cut == 0


def test_names_of_the_home_are_read_as_their_kind() -> None:
    """The longest name counts; words that are no name stay."""
    words = "turn on reading lamp in the lounge".split()
    names = {"Lamp": "device", "Reading lamp": "device", "Lounge": "area", "Ana": "nobody"}
    assert with_kinds(words, kinds_of(names)) == ["turn", "on", "[device]", "in", "the", "[area]"]
    unheard = "turn on the flurbleloom"
    kinds = kinds_of({"flurbleloom": "device"})
    known = ENDINGS.judge(unheard, lambda found: with_kinds(found, kinds))
    assert known.cut < ENDINGS.judge(unheard).cut


def test_features_are_the_same_everywhere() -> None:
    """The hash does not depend on the process: weights would mean nothing otherwise."""
    assert features(["stop"])[0] == [16_544]


def test_a_damaged_artifact_is_told(tmp_path: Path) -> None:
    """Weights that can't be read are an error with a reason."""
    (tmp_path / "endings.npz").write_bytes(b"nothing")
    with pytest.raises(ArtifactError):
        EndingNetwork.load(tmp_path)


def test_probabilities_add_up() -> None:
    """Roles share what is not complete."""
    ending = ENDINGS.judge("turn on the")
    assert np.isclose(sum(share for _, share in ending.roles), 1)
