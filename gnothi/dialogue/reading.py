"""How an utterance relates to what was said before: is it a request, an answer, a correction?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from gnothi.dialogue.lexicon import Lexicon, Word, words

CLINGING = re.compile("[%\u00b0+]*")
"""Signs that belong to the word before them."""
PAUSE = re.compile("[,;.!?:]")
SIGNS = frozenset("-+$\u20ac\u00a3\u2212")
"""Signs that belong to the word after them."""
SHORT = 6
"""A fragment without a verb of at most this many words may continue the turn before."""


class Relation(StrEnum):
    """What an utterance is to the conversation."""

    FRESH = "fresh"
    """A request of its own."""
    YES = "yes"
    NO = "no"
    CANCEL = "cancel"
    UNDO = "undo"
    REPEAT = "repeat"
    CORRECTION = "correction"
    """It replaces part of what was just done: "no, the bedroom"."""
    RESTATEMENT = "restatement"
    """It replaces all of it: "no, turn on the fan"."""
    FOLLOW_UP = "follow-up"
    """The same again for something else: "and the kitchen"."""
    FRAGMENT = "fragment"
    """Too short to stand alone: an answer, or a follow-up."""


@dataclass(frozen=True, slots=True)
class Context:
    """The part of a session that decides how an utterance is read."""

    confirming: bool = False
    """A yes or no is awaited."""
    asking: bool = False
    """A value is awaited."""
    recent: bool = False
    """Something was done or asked a moment ago that can be corrected or repeated."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How an utterance is read, and the part of it that carries content."""

    relation: Relation
    text: str
    start: int = 0
    """Where ``text`` begins in the utterance."""
    weak: bool = False
    """The opening ("make it …") may also begin a request of its own."""
    instead_of: str = ""
    """What a correction takes back by name: "garlic, not onions"."""
    negated: bool = False
    """It opens with "not", without a break after what is taken back: "not olives crisps"."""


def read(text: str, context: Context, lexicon: Lexicon) -> Reading:
    """Decide what *text* is to the conversation, from its opening words alone.

    Linear in the length of the text; knows nothing of what the words mean for any skill.
    """
    sentence = words(text)
    bare = lexicon.bare(sentence) or sentence
    bare = lexicon.bare(lexicon.without_remark(bare, partial(_pause, text))) or bare
    if not bare:
        return Reading(Relation.FRESH, text.strip(), len(text) - len(text.lstrip()))
    return (
        _answer(text, sentence, bare, context, lexicon)
        or _steering(text, bare, context, lexicon)
        or _continuation(text, bare, context, lexicon)
        or _rest(Relation.FRESH, text, _alone(bare, lexicon))
    )


def _alone(bare: Sequence[Word], lexicon: Lexicon) -> Sequence[Word]:
    """Return *bare* without a last "too" or "as well"."""
    length = lexicon.follow_up_tail.closing(bare)
    return bare[: len(bare) - length] or bare


def _answer(
    text: str, sentence: Sequence[Word], bare: Sequence[Word], context: Context, lexicon: Lexicon
) -> Reading | None:
    """Read a yes, a no or a cancellation of what is awaited."""
    if not (context.confirming or context.asking):
        return None
    if lexicon.cancel.cover(bare):
        return Reading(Relation.CANCEL, "")
    if _refuses(sentence, bare, lexicon):
        return Reading(Relation.NO, "")
    if not context.confirming:
        return None
    if length := lexicon.yes.opening(bare):
        return _yes(text, lexicon.bare(bare[length:]), lexicon)
    return Reading(Relation.YES, "") if lexicon.yes.cover(sentence) else None


