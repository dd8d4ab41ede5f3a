"""Changes that leave the meaning alone: wrappers, typing errors, dropped words, other values.

Case, punctuation, contractions, numbers and fillers need none of this: the tokeniser of the
product already makes them equal (``gnothi.text.normalise``).
"""

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_lowercase

import numpy as np

from gnothi.core.understanding import Kind
from gnothi.text.tokenise import Word, tokenise
from gnothi_train.language.examples import Example, Span

Edit = tuple[int, int, str]

_CALLS = (
    "hey gnothi",
    "gnothi",
    "ok gnothi",
    "alexa",
    "hey google",
    "ok google",
    "hey siri",
    "computer",
    "hey jarvis",
    "hey",
    "hi",
    "okay",
    "so",
    "well",
    "right",
    "hey assistant",
    "please",
    "hello",
    "listen",
    "excuse me",
    "yo",
    "oh",
    "alright",
    "now",
)
_ASKING = (
    "could you",
    "could you please",
    "can you",
    "can you please",
    "would you",
    "would you please",
    "please",
    "will you",
    "i want you to",
    "i'd like you to",
    "i need you to",
    "go ahead and",
    "just",
    "kindly",
    "would you kindly",
    "be so kind and",
    "would you be so kind as to",
    "can u",
    "could you kindly",
    "please could you",
    "you should",
    "i would like you to",
    "do me a favor and",
    "i was wondering if you could",
    "you can",
    "quickly",
    "let's",
    "how about you",
    "why don't you",
    "please go ahead and",
    "could you maybe",
    "i'd appreciate it if you could",
    "can you quickly",
)
_TELLING = (
    "can you tell me",
    "could you tell me",
    "tell me",
    "please tell me",
    "i want to know",
    "do you know",
    "i'd like to know",
    "could you check",
    "any idea",
)
_ENDS = (
    "please",
    "for me",
    "for me please",
    "thanks",
    "thank you",
    "would you",
    "will you",
    "if you don't mind",
    "if you can",
    "if possible",
    "right away",
    "okay",
    "ok",
    "gnothi",
    "buddy",
    "real quick",
    "if you would",
    "pretty please",
    "mate",
    "dear",
    "asap",
)
_COMMANDS = frozenset(
    "turn switch set open close shut play add put lock unlock start stop pause resume dim brighten "
    "make change lower raise increase decrease reduce cancel remove delete create remind wake show "
    "find give get send call tell check read book order skip mute unmute activate deactivate "
    "enable disable arm disarm clean vacuum toggle adjust bring move pull kill power run begin "
    "continue schedule post tweet email write search look list shuffle repeat save update clear "
    "mark tick".split()
)
_DROPPED = frozenset("the a an my in of to some please".split())
_HOMOPHONES = {
    "lights": "lites",
    "light": "lite",
    "to": "too",
    "for": "four",
    "two": "to",
    "blinds": "blindes",
    "hall": "haul",
    "garage": "garaj",
    "kitchen": "kitchin",
    "temperature": "temprature",
    "by": "buy",
    "off": "of",
    "right": "write",
    "weather": "whether",
    "mail": "male",
    "play": "pley",
    "living room": "livingroom",
    "bedroom": "bed room",
    "bathroom": "bath room",
    "their": "there",
    "tonight": "tonite",
    "through": "thru",
    "tomorrow": "tommorow",
    "you": "u",
    "are": "r",
    "dining": "dinning",
    "thermostat": "thermastat",
    "curtains": "curtans",
    "volume": "volum",
    "alarm": "allarm",
    "ceiling": "sealing",
    "vacuum": "vaccum",
    "calendar": "calender",
    "hour": "our",
}
_NEAR = {
    key: row[max(0, i - 1) : i] + row[i + 1 : i + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for i, key in enumerate(row)
}


def rewrite(example: Example, edits: Sequence[Edit]) -> Example:
    """Return *example* with *edits* (start, end, new text) carried out and its places moved.

    Edits must not overlap one another; one that reaches over the edge of a span stays outside.
    """
    text, position = "", 0
    moves: list[tuple[int, int]] = []
    for start, end, new in sorted(edits):
        text += example.text[position:start] + new
        position = end
        moves.append((end, len(new) - (end - start)))
    text += example.text[position:]

    def moved(place: int, *, closing: bool = False) -> int:
        return place + sum(by for at, by in moves if at < place or (at == place and not closing))

    def carried(spans: tuple[Span, ...] | None) -> tuple[Span, ...] | None:
        return spans and tuple(
            Span(s.name, moved(s.start), moved(s.end, closing=not _ends_inside(s, edits)))
            for s in spans
        )

    return replace(example, text=text, spans=carried(example.spans), moves=carried(example.moves))


def _ends_inside(span: Span, edits: Sequence[Edit]) -> bool:
    return any(span.start <= start < end == span.end for start, end, _ in edits)


def wrap(example: Example, rng: np.random.Generator) -> Example:
    """Return *example* with something polite before or after it."""
    words = example.text.lower().split()
    first = words[0] if words else ""
    edits: list[Edit] = []
    lead = ""
    if first in _COMMANDS:
        if rng.random() < 0.7:
            lead = _pick(_ASKING, rng) + " "
    elif (
        first in ("is", "are", "did", "has", "what", "which", "how", "who") and rng.random() < 0.25
    ):
        lead = _pick(_TELLING, rng) + (" if " if first in ("is", "are", "did", "has") else " ")
    if rng.random() < 0.35:
        lead = _pick(_CALLS, rng) + " " + lead
    if lead:
        edits.append((0, 0, lead))
    if (first in _COMMANDS or rng.random() < 0.3) and rng.random() < 0.4:
        edits.append((len(example.text), len(example.text), " " + _pick(_ENDS, rng)))
    return rewrite(example, edits)


def mistype(example: Example, rng: np.random.Generator) -> Example:
    """Return *example* with one typing or hearing error in a word."""
    words = [word for word in tokenise(example.text) if word.end - word.start > 1]
    if not words:
        return example
    heard = [word for word in words if _of(example, word) in _HOMOPHONES]
    if heard and rng.random() < 0.4:
        word = heard[rng.integers(len(heard))]
        return rewrite(example, [(word.start, word.end, _HOMOPHONES[_of(example, word)])])
    long = [word for word in words if word.end - word.start > 3 and _of(example, word).isalpha()]
    if not long:
        return example
    word = long[rng.integers(len(long))]
    return rewrite(example, [(word.start, word.end, slip(_of(example, word), rng))])


def slip(word: str, rng: np.random.Generator) -> str:
    """Return *word* as a hasty finger types it: swapped, left out, doubled or beside the key."""
    place = int(rng.integers(1, len(word) - 1))
    kind = rng.integers(4)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    if kind == 2:
        return word[:place] + word[place] + word[place:]
    near = _NEAR.get(word[place], word[place])
    return word[:place] + near[rng.integers(len(near))] + word[place + 1 :]


def shorten(example: Example, rng: np.random.Generator) -> Example:
    """Return *example* without one of its small words, where none of a slot is lost."""
    spans = example.spans or ()
    edits = [
        (word.start, min(word.end + 1, len(example.text)), "")
        for word in tokenise(example.text)
        if _of(example, word) in _DROPPED
        and not any(s.start < word.end and word.start < s.end for s in spans)
    ]
    return rewrite(example, [edits[rng.integers(len(edits))]]) if edits else example


class Values:
    """The values that slots take in a set of examples, to put one in another's place."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Collect the values, by slot and intent."""
        self._values: dict[tuple[str | None, str], list[str]] = {}
        for example in examples:
            for span in example.spans or ():
                key = (example.intent, span.name)
                self._values.setdefault(key, []).append(example.text[span.start : span.end])

    def swap(self, example: Example, rng: np.random.Generator) -> Example:
        """Return *example* with the value of one slot replaced by another of its kind."""
        if not example.spans:
            return example
        span = example.spans[rng.integers(len(example.spans))]
        values = self._values.get((example.intent, span.name))
        if not values:
            return example
        return rewrite(example, [(span.start, span.end, values[rng.integers(len(values))])])


_JOINTS = (
    " and ",
    " and ",
    " and ",
    " and ",
    " and then ",
    " then ",
    ", ",
    ". ",
    " and also ",
    " also ",
    " plus ",
    " after that ",
    ", and ",
    ", then ",
    " and please ",
    " and after that ",
    " and could you ",
)
"""The words of a joint belong to neither request."""


def join(examples: Sequence[Example], rng: np.random.Generator) -> Example:
    """Return *examples* as requests of one sentence, of which only the moves are known."""
    text = ""
    moves: list[Span] = []
    for example in examples:
        text = text.rstrip(" .?!") + (_pick(_JOINTS, rng) if text else "")
        moves.append(Span(Kind.REQUEST.value, len(text), len(text) + len(example.text)))
        text += example.text
    return Example(text, None, None, moves=tuple(moves), source="joined")


def gibberish(rng: np.random.Generator, vocabulary: Sequence[str]) -> str:
    """Return what no request looks like: letters at random, or words at random."""
    if rng.random() < 0.5:
        letters = list(ascii_lowercase)
        sizes = rng.integers(2, 9, rng.integers(1, 6))
        return " ".join("".join(rng.choice(letters, size)) for size in sizes)
    return " ".join(rng.choice(vocabulary, rng.integers(2, 9)))


def _of(example: Example, word: Word) -> str:
    return example.text[word.start : word.end].lower()


def _pick(values: Sequence[str], rng: np.random.Generator) -> str:
    return values[rng.integers(len(values))]
