"""The truth, for benchmarks: what was wanted, what would have been possible, what a prompt did.

No policy gets a :class:`Judge`; the world refuses to tell the truth unless it was started for one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gnothi.recommend.acts import Ask, Prompt
from gnothi_lab.worlds.listeners.client import Listeners, Reaction, Session

_MANY = 4000
"""Sessions that are replayed at a time."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What only the world knows of a session; items and attributes are the catalogue's."""

    mood: tuple[int, ...]
    disliked: tuple[int, ...]
    acceptable: tuple[int, ...]
    """The most welcome first; empty where nobody could help. Such sessions count all the same."""
    weights: tuple[float, ...]
    is_company: bool
    is_explorer: bool
    opening: str
    """Empty where the assistant has to ask; ``want``, ``similar`` or ``name`` where they lead."""
    turns: int
    """Prompts so far."""
    ending: str
    """``completed``, ``left``, or nothing while it lasts."""
    played: int | None
    is_success: bool
    """Something acceptable was played to its end before patience ran out."""

    def counted(self, cap: int) -> int:
        """Return turns as they are reported: a failure counts for *cap*."""
        return min(self.turns, cap) if self.is_success else cap


@dataclass(frozen=True, slots=True)
class Recorded:
    """A session as it went, enough to play it again."""

    key: str
    number: int
    prompts: tuple[Prompt, ...]


@dataclass(slots=True)
class Transcript:
    """A session being played again, as a policy may see it."""

    session: Session
    exchanges: list[tuple[Prompt, Reaction]] = field(default_factory=list[tuple[Prompt, Reaction]])
    deleted: Prompt | None = None
    """What was left out after the first exchanges: a policy is not to ask it again at once."""

    @property
    def is_over(self) -> bool:
        """Whether somebody left, or what they wanted was played."""
        return bool(self.exchanges) and self.exchanges[-1][1].is_over


Decide = Callable[[Sequence[Transcript]], Sequence[Prompt | None]]
"""A policy: what to say next in each session, ``None`` to give up."""


