"""From runs of words with a manner to sentences that are spoken one after the other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gnothi.core.speaking import Manner, Piece, Sentence, Speech
from gnothi.speech.speaking.pack import pack
from gnothi.speech.speaking.spoken import spoken

SENTENCE_S = 0.3
PARAGRAPH_S = 0.6
"""Seconds of silence after a sentence, and after a paragraph."""
_LONGEST_PAUSE = 10.0
_LONGEST = 300
"""Characters of a sentence; longer ones are cut where one may breathe."""
_END = re.compile(r"(?<=[.!?])['\")\]]*\s+(?=['\"(\[]?[^\W_a-z])|(?<=[。！？])\s*")  # noqa: RUF001 - Chinese marks
_DIRECTION = re.compile(r"\[([^\[\]]{1,40})\]")
_LONG, _SHORT = 80, 12
"""Characters of a first sentence that is parted, and of the first part at least."""
_MARKS = " ,.;:!?"
_BREATH = re.compile(r"(?<=[,;:])\s+")


@dataclass(frozen=True, slots=True)
class Run:
    """Words as they are written, said in one manner, and what follows them."""

    text: str
    manner: Manner
    phonemes: str = ""
    pause_s: float = 0.0
    """Silence that somebody asked for."""
    gap_s: float = 0.0
    """A sentence ends here, with so much silence before the next, if there is one."""
    is_spoken: bool = False
    """The words are already as they are heard."""


@dataclass(slots=True)
class _Composer:
    language: str
    sentences: list[Sentence] = field(default_factory=list[Sentence])
    pieces: list[Piece] = field(default_factory=list[Piece])
    gap: float = 0.0

    def add(self, run: Run) -> None:
        text = run.text.strip() if run.is_spoken else spoken(run.text, self.language)
        parts = [text] if run.is_spoken else _END.split(text)
        for at, part in enumerate(parts):
            self.say(part, run)
            if at < len(parts) - 1:
                self.end(SENTENCE_S)
        if run.pause_s:
            self.pause(run.pause_s)
        if run.gap_s or _is_end(parts[-1]):
            self.end(max(run.gap_s, SENTENCE_S))

    def say(self, text: str, run: Run) -> None:
        """Put *text* behind what was said; signs that it begins with belong to what was."""
        words = text.lstrip(_MARKS)
        marks = text[: len(text) - len(words)].strip()
        if marks and self.pieces:
            last = self.pieces[-1]
            self.pieces[-1] = replace(last, text=last.text + marks)
        if any(map(str.isalnum, words)) or run.phonemes:
            if not self.pieces and self.gap:
                self.pause(self.gap)
            self.gap = 0.0
            self.pieces.append(Piece(words, run.manner, run.phonemes))

    def pause(self, seconds: float) -> None:
        """Be silent after what was said last; what was said may be over already."""
        if self.pieces:
            self.pieces[-1] = _later(self.pieces[-1], seconds)
        elif self.sentences:
            *before, last = self.sentences[-1].pieces
            self.sentences[-1] = Sentence((*before, _later(last, seconds)))
        else:
            self.pieces.append(_later(Piece(""), seconds))

    def end(self, gap: float) -> None:
        if any(piece.text or piece.phonemes for piece in self.pieces):
            self.sentences.extend(_breathing(Sentence(tuple(self.pieces))))
            self.pieces = []
        if self.sentences and not self.pieces:
            self.gap = max(self.gap, gap)


def compose(runs: Sequence[Run], language: str) -> Speech:
    """Return what *runs* say, sentence by sentence, as it is heard."""
    composer = _Composer(language)
    for run in runs:
        for directed in _directed(run, language):
            composer.add(directed)
    composer.end(0.0)
    return Speech(tuple(composer.sentences), language)


def read_text(text: str, language: str = "en") -> Speech:
    """Return what is said of plain *text*: paragraphs, sentences and stage directions."""
    paragraphs = [one for one in re.split(r"\n\s*\n", text) if one.strip()]
    return compose([Run(one, Manner(), gap_s=PARAGRAPH_S) for one in paragraphs], language)


def changed(manner: Manner, changes: Mapping[str, Any]) -> Manner:
    """Return *manner* with *changes* on top: rates multiply, pitch and volume add up."""
    told = dict(changes)
    if "rate" in told:
        told["rate"] = min(max(manner.rate * float(told["rate"]), 0.25), 4.0)
    if "pitch" in told:
        told["pitch"] = min(max(manner.pitch + float(told["pitch"]), -12.0), 12.0)
    if "volume" in told:
        told["volume"] = min(max(manner.volume + float(told["volume"]), -60.0), 12.0)
    return replace(manner, **told)


def _directed(run: Run, language: str) -> Iterator[Run]:
    """Part *run* at its stage directions; one holds until the next, or to the end of the run."""
    known = pack(language).directions
    if run.is_spoken or not known:
        yield run
        return
    manner, start = run.manner, 0
    for found in _DIRECTION.finditer(run.text):
        direction = known.get(" ".join(found[1].lower().split()))
        if direction is None:
            continue
        yield Run(run.text[start : found.start()], manner, pause_s=direction.pause_s)
        start = found.end()
        if direction.changes or not direction.pause_s:
            manner = changed(run.manner, direction.changes)
    yield replace(run, text=run.text[start:], manner=manner)


def _later(piece: Piece, seconds: float) -> Piece:
    return replace(piece, pause_s=min(piece.pause_s + seconds, _LONGEST_PAUSE))


def _is_end(text: str) -> bool:
    return text.rstrip("'\") ")[-1:] in tuple(".!?。！？")  # noqa: RUF001 - Chinese marks


def _breathing(sentence: Sentence) -> Iterator[Sentence]:
    """Cut a *sentence* that is too long for one breath, at commas or, without any, anywhere."""
    if len(sentence.text) <= _LONGEST:
        yield sentence
        return
    pieces: list[Piece] = []
    size = 0
    for piece in sentence.pieces:
        parts = list(_shorter(piece.text)) or [""]
        for at, part in enumerate(parts):
            if pieces and size + len(part) > _LONGEST:
                yield Sentence(tuple(pieces))
                pieces, size = [], 0
            pause = piece.pause_s if at == len(parts) - 1 else 0.0
            if at and pieces:
                pieces[-1] = replace(pieces[-1], text=f"{pieces[-1].text} {part}", pause_s=pause)
            else:
                pieces.append(replace(piece, text=part, pause_s=pause))
            size += len(part) + 1
    yield Sentence(tuple(pieces))


def _shorter(text: str) -> Iterator[str]:
    for clause in _BREATH.split(text):
        words, size = list[str](), 0
        for word in clause.split():
            for part in (word[at : at + _LONGEST] for at in range(0, len(word), _LONGEST)):
                if words and size + len(part) > _LONGEST // 2:
                    yield " ".join(words)
                    words, size = [], 0
                words.append(part)
                size += len(part) + 1
        if words:
            yield " ".join(words)


def sooner(speech: Speech) -> Speech:
    """Return *speech* with a long first sentence parted after its first clause.

    Voices that make a sentence as a whole are heard sooner then.
    """
    if not speech.sentences or len(speech.sentences[0].text) <= _LONG:
        return speech
    first, *rest = speech.sentences
    piece, *others = first.pieces
    for found in _BREATH.finditer(piece.text):
        if found.start() >= _SHORT:
            begun = replace(piece, text=piece.text[: found.start()], pause_s=0.1)
            later = replace(piece, text=piece.text[found.end() :])
            parted = (Sentence((begun,)), Sentence((later, *others)))
            return replace(speech, sentences=(*parted, *rest))
    return speech


def said_so_far(written: str, language: str = "en") -> tuple[str, str]:
    """Part a text that is still *written* into its whole sentences and the rest.

    A sentence is whole when the next one has begun: "3." may go on with "5 kilometres".
    """
    words = pack(language)
    end = 0
    for found in _END.finditer(written):
        last = written[: found.start()].rsplit(maxsplit=1)[-1:]
        if not last or last[0] not in words.abbreviations or last[0] in words.closing:
            end = found.end()
    return written[:end], written[end:]
