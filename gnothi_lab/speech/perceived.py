"""What rules of others look at in a pause: how loud it is, and what smart-turn makes of it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import RATE
from gnothi.speech.voice import BLOCK, BLOCK_S, VoiceDetector
from gnothi_lab.peers.smart_turn import SmartTurn
from gnothi_train.endpoint.cases import Case, Pause

Floats = NDArray[np.float32]

STOPS_S = (0.2, 0.4)
"""Silences after which smart-turn is asked: Pipecat's own, and a more patient one."""
_CONFIDENCE = 0.7
"""Pipecat's threshold of Silero's network."""
_EARLIEST_S = -0.25
_HOP = RATE // 100
_FLOOR = 10
"""Percentile of loudness that is the room's."""


@dataclass(frozen=True, slots=True)
class Perceived:
    """A pause of a recording, as others see it."""

    clip: str
    pause: Pause
    at_s: Floats
    loudness: Floats
    """Decibels above the floor."""
    turn: tuple[tuple[float, float], ...]


def perceive(
    case: Case, detector: VoiceDetector, smart_turn: SmartTurn | None
) -> Iterator[Perceived]:
    """Yield what others perceive in each pause of *case*."""
    samples = case.samples
    windows = np.lib.stride_tricks.sliding_window_view(samples, 2 * _HOP)[::_HOP]
    loudness = 10 * np.log10((windows**2).mean(1) + 1e-10)
    above = (loudness - np.percentile(loudness, _FLOOR)).astype(np.float32)
    at_s = ((np.arange(len(above)) + 2) / 100).astype(np.float32)
    chances = np.array(detector.open().accept(samples), np.float32)
    previous_s = 0.0
    for pause in case.pauses:
        end_s = len(samples) / RATE if pause.goes_on_s is None else pause.at_s + pause.goes_on_s
        begin_s = max(pause.at_s + _EARLIEST_S, previous_s)
        inside = (at_s >= begin_s) & (at_s < end_s)
        turn: list[tuple[float, float]] = []
        for stop_s in STOPS_S if smart_turn else ():
            when = _silent(chances, begin_s, end_s, stop_s)
            if smart_turn and when is not None:
                told = smart_turn.probability(samples[: int(when * RATE)])
                turn.append((when - pause.at_s, told))
        yield Perceived(case.name, pause, at_s[inside] - pause.at_s, above[inside], tuple(turn))
        previous_s = end_s


def _silent(chances: Floats, begin_s: float, end_s: float, stop_s: float) -> float | None:
    """Return when Silero has found silence for *stop_s*."""
    needed, run = round(stop_s / BLOCK_S), 0
    first, last = int(begin_s / BLOCK_S), int(end_s / BLOCK_S)
    for at in range(first, min(last, len(chances))):
        run = run + 1 if chances[at] < _CONFIDENCE else 0
        if run >= needed:
            return (at + 1) * BLOCK / RATE
    return None


def key(*told: object) -> str:
    """Return a name for what this code and the cases' code perceive."""
    from gnothi_train.endpoint import cases

    found = hashlib.sha256(repr(told).encode())
    for file in (__file__, cases.__file__):
        found.update(Path(str(file)).read_bytes())
    return found.hexdigest()[:16]


def write(perceived: Sequence[Perceived], path: Path) -> None:
    """Keep what was *perceived* in the file at *path*."""
    rows = [
        {"clip": p.clip, "pause": asdict(p.pause), "frames": len(p.at_s), "turn": p.turn}
        for p in perceived
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        rows=np.array(json.dumps(rows)),
        at_s=np.concatenate([p.at_s for p in perceived]),
        loudness=np.concatenate([p.loudness for p in perceived]),
    )


def read(path: Path) -> Iterator[Perceived]:
    """Yield what is kept in the file at *path*."""
    with np.load(path, allow_pickle=False) as kept:
        rows, at_s, loudness = json.loads(str(kept["rows"])), kept["at_s"], kept["loudness"]
    begin = 0
    for row in rows:
        part = slice(begin, begin := begin + row["frames"])
        turn = tuple((float(when), float(told)) for when, told in row["turn"])
        yield Perceived(row["clip"], Pause(**row["pause"]), at_s[part], loudness[part], turn)
