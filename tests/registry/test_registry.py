import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gnothi.core.artifact import Card
from gnothi.core.clock import FixedClock
from gnothi.core.errors import ArtifactError, StorageError
from gnothi.registry.admission import seal, write_card
from gnothi.registry.registry import SHIPPED, Registry

_NOW = datetime(2026, 11, 20, tzinfo=UTC)


def _artifact(folder: Path, version: str, name: str = "ranker") -> Card:
    """Make the folder of an artifact that differs from version to version."""
    folder.mkdir(parents=True)
    (folder / "model.json").write_text(json.dumps({"weights": version}))
    card = seal(folder, Card(name, version, "json", {}))
    write_card(folder, card)
    return card


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """What Gnothi ships: one version of one artifact."""
    _artifact(tmp_path / "models" / "ranker", "1")
    return tmp_path / "models"


@pytest.fixture
def registry(tmp_path: Path, shipped: Path) -> Registry:
    """A registry that keeps versions 2 and 3 beside the shipped one."""
    registry = Registry.open(tmp_path / "registry", shipped=shipped, clock=FixedClock(_NOW))
    for version in ("2", "3"):
        card = _artifact(tmp_path / version, version)
        registry.put(tmp_path / version, card)
    return registry


def test_the_shipped_version_answers_first(registry: Registry) -> None:
    """What Gnothi ships is live until something better is assigned."""
    assert registry.live("ranker") == "1"
    assert registry.get("ranker").card.version == "1"


def test_all_versions_are_listed(registry: Registry) -> None:
    """One sees names and versions, the shipped one first."""
    assert registry.names() == ["ranker"]
    assert [card.version for card in registry.versions("ranker")] == ["1", "2", "3"]


def test_a_copy_is_kept(registry: Registry, tmp_path: Path) -> None:
    """What was put stays as it was, whatever becomes of the source."""
    (tmp_path / "2" / "model.json").write_text("changed")
    found = registry.get("ranker", "2")
    assert json.loads(found.file("model.json").read_text()) == {"weights": "2"}
    assert found.label == "ranker@2"
    with pytest.raises(ArtifactError, match="no file"):
        found.file("other.json")


def test_files_can_be_put_without_a_folder(registry: Registry, tmp_path: Path) -> None:
    """A learner may hand over the content of the files."""
    card = _artifact(tmp_path / "4", "4")
    registry.put({"model.json": (tmp_path / "4" / "model.json").read_bytes()}, card)
    assert registry.get("ranker", "4").card == card


def test_putting_the_same_again(registry: Registry, tmp_path: Path) -> None:
    """The same artifact may be put twice; another one under its version may not."""
    card = registry.get("ranker", "2").card
    assert registry.put(tmp_path / "2", card).card == card
    with pytest.raises(ArtifactError, match="kept already"):
        registry.put(tmp_path / "3", replace(card, files=registry.get("ranker", "3").card.files))


def test_going_live_and_back(registry: Registry) -> None:
    """Versions go live one after the other, and a rollback returns step by step."""
    registry.make_live("ranker", "2", reason="better")
    registry.make_live("ranker", "3")
    assert registry.live("ranker") == "3"
    assert [registry.roll_back("ranker") for _ in range(3)] == ["2", "1", "1"]


def test_the_history_tells_everything(registry: Registry) -> None:
    """Each switch is remembered with its time and reason."""
    registry.start_canary("ranker", "2", 0.1, reason="a try")
    registry.make_live("ranker", "2", reason="better")
    registry.roll_back("ranker", reason="complaints")
    history = registry.assignment("ranker").history
    assert [(switch.act, switch.version, switch.reason) for switch in history] == [
        ("canary", "2", "a try"),
        ("live", "2", "better"),
        ("rollback", None, "complaints"),
    ]
    assert history[0].at == _NOW


def test_a_rollback_passes_over_damage(registry: Registry, tmp_path: Path) -> None:
    """A version that was damaged meanwhile is not returned to."""
    registry.make_live("ranker", "2")
    registry.make_live("ranker", "3")
    (tmp_path / "registry" / "artifacts" / "ranker" / "2" / "model.json").write_text("{}")
    assert registry.roll_back("ranker") == "1"


def test_nothing_to_return_to(registry: Registry, tmp_path: Path) -> None:
    """Without an earlier or shipped version a rollback is refused, and nothing changes."""
    registry.put(tmp_path / "new", _artifact(tmp_path / "new", "1", name="fresh"))
    registry.make_live("fresh", "1")
    with pytest.raises(ArtifactError, match="ships none"):
        registry.roll_back("fresh")
    assert registry.live("fresh") == "1"


def test_a_canary_serves_its_share(registry: Registry) -> None:
    """About the chosen share of keys gets the canary, each with the probability of its choice."""
    registry.start_canary("ranker", "2", 0.2)
    choices = [registry.choose("ranker", f"session {number}") for number in range(5_000)]
    served = [choice for choice in choices if choice.version == "2"]
    assert 0.17 < len(served) / len(choices) < 0.23
    assert {(choice.version, choice.propensity) for choice in choices} == {("1", 0.8), ("2", 0.2)}


