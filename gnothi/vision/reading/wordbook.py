"""Words that a household put right, and how later readings become better by them.

What a reader got wrong once it gets wrong again: the name of the same shop, of the same medicine.
So a line that is read as one that was put right, numbers aside, becomes what it was put right to; a
word does that was put right in two pictures; and what a reader is not sure of becomes a word of the
household that differs by a letter or two. Numbers are never learned: the total of one receipt says
nothing about the next.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from rapidfuzz.distance import OSA

from gnothi.core.seeing import WrittenLine

UNSURE = 0.8
"""Confidence of a word below which it may be another one."""
TWICE = 2
"""Pictures in which a word must have been put right before it is a word for another anywhere."""
_NUMBER = "\ue000"
"""Stands for a word with digits: for private use, so that no line has it."""
_SHORTEST, _NEAR, _LONG = 3, 4, 7
"""Letters of a word that is learned; of one for which a like one is taken; of one that may differ
in two letters."""
_LETTERS = 6
"""Letters of a line that is told from others by its words."""
_WORD = re.compile(r"[^\W\d_]+(?:['&.-][^\W\d_]+)*")
_EDGES = ".,:;!?()[]\"'*-"


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line of a picture, and what is written there."""

    read: str
    """As the reader had it."""
    written: str
    """As it is, or as it was shown where nobody put it right; empty where nobody knows any more."""
    sure: tuple[float, ...] = ()
    """How surely each word was read."""
    teacher: str | None = None
    """Who put it right, empty for a guest; ``None`` where nobody did."""
    cut: bytes = b""
    """A small JPEG of the line, upright; only where somebody agreed that it is kept."""

    @property
    def is_told(self) -> bool:
        """Whether somebody said what is written there; else nobody objected."""
        return self.teacher is not None


@dataclass(frozen=True, slots=True)
class ToldPage:
    """A picture in which somebody put a line right."""

    picture: str
    """Its identity: of one picture the same however often it is shown."""
    reader: str
    lines: tuple[ToldLine, ...]


@dataclass(frozen=True, slots=True)
class Wordbook:
    """What is learned from lines that were put right."""

    lines: Mapping[str, str] = field(default_factory=dict[str, str])
    """What a line is to be, by what it is read as; a mark stands for each number in both."""
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    """What a word is to be, by what it is read as."""
    names: tuple[str, ...] = ()
    """Words of the household, for what is read unsurely."""

    def __bool__(self) -> bool:
        """Whether anything was learned."""
        return bool(self.lines or self.words or self.names)

    def mended(self, lines: Iterable[WrittenLine]) -> tuple[WrittenLine, ...]:
        """Return *lines* as they were probably written; those that stay are the same objects."""
        return tuple(self._line(one) for one in lines) if self else tuple(lines)

    def text(self, read: str, sure: Sequence[float]) -> str:
        """Return what is probably written where *read* was read, each word so *sure*."""
        words = read.split()
        if (known := self.lines.get(_shape(words))) is not None:
            numbers = iter([one for one in words if _has_digit(one)])
            return " ".join(next(numbers, one) if one == _NUMBER else one for one in known.split())
        return " ".join(self._word(*one) for one in zip(words, sure, strict=True))

    def _line(self, one: WrittenLine) -> WrittenLine:
        text = self.text(one.text, sureness(one))
        return one if text == " ".join(one.text.split()) else rewritten(one, text)

    def _word(self, word: str, sure: float) -> str:
        core = word.strip(_EDGES)
        if not _is_word(core):
            return word
        found = self.words.get(core) or (self._near(core) if sure < UNSURE else None)
        return word.replace(core, _cased(found, core)) if found else word

    def _near(self, core: str) -> str | None:
        """Return the one word of the household that is as good as *core*."""
        if len(core) < _NEAR:
            return None
        most = 2 if len(core) >= _LONG else 1
        folded = core.casefold()
        far = {
            one: OSA.distance(folded, one.casefold(), score_cutoff=most)
            for one in self.names
            if len(one) >= _NEAR
        }
        best = min(far.values(), default=most + 1)
        nearest = {one for one, distance in far.items() if distance == best <= most}
        return nearest.pop() if len({one.casefold() for one in nearest}) == 1 else None


