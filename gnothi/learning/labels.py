"""Labels from rephrases: what a request that failed ought to have been understood as.

Somebody is not understood, says it again in other words, and is content: the words that failed
now have a label, the intent of those that worked. Values that both sentences share show where the
slots of the label stand, and that both were about the same thing.

**Guard rails.** A label leads into no higher class of risk than what was understood, and never
from or to a guarded request. A wording that people went on from in different ways gets the label
of the clear majority, or none. And a confusion of two intents is only taught once it was put right
often enough, by enough different people.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

from rapidfuzz.distance import OSA

from gnothi.core.errors import ArtifactError
from gnothi.core.risk import Risk
from gnothi.core.understanding import Slot
from gnothi.learning.outcomes import FAILED, SOON, Turn, conversations
from gnothi.learning.turns import as_understood
from gnothi.text.phonetics import sounds_like
from gnothi.text.tokenise import Word, request_key, tokenise

RiskOf: TypeAlias = Callable[[str], Risk]
"""Tells the risk class of an interpretation."""
_ALIKE = 0.75
"""Likeness from which a word stands for another one."""
_SURELY, _JOINED = 0.95, 0.9
"""Likeness of sound from which words run together are a value, and what that is worth."""
_NOTHING = "?"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a label must show."""

    turns: int = 3
    """Rephrases that put the same confusion of two intents right."""
    people: int = 2
    """Different people among them; guests are nobody."""
    days: int = 1
    majority: float = 0.6
    """Share of a wording's rephrases that lead to the intent of its label, and more than half."""


HOUSEHOLD = Limits(turns=2, people=1)
"""For what one household learns and only it gets."""
EVERYONE = Limits(turns=10, people=5, days=2)
"""For what everybody gets."""


@dataclass(frozen=True, slots=True)
class Label:
    """A wording that failed, and what it ought to have been understood as."""

    text: str
    """As it was said."""
    intent: str
    slots: tuple[Slot, ...]
    """Where the values of the rephrase stand in ``text``; those that it lacks are left out."""
    taken_for: str
    """The intent that was understood; ``?`` where there was none."""
    becomes: str
    """The words that worked."""
    turns: int = 1
    """How often this wording was put right so."""
    people: int = 0
    """Different people who put the same confusion right."""
    days: int = 1


def read_labels(turns: Sequence[Turn], limits: Limits, *, risk_of: RiskOf) -> list[Label]:
    """Return the labels that the *limits* allow, by wording. *turns* come in order."""
    chances = [chance for talk in conversations(turns) for chance in _chances(talk)]
    sound = [one for one in chances if _allowed(one, risk_of)]
    kept = [one for group in _by_wording(sound) for one in _majority(group, limits)]
    return sorted(_supported(kept, limits), key=lambda one: request_key(one.text))


def align(text: str, slots: Iterable[tuple[str, str]]) -> tuple[Slot, ...]:
    """Return where each of *slots* (name and value) stands in *text*; what it lacks is left out.

    A value may be misspelt or misheard there ("the launch" for "the lounge"), and no two share a
    word. The longest values choose first.
    """
    words = tokenise(text)
    taken: set[int] = set()
    found: list[Slot] = []
    for name, value in sorted(slots, key=lambda slot: (-len(slot[1]), slot)):
        place = _place(words, tokenise(value), taken)
        if place:
            taken |= set(place)
            start, end = words[place[0]].start, words[place[-1]].end
            found.append(Slot(name, text[start:end], start, end))
    return tuple(sorted(found, key=lambda slot: slot.start))


