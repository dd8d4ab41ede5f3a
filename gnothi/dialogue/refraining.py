"""What is forbidden rather than asked for: "don't turn on the light, turn on the fan"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gnothi.core.understanding import CONTENT, Understanding
from gnothi.dialogue.lexicon import WORD, Lexicon, words

_MARKS = frozenset(".;!?:")
"""Signs that end what is forbidden, whatever follows."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Something that shall not be done; characters of the utterance."""

    start: int
    """Where the negation begins."""
    named: int
    """The first comma behind it, or its end: what is read beyond may be meant instead."""
    end: int


def forbidden(text: str, lexicon: Lexicon) -> list[Forbidden]:
    """Return what *text* forbids, in order.

    A negation counts at the beginning of a clause, before the verb of a command: "don't forget to
    turn on the fan", "why don't you turn it on" and "play don't stop me now" forbid nothing.
    """
    found: list[Forbidden] = []
    for start in _beginnings(text):
        if found and start < found[-1].end:
            continue
        if _forbids(words(text[start:]), lexicon):
            named, end = _ends(text, start, lexicon)
            found.append(Forbidden(start, named, end))
    return found


def without(text: str, spans: Sequence[Forbidden]) -> str:
    """Return *text* with blanks for *spans*, so that the rest stands where it stood."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def reads_as_request(understanding: Understanding, spans: Sequence[Forbidden]) -> bool:
    """Whether something of *spans* was taken for what is to be done."""
    return any(
        move.kind in CONTENT and move.start < span.named and move.end > span.start
        for move in understanding.moves
        for span in spans
    )


def _beginnings(text: str) -> Iterator[int]:
    """Yield where clauses may begin: at first, behind a sign, behind "and" or "but"."""
    yield 0
    for match in WORD.finditer(text):
        before = text[: match.start()].rstrip()
        sign = bool(before) and not before[-1].isalnum() and before[-1] not in "'\u2019\""
        if before and (sign or before.split()[-1].lower() in _JOINTS):
            yield match.start()


_JOINTS = frozenset({"and", "but", "then"})


def _forbids(said: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether *said* begins with a negation that a command follows."""
    place = 0
    while place < len(said) and said[place] in lexicon.wrapping:
        place += 1
    negation = next(
        (size for size in (3, 2, 1) if " ".join(said[place : place + size]) in lexicon.forbids), 0
    )
    if not negation:
        return False
    place += negation
    while place < len(said) and said[place] in lexicon.between:
        place += 1
    return place < len(said) and lexicon.is_deed(said[place])


def _ends(text: str, start: int, lexicon: Lexicon) -> tuple[int, int]:
    """Return where the first part of what is forbidden ends, and where all of it does."""
    named = 0
    for match in WORD.finditer(text, start + 1):
        before = text[start : match.start()].rstrip()
        sign = before[-1:] if before[-1:] in _MARKS | {","} else ""
        but = match[0].lower() == "but"
        if sign and not named:
            named = start + len(before)
        if sign in _MARKS and sign:
            return named, start + len(before)
        if but or (sign and _is_command(words(text[match.start() :]), lexicon)):
            end = match.start() if but else start + len(before)
            return named or end, end
    return named or len(text), len(text)


def _is_command(said: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether *said* begins with a command, behind "just", "instead" and the like."""
    rest = [one for one in said[:4] if one not in lexicon.wrapping]
    return bool(rest) and lexicon.is_deed(rest[0])
