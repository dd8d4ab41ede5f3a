"""CMU pocketsphinx with a language model made of a home's names and of what its skills hear.

The acoustic model and the dictionary come with the package (16 kHz, American English), so that it
hears without a download. Names of devices, areas, lists and people are classes in the language
model: a name is one word of its own (``kitchen_light@device``) with the pronunciation of its
words, and a home with other names needs another list, not another model. Dictation uses the
general model of the package.
"""

import math
import re
import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np

from gnothi.core.errors import InputError, MissingExtraError
from gnothi.core.hearing import (
    NO_HINTS,
    RATE,
    Expected,
    Hints,
    Hypothesis,
    Partial,
    Samples,
    Word,
    require_sound,
)
from gnothi.speech.ngrams import Gram
from gnothi.speech.pronounce import Letters, Phones, Pronunciations
from gnothi.speech.resample import to_pcm16
from gnothi.speech.wording import LanguageModel, Wording

EXTRA = "pocketsphinx"
_BLOCK = RATE // 10
_FRAMES = 100
"""Frames a second."""
_KEPT = 4
"""Language models that stay ready; a home needs two or three."""
_BEST = 10
_TRIED = 200
"""The decoder's list repeats itself; after so many it has nothing new to say."""
_TWICE_S = 8.0
"""Commands that are shorter are decoded once more as a whole, when their loudness is known
throughout; for longer ones, and for dictation, people would wait seconds."""
_VARIANT = re.compile(r"\(\d+\)$")


def dictionary_file() -> Path:
    """Return where the package keeps its dictionary.

    Raises:
        MissingExtraError: it is not installed.
    """
    return Path(_package().get_model_path("en-us/cmudict-en-us.dict"))