def told_page(
    picture: str,
    reader: str,
    lines: Iterable[tuple[str, Sequence[float]]],
    at: int,
    written: str,
    *,
    shown: Sequence[str] | None = None,
    teacher: str,
    cut: bytes = b"",
) -> ToldPage:
    """Return a page of *lines* (as read, how surely each word), of which number *at* is *written*.

    *shown* are the lines as they were shown, where something had mended them before. *teacher* is
    the person who says so, empty for a guest; *cut* a picture of that line.
    """
    raw = [(_plain(read), tuple(sure)) for read, sure in lines]
    had = [read for read, _ in raw] if shown is None else [_plain(one) for one in shown]
    told = [ToldLine(read, text, sure) for (read, sure), text in zip(raw, had, strict=True)]
    told[at] = replace(told[at], written=_plain(written), teacher=teacher, cut=cut)
    return ToldPage(picture, reader, tuple(told))


def _plain(text: str) -> str:
    """Return *text* with single spaces, and without characters that nobody sees."""
    seen = (" " if one.isspace() else one for one in text if one.isspace() or one.isprintable())
    return " ".join("".join(seen).split())


def learned(pages: Iterable[ToldPage]) -> Wordbook:
    """Return what *pages* teach; of lines that were put right in two ways, the last one counts."""
    lines: dict[str, str] = {}
    pairs: dict[tuple[str, str], set[str]] = {}
    for page in pages:
        for line in page.lines:
            if not line.is_told:
                continue
            if line.read == line.written:  # it was right: what made it another is wrong
                lines.pop(_shape(line.read.split()), None)
                continue
            lines.update(_of_line(line))
            for pair in _differing(line.read, line.written):
                pairs.setdefault(pair, set()).add(page.picture)
    often = {pair: len(pictures) for pair, pictures in pairs.items()}
    meant = Counter(read for (read, _), count in often.items() if count >= TWICE)
    words = {
        read: written
        for (read, written), count in often.items()
        if count >= TWICE and meant[read] == 1
    }
    return Wordbook(lines, words, tuple(sorted({written for _, written in pairs})))


def sureness(line: WrittenLine) -> tuple[float, ...]:
    """Return how surely each word of the text of *line* was read."""
    words = line.text.split()
    if len(words) == len(line.words):
        return tuple(one.confidence for one in line.words)
    return (line.confidence,) * len(words)


def rewritten(line: WrittenLine, text: str) -> WrittenLine:
    """Return *line* with another *text*; its words keep their places where they are as many."""
    texts = text.split()
    same = len(texts) == len(line.words)
    words = tuple(
        replace(word, text=one) for word, one in zip(line.words, texts if same else (), strict=same)
    )
    return replace(line, text=text, words=words)


def _of_line(line: ToldLine) -> Iterator[tuple[str, str]]:
    """Yield what the whole *line* teaches: nothing where numbers are all that differs."""
    before, after = (_shape(one.split()) for one in (line.read, line.written))
    same_numbers = before.split().count(_NUMBER) == after.split().count(_NUMBER)
    if before != after and same_numbers and sum(map(str.isalpha, before)) >= _LETTERS:
        yield before, after


def _differing(read: str, written: str) -> Iterator[tuple[str, str]]:
    """Yield the words that were read as others."""
    before, after = read.split(), written.split()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == "replace" and end - start == last - first:
            for pair in zip(before[start:end], after[first:last], strict=True):
                one, other = (word.strip(_EDGES) for word in pair)
                if one != other and _is_word(other) and one:
                    yield one, other


def _shape(words: Sequence[str]) -> str:
    return " ".join(_NUMBER if _has_digit(one) else one for one in words)


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _is_word(core: str) -> bool:
    return (
        len(core) >= _SHORTEST and re.fullmatch(r"[^\W\d_]+(?:['&.-][^\W\d_]+)*", core) is not None
    )


def _cased(word: str, like: str) -> str:
    """Return *word* in capitals where *like* is; else as the household writes it."""
    return word.upper() if like.isupper() else word
