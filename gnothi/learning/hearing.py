"""One round of learning to hear: kept recordings → usage of a home → gate → registry.

What is known to have been said in recordings that people had kept is counted (``hearing/usage``),
for the language model and the names of their home. The newest recordings are held back: a candidate
is heard with and without on these, and on ordinary commands, so that it forgets nothing. The gate
rules at once where that is enough, else when more was said. Once it is live it is compared with the
one before on what is said from then on, and withdrawn when it does worse. No word leaves the home.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from gnothi.core.acting import Act
from gnothi.core.artifact import Card
from gnothi.core.errors import InputError
from gnothi.core.hearing import NO_USAGE, Samples, Usage
from gnothi.core.protocols import Name
from gnothi.learning.evidence import Comparison, Evidence, Outcome
from gnothi.learning.gate import Limits
from gnothi.learning.rollout import Decision, Phase, Plan, State, advance, apply
from gnothi.learning.workshop import Track, UnderWay, Workshop
from gnothi.speech.usage import FILE, NAME, common, packed, read_usage, usage_of
from gnothi.speech.word_errors import Errors, compare, rate
from gnothi.speech.words import said

HOUSEHOLD = Plan(
    limits=Limits(
        alpha=0.1,
        support=20,
        people=1,
        negative_flips=0.15,
        relative_negative_flips=0.5,
        slice_negative_flips=0.1,
        slice_support=10,
        change=1.0,
        patience=100,
    ),
    shares=(),
)
"""For a single home. Ordinary commands ask for support, and patience, of their own."""
RECORDED, ORDINARY = "recordings", "ordinary commands"
"""Groups of which neither may be heard worse."""
_log = logging.getLogger(__name__)


class How(StrEnum):
    """How it is known what was said in a recording."""

    DONE = "done"
    """It was heard so, it was done, and nobody complained."""
    AGAIN = "again"
    """It was not done; then something that sounds like it was said or typed, and done."""
    TOLD = "told"
    """Somebody wrote it down."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in a recording."""

    turn: str
    at: datetime
    person: str
    text: str
    how: How = How.DONE


class Recorded(Protocol):
    """The recordings of a home of which is known what was said."""

    def transcripts(self) -> Sequence[Transcript]:
        """Return what was said, in order of time."""
        ...

    def sound(self, transcript: Transcript) -> Samples:
        """Return the recording.

        Raises:
            InputError: it is gone, or can't be read.
        """
        ...


class Listener(Protocol):
    """Hears recordings as the home does."""

    @property
    def names(self) -> Sequence[Name]:
        """How the home calls its things."""
        ...

    @property
    def is_teachable(self) -> bool:
        """Whether what is learned changes what is heard.

        Raises:
            GnothiError: nobody can listen here.
        """
        ...

    def hear(self, sound: Samples, usage: Usage) -> str:
        """Return what is heard in *sound* where *usage* is known.

        Raises:
            GnothiError: nobody can listen here.
        """
        ...

    def ordinary(self) -> Sequence[tuple[str, Samples]]:
        """Return ordinary commands to this home, said by machines; none where no machine can."""
        ...