def _refuses(sentence: Sequence[Word], bare: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether a no is said that is complete, whatever follows ("no, keep it locked")."""
    if any(lexicon.no.cover(one) or lexicon.dismisses(one) for one in (sentence, bare)):
        return True
    corrects = max(lexicon.strong_correction.opening(bare), lexicon.weak_correction.opening(bare))
    return lexicon.refusal.opening(bare) > corrects


def _yes(text: str, rest: Sequence[Word], lexicon: Lexicon) -> Reading:
    """Read a yes and what follows it; "ok, never mind" and "yes, but the back door" are none."""
    if lexicon.cancel.opening(rest) or lexicon.no.opening(rest):
        return Reading(Relation.NO, "")
    if lexicon.but.opening(rest):
        return _rest(Relation.CORRECTION, text, rest[1:])
    if lexicon.yes.cover(rest):
        return Reading(Relation.YES, "")
    return _rest(Relation.YES, text, rest)


def _steering(
    text: str, bare: Sequence[Word], context: Context, lexicon: Lexicon
) -> Reading | None:
    """Read phrases that are whole utterances: undo, never mind, pardon."""
    if context.recent and _asks_for_undo(text, bare, lexicon):
        return Reading(Relation.UNDO, "")
    stops = lexicon.stops.opening(bare)
    if len(bare) > 1 and not stops and (lexicon.cancel.cover(bare) or lexicon.dismisses(bare)):
        return Reading(Relation.CANCEL, "")
    if lexicon.repeat.cover(bare):
        return Reading(Relation.REPEAT, "")
    if context.recent and lexicon.no.cover(bare):
        return Reading(Relation.NO, "")
    return None


def _asks_for_undo(text: str, bare: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether *bare* is "undo that", alone or with a remark: "no that's silly, put it back"."""
    opening, closing = lexicon.undo.opening(bare), lexicon.undo.closing(bare)
    leading = lexicon.strong_correction.opening(bare) or lexicon.no.opening(bare)
    verbs = lexicon.undo_verbs
    if len(bare) in {opening, closing} or verbs.opening(bare) or verbs.opening(bare[leading:]):
        return True
    if opening and _pause(text, bare[opening - 1], bare[opening]):
        return True
    remark = list(bare)[: len(bare) - closing]
    if not closing or not remark:
        return False
    opens = lexicon.strong_correction.opening(remark) or lexicon.weak_correction.opening(remark)
    padding = opens or lexicon.dismissal.cover(remark)
    return bool(padding) or _pause(text, remark[-1], bare[len(remark)])


def _pause(text: str, before: Word, after: Word) -> bool:
    """Whether the writer ended a clause between two words."""
    return PAUSE.search(text, before.end, after.start) is not None


def _continuation(
    text: str, bare: Sequence[Word], context: Context, lexicon: Lexicon
) -> Reading | None:
    """Read corrections, follow-ups and fragments."""
    if not (context.recent or context.asking or context.confirming):
        return None
    if reading := _correction(text, bare, lexicon):
        return reading
    if insisted := _insisted(text, bare, lexicon):
        return insisted
    opening, tail = lexicon.follow_up.opening(bare), lexicon.follow_up_tail.closing(bare)
    rest = list(bare)[opening : len(bare) - tail]
    if (opening or tail) and rest and not lexicon.has_verb(rest):
        return _rest(Relation.FOLLOW_UP, text, rest)
    if len(bare) <= SHORT and not lexicon.has_verb(bare):
        return _rest(Relation.FRAGMENT, text, bare)
    return None


def _correction(text: str, bare: Sequence[Word], lexicon: Lexicon) -> Reading | None:
    if swapped := _swap(text, bare, lexicon):
        return swapped
    strong, weak = lexicon.strong_correction.opening(bare), lexicon.weak_correction.opening(bare)
    rest = lexicon.bare(list(bare)[max(strong, weak) :])
    if not max(strong, weak) or not rest:
        return None
    if nested := _correction(text, rest, lexicon):
        return nested
    is_weak = weak > strong
    if not lexicon.has_verb(rest):
        reading = _rest(Relation.CORRECTION, text, rest)
    elif is_weak:
        reading = _rest(Relation.FRESH, text, rest)
    else:
        reading = _rest(Relation.RESTATEMENT, text, rest)
    return replace(_cut_negation(reading, lexicon), weak=is_weak)


def _insisted(text: str, bare: Sequence[Word], lexicon: Lexicon) -> Reading | None:
    """Read "thirty, i said thirty": what was insisted on."""
    for place in range(1, min(len(bare), SHORT)):
        length = lexicon.insistence.opening(bare[place:])
        rest = bare[place + length :]
        if length and rest and not lexicon.has_verb(rest):
            return _rest(Relation.CORRECTION, text, rest)
    return None


def _swap(text: str, bare: Sequence[Word], lexicon: Lexicon) -> Reading | None:
    """Read "not the kitchen, the bedroom" and "not the kitchen but the bedroom"."""
    length = lexicon.not_this.opening(bare)
    for place in range(length + 1, len(bare)) if length else ():
        after = bare[place]
        breaks = lexicon.but.opening([after]) or lexicon.determiners.opening([after])
        if breaks or _pause(text, bare[place - 1], after):
            rest = lexicon.bare(list(bare)[place + bool(lexicon.but.opening([after])) :])
            if not rest:
                return None
            taken_back = text[bare[length].start : bare[place - 1].end]
            return replace(_rest(Relation.CORRECTION, text, rest), instead_of=taken_back)
    if not length or len(bare) == length:
        return None
    return replace(_rest(Relation.CORRECTION, text, bare[length:]), negated=True)


def _cut_negation(reading: Reading, lexicon: Lexicon) -> Reading:
    """Read the end of "the bedroom, not the kitchen"."""
    sentence = words(reading.text)
    for place in range(1, len(sentence)):
        length = lexicon.not_this.opening(sentence[place:])
        if length and place + length < len(sentence):
            kept = reading.text[: sentence[place].start].rstrip(" ,;")
            taken_back = reading.text[sentence[place + length].start :]
            return replace(reading, text=kept, instead_of=taken_back)
    return reading


def _rest(relation: Relation, text: str, rest: Sequence[Word]) -> Reading:
    """Return the part of *text* that holds the words *rest*, with the signs that cling to them."""
    if not rest:
        return Reading(relation, "")
    clinging = CLINGING.match(text, rest[-1].end)
    end = clinging.end() if clinging else rest[-1].end
    start = rest[0].start - (text[rest[0].start - 1 : rest[0].start] in SIGNS)
    return Reading(relation, text[start:end], start)
