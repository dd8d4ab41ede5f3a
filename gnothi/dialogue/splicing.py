"""Puts an answer into the place of what a cut-off sentence lacks.

People repeat the last words ("in the" … "the kitchen"), and recognisers make something of half a
word: where the words overlap they are said once, and the last words may be left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gnothi.core.protocols import Understander
from gnothi.core.understanding import CONTENT, Interpretation
from gnothi.dialogue.lexicon import words

LEAST = 0.3
"""A sentence must be understood as surely as this to be the whole of what was meant."""
SURE = 0.6
"""… and one with all of its words is meant for certain if it is understood as surely as this."""
_WORTH = 0.9
"""What a sentence is worth for each word of the first part that is left out."""
_OTHER = 0.6
"""… and where it asks for something else than its first part did."""
_RESTATED = 3
"""Words with which an answer says the beginning again; all where there are fewer."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A sentence made whole."""

    text: str
    begin: int
    """Where the answer begins in it."""
    request: Interpretation
    worth: float
    """How surely this is what was meant, from 0 to 1."""

    def fills(self, role: str | None) -> bool:
        """Whether the answer says, or ends, a value: that of *role* where there is one."""
        ends = [slot.name for slot in self.request.slots if slot.end > self.begin]
        return bool(ends) and (role is None or role in ends)


def best_whole(
    heard: Sequence[str], answer: str, intent: str, understander: Understander, *, half: int
) -> Whole | None:
    """Return the best sentence of what was *heard*, in any of these ways, and the *answer*.

    *intent* is what the first part was taken for, empty where it says little. Of its last words,
    *half* may be half a word, or misheard: they are left out where the sentence makes no sense
    with them.
    """
    best: Whole | None = None
    for left_out in range(half + 1):
        for text in dict.fromkeys(without_last(one, left_out) for one in heard):
            whole = _whole(text, answer, understander) if text else None
            if whole is None:
                continue
            share = _WORTH**left_out * (1.0 if intent in ("", whole.request.intent) else _OTHER)
            if best is None or whole.worth * share > best.worth:
                best = replace(whole, worth=whole.worth * share)
        if best and best.worth >= SURE:
            break
    return best


def _whole(first: str, answer: str, understander: Understander) -> Whole | None:
    text, begin = joined(first, answer)
    found = understander.understand(text)
    contents = [move for move in found.moves if move.kind in CONTENT]
    if len(contents) != 1 or contents[0].request is None:
        return None
    request = contents[0].request
    return Whole(text, begin, request, request.score) if request.score >= LEAST else None


def joined(first: str, answer: str) -> tuple[str, int]:
    """Return both as one sentence that says no words twice, and where the *answer* begins."""
    before, after = first.split(), answer.split()
    said, says = [_bare(word) for word in before], [_bare(word) for word in after]
    for many in range(min(len(said), len(says)), 0, -1):
        if said[-many:] == says[:many]:
            before = before[:-many]
            break
    head = " ".join(before)
    return f"{head} {' '.join(after)}".strip(), len(head) + bool(head)


def restates(answer: str, heard: str) -> bool:
    """Whether *answer* says what was *heard* again from the beginning."""
    said, says = words(heard), words(answer)
    many = min(_RESTATED, len(said))
    return len(says) > many and said[:many] == says[:many]


def without_last(text: str, many: int) -> str:
    """Return *text* without its last words, so *many* of them."""
    found = text.rstrip(" .\u2026-\u2013\u2014,").split()
    return " ".join(found[: max(0, len(found) - many)])


def _bare(word: str) -> str:
    return "".join(words(word))
