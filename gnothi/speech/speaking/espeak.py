"""espeak-ng: small, robotic, quick, and in over a hundred languages; it works at once.

It is a program of its own, asked once for each sentence. Starting it costs 20 ms; in exchange, a
barge-in kills it whatever it is doing, what crashes it does not crash us, and its licence (GPL)
ends where its process does. Where the program is not installed, the package ``espeakng-loader``
brings its library, which :mod:`gnothi.speech.speaking.espeak_library` drives in its own process.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from io import BufferedReader
from pathlib import Path
from typing import cast
from xml.sax.saxutils import escape

import numpy as np

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.speaking import Ability, Block, Emphasis, Piece, Speech, Voice
from gnothi.speech.speaking.loudness import levelling
from gnothi.speech.speaking.stream import Halt, Span, Stream

RATE = 22_050
_LIBRARY = Path(__file__).with_name("espeak_library.py")
_WORDS_A_MINUTE = 175
_LOUDNESS = 70
"""Of 200: strong emphasis stays below full scale."""
_PER_SEMITONE = 5.9
"""How its pitch (0 to 99, usually 50) goes with semitones: measured on en-us, 0.17 for one step."""
_HEADER, _SHORTEST = 44, 1024
_SLOWEST, _FASTEST = 80, 450
_PATIENCE_S = 20.0
_PLAIN = ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp")
_CALIBRATION = "The quick brown fox jumps over the lazy dog."


def lacks() -> str:
    """Say in a sentence what is missing; empty when it can speak."""
    if _command() is not None:
        return ""
    return (
        "The program espeak-ng is not installed: apt-get install espeak-ng, or "
        "pip install 'gnothi[espeak]'"
    )


class EspeakSpeaker:
    """Speaks with espeak-ng."""

    name = "espeak-ng"
    rate = RATE
    abilities = frozenset(
        {
            Ability.RATE,
            Ability.PITCH,
            Ability.VOLUME,
            Ability.PAUSE,
            Ability.EMPHASIS,
            Ability.WHISPER,
        }
    )

    def __init__(self, voice: str | None = None, *, speed: float = 1.0) -> None:
        """Speak with *voice* where nobody chooses another, *speed* times as fast as usual.

        Raises:
            InputError: it is not installed, or has no such voice.
        """
        if problem := lacks():
            raise InputError(problem)
        self._speed = speed
        self._voices = _voices()
        self._usual = self._named(voice or _PLAIN[0])

    def voices(self) -> Sequence[Voice]:
        """Return its voices, the usual one first, then English."""
        return sorted(
            self._voices,
            key=lambda one: (one.name != self._usual, not one.language.startswith("en"), one.name),
        )

    def speak(self, speech: Speech, *, voice: str | None = None) -> Stream:
        """Begin to say *speech*."""
        return Stream(
            speech, EspeakVoice(self._named(voice) if voice else self._usual, self._speed)
        )

    def _named(self, voice: str) -> str:
        """Return the name by which espeak-ng knows *voice*; ``en-us+f3`` is a variant of en-us.

        Raises:
            InputError: it has no such voice.
        """
        plain, _, variant = voice.partition("+")
        names = {one.name for one in self._voices}
        if plain.lower() not in names or (variant and variant not in _variants()):
            raise InputError(f"espeak-ng has no voice '{voice}'. gnothi say --voices lists them.")
        return f"{plain.lower()}+{variant}" if variant else plain.lower()


class EspeakVoice:
    """One voice of espeak-ng."""

    rate = RATE

    def __init__(self, name: str, speed: float) -> None:
        """Speak as *name*."""
        self._name = name
        self._speed = speed

    @property
    def gain(self) -> float:
        """What makes it as loud as others: measured once, on a known sentence."""
        return _gain(self._name)

    def joins(self, before: Piece, after: Piece) -> bool:
        """Whether one process says both: a whisper is another voice, and loudness is set later."""
        one, other = before.manner, after.manner
        return (one.volume, one.is_whispered) == (other.volume, other.is_whispered)

    def sound(self, span: Span, halt: Halt) -> Iterator[Block]:
        """Yield the sound of *span* as the program makes it."""
        name = self._name
        if span.pieces[0].manner.is_whispered:
            name = f"{name.partition('+')[0]}+whisper"
        speed = round(min(max(_WORDS_A_MINUTE * self._speed, _SLOWEST), _FASTEST))
        options = ["-v", name, "-s", str(speed), "-a", str(_LOUDNESS), "-m", "-b", "1"]
        yield from _spoken(options, _markup(span.pieces), halt)


def phonemes(text: str, voice: str) -> list[str]:
    """Return the phonemes of *text* in IPA, one clause an entry, as *voice* pronounces it.

    Raises:
        ProviderError: the program failed.
    """
    command = _required()
    try:
        done = subprocess.run(  # noqa: S603 - the program that was found, and options of our own
            [*command, "-q", "--ipa", "-b", "1", "-v", voice, "--stdin"],
            input=text.encode(),
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProviderError("espeak-ng does not say how words are pronounced.") from error
    if done.returncode:
        raise ProviderError(f"espeak-ng failed: {done.stderr.decode(errors='replace')[:200]}")
    lines = done.stdout.decode("utf-8", errors="replace").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _spoken(options: Sequence[str], text: str, halt: Halt) -> Iterator[Block]:
    """Yield what the program writes; it is killed when *halt* is called."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the program that was found, and options of our own
            [*_required(), "--stdout", *options, "--stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise ProviderError(f"espeak-ng can't be started: {error.strerror}") from error
    with process, halt.ending(process.kill):
        assert process.stdin is not None
        written = cast("BufferedReader", process.stdout)
        is_whole = False
        try:
            # A sentence fits into the pipe, so that this does not wait for the program.
            process.stdin.write(text.encode())
            process.stdin.close()
            written.read(_HEADER)
            rest = b""
            while piece := written.read1(8 * _SHORTEST):
                whole = rest + piece
                even = len(whole) // 2 * 2
                rest = whole[even:]
                yield np.frombuffer(whole[:even], "<i2").astype(np.float32) / np.float32(32768)
            is_whole = True
        except BrokenPipeError:
            is_whole = True
        finally:
            if not is_whole:
                process.kill()
        code = process.wait()
    if code and not halt.is_called:
        raise ProviderError(f"espeak-ng ended early, with code {code}.")


def _markup(pieces: Sequence[Piece]) -> str:
    """Return *pieces* as the SSML that espeak-ng knows."""
    return f"<speak>{' '.join(map(_marked, pieces))}</speak>"


def _marked(piece: Piece) -> str:
    # Two brackets would begin phonemes.
    text = escape(piece.text.replace("[", " ").replace("]", " "))
    manner = piece.manner
    if manner.emphasis is not Emphasis.NONE:
        text = f'<emphasis level="{manner.emphasis}">{text}</emphasis>'
    told: list[str] = []
    if manner.rate != 1:
        told.append(f'rate="{100 * manner.rate:.0f}%"')
    if manner.pitch:
        told.append(f'pitch="{min(max(2 * _PER_SEMITONE * manner.pitch, -100), 98):+.0f}%"')
    return f"<prosody {' '.join(told)}>{text}</prosody>" if told else text


@cache
def _gain(name: str) -> float:
    span = Span((Piece(_CALIBRATION),), "en")
    sound = list(EspeakVoice(name, 1.0).sound(span, Halt()))
    return levelling(np.concatenate(sound), RATE) if sound else 1.0


def _required() -> tuple[str, ...]:
    command = _command()
    if command is None:
        raise ProviderError(lacks())
    return command


def _command() -> tuple[str, ...] | None:
    """Return what starts the program; not kept, as people install it meanwhile."""
    if program := shutil.which("espeak-ng"):
        return (program,)
    if find_spec("espeakng_loader") is None:
        return None
    loader = import_module("espeakng_loader")
    places: list[str] = [loader.get_library_path(), loader.get_data_path()]
    return (sys.executable, "-I", str(_LIBRARY), *places)


@cache
def _voices() -> tuple[Voice, ...]:
    """Return its voices but those of MBROLA, which need more programs.

    Raises:
        ProviderError: it does not tell them.
    """
    found = dict[str, Voice]()
    for columns in _listed("--voices"):
        if len(columns) >= 5 and not columns[4].startswith("mb/"):
            language = columns[1]
            found.setdefault(language, Voice(language, language, columns[3].replace("_", " ")))
    return tuple(found.values())


@cache
def _variants() -> frozenset[str]:
    """Return what may stand behind the plus of a voice.

    Raises:
        ProviderError: it does not tell them.
    """
    files = (columns[-1] for columns in _listed("--voices=variant"))
    return frozenset(file.removeprefix("!v/") for file in files if file.startswith("!v/"))


def _listed(option: str) -> list[list[str]]:
    try:
        told = subprocess.run(  # noqa: S603 - the program that was found
            [*_required(), option], capture_output=True, timeout=_PATIENCE_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ProviderError("espeak-ng does not tell its voices.") from error
    lines = told.stdout.decode(errors="replace").splitlines()[1:]
    return [columns for line in lines if (columns := line.split())]
