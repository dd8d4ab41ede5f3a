"""A household with words of its own, simulated: who says what, and what becomes of it.

Two people say ordinary commands, and sentences that no sample of a skill has and that stand in for
routines they made. Some of their things have unusual names. They have their recordings kept. What
is heard right is done. What is heard wrong is typed right afterwards by one in two, and is done by
accident now and then, so that the journal holds wrong transcripts as well. All of it goes through
the product's own journal and recordings. Voices are synthetic.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from gnothi.core.acting import Action, Call, Reply, Status
from gnothi.core.clock import FixedClock
from gnothi.core.hearing import Samples, Usage
from gnothi.core.interaction import Interaction
from gnothi.core.protocols import Name
from gnothi.core.risk import Risk
from gnothi.core.understanding import Heard, Interpretation, Understanding, Utterance
from gnothi.journal.journal import Journal
from gnothi.serve.listening.recordings import Recordings
from gnothi.serve.listening.rehearing import HouseListener
from gnothi.speech.words import said
from gnothi_lab.speech.recordings import Recording, in_room, room_tones
from gnothi_train.speech.voices import Voice, speak

FIRST = datetime(2026, 10, 5, 8, tzinfo=UTC)
APART = timedelta(hours=2.4)
TYPED, BY_ACCIDENT = 0.5, 0.05
"""Shares of what was heard wrong: typed right afterwards; done all the same."""

NAMES = (
    ("Firefly", "device"),
    ("Dragon", "device"),
    ("Old Bertha", "device"),
    ("Wigwam", "area"),
    ("Crow's Nest", "area"),
    ("Grandpa Otto", "person"),
)
OWN = (
    "release the firefly",
    "feed the dragon",
    "put old bertha to sleep",
    "batten down the hatches",
    "sunshine in the wigwam please",
    "abracadabra",
    "arise my beauties",
    "we are off to the circus",
    "hush hush little dragon",
    "all quiet in the crow's nest",
    "pirates prepare for supper",
    "summon grandpa otto",
    "twinkle twinkle",
    "the wigwam is yours",
)
"""Sentences of their own."""


def names_of(pairs: Sequence[tuple[str, str]]) -> tuple[Name, ...]:
    """Return names of a home."""
    return tuple(Name(text, f"{kind}.{at}", kind) for at, (text, kind) in enumerate(pairs))


def said_in_rooms(
    texts: Sequence[str], voice: Voice, data: Path, rng: np.random.Generator
) -> list[Recording]:
    """Return *texts* spoken by *voice*, each at another speed and pitch, with a room's tone."""
    tones = room_tones(data)
    return [
        Recording(
            text, in_room(sound.astype(np.float32) / np.float32(32768), tones, rng), voice.group
        )
        for text, sound in zip(texts, speak(texts, voice, rng), strict=True)
        if len(sound)
    ]


@dataclass(frozen=True, slots=True)
class Household:
    """Writes what is said to the journal, as the assistant would."""

    journal: Journal
    recordings: Recordings
    clock: FixedClock
    listener: HouseListener
    rng: np.random.Generator

    def live(self, spoken: Iterable[Recording], usage: Usage, first: int = 0) -> None:
        """Say everything, heard with *usage*; turns are numbered from *first* on."""
        for at, one in enumerate(spoken, first):
            self.clock.moment += APART
            heard = self.listener.hear(one.samples, usage)
            for turn, sound in self._turns(one, heard, at):
                self.journal.append(turn)
                if sound is not None:
                    self.recordings.keep(turn.user, turn.id, sound)

    def _turns(
        self, one: Recording, heard: str, at: int
    ) -> Iterator[tuple[Interaction, Samples | None]]:
        is_right = said(heard) == said(one.text)
        works = is_right or self.rng.random() < BY_ACCIDENT
        turn = _turn(f"{at:031x}a", heard, one.group, self.clock.moment, works=works)
        spoken = replace(turn.utterance, heard=Heard("lab", len(one.samples) / 16_000))
        yield replace(turn, utterance=spoken), one.samples
        if not works and self.rng.random() < TYPED:
            soon = self.clock.moment + timedelta(seconds=15)
            yield _turn(f"{at:031x}b", one.text, one.group, soon, works=True), None


def _turn(name: str, text: str, who: str, at: datetime, *, works: bool) -> Interaction:
    request = Interpretation("routine", "routine_run", 0.9, (), (), 0, len(text))
    status = Status.DONE if works else Status.FAILED
    action = Action(Call("routines", "run"), status, Risk.REVERSIBLE, "")
    return Interaction(
        id=name,
        at=at,
        session=who,
        user=who,
        utterance=Utterance(text, speaker=who),
        understanding=Understanding(text, (request,)),
        actions=(action,),
        reply=Reply("Done." if works else "I did not understand that."),
    )