@dataclass(frozen=True, slots=True)
class Enough:
    """How many recordings it takes."""

    learned: int = 12
    """To learn from."""
    held: int = 20
    """To judge by, at least; a third where there are more."""
    more: int = 10
    """New ones before another candidate is tried."""
    growth: float = 1.5
    """Recordings, of those when a candidate was made that still waits, at which it gives way to one
    that learned from more."""
    most: int = 100
    """To judge by, the newest: each is heard twice. The gate is patient for no more."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One recording, heard with what is live and with a candidate."""

    text: str
    live: str
    tried: str
    person: str = ""
    day: str = ""
    group: str = RECORDED

    @property
    def outcome(self) -> Outcome:
        """Which of the two is right, word for word.

        What one person says again and again on a day is one piece of evidence.
        """
        words = said(self.text)
        return Outcome(
            live_right=said(self.live) == words,
            candidate_right=said(self.tried) == words,
            changed=said(self.live) != said(self.tried),
            person=self.person,
            session=f"{self.group} {self.day} {self.person} {' '.join(words)}",
            domain="hearing",
            slices=(self.group,),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the hearing of a home."""

    live: Usage
    """Counts in its language model now."""
    version: str | None
    phase: Phase | None
    """Where the latest candidate stands; ``None`` while there was none."""
    figures: dict[str, float]
    """Of the latest candidate, on recordings that were held back when it was made."""


class HearingCycle:
    """Learns what is said in one home into one registry. Only one may run at a time."""

    def __init__(
        self,
        workshop: Workshop,
        recorded: Recorded,
        listener: Callable[[], Listener],
        *,
        plan: Plan = HOUSEHOLD,
        enough: Enough | None = None,
    ) -> None:
        """Work in *workshop* with what was *recorded*; *listener* is opened when needed."""
        self._shop, self._recorded, self._plan = workshop, recorded, plan
        self._open = listener
        self._listener: Listener | None = None
        self._enough = enough or Enough()
        self._track = Track(workshop.folder / "hearing.json")

    @property
    def name(self) -> str:
        """The artifact that is learned."""
        return NAME

    def run(self) -> Act:
        """Do one round; return why things stand as they do.

        Raises:
            GnothiError: journal, folder, registry or recogniser can't be used.
        """
        known = self._recorded.transcripts()
        under_way = self._track.read()
        if under_way and self._goes_on(under_way) and not self._is_outgrown(under_way, known):
            return self._go_on(under_way, known)
        return self._propose(known, under_way.lessons if under_way else "")

    def _is_outgrown(self, under_way: UnderWay, known: Sequence[Transcript]) -> bool:
        """Whether a candidate that waits learned from few recordings by what there are now."""
        made = datetime.fromisoformat(under_way.lessons)
        before = sum(one.at <= made for one in known)
        return under_way.waits and len(known) >= self._enough.growth * max(1, before)

    def _go_on(self, under_way: UnderWay, known: Sequence[Transcript]) -> Act:
        """Judge what is under way by what was said since; what is live and good may be followed."""
        fresh = [one for one in known if one.at >= under_way.since][-self._enough.most :]
        if not fresh:
            return self._propose(known, under_way.lessons)
        if not self._hearing.is_teachable:
            return Act("hearing-unused")
        pairs = list(self._heard(fresh, *self._compared(under_way.state)))
        told, is_live = self._judged(under_way, pairs)
        if under_way.waits or not is_live:
            return told
        following = self._propose(known, under_way.lessons)
        return told if following.key == "hearing-nothing-new" else following

    def unlearn(self) -> None:
        """Keep only what would have been learned from the recordings that are left.

        For an erase: versions that knew more are gone afterwards.
        """
        self._track.forget()
        registry = self._shop.registry
        if registry.serving(NAME) is None:
            registry.discard_earlier(NAME)
            return
        live, known = self.live(), self._recorded.transcripts()
        left = usage_of((one.text for one in known), self._hearing.names) if known else NO_USAGE
        kept = common(live, left)
        registry.make_live(NAME, self._put(kept, known, ()), reason="recordings were erased")
        registry.discard_earlier(NAME)

    def live(self) -> Usage:
        """Return what counts now."""
        version = self._shop.registry.serving(NAME)
        return self._usage(version) if version else NO_USAGE

    def standing(self) -> Standing:
        """Return how things stand."""
        registry, under_way = self._shop.registry, self._track.read()
        phase = under_way.state.phase if under_way else None
        if under_way and phase is Phase.LIVE and not self._goes_on(under_way):
            phase = Phase.ROLLED_BACK
        figures = dict(under_way.figures) if under_way else {}
        return Standing(self.live(), registry.serving(NAME), phase, figures)

    def _propose(self, known: Sequence[Transcript], tried: str) -> Act:
        """Learn from the older recordings, and judge by the newest, if there are any new ones."""
        enough = self._enough
        if not known:
            return Act("hearing-none")
        if (missing := enough.learned + enough.held - len(known)) > 0:
            return Act("hearing-few", {"recordings": len(known), "missing": missing})
        if tried and sum(one.at > datetime.fromisoformat(tried) for one in known) < enough.more:
            return Act("hearing-nothing-new", {"recordings": len(known)})
        if not self._hearing.is_teachable:
            return Act("hearing-unused")
        held = known[-max(enough.held, len(known) // 3) :]
        lessons = known[: -len(held)]
        usage = usage_of((one.text for one in lessons), self._hearing.names)
        if self._shop.registry.serving(NAME) is None:
            nothing = self._put(NO_USAGE, (), ())
            self._shop.registry.make_live(NAME, nothing, reason="nothing learned yet")
        live = self.live()
        pairs = list(self._heard(held[-enough.most :], live, usage))
        recorded = [one for one in pairs if one.group == RECORDED]
        if not recorded:
            return Act("hearing-nothing-new", {"recordings": len(known)})
        version = self._put(usage, lessons, recorded)
        figures = {"recordings_learned": float(len(lessons)), **_figures(recorded)}
        state = UnderWay(State(version), held[0].at, known[-1].at.isoformat(), figures)
        self._track.keep(state)
        return self._judged(state, pairs)[0]

    def _heard(self, known: Sequence[Transcript], live: Usage, tried: Usage) -> Iterator[Pair]:
        """Yield recordings, and ordinary commands, heard both ways."""
        hear = self._hearing.hear
        for one in known:
            try:
                sound = self._recorded.sound(one)
            except InputError as error:  # erased or damaged meanwhile: there are others
                _log.warning("A recording can't be learned from: %s", error)
                continue
            day = one.at.date().isoformat()
            yield Pair(one.text, hear(sound, live), hear(sound, tried), one.person, day)
        for text, sound in self._hearing.ordinary() if known else ():
            yield Pair(text, hear(sound, live), hear(sound, tried), group=ORDINARY)

    def _judged(self, under_way: UnderWay, pairs: Sequence[Pair]) -> tuple[Act, bool]:
        """Let the gate rule by *pairs* and carry it out; return why, and whether it is live now."""
        ruled = advance(under_way.state, self._evidence(pairs), self._asking(pairs))
        apply(self._shop.registry, NAME, ruled, wording=self._shop.wording)
        begun = ruled.state.phase is not ruled.before
        since = self._shop.clock.now() if begun else under_way.since
        self._track.keep(replace(under_way, state=ruled.state, since=since))
        told = self._told(ruled, [one for one in pairs if one.group == RECORDED])
        return told, ruled.state.phase is Phase.LIVE

    def _evidence(self, pairs: Sequence[Pair]) -> Evidence:
        comparison = Comparison(NAME, alpha=self._plan.limits.alpha)
        comparison.add(one.outcome for one in pairs)
        return comparison.evidence()

    def _asking(self, pairs: Sequence[Pair]) -> Plan:
        """Return the plan, in which ordinary commands count for nothing that people say."""
        ordinary = sum(one.group == ORDINARY for one in pairs)
        limits = self._plan.limits
        support, patience = limits.support + ordinary, limits.patience + ordinary
        return replace(self._plan, limits=replace(limits, support=support, patience=patience))

    def _told(self, ruled: Decision, pairs: Sequence[Pair]) -> Act:
        values = {
            "recordings": len(pairs),
            "why": self._shop.wording(ruled.reason),
            "was": "live" if ruled.before is Phase.LIVE else "new",
            **_figures(pairs),
        }
        told = {
            Phase.LIVE: Act("hearing-live", values),
            Phase.REJECTED: Act("hearing-refused", values),
            Phase.ROLLED_BACK: Act("hearing-withdrawn", values),
        }
        return told.get(ruled.state.phase, Act("hearing-waits", values))

    def _compared(self, state: State) -> tuple[Usage, Usage]:
        """Return what the candidate in *state* is compared with, and what it says."""
        tried = self._usage(state.version)
        if state.phase is not Phase.LIVE:
            return self.live(), tried
        earlier = self._shop.registry.assignment(NAME).earlier
        return (self._usage(earlier[-1]) if earlier and earlier[-1] else NO_USAGE), tried

    def _goes_on(self, under_way: UnderWay) -> bool:
        """Tell whether there is anything to watch: not what people have taken back themselves."""
        live = self._shop.registry.serving(NAME) == under_way.state.version
        return under_way.waits or (live and under_way.state.phase is Phase.LIVE)

    @property
    def _hearing(self) -> Listener:
        if self._listener is None:
            self._listener = self._open()
        return self._listener

    def _usage(self, version: str) -> Usage:
        return read_usage(self._shop.registry.get(NAME, version).folder)

    def _put(self, usage: Usage, lessons: Sequence[Transcript], pairs: Sequence[Pair]) -> str:
        """Keep *usage* as an artifact; the same usage is the same version."""
        content = packed(usage)
        digest = sha256(content).hexdigest()
        version = f"1.{digest[:12]}"
        data = {"name": "recordings", "sha256": _fingerprint(lessons), "licence": "private"}
        card = Card(
            NAME,
            version,
            "json",
            {FILE: digest},
            command="gnothi learn now",
            data=(data,) if lessons else (),
            figures={"recordings_learned": float(len(lessons)), **_figures(pairs)},
            licence="private",
        )
        if version not in {known.version for known in self._shop.registry.versions(NAME)}:
            self._shop.registry.put({FILE: content}, card)
        return version


def _figures(pairs: Sequence[Pair]) -> dict[str, float]:
    """Return word errors with what is live and with the candidate; nothing of no recordings."""
    if not pairs:
        return {}

    def errors(heard: Callable[[Pair], str]) -> float:
        found: list[Errors] = [compare(one.text, heard(one)) for one in pairs]
        return rate(found)

    return {"wer_before": errors(lambda one: one.live), "wer": errors(lambda one: one.tried)}


def _fingerprint(known: Sequence[Transcript]) -> str:
    total = sha256()
    for one in known:
        total.update(f"{one.turn}\0{one.text}\n".encode())
    return total.hexdigest()
