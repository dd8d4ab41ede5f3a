"""``gnothi say``: speaks, into the room or into a file."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from gnothi.core.errors import InputError

if TYPE_CHECKING:
    from gnothi.core.speaking import Block, Speaker
    from gnothi.serve.voice import HouseVoice

_PLAYERS = (
    ("pw-cat", "--playback", "--rate={rate}", "--channels=1", "--format=s16", "-"),
    ("paplay", "--raw", "--rate={rate}", "--channels=1", "--format=s16le"),
    ("aplay", "-q", "-t", "raw", "-f", "S16_LE", "-r", "{rate}", "-c", "1"),
    ("play", "-q", "-t", "raw", "-e", "signed", "-b", "16", "-r", "{rate}", "-c", "1", "-"),
)
"""Programs that play samples from standard input, the first that is there."""
_KINDS = {".wav": "WAV", ".flac": "FLAC", ".ogg": "OGG", ".mp3": "MP3"}
_ENDLESS = 0x7FFFFFFF


@click.command()
@click.argument("text", required=False)
@click.option("--out", help="A file (.wav, .flac, .ogg or .mp3), or - for WAV to a pipe.")
@click.option("--speaker", help="Who speaks; gnothi speech lists them. Else GNOTHI_SPEAKER.")
@click.option("--voice", help="With which voice. Else GNOTHI_VOICE.")
@click.option("--speed", type=click.FloatRange(0.5, 2.0), help="Times as fast as usual.")
@click.option("--language", default="en", show_default=True, help="The language of TEXT.")
@click.option("--voices", is_flag=True, help="List the voices instead.")
@click.option("--json", "as_json", is_flag=True, help="Tell in JSON what was said, and how fast.")
def say(
    text: str | None,
    *,
    out: str | None,
    speaker: str | None,
    voice: str | None,
    speed: float | None,
    language: str,
    voices: bool,
    as_json: bool,
) -> None:
    """Say TEXT, or what comes through standard input.

    TEXT may be SSML (<speak>…</speak>), and may have directions: "[softly] Good night."
    """
    house = _house(speaker, voice, speed)
    found = _required(house)
    if voices:
        _list(found, as_json=as_json)
        return
    told = sys.stdin.read() if text is None or text == "-" else text
    if not told.strip():
        raise InputError('There is nothing to say: gnothi say "Good morning."')
    watch = _Watch(house.say(told, language=language))
    try:
        _deliver(watch, found.rate, out)
    finally:
        watch.close()
    if as_json:
        click.echo(json.dumps(watch.told(found)), err=out == "-")
    elif not watch.samples:
        click.echo("There is nothing in it that can be said.", err=True)


def _house(speaker: str | None, voice: str | None, speed: float | None) -> "HouseVoice":
    from dataclasses import replace

    from gnothi.core.settings import Settings
    from gnothi.serve.voice import HouseVoice

    settings = Settings.from_environment()
    # A voice belongs to its speaker: who names another one starts from its usual voice.
    kept = settings.voice if speaker in (None, settings.speaker) else ""
    return HouseVoice(
        replace(
            settings,
            speaker=speaker or settings.speaker,
            voice=voice or kept,
            speed=speed or settings.speed,
        )
    )


def _required(house: "HouseVoice") -> "Speaker":
    if house.speaker is None:
        raise InputError(house.lacks or "GNOTHI_SPEAKER is none: nobody shall speak here.")
    return house.speaker


def _list(speaker: "Speaker", *, as_json: bool) -> None:
    for one in speaker.voices():
        if as_json:
            click.echo(json.dumps({"name": one.name, "language": one.language, "about": one.about}))
        else:
            click.echo(f"{one.name:24} {one.language:10} {one.about}")


class _Watch:
    """Hands blocks on, and sees when they came."""

    def __init__(self, speaking: Any) -> None:  # noqa: ANN401 - a Speaking, imported lazily
        self._speaking = speaking
        self._began = time.perf_counter()
        self.samples = 0
        self.first_ms = self.all_ms = 0.0

    def __iter__(self) -> "Iterator[Block]":
        for block in self._speaking:
            if not self.samples:
                self.first_ms = self._since()
            self.samples += len(block)
            self.all_ms = self._since()
            yield block

    def close(self) -> None:
        self._speaking.close()

    def told(self, speaker: "Speaker") -> dict[str, object]:
        return {
            "speaker": speaker.name,
            "rate": speaker.rate,
            "seconds": round(self.samples / speaker.rate, 3),
            "first_ms": round(self.first_ms, 1),
            "all_ms": round(self.all_ms, 1),
            "abilities": sorted(speaker.abilities),
        }

    def _since(self) -> float:
        return 1000 * (time.perf_counter() - self._began)


def _deliver(blocks: "Iterable[Block]", rate: int, out: str | None) -> None:
    if out is None:
        _play(blocks, rate)
    elif out == "-":
        _pipe(blocks, rate, sys.stdout.buffer)
    else:
        _write(blocks, rate, Path(out))


def _play(blocks: "Iterable[Block]", rate: int) -> None:
    from gnothi.speech.resample import to_pcm16

    found = next((one for one in _PLAYERS if shutil.which(one[0])), None)
    if found is None:
        names = ", ".join(one[0] for one in _PLAYERS)
        raise InputError(
            f"No program that plays sound is here ({names}): write a file with --out FILE."
        )
    command = [part.format(rate=rate) for part in found]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - one of the players above
    pipe = cast("BinaryIO", process.stdin)
    try:
        with suppress(BrokenPipeError):
            for block in blocks:
                pipe.write(to_pcm16(block))
                pipe.flush()
        with suppress(BrokenPipeError):
            pipe.close()
    except BaseException:
        process.kill()
        raise
    finally:
        process.stdin = None  # it is closed, and would be flushed once more
        error = process.communicate()[1].decode(errors="replace").strip()
    if process.returncode:
        raise InputError(f"{found[0]} can't play: {error[:200]}. Write a file with --out FILE.")


def _pipe(blocks: "Iterable[Block]", rate: int, pipe: BinaryIO) -> None:
    """Write a WAV that has no end yet, as microphones do."""
    import struct

    from gnothi.speech.resample import to_pcm16

    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    pipe.write(struct.pack("<4sI4s", b"RIFF", _ENDLESS, b"WAVE") + form)
    pipe.write(struct.pack("<4sI", b"data", _ENDLESS))
    for block in blocks:
        pipe.write(to_pcm16(block))
        pipe.flush()


def _write(blocks: "Iterable[Block]", rate: int, path: Path) -> None:
    import soundfile  # pyright: ignore[reportMissingTypeStubs] - it has none

    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise InputError(f"{path.name}: name a file that ends with {', '.join(_KINDS)}.")
    if not path.parent.is_dir():
        raise InputError(f"{path} can't be written: there is no folder {path.parent}.")
    try:
        file: Any = soundfile.SoundFile(path, "w", rate, 1, format=kind)
    except (OSError, RuntimeError) as error:
        raise InputError(f"{path} can't be written: {error}") from error
    with file:
        for block in blocks:
            file.write(block)
