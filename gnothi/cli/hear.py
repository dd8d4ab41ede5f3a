"""``gnothi hear``: what is said in a recording, and what the assistant answers."""

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

if TYPE_CHECKING:
    from gnothi.core.hearing import Hints, Samples
    from gnothi.serve.trial import Trial
    from gnothi.speech.audio import Raw
    from gnothi.speech.ear import Ear, Utterance
    from gnothi.speech.voice import Patience

_MANY = 10
"""Hypotheses that --json tells."""


@click.command()
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each utterance.")
@click.option("--backend", help="The recogniser; gnothi speech lists them.")
@click.option("--home", type=click.Path(path_type=Path), help="A home file; else the starter home.")
@click.option("--raw", type=int, metavar="RATE", help="Samples without a header: 16 bits, mono.")
@click.option("--dictation", is_flag=True, help="Expect anything rather than commands.")
@click.option(
    "--patience",
    type=click.Choice(["statement", "question", "on-request"]),
    help="For whom to wait: who may say something, who was asked, or who asked for time.",
)
@click.option(
    "--pause",
    type=click.FloatRange(0.05, 30),
    metavar="SECONDS",
    help="End after any silence so long; else what was said, and how, tells whether it is over.",
)
@click.option("--ask", is_flag=True, help="Answer what was said, as gnothi ask does.")
def hear(
    file: str,
    *,
    as_json: bool,
    backend: str | None,
    home: Path | None,
    raw: int | None,
    dictation: bool,
    patience: str | None,
    pause: float | None,
    ask: bool,
) -> None:
    """Recognise what is said in FILE, or in the sound that comes through standard input (-).

    WAV, FLAC, Ogg Vorbis, Ogg Opus and MP3, of any rate; sound is read in pieces, so that a
    recording may be long and a microphone may be piped in:

    arecord -q -f S16_LE -r 16000 | gnothi hear - --ask
    """
    patient = _patience(patience or ("on-request" if dictation else "statement"), pause)
    ear = _ear(backend, home, patient, is_dictation=dictation, is_judged=pause is None)
    trial = _trial() if ask else None
    shown = Console(stderr=True)
    is_silent = True
    for utterance in _utterances(ear, _blocks(file, raw), None if as_json else shown):
        is_silent = False
        _tell(utterance, trial, home, as_json=as_json)
    for complaint in ear.meter.complaints():
        shown.print(complaint, style="yellow", highlight=False)
    if is_silent:
        shown.print(f"Nobody speaks in {ear.meter.seconds:.1f} s of sound.", highlight=False)


def _ear(
    backend: str | None,
    home: Path | None,
    patience: "Patience",
    *,
    is_dictation: bool,
    is_judged: bool,
) -> "Ear":
    from gnothi.core.settings import Settings
    from gnothi.serve.household import open_skills, open_understander
    from gnothi.serve.wholeness import Wholeness
    from gnothi.speech.backends import open_recogniser
    from gnothi.speech.ear import Ear
    from gnothi.speech.endpoint.shipped import end_pointer
    from gnothi.speech.voice import VoiceDetector

    recogniser, judge = open_recogniser(backend), None
    if is_judged:
        settings = Settings.from_environment()
        whole = Wholeness(open_understander(settings), open_skills(settings))
        judge = end_pointer(recogniser, whole)
    return Ear(
        recogniser,
        VoiceDetector(),
        hints_for(home, is_dictation=is_dictation),
        patience=patience,
        end_pointer=judge,
    )


def _patience(kind: str, pause_s: float | None) -> "Patience":
    from dataclasses import replace

    from gnothi.speech.voice import ON_REQUEST, QUESTION, STATEMENT

    found = {"statement": STATEMENT, "question": QUESTION, "on-request": ON_REQUEST}[kind]
    return found if pause_s is None else replace(found, pause_s=pause_s)


