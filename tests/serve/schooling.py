"""A family whose assistant mishears a band and a song, and the rounds in which it learns that."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from gnothi.core.acting import Action, Call, Reply, Status
from gnothi.core.clock import FixedClock
from gnothi.core.interaction import Interaction
from gnothi.core.risk import Risk
from gnothi.core.settings import Settings
from gnothi.core.understanding import Interpretation, Slot, Understanding, Utterance
from gnothi.journal.journal import Journal
from gnothi.learning.turns import judge_by_signals
from gnothi.registry.registry import Registry
from gnothi.serve.learning import Learning, open_learning
from gnothi.skills.skillset import SkillSet

WRONG, RIGHT = "play maj and dragons", "play imagine dragons"
WOW, HERS = "play wow", "play wow by kate bush"
EVERYBODYS, ANAS = f"*/{WRONG}", f"ana/{WOW}"
FIRST = datetime(2026, 10, 26, 18, tzinfo=UTC)


GRADUATION = FIRST + timedelta(days=14)


def learned_in(folder: Path) -> None:
    """Leave a household in *folder* that learned for two weeks, until :data:`GRADUATION`."""
    clock = FixedClock(FIRST)
    settings = Settings.from_environment({"GNOTHI_FOLDER": str(folder)})
    with Journal.open(settings.journal_url, clock=clock) as journal:
        registry = Registry.open(folder / "registry", clock=clock)
        learning = open_learning(
            settings,
            journal,
            registry,
            SkillSet.load(),
            clock=clock,
            threads=1,
            judge=judge_by_signals,
        )
        School(journal, clock).learn(replace(learning, others=()))


class School:
    """Writes the family's weeks into a journal; *clock* goes along."""

    def __init__(self, journal: Journal, clock: FixedClock, first: datetime = FIRST) -> None:
        self._journal, self.clock = journal, clock
        self._numbers = count()
        clock.moment = first

    def go_on(self, moment: datetime) -> None:
        """Go on at *moment* in a journal that has weeks of school already."""
        self.clock.moment = moment
        self._numbers = count(self._journal.count())

    def say(
        self,
        text: str,
        who: str = "ana",
        *,
        works: bool = True,
        understood: str = "",
        after: int = 5,
    ) -> None:
        """Journal a turn, some seconds *after* the one before."""
        self.clock.moment += timedelta(seconds=after)
        heard = understood or text
        artist = Slot("artist_name", heard.removeprefix("play "), 5, len(heard))
        request = Interpretation("play", "play_music", 0.9, (artist,), (), 0, len(heard))
        status = Status.DONE if works else Status.FAILED
        self._journal.append(
            Interaction(
                id=f"{next(self._numbers):032x}",
                at=self.clock.moment,
                session=f"{who}/kitchen",
                user=who,
                utterance=Utterance(text, speaker=who),
                understanding=Understanding(heard, (request,)),
                actions=(Action(Call("music", "play"), status, Risk.FREE, ""),),
                reply=Reply("Now playing." if works else "I don't know that."),
            )
        )

    def week(self, times: int = 8) -> None:
        """Let a week pass in which both ask for the band, and Ana for her song."""
        begin = self.clock.moment
        for number in range(times):
            who = "ana" if number % 2 else "ben"
            self.say(WRONG, who, works=False, after=1200)
            self.say(RIGHT, who)
            self.say(WOW, "ana", works=False, after=900)
            self.say(HERS, "ana")
            self.say("play abba", "ana", after=900)
            self.say("play blur", "ben", after=900)
        self.clock.moment = begin + timedelta(days=7)

    def use(self, days: int = 7, *, works: bool = True) -> None:
        """Let days pass in which the band is asked for and the rewrite takes part."""
        for day in range(days):
            self.say(WRONG, "ben" if day % 2 else "ana", understood=RIGHT, works=works, after=600)
            self.clock.moment += timedelta(days=1)

    def learn(self, learning: Learning, weeks: int = 2) -> None:
        """Let weeks pass, each with a round of learning at its end."""
        for _ in range(weeks):
            self.week()
            learning.learn()
