"""Learning phrases: which words people put in the place of those that were not understood.

From a log of judged turns come *lessons*: a request that was not understood, or could not be
obeyed, and the success that the same person reached next with its wish. What differs between the
two, fillers aside, are phrases (:mod:`gnothi.language.phrases`). Everybody's are counted by
people, so that nobody teaches everybody by repetition, and only those that enough people have
meant are kept; a person's own count from the first time on, weighed with everybody's opinion.

A turn that a live rewrite has served says what its words would have been without it: a lesson, if
it went well. So what works keeps its evidence although it leaves nobody a reason to rephrase
(self-aware learning, arXiv:2205.00029). Counting does not depend on order: the same log gives the
same phrases to the last bit.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gnothi.core.risk import Risk
from gnothi.language.likeness import (
    Block,
    blocks_between,
    contradicts,
    heard,
    numbers_in,
    similarity,
)
from gnothi.language.phrases import LONGEST, Phrase, Phrases
from gnothi.learning.outcomes import NOT_UNDERSTOOD, SOON, Turn
from gnothi.learning.rewrites import RiskOf
from gnothi.text.tokenise import request_key

_AGAIN = 300
"""Thousandths of being said again from which on the next turn belongs to the same wish."""
_SOUNDS = 0.6
"""Likeness of sound at which a phrase may replace a whole request, or a number."""
_LEFT = 0.15
"""Share of those who said words in vain who must have left them out, for fillers."""
_LEAST = 0.05
"""Share of turns with a phrase that must fail for it to be the reason."""
_SHARE = 0.5
"""The same, as a share of what the most failing phrase of a request has."""


_TOGETHER = "\x1f"
"""Stands for all people who are one voice."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a phrase must show."""

    people: int = 3
    """Different people who must have meant it, for it to be everybody's."""
    threshold: float = 0.2
    """Trust from which on a request is rewritten."""
    fillers: int = 8
    """People who must have left words out, for them to be no part of any phrase."""
    personal: bool = True
    """Whether people's own phrases are kept."""
    aware: bool = True
    """Whether turns that a rewrite has served count."""
    times: int = 1
    """How often a person must have meant it, for it to be theirs."""
    watched: bool = False
    """Whether a phrase is taken back at once where it fails more often than not."""
    most: int | None = None
    """Variants of a request that understanding is asked about; all where a turn has the time."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Words that were not understood, and the words that worked."""

    person: str
    """Empty for a guest."""
    before: tuple[str, ...]
    after: tuple[str, ...]
    """Empty where a rewrite has failed: it was not this that they meant."""
    voice: str = ""
    """Who teaches everybody by it: the person, or all who push things together."""


def learn(
    turns: Iterable[Turn],
    limits: Limits | None = None,
    *,
    risk_of: RiskOf,
    one_voice: Collection[str] = (),
) -> Phrases:
    """Return what *turns* teach; they come session by session, in order of time.

    For everybody, the people who are *one_voice* count as one (:mod:`gnothi.learning.collusion`).
    """
    limits = limits or Limits()
    known = list(turns)
    lessons = sorted(
        find_lessons(known, risk_of=risk_of, aware=limits.aware),
        key=lambda one: (one.person, one.before, one.after),
    )
    voice = dict.fromkeys(one_voice, _TOGETHER)
    lessons = [replace(one, voice=voice.get(one.person, one.person)) for one in lessons]
    fillers = _fillers(lessons, limits.fillers)
    blocks = [_blocks(lesson, fillers) for lesson in lessons]
    parts = frozenset(before for found in blocks for before, _ in found)
    blame = _Blame.of(known, parts)
    taught = [blame.chosen(found) for found in blocks]
    counted = _counted(lessons, taught, limits)
    return Phrases(counted, threshold=limits.threshold, most=limits.most)


def find_lessons(turns: Iterable[Turn], *, risk_of: RiskOf, aware: bool = True) -> Iterator[Lesson]:
    """Yield every request that was not understood with the words that worked.

    Nothing is learned from or to what is guarded.
    """
    for _, group in groupby(turns, key=lambda turn: turn.session):
        talk = list(group)
        for place, turn in enumerate(talk):
            if turn.rewritten:
                if aware and turn.used:
                    yield _lesson(turn, "" if turn.failed else turn.used)
                continue
            other = _reached(talk[place:]) if turn.unheard else None
            if other and risk_of(other.interpretation) is not Risk.GUARDED:
                yield _lesson(turn, other.used or other.heard)


def _lesson(turn: Turn, words: str) -> Lesson:
    before, after = request_key(turn.heard), request_key(words)
    return Lesson(turn.person, tuple(before.split()), tuple(after.split()))


def _reached(rest: Sequence[Turn]) -> Turn | None:
    """Return the success that follows the first turn soon, as the same wish."""
    for turn, following in zip(rest, [*rest[1:], None], strict=True):
        if not turn.failed and not turn.interpretation.startswith(NOT_UNDERSTOOD):
            return turn
        if following is None or following.at - turn.at > SOON or turn.rephrase < _AGAIN:
            return None
    return None