def hints_for(home: Path | None, *, is_dictation: bool) -> "Hints":
    """Return what is known of what is said in a *home*, the starter home if there is none.

    What was learned in this installation counts.
    """
    from dataclasses import replace

    from gnothi.core.clock import SystemClock
    from gnothi.core.hearing import Expected
    from gnothi.core.settings import Settings
    from gnothi.home.house import House
    from gnothi.serve.hearing import hints
    from gnothi.serve.household import open_registry, open_skills
    from gnothi.serve.listening.rehearing import LiveUsage
    from gnothi.serve.trial import open_home

    house = House(open_home(str(home) if home else None), clock=SystemClock())
    settings = Settings.from_environment()
    expected = Expected.DICTATION if is_dictation else Expected.REQUEST
    told = hints(house, open_skills(settings), expected)
    return replace(told, usage=LiveUsage(open_registry(settings)).now())


def _trial() -> "Trial":
    from gnothi.serve.trial import Trial

    return Trial()


def _blocks(file: str, rate: int | None) -> "Iterator[Samples]":
    from gnothi.speech.audio import Raw, checked, read_file, read_pipe

    raw = None if rate is None else Raw(rate)
    if file == "-":
        return read_pipe(sys.stdin.buffer, raw)
    path = Path(file)
    if raw is None:
        return read_file(path)
    return _closing(checked(path).open("rb"), raw)


def _closing(file: BinaryIO, raw: "Raw") -> "Iterator[Samples]":
    from gnothi.speech.audio import read_pipe

    with file:
        yield from read_pipe(file, raw)


def _utterances(
    ear: "Ear", blocks: "Iterable[Samples]", console: Console | None
) -> "Iterator[Utterance]":
    """Yield utterances; what was heard so far is shown on a terminal meanwhile."""
    from gnothi.speech.ear import Listening, Utterance

    if console is None or not console.is_terminal:
        yield from (one for one in ear.hear(blocks) if isinstance(one, Utterance))
        return
    with Live(console=console, transient=True, auto_refresh=False) as live:
        for one in ear.hear(blocks):
            if isinstance(one, Utterance):
                live.update("", refresh=True)
                yield one
            elif isinstance(one, Listening):
                live.update(Text(f"{one.partial.text} …", style="dim"), refresh=True)


def _tell(
    utterance: "Utterance", trial: "Trial | None", home: Path | None, *, as_json: bool
) -> None:
    best = utterance.hypotheses[0].text if utterance.hypotheses else ""
    reply = _reply(trial, utterance, home) if trial and best else None
    if as_json:
        told = {**_object(utterance), **({"answer": reply} if reply else {})}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    time = f"{utterance.begin_s:7.2f} "
    click.echo(f"{time} {best or '(somebody speaks, but nobody can make it out)'}")
    if reply:
        click.echo(f"{' ' * len(time)} → {reply['reply']}")


def _object(utterance: "Utterance") -> dict[str, object]:
    return {
        "begin_s": round(utterance.begin_s, 3),
        "end_s": round(utterance.end_s, 3),
        "decided_s": round(utterance.decided_s, 3),
        "ending": utterance.ending.value,
        "broke_off": utterance.broke_off,
        "text": utterance.hypotheses[0].text if utterance.hypotheses else "",
        "hypotheses": [
            {
                "text": one.text,
                "score": round(one.score, 3),
                "words": [
                    {
                        "text": word.text,
                        "begin_s": round(utterance.begin_s + word.begin_s, 3),
                        "end_s": round(utterance.begin_s + word.end_s, 3),
                        "confidence": round(word.confidence, 3),
                    }
                    for word in one.words
                ],
            }
            for one in utterance.hypotheses[:_MANY]
        ],
    }


def _reply(trial: "Trial", utterance: "Utterance", home: Path | None) -> Mapping[str, object]:
    from gnothi.core.understanding import Heard
    from gnothi.serve.answer import answer_json

    seconds = utterance.end_s - utterance.begin_s
    heard = Heard("", seconds, utterance.ending.value, broke_off=utterance.broke_off)
    text = utterance.hypotheses[0].text
    answer = trial.answer(text, home=str(home) if home else None, heard=heard)
    return answer_json(asyncio.run(answer))