def read_dictionary(path: Path) -> dict[str, tuple[Phones, ...]]:
    """Return the words in the dictionary at *path* and ways to say them."""
    ways: defaultdict[str, list[Phones]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *phones = line.split()
        ways[_VARIANT.sub("", word)].append(tuple(phones))
    return {word: tuple(found) for word, found in ways.items()}


class Sphinx:
    """Recognises English; any number of streams at once, each with a decoder of its own."""

    name = "pocketsphinx"
    reads_usage = True

    def __init__(
        self,
        wording: Callable[[], Wording],
        letters: Callable[[], Letters],
        *,
        twice: bool = True,
    ) -> None:
        """Hear what *wording* expects; *letters* read names that the dictionary lacks.

        With *twice*, short utterances are decoded again when they are over.
        """
        self._wording = wording
        self._letters = letters
        self._twice = twice
        self._lock = threading.Lock()
        self._searches: OrderedDict[Hints, Search] = OrderedDict()
        self._sounds: Pronunciations | None = None

    def open(self, hints: Hints = NO_HINTS) -> "SphinxStream":
        """Begin to listen; the first time with new hints takes a second."""
        if hints.language.split("-")[0] != "en":
            raise InputError(f"pocketsphinx knows only English, not '{hints.language}'.")
        with self._lock:
            search = self._searches.get(hints) or self._prepared(hints)
            self._searches[hints] = search
            self._searches.move_to_end(hints)
            while len(self._searches) > _KEPT:
                self._searches.popitem(last=False)
        is_command = hints.expected is not Expected.DICTATION
        return SphinxStream(search, twice=self._twice and is_command)

    def _prepared(self, hints: Hints) -> "Search":
        package = _package()
        if hints.expected is Expected.DICTATION:
            return Search(lambda: package.Decoder(loglevel="FATAL"))
        if self._sounds is None:
            words = read_dictionary(dictionary_file())
            self._sounds = Pronunciations(words, self._letters())
        files = _Files(self._wording().model(hints), self._sounds)
        return Search(lambda: files.decoder(package), files)


@dataclass(slots=True)
class Search:
    """Decoders for one language model: idle ones are used again."""

    make: Callable[[], Any]
    files: "_Files | None" = None
    _idle: list[tuple[Any, str]] = field(default_factory=list[tuple[Any, str]])

    def take(self) -> tuple[Any, str]:
        """Return a decoder and the level of sound that it was trained with."""
        try:
            decoder, level = self._idle.pop()
        except IndexError:
            decoder = self.make()
            level = str(decoder.get_cmn(False))
        decoder.set_cmn(level)
        return decoder, level

    def give_back(self, decoder: Any, level: str) -> None:  # noqa: ANN401 - untyped
        """Let others use *decoder*."""
        self._idle.append((decoder, level))


class _Files:
    """What pocketsphinx reads of a language model, in a folder that goes away with it."""

    def __init__(self, model: LanguageModel, sounds: Pronunciations) -> None:
        """Write *model*; words without any pronunciation can't be heard and are left out."""
        self._folder = folder = Path(tempfile.mkdtemp(prefix="gnothi-hearing-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        classes = {
            kind: {_token(name, kind): share for name, share in names.items()}
            for kind, names in model.classes.items()
        }
        lines = [line for word in sorted(model.ngrams.symbols) for line in _plain(word, sounds)]
        lines += [
            line
            for kind, names in model.classes.items()
            for name in sorted(names)
            for line in _variants(_token(name, kind), _named(name, sounds))
        ]
        heard = {line.split(" ", 1)[0] for line in lines}
        self._write("words.dict", [*lines])
        self._write("names.class", _class_lines(classes, heard))
        model.ngrams.write_arpa(folder / "home.arpa")
        kinds = " ".join(classes)
        self._write(
            "home.lmctl",
            [f"{{ {folder / 'names.class'} }}", f"{folder / 'home.arpa'} home {{ {kinds} }}"],
        )
        self._paths = folder / "words.dict", folder / "home.lmctl"

    def decoder(self, package: Any) -> Any:  # noqa: ANN401 - untyped
        """Return a new decoder."""
        words, control = map(str, self._paths)
        acoustics = package.get_model_path("en-us/en-us")
        return package.Decoder(
            hmm=acoustics, dict=words, lmctl=control, lmname="home", loglevel="FATAL"
        )

    def _write(self, name: str, lines: Sequence[str]) -> None:
        text = "\n".join(lines) + "\n"
        (self._folder / name).write_text(text, encoding="ascii")


class SphinxStream:
    """One utterance."""

    def __init__(self, search: Search, *, twice: bool) -> None:
        """Begin to listen with a decoder of *search*."""
        self._search = search
        self._twice = twice
        self._decoder, self._level = search.take()
        self._waiting = np.zeros(0, np.float32)
        self._partial = Partial("")
        self._heard: list[bytes] = []
        self._samples = 0
        self._done = self._closed = False
        self._decoder.start_utt()

    def accept(self, samples: Samples) -> Partial:
        """Take in *samples*."""
        self._open()
        self._waiting = np.concatenate([self._waiting, require_sound(samples)])
        whole = len(self._waiting) // _BLOCK * _BLOCK
        for at in range(0, whole, _BLOCK):
            self._decode(self._waiting[at : at + _BLOCK])
        self._waiting = self._waiting[whole:]
        if whole:
            told = self._decoder.hyp()
            self._partial = Partial(_text(told.hypstr) if told else "")
        return self._partial

    def finish(self) -> Sequence[Hypothesis]:
        """Return what was said."""
        self._open()
        if len(self._waiting):
            self._decode(self._waiting)
        self._decoder.end_utt()
        self._done = True
        if not self._samples:
            return ()
        if self._twice and self._samples <= _TWICE_S * RATE:
            self._decoder.start_utt()
            self._decoder.process_raw(b"".join(self._heard), full_utt=True)
            self._decoder.end_utt()
        return _hypotheses(self._decoder, self._samples / RATE)

    def close(self) -> None:
        """Let the decoder go."""
        if self._closed:
            return
        self._closed = True
        if not self._done:
            self._decoder.end_utt()
            self._done = True
        self._search.give_back(self._decoder, self._level)

    def _decode(self, samples: Samples) -> None:
        sound = to_pcm16(samples)
        self._samples += len(samples)
        if self._twice and self._samples <= _TWICE_S * RATE:
            self._heard.append(sound)
        elif self._heard:
            self._heard.clear()
        self._decoder.process_raw(sound)

    def _open(self) -> None:
        if self._done or self._closed:
            raise InputError("This stream is finished: open another one.")


def _hypotheses(decoder: Any, seconds: float) -> Sequence[Hypothesis]:  # noqa: ANN401 - untyped
    best = decoder.hyp()
    text = _text(best.hypstr) if best else ""
    if not text:
        return ()
    scores: dict[str, float] = {}
    for one in islice(_nbest(decoder), _TRIED):
        if other := _text(one.hypstr):
            score = math.log(max(float(one.score), 1e-300))
            scores[other] = max(score, scores.get(other, score))
        if len(scores) > _BEST:
            break
    first = max([*scores.values(), math.log(max(float(best.best_score), 1e-300))])
    words = tuple(word for one in decoder.seg() for word in _words(one, seconds))
    others = sorted(((s, t) for t, s in scores.items() if t != text), reverse=True)
    return (
        Hypothesis(text, first, words),
        *(Hypothesis(other, score) for score, other in others[: _BEST - 1]),
    )


def _nbest(decoder: Any) -> Iterator[Any]:  # noqa: ANN401 - untyped
    try:
        # Where the lattice is broken, the package yields nothing at all for a hypothesis.
        yield from (one for one in cast("Iterator[Any]", decoder.nbest()) if one is not None)
    except RuntimeError:
        return


def _words(segment: Any, seconds: float) -> Iterator[Word]:  # noqa: ANN401 - untyped
    """Yield the words in a *segment*: a name is several, which share its time by their length."""
    parts = _text(segment.word).split()
    begin = segment.start_frame / _FRAMES
    length = min(seconds, (segment.end_frame + 1) / _FRAMES) - begin
    letters, done = sum(map(len, parts)), 0
    sure = min(1.0, max(0.0, float(segment.prob)))
    for part in parts:
        start = begin + length * done / letters
        done += len(part)
        yield Word(part, start, begin + length * done / letters, sure)


def _text(told: str) -> str:
    """Return what people read of the decoder's words: no silences, variants or classes."""
    words = (_VARIANT.sub("", word) for word in told.split())
    kept = (word.partition("@")[0].replace("_", " ") for word in words if word[0] not in "<[+")
    return " ".join(kept)


def _token(name: Gram, kind: str) -> str:
    return f"{'_'.join(name)}@{kind.strip('[]')}"


def _plain(word: str, sounds: Pronunciations) -> Iterator[str]:
    return _variants(word, sounds.of(word) if word[0] != "[" else ())


def _variants(token: str, ways: Sequence[Phones]) -> Iterator[str]:
    for number, phones in enumerate(ways, 1):
        yield f"{token}{f'({number})' if number > 1 else ''} {' '.join(phones)}"


def _named(name: Gram, sounds: Pronunciations) -> Sequence[Phones]:
    """Return ways to say a name: the usual way of each word, and others of one word at a time."""
    ways = [sounds.of(word) for word in name]
    if not all(ways):
        return ()
    usual = [way[0] for way in ways]
    found = [usual]
    for at, way in enumerate(ways):
        found += [[*usual[:at], other, *usual[at + 1 :]] for other in way[1:]]
    return [tuple(phone for word in one for phone in word) for one in found[:6]]


def _class_lines(classes: Mapping[str, Mapping[str, float]], heard: set[str]) -> list[str]:
    lines: list[str] = []
    for kind, names in classes.items():
        told = {token: share for token, share in names.items() if token in heard}
        total = sum(told.values())
        lines.append(f"LMCLASS {kind}")
        lines += [f"{token} {share / total:.8f}" for token, share in sorted(told.items())]
        lines.append(f"END {kind}")
    return lines


def _package() -> Any:  # noqa: ANN401 - untyped
    try:
        import pocketsphinx  # pyright: ignore[reportMissingTypeStubs] - it has none
    except ModuleNotFoundError as error:
        raise MissingExtraError(EXTRA, "Recognising speech with pocketsphinx") from error
    return pocketsphinx