class Judge:
    """Knows the truth about the sessions of one world."""

    def __init__(self, listeners: Listeners) -> None:
        """Judge sessions of *listeners*, started with ``judged=True``."""
        self._listeners = listeners
        self.cap: int = listeners.about["cap"]
        """Turns that a failure counts for."""

    def truths(self, handles: Sequence[int]) -> list[Truth]:
        """Return the truth about sessions that are not forgotten."""
        told = self._listeners.request({"op": "truth", "handles": list(handles)})["truth"]
        return [self._truth(one) for one in told]

    def oracle(self, sessions: Sequence[tuple[str, int]]) -> list[Truth]:
        """Return how sessions end if what is most welcome is played at once: the ceiling.

        Where it is interrupted or not wanted after all, the next best follows. Nobody can do
        better; where nothing is acceptable, nothing is played.
        """
        found: list[Truth] = []
        for part in _parts(sessions):
            opened = self._listeners.open(part)
            best = {
                session.handle: list(truth.acceptable)
                for session, truth in zip(
                    opened, self.truths([one.handle for one in opened]), strict=True
                )
            }
            self._play_in_turn(best)
            found += self._ended(opened)
        return found

    def run(
        self, sessions: Sequence[tuple[str, int]], decide: Decide, *, most: int = 100
    ) -> list[tuple[Recorded, Truth]]:
        """Let a policy lead sessions to their end, or through *most* prompts."""
        return [
            (Recorded(one.session.key, one.session.number, _prompts(one)), truth)
            for part in _parts(sessions)
            for one, truth in self._play(
                [Transcript(session) for session in self._listeners.open(part)], decide, most
            )
        ]

    def replay(
        self,
        recorded: Sequence[Recorded],
        *,
        without: Sequence[int | None],
        decide: Decide | None = None,
        most: int = 100,
    ) -> list[Truth]:
        """Play sessions again under the same chance, leaving one prompt out of each.

        The true usefulness of a prompt is what was reached with it less what is reached without.
        Up to the prompt *without* everything is as it was. From there on *decide* goes on, who
        sees a transcript without that exchange; without *decide*, the other prompts follow as
        they were. Turns keep the random numbers that they had. ``None`` leaves nothing out.
        """
        found: list[Truth] = []
        rows = list(zip(recorded, without, strict=True))
        for part in _parts(rows):
            opened = self._listeners.open([(one.key, one.number) for one, _ in part])
            transcripts = [Transcript(session) for session in opened]
            self._repeat(transcripts, part, is_scripted=decide is None)
            if decide is None:
                found += self._ended(opened)
            else:
                found += [truth for _, truth in self._play(transcripts, decide, most)]
        return found

    def _repeat(
        self,
        transcripts: Sequence[Transcript],
        rows: Sequence[tuple[Recorded, int | None]],
        *,
        is_scripted: bool,
    ) -> None:
        """Say again what was said, but for what is left out."""
        longest = max((len(one.prompts) for one, _ in rows), default=0)
        for turn in range(longest):
            said: dict[int, Prompt] = {}
            skipped: list[int] = []
            for transcript, (one, left_out) in zip(transcripts, rows, strict=True):
                if transcript.is_over or turn >= len(one.prompts):
                    continue
                if turn == left_out:
                    skipped.append(transcript.session.handle)
                    transcript.deleted = one.prompts[turn]
                elif is_scripted or transcript.deleted is None:
                    said[transcript.session.handle] = one.prompts[turn]
            if skipped:
                self._listeners.request({"op": "skip", "handles": skipped})
            self._hear(transcripts, said)

    def _play(
        self, transcripts: Sequence[Transcript], decide: Decide, most: int
    ) -> list[tuple[Transcript, Truth]]:
        waiting = [one for one in transcripts if not one.is_over]
        while waiting:
            chosen = zip(waiting, decide(waiting), strict=True)
            said = {one.session.handle: prompt for one, prompt in chosen if prompt is not None}
            self._hear(waiting, said)
            waiting = [
                one
                for one in waiting
                if one.session.handle in said and not one.is_over and len(one.exchanges) < most
            ]
        ended = self._ended([one.session for one in transcripts])
        return list(zip(transcripts, ended, strict=True))

    def _hear(self, transcripts: Sequence[Transcript], said: Mapping[int, Prompt]) -> None:
        if not said:
            return
        heard = dict(zip(said, self._listeners.say(said), strict=True))
        for one in transcripts:
            handle = one.session.handle
            if handle in heard:
                one.exchanges.append((said[handle], heard[handle]))

    def _play_in_turn(self, best: dict[int, list[int]]) -> None:
        while best := {handle: items for handle, items in best.items() if items}:
            said = {handle: Prompt(Ask.PLAY, item=items.pop(0)) for handle, items in best.items()}
            for handle, heard in zip(said, self._listeners.say(said), strict=True):
                if heard.is_over:
                    del best[handle]

    def _ended(self, opened: Sequence[Session]) -> list[Truth]:
        handles = [one.handle for one in opened]
        found = self.truths(handles)
        self._listeners.forget(handles)
        return found

    def _truth(self, told: Mapping[str, Any]) -> Truth:
        number = self._listeners.number
        return Truth(
            mood=self._attributes(told["mood"]),
            disliked=self._attributes(told["disliked"]),
            acceptable=tuple(number(title) for title in told["welcome"]),
            weights=tuple(told["weights"]),
            is_company=told["company"],
            is_explorer=told["explorer"],
            opening=told["opening"],
            turns=told["turns"],
            ending=told["ending"],
            played=None if told["played"] is None else number(told["played"]),
            is_success=told["success"],
        )

    def _attributes(self, named: Sequence[tuple[str, str]]) -> tuple[int, ...]:
        found = (self._listeners.catalogue.attribute(facet, value) for facet, value in named)
        return tuple(one for one in found if one is not None)


def _prompts(transcript: Transcript) -> tuple[Prompt, ...]:
    return tuple(prompt for prompt, _ in transcript.exchanges)


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _MANY):
        yield rows[start : start + _MANY]
