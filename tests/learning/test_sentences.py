import re
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from gnothi.cli import learn
from gnothi.core.acting import Act
from gnothi.dialogue.wording import Wording
from gnothi.learning import (
    cycle,
    gate,
    hearing,
    prompt_evidence,
    prompting,
    retraining,
    rollout,
    unseen,
    verdicts,
)
from gnothi.learning.sentences import in_percent, learning_pack
from gnothi.serve import adapting, fates, learned, learning, telling, worker
from gnothi.serve import prompting as questions

VALUES = {
    "chance": 0.934,
    "gain": 0.0312,
    "low": 0.0041,
    "high": 0.1234,
    "margin": 0.0,
    "rate": 0.0333,
    "turns": 2150,
    "people": 21,
    "limit": 0.05,
    "risk": "guarded",
    "domain": "music",
    "slice": "area:kitchen",
    "phase": "live",
    "kind": "whole",
    "why": "",
    "person": "ana",
    "of": 7,
    "phrases": 2,
    "tolerance": 0.0,
    "share": 0.2,
    "number": 3,
    "losses": 2,
    "said": "play wow",
    "becomes": "play wow by kate bush",
    "before": 0.0412,
    "after": 0.9,
    "wins": 5,
    "uses": 7,
    "days": 4,
    "certainty": 0.987,
    "mended": 4,
    "broken": 0,
    "reason": "the journal is away.",
    "failed": 3,
    "changed": 4,
    "well": 3,
    "times": 5,
    "name": "language/heads",
    "version": "2026-11-28.1",
    "talks": 120,
    "missing": 40,
    "effective": 12,
    "beforelow": 0.02,
    "beforehigh": 0.3,
    "afterlow": 0.8,
    "afterhigh": 0.95,
    "recordings": 40,
    "was": "new",
    "wer": 0.125,
    "wer_before": 0.2,
}
KEYS = re.findall(r"^([a-z-]+) =", learning_pack(), re.MULTILINE)


def test_every_reason_has_its_sentence() -> None:
    """The gate and the rollout give no reason that the language pack can't tell."""
    modules = (verdicts, cycle, gate, retraining, rollout, unseen, learn, learning, learned, worker)
    modules += (fates, telling, prompt_evidence, prompting, questions, hearing, adapting)
    sources = [Path(str(module.__file__)).read_text() for module in modules]
    used = {key for text in sources for key in re.findall(r'Act\("([a-z-]+)"', text)}
    assert used == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_reason_is_a_sentence(key: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whole, and with its figures in the reader's form."""
    wording = Wording([learning_pack()], rng=Random(0))
    told = wording.say(in_percent(Act(key, VALUES)), datetime(2026, 11, 21, tzinfo=UTC))
    assert told[0].isupper()
    assert told.endswith(".")
    assert not caplog.records, "a value has no place, or a place no value"
    assert not re.search(r"[{}$]|0\.0\d", told)
