"""A home's own sentences: which there are, and machines' voices that say them.

They stand in where nobody reads aloud. What hears machines well need not hear people well: whoever
uses these recordings says so.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np

from gnothi.core.errors import GnothiError, ProviderError
from gnothi.core.hearing import RATE, Hints, Pattern, Samples
from gnothi.core.speaking import Piece, Sentence, Speech
from gnothi.speech.audio import read_file
from gnothi.speech.measuring import Recording
from gnothi.speech.resample import Resampler
from gnothi.speech.speaking import espeak

Voice = Callable[[str], Samples]
"""Says a sentence."""

_FEWEST_WORDS = 4
_EDGE_S, _ROOM = 0.3, 0.0007
"""Room tone before and after: what is digitally silent there is not in any room."""
_FLITE = ("slt", "rms", "awb")
_ESPEAK = ("en-us", "en-gb")
_PATIENCE_S = 20


def sentences(hints: Hints, count: int, rng: Random) -> tuple[str, ...]:
    """Return *count* sentences that people say in this home, with its names; fewer if it has fewer.

    Every way to say something is taken once before any is taken again.
    """
    patterns = sorted(set(hints.patterns), key=lambda one: one.parts)
    rng.shuffle(patterns)
    found: dict[str, None] = {}
    for pattern in patterns * 2:
        text = _filled(pattern, hints, rng)
        if len(found) < count and len(text.split()) >= _FEWEST_WORDS:
            found[text] = None
    return tuple(found)


def voices() -> dict[str, Voice]:
    """Return the machines' voices that are installed here, by name."""
    found: dict[str, Voice] = {}
    if flite := shutil.which("flite"):
        found |= {f"flite {voice}": _flite(flite, voice) for voice in _FLITE}
    if not espeak.lacks():
        found |= {f"espeak-ng {voice}": _espeak(voice) for voice in _ESPEAK}
    return found


def recite(
    texts: Sequence[str], said_by: Sequence[Voice], rng: np.random.Generator
) -> Iterator[Recording]:
    """Yield *texts* said by the voices in turn, in a quiet room.

    Raises:
        ProviderError: a voice failed.
    """
    for number, text in enumerate(texts):
        sound = said_by[number % len(said_by)](text)
        edge = np.zeros(int(_EDGE_S * RATE), np.float32)
        whole = np.concatenate([edge, sound, edge])
        room = rng.normal(0, _ROOM, len(whole)).astype(np.float32)
        yield Recording(text, np.clip(whole + room, -1, 1))


def _filled(pattern: Pattern, hints: Hints, rng: Random) -> str:
    """Return one sentence of *pattern*, each name of the home in it chosen at random."""
    parts: list[str] = []
    for texts in pattern.parts:
        text = rng.choice(texts)
        names = [one.text for one in hints.names if f"[{one.kind}]" == text.strip()]
        if text.strip().startswith("[") and not names:
            return ""
        parts.append(f" {rng.choice(names)} " if names else text)
    return " ".join("".join(parts).split())


def _flite(program: str, voice: str) -> Voice:
    def say(text: str) -> Samples:
        with tempfile.TemporaryDirectory() as place:
            file = Path(place) / "said.wav"
            command = [program, "-voice", voice, "-t", text, str(file)]
            try:
                subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE_S)  # noqa: S603 - our own arguments
                return np.concatenate(list(read_file(file)))
            except (subprocess.SubprocessError, OSError, GnothiError, ValueError) as error:
                raise ProviderError(f"flite can't say '{text}' as {voice}: {error}") from error

    return say


def _espeak(voice: str) -> Voice:
    def say(text: str) -> Samples:
        speaker = espeak.EspeakSpeaker(voice)
        blocks = list(speaker.speak(Speech((Sentence((Piece(text),)),))))
        sound = np.concatenate([*blocks, np.zeros(0, np.float32)])
        return Resampler(speaker.rate).take(sound, is_last=True)

    return say
