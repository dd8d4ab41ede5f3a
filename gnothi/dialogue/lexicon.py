"""The words with which a language steers a conversation, and how to find them."""

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

WORD = re.compile("[^\\W_]+(?:['\u2019][^\\W_]+)*")
APOSTROPHES = str.maketrans("", "", "'\u2019")
LONGEST = 64
"""Words beyond this many are not looked at: steering words stand at the edges."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, without case and apostrophes, and where it stands."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """Return the first words of *text*."""
    found: list[Word] = []
    for match in WORD.finditer(text):
        found.append(Word(match[0].lower().translate(APOSTROPHES), *match.span()))
        if len(found) == LONGEST:
            break
    return found


class Phrases:
    """A set of phrases that can be looked for at the edges of a text."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Keep *phrases*, each a few words."""
        self._phrases = frozenset(tuple(phrase.split()) for phrase in phrases)
        self._longest = max((len(phrase) for phrase in self._phrases), default=0)

    def opening(self, sentence: Sequence[Word]) -> int:
        """Return how many words of *sentence* its longest opening phrase has, 0 for none."""
        spoken = tuple(word.text for word in sentence[: self._longest])
        lengths = range(len(spoken), 0, -1)
        return next((n for n in lengths if spoken[:n] in self._phrases), 0)

    def closing(self, sentence: Sequence[Word]) -> int:
        """Return how many words the longest phrase at the end of *sentence* has."""
        spoken = tuple(word.text for word in sentence[-self._longest :]) if self._longest else ()
        lengths = range(len(spoken), 0, -1)
        return next((n for n in lengths if spoken[-n:] in self._phrases), 0)

    def cover(self, sentence: Sequence[Word]) -> bool:
        """Whether *sentence* consists of these phrases and nothing else."""
        rest = list(sentence)
        while rest:
            length = self.opening(rest)
            if not length:
                return False
            rest = rest[length:]
        return bool(sentence)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Steering phrases of one language."""

    tails: Phrases
    remarks: Phrases
    commands: Phrases
    polite: Phrases
    anchors: Phrases
    pronouns: Phrases
    refusal: Phrases
    wrappers: Phrases
    questions: Phrases
    yes: Phrases
    no: Phrases
    cancel: Phrases
    stops: Phrases
    """Cancels what is asked; otherwise it stops something that runs, which skills know of."""
    undo: Phrases
    undo_verbs: Phrases
    strong_correction: Phrases
    weak_correction: Phrases
    not_this: Phrases
    but: Phrases
    determiners: Phrases
    insistence: Phrases
    follow_up: Phrases
    follow_up_tail: Phrases
    repeat: Phrases
    verbs: Phrases
    dismissal: Phrases
    """Every way to want nothing, with what may stand around it: "wait, no, forget it"."""

    def bare(self, sentence: Sequence[Word]) -> list[Word]:
        """Return *sentence* without the wrappers around it ("um, … please")."""
        rest = list(sentence)
        while length := self.wrappers.opening(rest) or self._courtesy(rest):
            rest = rest[length:]
        while length := self._padding(rest):
            rest = rest[:-length]
        return rest

    def _courtesy(self, rest: Sequence[Word]) -> int:
        """Return how many first words are only polite: "could you" before "wake me"."""
        length = self.polite.opening(rest)
        return length if length and self.verbs.opening(rest[length : length + 1]) else 0

    def _padding(self, rest: Sequence[Word]) -> int:
        """Return how many last words say nothing ("well" does not, "as well" does)."""
        if self.follow_up_tail.closing(rest) or self.anchors.opening(rest[-2:-1]):
            return 0
        return self.wrappers.closing(rest) or self.tails.closing(rest)

    def without_remark(
        self, sentence: Sequence[Word], pauses: Callable[[Word, Word], bool]
    ) -> Sequence[Word]:
        """Return the command in *sentence* without a remark before or behind it.

        "Its grandma unlock the front door", "turn it off, we're leaving"; *pauses* tells whether
        the writer ended a clause between two words.
        """
        for place in range(1, len(sentence)):
            if pauses(sentence[place - 1], sentence[place]) and self._remarks(sentence[place:]):
                return sentence[:place]
        places = (n for n in range(1, len(sentence)) if self.commands.opening([sentence[n]]))
        begin = next(places, 0)
        apart = begin > 0 and pauses(sentence[begin - 1], sentence[begin])
        if not self._remarks(sentence) and (self._means(sentence) or not apart):
            return sentence
        return sentence[begin:] if len(sentence) - begin > 1 else sentence

    def _means(self, sentence: Sequence[Word]) -> bool:
        """Whether *sentence* begins with words that count: a command, a question, a yes or no."""
        steering = (self.strong_correction, self.weak_correction, self.no, self.yes, self.cancel)
        counting = (*steering, self.undo, self.commands, self.questions, self.not_this)
        return any(phrases.opening(sentence) for phrases in counting)

    def _remarks(self, sentence: Sequence[Word]) -> bool:
        """Whether *sentence* begins like a remark, and not like "I meant …"."""
        return bool(self.remarks.opening(sentence)) and not self.insistence.opening(sentence)

    def has_pronoun(self, sentence: Sequence[Word]) -> bool:
        """Whether *sentence* speaks of something that was said before."""
        return any(self.pronouns.opening([word]) for word in sentence)

    def dismisses(self, sentence: Sequence[Word]) -> bool:
        """Whether *sentence* wants nothing: a no or a cancellation, and nothing but padding."""
        places = range(len(sentence))
        wanted = (self.no, self.cancel)
        says_so = any(phrases.opening(sentence[place:]) for place in places for phrases in wanted)
        return says_so and self.dismissal.cover(sentence)

    def has_verb(self, sentence: Sequence[Word]) -> bool:
        """Whether one of the first words makes *sentence* a request of its own."""
        opening = self.bare(sentence)[:2]
        return any(self.verbs.opening([word]) for word in opening)


@cache
def lexicon(language: str = "en") -> Lexicon:
    """Load the steering phrases of *language*."""
    table = tomllib.loads(
        resources.files("gnothi.dialogue").joinpath(f"{language}.toml").read_text()
    )
    parts = ("no", "cancel", "strong_correction", "weak_correction", "wrappers", "polite")
    dismissal = [phrase for part in parts for phrase in table[part]]
    named = {name: Phrases(phrases) for name, phrases in table.items()}
    return Lexicon(**named, dismissal=Phrases(dismissal))
