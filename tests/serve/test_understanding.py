"""What understands is switched while the assistant runs: a network, and adjusted heads."""

import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.artifact import Card
from gnothi.core.settings import Settings
from gnothi.language.heads import FILE, NAME, Heads, no_heads
from gnothi.language.understand import NeuralUnderstander
from gnothi.registry.registry import Registry
from gnothi.serve.understanding import LiveUnderstander
from tests.dialogue.scene import Scene

PLAIN = NeuralUnderstander()
INTENTS = PLAIN.labels.intents
SAID, BEFORE, AFTER = "douse the hall lights", "iot_hue_lighton", "iot_hue_lightoff"


def taught(text: str, intent: str, *, network: str = "", guarded: tuple[str, ...] = ()) -> Heads:
    """Return heads that were taught one sentence."""
    return Heads(
        network or PLAIN.encoder.card.label,
        centres=PLAIN.encoder.encode([text]),
        intents=np.array([INTENTS.index(intent)], np.int64),
        weights=np.array([[30]], np.float32),
        scope=np.array([-30], np.float32),
        width=0.15,
        ranks=np.array([2 if name in guarded else 1 for name in INTENTS], np.int64),
        scope_threshold=PLAIN.labels.scope_threshold,
    )


def put(registry: Registry, heads: Heads, version: str, *, live: bool = True) -> None:
    """Keep *heads* in the registry, and let them serve."""
    files: Mapping[str, bytes] = {FILE: heads.write()}
    hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
    registry.put(files, Card(NAME, version, "npz", hashes))
    if live:
        registry.make_live(NAME, version)


def intent(understander: LiveUnderstander, text: str = SAID) -> str:
    """Return how *text* is understood now."""
    return understander.understand(text).requests[0].intent


def test_heads_are_picked_up_and_taken_back_without_a_restart(tmp_path: Path) -> None:
    """The next turn is understood by what serves then."""
    registry = Registry.open(tmp_path)
    understander = LiveUnderstander(registry)
    assert intent(understander) == BEFORE
    put(registry, no_heads(PLAIN.encoder.card.label), "1")
    assert intent(understander) == BEFORE
    put(registry, taught("douse the kitchen lights", AFTER), "2")
    assert intent(understander) == AFTER
    assert understander.understand(SAID).artifact.endswith(f"{NAME}@2")
    registry.roll_back(NAME)
    assert intent(understander) == BEFORE


def test_a_canary_of_heads_serves_its_share(tmp_path: Path) -> None:
    """And the propensity says how probable that was."""
    registry = Registry.open(tmp_path)
    put(registry, no_heads(PLAIN.encoder.card.label), "1")
    put(registry, taught(SAID, AFTER), "2", live=False)
    registry.start_canary(NAME, "2", 0.25)
    understander = LiveUnderstander(registry)
    chosen = [understander.choose(f"session {number}") for number in range(200)]
    served = [one for one in chosen if one.propensity == 0.25]
    assert 25 < len(served) < 75
    assert {one.propensity for one in chosen} == {0.25, 0.75}
    assert served[0].understander.understand(SAID).requests[0].intent == AFTER


@pytest.mark.parametrize("network", ["language/understand@of last year"])
def test_heads_of_another_network_are_ignored(
    tmp_path: Path, network: str, caplog: pytest.LogCaptureFixture
) -> None:
    """They would move other intents; the log says so, once."""
    registry = Registry.open(tmp_path)
    put(registry, taught(SAID, AFTER, network=network), "1")
    understander = LiveUnderstander(registry)
    with caplog.at_level(logging.WARNING):
        assert intent(understander) == intent(understander) == BEFORE
    assert [record.message for record in caplog.records] == [
        f"{NAME} 1 was learned for {network}, not {PLAIN.encoder.card.label}"
    ]


def test_damaged_heads_are_ignored(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The network serves without them."""
    registry = Registry.open(tmp_path)
    put(registry, taught(SAID, AFTER), "1")
    (tmp_path / "artifacts" / NAME / "1" / FILE).write_bytes(b"nonsense")
    with caplog.at_level(logging.ERROR):
        assert intent(LiveUnderstander(registry)) == BEFORE
    assert "can't be used" in caplog.text


async def test_adjusted_heads_open_no_garage(tmp_path: Path) -> None:
    """Even where the intent is harmless and the thing is not: that stays unclear."""
    registry = Registry.open(tmp_path)
    said = "douse the front door"
    put(registry, taught(said, "iot_unlock"), "1")  # as if unlocking were no more than reversible
    understander = LiveUnderstander(registry)
    assert intent(understander, said) == "iot_unlock"
    home = Scene(Settings.from_environment(), understander=understander)
    turn = await home.say(said, confirm=True)
    assert not turn.changes
    assert turn.artifacts[NAME] == "1"
