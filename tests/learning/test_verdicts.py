"""How recent turns went, in signs that a person would name."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gnothi.learning.defects import shipped
from gnothi.learning.signs import FEATURES
from gnothi.learning.verdicts import CLEARLY, SIGNS, Verdict, gathered, load, save


def test_every_feature_belongs_to_a_sign() -> None:
    """Nothing that the model weighs goes untold."""
    assert set(SIGNS) == set(FEATURES)


@given(st.dictionaries(st.sampled_from(FEATURES), st.floats(0, 1)))
def test_only_what_is_clear_is_told(features: dict[str, float]) -> None:
    """The weightiest sign comes first, and none is a matter of taste."""
    weights = [abs(value) for value in gathered(shipped(), features).values()]
    assert weights == sorted(weights, reverse=True)
    assert all(weight >= CLEARLY for weight in weights)


def test_a_correction_speaks_for_a_failure() -> None:
    """What the person said counts."""
    assert gathered(shipped(), {"correction": 1.0})["sign-correction"] > 0


def test_verdicts_are_kept_and_damage_is_forgiven(tmp_path: Path) -> None:
    """They can be made again at any time."""
    found = {"a": Verdict(0.25, {"sign-failed": 1.5})}
    save(found, tmp_path)
    assert load(tmp_path) == found
    (tmp_path / "verdicts.json").write_text("[]")
    assert load(tmp_path) == {}