def test_a_key_stays_with_its_version(registry: Registry) -> None:
    """A session does not change sides, and a growing canary keeps those whom it serves."""
    registry.start_canary("ranker", "2", 0.1)
    before = {key for key in map(str, range(500)) if registry.choose("ranker", key).version == "2"}
    registry.start_canary("ranker", "2", 0.4)
    after = {key for key in map(str, range(500)) if registry.choose("ranker", key).version == "2"}
    assert before < after


def test_a_canary_ends(registry: Registry) -> None:
    """When a canary ends everybody gets the live version."""
    registry.start_canary("ranker", "2", 0.5)
    registry.end_canary("ranker")
    registry.end_canary("ranker")
    assert {registry.choose("ranker", str(key)).version for key in range(50)} == {"1"}


@pytest.mark.parametrize("share", [0, 1, -0.1, 2, float("nan")])
def test_a_share_is_a_share(registry: Registry, share: float) -> None:
    """A canary that would serve nobody or everybody is refused."""
    with pytest.raises(ArtifactError, match="share"):
        registry.start_canary("ranker", "2", share)


def test_a_running_server_notices(registry: Registry, tmp_path: Path, shipped: Path) -> None:
    """A switch by another process counts for the next turn, without a restart."""
    running = Registry.open(tmp_path / "registry", shipped=shipped)
    assert running.choose("ranker", "any").version == "1"
    registry.make_live("ranker", "2")
    assert running.choose("ranker", "any").version == "2"


def test_a_missing_version_never_goes_live(registry: Registry) -> None:
    """Only what is there and sound can be assigned."""
    with pytest.raises(ArtifactError, match="has no ranker@9"):
        registry.make_live("ranker", "9")
    with pytest.raises(ArtifactError, match="live already"):
        registry.start_canary("ranker", "1", 0.5)


def test_damaged_assignments_are_said(tmp_path: Path, shipped: Path) -> None:
    """A spoilt file of assignments says how to get out of it."""
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "assignments.json").write_text("{")
    with pytest.raises(StorageError, match="delete it"):
        Registry.open(tmp_path / "registry", shipped=shipped)


def test_damage_is_noticed(registry: Registry, tmp_path: Path) -> None:
    """A kept file that is not what its card says is never handed out."""
    (tmp_path / "registry" / "artifacts" / "ranker" / "2" / "model.json").write_text("{}")
    with pytest.raises(ArtifactError, match="damaged"):
        registry.get("ranker", "2")


def test_extra_and_missing_files(registry: Registry, tmp_path: Path) -> None:
    """A folder must hold exactly what its card names."""
    card = _artifact(tmp_path / "4", "4")
    (tmp_path / "4" / "more.json").write_text("{}")
    with pytest.raises(ArtifactError, match=r"more\.json"):
        registry.put(tmp_path / "4", card)
    with pytest.raises(ArtifactError, match="lacks"):
        registry.put({}, card)
    assert [known.version for known in registry.versions("ranker")] == ["1", "2", "3"]


def test_links_are_refused(registry: Registry, tmp_path: Path) -> None:
    """An artifact can't point to files elsewhere."""
    card = _artifact(tmp_path / "4", "4")
    (tmp_path / "4" / "link.json").symlink_to(__file__)
    with pytest.raises(ArtifactError, match="link"):
        registry.put(tmp_path / "4", card)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../ranker"},
        {"name": "/ranker"},
        {"name": "Ranker"},
        {"version": ".."},
        {"version": "a/b"},
        {"version": ""},
        {"kind": "pickle"},
        {"files": {}},
        {"files": ["model.json"]},
        {"files": {"../model.json": "0"}},
        {"files": {"/model.json": "0"}},
        {"files": {"./model.json": "0"}},
        {"files": {"a\\b.json": "0"}},
        {"files": {"card.json": "0"}},
        {"files": {"model.pkl": "0"}},
        {"files": {"model": "0"}},
    ],
)
def test_unsafe_cards_are_refused(
    registry: Registry, tmp_path: Path, change: Mapping[str, object]
) -> None:
    """Names that leave their folder, and formats that may run code, are not let in."""
    card = replace(_artifact(tmp_path / "4", "4"), **change)  # type: ignore[arg-type]
    with pytest.raises(ArtifactError):
        registry.put({"model.json": b"{}"}, card)


def test_files_outside_are_not_written(registry: Registry, tmp_path: Path) -> None:
    """Content that is put under a name outside of the artifact is refused."""
    card = _artifact(tmp_path / "4", "4")
    with pytest.raises(ArtifactError, match="outside"):
        registry.put({"../../../evil.json": b"{}"}, card)
    assert not list(tmp_path.rglob("evil.json"))


def test_versions_are_no_paths(registry: Registry) -> None:
    """Asking for a version can't read outside of the registry."""
    with pytest.raises(ArtifactError, match="not a version"):
        registry.get("ranker", "../ranker/2")


def test_what_gnothi_ships_is_sound(tmp_path: Path) -> None:
    """Every shipped artifact is what its card says."""
    registry = Registry.open(tmp_path / "registry", shipped=SHIPPED)
    for name in registry.names():
        assert registry.get(name).card.licence
