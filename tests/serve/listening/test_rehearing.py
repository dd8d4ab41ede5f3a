"""What is said at home is heard better by the real recogniser, once it is learned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.clock import FixedClock
from gnothi.core.hearing import NO_HINTS, Samples
from gnothi.core.risk import Risk
from gnothi.journal.journal import Journal
from gnothi.learning.gate import Limits
from gnothi.learning.hearing import Enough, HearingCycle, Transcript
from gnothi.learning.rollout import Plan
from gnothi.learning.turns import judge_by_signals
from gnothi.learning.workshop import Workshop
from gnothi.registry.registry import Registry
from gnothi.serve.listening.rehearing import HouseListener
from gnothi.speech.backends import open_recogniser
from gnothi.speech.reciting import recite, voices

SAID = ("movie magic please", "time to hibernate", "water the ferns", "hush the heron")
NOW = datetime(2026, 11, 2, 18, tzinfo=UTC)
FEW = Plan(
    limits=Limits(
        alpha=0.5, support=4, people=1, negative_flips=0.9, slice_negative_flips=0.9, change=1.0
    ),
    shares=(),
)
"""As little evidence as four recordings are."""


@dataclass
class Spoken:
    """Recordings of machines' voices, and what was said in each, as somebody believes."""

    texts: Sequence[str]

    def transcripts(self) -> Sequence[Transcript]:
        return [
            Transcript(f"{at:032x}", NOW + timedelta(minutes=at), "ana", text)
            for at, text in enumerate(self.texts)
        ]

    def sound(self, transcript: Transcript) -> Samples:
        return sounds()[int(transcript.turn, 16) % len(SAID)]


class Listener(HouseListener):
    """Has no ordinary commands, which would take seconds."""

    def ordinary(self) -> Sequence[tuple[str, Samples]]:
        return ()


@cache
def sounds() -> Sequence[Samples]:
    """Return what is said, spoken by a machine."""
    said = recite(SAID, [voices()["flite slt"]], np.random.default_rng(0))
    return [one.samples for one in said]


@cache
def listener() -> Listener:
    """Return the real recogniser in a home without skills."""
    hints = replace(NO_HINTS, phrases=("turn on the light",))
    return Listener(lambda: open_recogniser("gnothi"), lambda: hints)


def cycle(folder: Path, texts: Sequence[str]) -> HearingCycle:
    """Return what learns that *texts* were said."""
    clock = FixedClock(NOW + timedelta(hours=1))
    shop = Workshop(
        Journal.open(f"sqlite:///{folder / 'journal.sqlite'}"),
        Registry.open(folder / "registry", clock=clock),
        folder / "learning",
        clock,
        judge=judge_by_signals,
        risk_of=lambda _: Risk.FREE,
    )
    return HearingCycle(shop, Spoken(texts), listener, plan=FEW, enough=Enough(4, 4))


@pytest.mark.skipif("flite slt" not in voices(), reason="the program flite is not installed")
@pytest.mark.parametrize("is_true", [True, False])
def test_it_is_learned_where_it_is_true(tmp_path: Path, *, is_true: bool) -> None:
    """Sentences that nobody expected are heard; those that were never said are not learned."""
    told = cycle(tmp_path, [*SAID, *SAID] if is_true else [*SAID, *SAID[::-1]])
    act = told.run()
    before, after = (float(str(act.values[name])) for name in ("wer_before", "wer"))
    assert (act.key == "hearing-live") is is_true
    assert (after < before / 2) is is_true
    assert bool(told.live()) is is_true


def test_only_some_can_learn() -> None:
    """Whoever does not count what was said is told apart before anything is sent to them."""

    def learns(name: str) -> bool:
        return HouseListener(lambda: open_recogniser(name), lambda: NO_HINTS).is_teachable

    assert learns("gnothi")
    assert not learns("wyoming:tcp://127.0.0.1:1")
