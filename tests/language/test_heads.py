"""Adjusted heads: near a lesson they move what is understood, elsewhere they leave it alone."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import ArtifactError
from gnothi.language.heads import (
    ADJUSTED,
    FILE,
    AdjustedUnderstander,
    Heads,
    no_heads,
)
from gnothi.language.understand import NeuralUnderstander, interpret
from gnothi.text.tokenise import tokenise

PLAIN = NeuralUnderstander()
LABEL = "language/heads@1.abc"
SAID = "douse the kitchen lights"
INTENTS = PLAIN.labels.intents
READINGS = {
    text: PLAIN.encoder.read([tokenise(text)])[0]
    for text in (SAID, "freeze my credit card", "lock the front door")
}
RANKS = np.array([2 if name == "iot_unlock" else 1 for name in INTENTS], np.int64)


def heads(intent: str, *, text: str = SAID, weight: float = 8.0, scope: float = 0.0) -> Heads:
    """Return heads that were taught one sentence."""
    return Heads(
        PLAIN.encoder.card.label,
        centres=PLAIN.encoder.encode([text]),
        intents=np.array([INTENTS.index(intent)], np.int64),
        weights=np.array([[weight]], np.float32),
        scope=np.array([scope], np.float32),
        width=0.15,
        ranks=RANKS,
        scope_threshold=PLAIN.labels.scope_threshold,
    )


def intent_of(text: str, taught: Heads) -> str | None:
    """Return the intent of *text* with adjusted heads."""
    found = AdjustedUnderstander(PLAIN, taught, label=LABEL).understand(text)
    return found.requests[0].intent if found.requests else None


def test_a_lesson_reaches_what_is_said_in_the_same_way() -> None:
    """The sentence itself is understood, and the same about another room."""
    taught = heads("iot_hue_lightoff")
    assert intent_of(SAID, taught) == "iot_hue_lightoff"
    assert intent_of("douse the hall lights", taught) == "iot_hue_lightoff"


@pytest.mark.parametrize("text", ["play some jazz", "what time is it", "turn on the kitchen light"])
def test_the_rest_stays_as_it_was(text: str) -> None:
    """What is said otherwise is understood as before, and the trace does not blame the heads."""
    found = AdjustedUnderstander(PLAIN, heads("iot_hue_lightoff"), label=LABEL).understand(text)
    assert found.requests[0].intent == PLAIN.understand(text).requests[0].intent
    assert ADJUSTED not in found.notes


def test_the_trace_names_both_artifacts() -> None:
    """Network and heads took part; where the heads made the difference, a note says so."""
    found = AdjustedUnderstander(PLAIN, heads("iot_hue_lightoff"), label=LABEL).understand(SAID)
    assert found.artifact == f"{PLAIN.encoder.card.label} {LABEL}"
    assert found.notes[ADJUSTED] is True


def test_an_intent_that_was_not_considered_gets_slots() -> None:
    """The network tags for its five likeliest intents only; values stand where these put them."""
    request = AdjustedUnderstander(PLAIN, heads("lists_query", weight=40), label=LABEL).understand(
        SAID
    )
    assert request.requests[0].intent == "lists_query"
    assert [slot.value for slot in request.requests[0].slots] == ["kitchen"]


def test_what_was_out_of_scope_comes_into_scope() -> None:
    """A way of speaking that meant nothing can be learned, too."""
    text = "freeze my credit card"
    assert PLAIN.understand(text).out_of_scope
    taught = heads("lists_createoradd", text=text, weight=30, scope=-30)
    assert intent_of(text, taught) == "lists_createoradd"


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(INTENTS), st.floats(-50, 50), st.floats(-50, 50))
def test_nothing_learned_opens_a_door(intent: str, weight: float, scope: float) -> None:
    """Whatever is learned, what was not guarded does not become so."""
    taught = heads(intent, weight=weight, scope=scope)
    for text, reading in READINGS.items():
        near = replace(taught, centres=reading.embedding[None])
        assert interpret(text, near.adjust(reading), PLAIN.labels).intent != "iot_unlock"


def test_what_is_guarded_still_works() -> None:
    """Near a lesson a door can be opened by asking for it, as before."""
    taught = heads("iot_hue_lightoff", text="unlock the front door", weight=0.5)
    assert intent_of("unlock the front door", taught) == "iot_unlock"


def test_no_heads_change_nothing() -> None:
    """An installation begins with heads that were taught nothing."""
    reading = PLAIN.encoder.read([tokenise(SAID)])[0]
    assert no_heads("language/understand@1").adjust(reading) is reading


def test_heads_are_kept_as_they_are(tmp_path: Path) -> None:
    """The same heads are the same bytes, and come back from them."""
    taught = heads("iot_hue_lightoff")
    assert taught.write() == heads("iot_hue_lightoff").write()
    (tmp_path / FILE).write_bytes(taught.write())
    assert Heads.load(tmp_path).write() == taught.write()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"nonsense"])
def test_damaged_heads_are_refused(tmp_path: Path, content: bytes) -> None:
    """With an error that names the place."""
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ArtifactError, match="holds no adjusted heads"):
        Heads.load(tmp_path)


def test_adjusting_takes_next_to_no_time() -> None:
    """With as many lessons as are ever kept, a twentieth of a millisecond at most."""
    rng = np.random.default_rng(0)
    reading = PLAIN.encoder.read([tokenise(SAID)])[0]
    centres = rng.normal(size=(300, 384)).astype(np.float32) * 0.05 + reading.embedding
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    taught = replace(
        heads("iot_hue_lightoff"),
        centres=centres,
        intents=np.arange(60, dtype=np.int64),
        weights=rng.normal(size=(60, 300)).astype(np.float32) * 0.01,
        scope=np.zeros(300, np.float32),
    )
    times: list[float] = []
    for _ in range(300):
        start = time.perf_counter()
        taught.adjust(reading)
        times.append(time.perf_counter() - start)
    assert np.median(times) < 0.00015, "three times the promise, for busy machines"