def parse_key(key: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return intent and slots of what :func:`gnothi.learning.turns.interpretation_key` writes."""
    intent, *parts = as_understood(key).split("|")
    pairs = (part.partition("=") for part in parts)
    return unquote(intent), tuple((unquote(name), unquote(value)) for name, _, value in pairs)


def write_labels(labels: Iterable[Label]) -> bytes:
    """Return *labels* as a JSON file: the same bytes for the same labels."""
    rows = [asdict(label) for label in labels]
    return (json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def load_labels(path: Path) -> list[Label]:
    """Read what :func:`write_labels` wrote.

    Raises:
        ArtifactError: it is missing or damaged.
    """
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        for row in rows:
            row["slots"] = tuple(Slot(**slot) for slot in row["slots"])
        return [Label(**row) for row in rows]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ArtifactError(f"{path} holds no labels: {error}") from error


@dataclass(frozen=True, slots=True)
class _Chance:
    """A turn that failed and the one that served its wish."""

    failed: Turn
    served: Turn

    @property
    def wanted(self) -> str:
        return parse_key(self.served.interpretation)[0]

    @property
    def taken_for(self) -> str:
        return parse_key(self.failed.interpretation)[0]

    @property
    def day(self) -> date:
        return self.failed.at.date()


def _chances(talk: Sequence[Turn]) -> Iterator[_Chance]:
    """Yield the failed turns of a conversation that were put right, with what put them right."""
    for place, turn in enumerate(talk):
        served = _served(talk[place:]) if turn.failed and not turn.rewritten else None
        if served and not served.rewritten and _is_lesson(turn, served):
            yield _Chance(turn, served)


def _served(rest: Sequence[Turn]) -> Turn | None:
    """Return the turn in which the wish of the first was served; as ``outcomes.reached``."""
    for turn, following in zip(rest, [*rest[1:], None], strict=True):
        if not turn.failed:
            return turn
        if turn.rephrase < FAILED or following is None or following.at - turn.at > SOON:
            return None
    return None


def _is_lesson(failed: Turn, served: Turn) -> bool:
    """Tell whether one request was understood as another one, about the same thing."""
    if "&" in failed.interpretation or "&" in served.interpretation:
        return False
    wanted, slots = parse_key(served.interpretation)
    if wanted in (_NOTHING, parse_key(failed.interpretation)[0]):
        return False
    return not slots or bool(align(failed.heard, slots))


def _allowed(chance: _Chance, risk_of: RiskOf) -> bool:
    before, after = risk_of(chance.failed.interpretation), risk_of(chance.served.interpretation)
    return Risk.GUARDED not in (before, after) and not after.exceeds(before)


def _by_wording(chances: Iterable[_Chance]) -> list[list[_Chance]]:
    groups: defaultdict[str, list[_Chance]] = defaultdict(list)
    for chance in chances:
        groups[request_key(chance.failed.heard)].append(chance)
    return list(groups.values())


def _majority(group: Sequence[_Chance], limits: Limits) -> list[_Chance]:
    """Return the chances of one wording that agree with most of it; none where few do."""
    votes = Counter(chance.wanted for chance in group)
    [(intent, most)] = votes.most_common(1)
    clear = most > len(group) / 2 and most >= limits.majority * len(group)
    return [chance for chance in group if chance.wanted == intent] if clear else []


def _supported(chances: Sequence[_Chance], limits: Limits) -> Iterator[Label]:
    """Yield one label a wording, of the confusions that were put right often enough."""
    confusions: defaultdict[tuple[str, str], list[_Chance]] = defaultdict(list)
    for chance in chances:
        confusions[chance.taken_for, chance.wanted].append(chance)
    for same in confusions.values():
        people = len({chance.failed.person for chance in same} - {""})
        days = len({chance.day for chance in same})
        enough = (limits.turns, limits.people, limits.days)
        if all(got >= asked for got, asked in zip((len(same), people, days), enough, strict=True)):
            yield from (_label(group, people, days) for group in _by_wording(same))


def _label(group: Sequence[_Chance], people: int, days: int) -> Label:
    """Return the label of one wording, in the spelling that comes first."""
    first = min(group, key=lambda chance: (chance.failed.heard, chance.served.heard))
    intent, slots = parse_key(first.served.interpretation)
    return Label(
        text=first.failed.heard,
        intent=intent,
        slots=align(first.failed.heard, slots),
        taken_for=first.taken_for,
        becomes=first.served.heard,
        turns=len(group),
        people=people,
        days=days,
    )


def _place(words: Sequence[Word], value: Sequence[Word], taken: set[int]) -> range | None:
    """Return the words that are most like *value*, one after another; ``None`` if none are.

    Heard words may be run together or torn apart: one more or one fewer than the value has.
    """
    sizes = [size for size in (len(value), len(value) - 1, len(value) + 1) if value and size > 0]
    places = [
        place
        for size in sizes
        for first in range(len(words) - size + 1)
        if taken.isdisjoint(place := range(first, first + size))
    ]
    said = [[words[number].form for number in place] for place in places]
    likeness = [_likeness(forms, [word.form for word in value]) for forms in said]
    best = max(likeness, default=0.0)
    return places[likeness.index(best)] if best >= _ALIKE else None


def _likeness(said: Sequence[str], value: Sequence[str]) -> float:
    """Return how alike the least alike of the words are, from 0 to 1; numbers match or don't."""
    if len(said) == len(value):
        return min(map(_word_likeness, said, value))
    one, other = (" ".join(forms) for forms in (said, value))
    if one.replace(" ", "") == other.replace(" ", ""):
        return 1.0
    return _JOINED * (sounds_like(one, other) >= _SURELY) if _spoken(one + other) else 0.0


def _word_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if not _spoken(one + other):
        return 0.0
    return max(sounds_like(one, other), OSA.normalized_similarity(one, other))


def _spoken(text: str) -> bool:
    return text.replace(" ", "").isalpha()