def _fillers(lessons: Sequence[Lesson], people: int) -> frozenset[str]:
    """Return words that many people, and most of those who used them, have just left out."""
    left_out: defaultdict[str, set[str]] = defaultdict(set)
    for lesson in lessons:
        if lesson.after:
            for before, after in blocks_between(lesson.before, lesson.after):
                if before and not after:
                    left_out[before].add(lesson.voice)
    frequent = frozenset(before for before, who in left_out.items() if len(who) >= people)
    said, _ = _said(lessons, frequent)
    return frozenset(one for one in frequent if len(left_out[one]) >= _LEFT * len(said[one]))


def _counted(
    lessons: Sequence[Lesson], taught: Sequence[Sequence[Block]], limits: Limits
) -> Iterator[Phrase]:
    meant: defaultdict[Block, set[str]] = defaultdict(set)
    own: Counter[tuple[str, str, str]] = Counter()
    for lesson, blocks in zip(lessons, taught, strict=True):
        for before, after in blocks:
            meant[before, after].add(lesson.voice)
            if lesson.person and after:
                own[lesson.person, before, after] += 1
    said, own_said = _said(lessons, frozenset(before for before, _ in meant))
    for (before, after), people in sorted(meant.items()):
        if len(people - {""}) >= (limits.people if after else limits.fillers):
            yield Phrase(before, after, None, len(people), len(said[before]))
    if limits.personal:
        for (person, before, after), times in sorted(own.items()):
            if times >= limits.times:
                yield Phrase(before, after, person, times, own_said[person, before])


def _blocks(lesson: Lesson, fillers: frozenset[str]) -> list[Block]:
    """Return what differs in a lesson, fillers at both ends aside."""
    if not lesson.after:
        return []
    before, after = _stripped(lesson.before, fillers), _stripped(lesson.after, fillers)
    blocks = [(one, other) for one, other in blocks_between(before, after) if one]
    if blocks and blocks[0][0] == " ".join(before) and not _alike(*blocks[0]):
        return []  # nothing in common: another wish, as far as anybody can tell
    return [
        (one, other)
        for one, other in blocks
        if one.count(" ") < LONGEST and other.count(" ") < LONGEST and not _opposed(one, other)
    ]


def _opposed(one: str, other: str) -> bool:
    """Whether a phrase would make something the opposite, or another number without its sound."""
    here, there = tuple(one.split()), tuple(other.split())
    numbers = {*numbers_in(here), *numbers_in(there)}
    if contradicts(
        *(tuple(word for word in words if word not in numbers) for words in (here, there))
    ):
        return True
    return contradicts(here, there) and not _alike(one, other)


@dataclass(frozen=True, slots=True)
class _Blame:
    """How often turns with some words are not understood."""

    shares: Mapping[str, float]

    @classmethod
    def of(cls, turns: Iterable[Turn], parts: frozenset[str]) -> "_Blame":
        """Count the turns with each of *parts*."""
        texts = Counter((turn.heard, turn.unheard) for turn in turns if not turn.rewritten)
        counts: Counter[tuple[str, bool]] = Counter()
        for (text, unheard), number in texts.items():
            for part in _parts_of(tuple(request_key(text).split())) & parts:
                counts[part, unheard] += number
        return cls(
            {
                part: counts[part, True] / (counts[part, True] + counts[part, False] + 1)
                for part in parts
            }
        )

    def chosen(self, blocks: Sequence[Block]) -> list[Block]:
        """Return those of a lesson's *blocks* that are to blame: they fail the most."""
        most = max((self.shares[before] for before, _ in blocks), default=0.0)
        return [block for block in blocks if self.shares[block[0]] >= max(_LEAST, most * _SHARE)]


def _alike(one: str, other: str) -> bool:
    return similarity(heard(one), heard(other)) >= _SOUNDS


def _stripped(words: tuple[str, ...], fillers: frozenset[str]) -> tuple[str, ...]:
    """Return *words* without fillers at either end; something is always left."""
    going = True
    while going:
        going = False
        for size in range(min(LONGEST, len(words) - 1), 0, -1):
            if " ".join(words[:size]) in fillers:
                words, going = words[size:], True
                break
            if " ".join(words[-size:]) in fillers:
                words, going = words[:-size], True
                break
    return words


def _said(
    lessons: Iterable[Lesson], phrases: frozenset[str]
) -> tuple[Mapping[str, set[str]], Mapping[tuple[str, str], int]]:
    """Return who said each of *phrases* in vain, and how often each person did."""
    said: defaultdict[str, set[str]] = defaultdict(set)
    own: Counter[tuple[str, str]] = Counter()
    for lesson in lessons:
        for part in _parts_of(lesson.before) & phrases:
            said[part].add(lesson.voice)
            own[lesson.person, part] += 1
    return said, own


def _parts_of(words: tuple[str, ...]) -> set[str]:
    return {
        " ".join(words[first:last])
        for first in range(len(words))
        for last in range(first + 1, min(len(words), first + LONGEST) + 1)
    }
