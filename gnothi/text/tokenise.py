"""Words with their places: the unit that slots are made of."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from gnothi.text.normalise import FILLERS, fold, form

MAX_CHARACTERS = 2000
"""Anything longer is no request: the rest is not read."""

_WORD = re.compile(
    r"""
      (?:[^\W\d_]\.)+(?![^\W_])              # initials: "p.", "p.m.", "u.s."
    | \b(?:mr|mrs|ms|dr|st|vs|jr|sr)\.       # abbreviations
    | [^\W_]+(?:['&.,:/@_-]+[^\W_]+)*      # words, with what may stand inside
      (?:%|°[CFcf]?|'(?!\w))?                # "40%", "21°C", "the boys'"
    | [^\w\s]                                # any other sign by itself
    | _+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_WORD = 100
_CLOSING = re.compile(r"(?<=[^\W\d_]),(?=\S)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text and the spelling in which the network reads it."""

    form: str
    start: int
    """First character in the original text."""
    end: int
    """One past the last character."""
    pause: int = 0
    """What the writer put before it: ``PAUSES`` has the signs; 0 for none."""


PAUSES = (re.compile(r"[.;!?\n…]"), re.compile(r"[,:\u2013\u2014]|\s-\s"))
"""Signs of the end of a sentence (pause 2) and of a clause (pause 1)."""


def tokenise(text: str) -> list[Word]:
    """Return what is spoken in *text*: neither fillers ("um") nor punctuation.

    Offsets count characters of *text* itself. Only the first ``MAX_CHARACTERS`` are read.
    """
    folded = fold(text[:MAX_CHARACTERS])
    found = [_word(match) for match in _WORD.finditer(_CLOSING.sub(" ", folded))]
    spoken = [word for word in found if any(map(str.isalnum, word.form))]
    kept = [word for word in spoken if word.form not in FILLERS] or spoken
    return _with_pauses(kept, folded)


def _word(match: re.Match[str]) -> Word:
    return Word(form(match.group()[:_LONGEST_WORD]), match.start(), match.end())


def _with_pauses(words: list[Word], text: str) -> list[Word]:
    gaps = [text[one.end : other.start] for one, other in pairwise(words)]
    return [*words[:1], *map(_after, words[1:], gaps)]


def _after(word: Word, gap: str) -> Word:
    """Return *word* with the pause that the signs in the *gap* before it tell of."""
    if gap == " ":
        return word
    pause = next((len(PAUSES) - i for i, signs in enumerate(PAUSES) if signs.search(gap)), 0)
    return replace(word, pause=pause) if pause else word


def request_key(text: str) -> str:
    """Return the words of *text* in one spelling: equal for what sounds the same.

    "What's the time?" and "um what is the time" have one key; look-ups and logs use it.
    """
    return " ".join(word.form for word in tokenise(text))
