"""The journal's export of simulated turns, and the truth beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import numpy as np

from gnothi.journal.parquet import COLUMNS
from gnothi_lab.worlds.households.parameters import Intent, Parameters
from gnothi_lab.worlds.households.reacting import SILENCE, Turn
from gnothi_lab.worlds.households.understanding import Interpretation

ARTIFACT, REWRITES = "language/understand", "language/rewrites"
_ASKING = "needs_confirmation"
_DAY = 86_400
_DONE_REPLY = "Okay."
_OOS_REPLY = "Sorry, I did not get that."
_COLUMN_KINDS = {
    "position": "int32",
    "score": "float32",
    "out_of_scope": "bool",
}
_REQUIRED = {"id", "session", "position", "at", "text", "out_of_scope"}
TRUTH = (
    "id",
    "meant",
    "right",
    "right_without_rewrite",
    "doable",
    "rephrases",
    "attacker",
    "staged",
    "control",
    "cause",
)
"""Columns of the truth; README.md says what they hold."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Which table of rewrites was live, and how probable it was for a turn to meet it."""

    version: str | None
    holdout: float


@dataclass(frozen=True, slots=True)
class Tables:
    """A week as tables; rows of both in order of arrival."""

    log: Any
    truth: Any


class Writer:
    """Writes turns as the journal exports them."""

    def __init__(self, parameters: Parameters, seed: int) -> None:
        """Prepare what every week shares."""
        self._parameters, self._seed = parameters, seed
        self._clock = [
            f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in range(_DAY)
        ]
        self._first = datetime.fromisoformat(parameters.first_day).replace(tzinfo=UTC)

    def tables(self, turns: list[Turn], week: int, serving: Serving) -> Tables:
        """Return *turns* of *week* as tables."""
        turns.sort(key=lambda turn: (turn.at, turn.person.number))
        start = self._first + timedelta(weeks=week)
        at = np.array([turn.at for turn in turns], dtype=np.float64)
        people = np.array([turn.person.number for turn in turns], dtype=np.int64)
        moments = int(start.timestamp()) * 1_000_000 + (at * 1e6).astype(np.int64)
        ids = _ids(moments, people, self._seed)
        sessions = _Sessions.of(people, at, self._parameters.reacting.session_gap)
        silent = sessions.pause > self._parameters.reacting.silence_after
        _be_silent(turns, silent, self._parameters.reacting.silence_after)
        log = self._log(turns, start, moments, ids, sessions, serving)
        return Tables(log, _truth(turns, ids))

    def _log(
        self,
        turns: Sequence[Turn],
        start: datetime,
        moments: np.ndarray,
        ids: list[str],
        sessions: "_Sessions",
        serving: Serving,
    ) -> Any:  # noqa: ANN401 - a table of an untyped library
        pa = import_module("pyarrow")
        telling = _Telling()
        readings = [telling.reading(turn) for turn in turns]
        answers = [telling.answer(turn) for turn in turns]
        versions = _versions(turns, serving)
        days = [(start + timedelta(days=day)).date().isoformat() for day in range(9)]
        columns: dict[str, Any] = {
            "id": ids,
            "session": [ids[first] for first in sessions.first],
            "position": sessions.position,
            "at": moments,
            "person": [turn.person.id if turn.known else None for turn in turns],
            "device": [f"speaker.{t.device.replace(' ', '_')}.{t.person.home.id}" for t in turns],
            "language": ["en"] * len(turns),
            "text": [turn.heard for turn in turns],
            "understood": [turn.used if turn.used != turn.heard else None for turn in turns],
            "out_of_scope": [
                turn.found.intent is None and not turn.found.control for turn in turns
            ],
            "expects": ["confirmation" if told[0] == _ASKING else None for told in answers],
            "signals": [_signals(turn, days, self._clock) for turn in turns],
        }
        columns |= _split(("domain", "intent", "score", "slots", "requests"), readings)
        columns |= _split(("status", "actions", "reply"), answers)
        columns |= _split(("artifacts", "propensities"), versions)
        schema = log_schema()
        arrays = [pa.array(columns[name], schema.field(name).type) for name in COLUMNS]
        return pa.Table.from_arrays(arrays, schema=schema)


def log_schema() -> Any:  # noqa: ANN401 - a schema of an untyped library
    """Return the schema of the journal's export."""
    pa = import_module("pyarrow")
    kinds = {name: pa.type_for_alias(kind) for name, kind in _COLUMN_KINDS.items()}
    kinds["at"] = pa.timestamp("us", tz="UTC")
    return pa.schema(
        [
            pa.field(name, kinds.get(name, pa.string()), nullable=name not in _REQUIRED)
            for name in COLUMNS
        ]
    )


@dataclass(frozen=True, slots=True)
class _Sessions:
    """Which turns belong together: those of one person without a long pause."""

    first: list[int]
    """Row of each turn's session's first turn."""
    position: np.ndarray
    pause: np.ndarray
    """Seconds until the person speaks again."""

    @classmethod
    def of(cls, people: np.ndarray, at: np.ndarray, gap: float) -> "_Sessions":
        order = np.lexsort((np.arange(at.size), at, people))
        moved = np.diff(people[order]) != 0
        pauses = np.where(moved, np.inf, np.diff(at[order]))
        begins = np.concatenate(([True], pauses > gap))[: at.size]
        places = np.arange(at.size)
        began = np.maximum.accumulate(np.where(begins, places, 0)) if at.size else places
        first, position = np.empty(at.size, np.int64), np.empty(at.size, np.int32)
        pause = np.empty(at.size)
        first[order] = order[began]
        position[order] = places - began
        pause[order] = np.append(pauses, np.inf)[: at.size]
        return cls(first.tolist(), position, pause)


class _Telling:
    """JSON of interpretations and actions; the same one is written once."""

    def __init__(self) -> None:
        self._readings: dict[Interpretation, tuple[object, ...]] = {}
        self._answers: dict[tuple[Interpretation, bool, bool, str], tuple[object, ...]] = {}

    def reading(self, turn: Turn) -> tuple[object, ...]:
        """Return domain, intent, score, slots and requests."""
        told = self._readings.get(turn.found)
        if told is None:
            told = self._readings[turn.found] = _reading(turn.found)
        return told

    def answer(self, turn: Turn) -> tuple[object, ...]:
        """Return status, actions and reply."""
        about = turn.confirms.found if turn.confirms else turn.found
        status = _status(turn)
        place = about, turn.done, bool(turn.confirms), status or ""
        told = self._answers.get(place)
        if told is None:
            told = self._answers[place] = _answer(about, status)
        return told


def _reading(found: Interpretation) -> tuple[object, ...]:
    name = _control_name(found) if found.control else None
    if found.intent is None and name is None:
        return None, None, None, "[]", "[]"
    domain, intent = name or (found.intent.domain, found.intent.intent)  # type: ignore[union-attr]
    slots = [dict(zip(("name", "value", "start", "end"), s, strict=True)) for s in found.spans]
    other = found.alternative
    request = {
        "domain": domain,
        "intent": intent,
        "score": found.score,
        "slots": slots,
        "alternatives": [
            {"intent": other[0].intent, "score": round(other[1], 4), "domain": other[0].domain}
        ] if other else [],
        "start": found.start,
        "end": len(found.text),
    }  # fmt: skip
    return domain, intent, found.score, _json(slots), _json([request])


def _control_name(found: Interpretation) -> tuple[str, str] | None:
    """Return domain and intent of a control word that is a request of its own."""
    parts = found.key.split("|")
    return (parts[0], parts[1]) if len(parts) > 1 else None


def _status(turn: Turn) -> str | None:
    if turn.confirms:
        return "done"
    if turn.found.intent is None:
        return "done" if turn.found.control and turn.found.control.call else None
    if not turn.done:
        return "failed"
    return _ASKING if turn.found.intent.risk == "guarded" else "done"


def _answer(found: Interpretation, status: str | None) -> tuple[object, ...]:
    intent = found.intent
    if intent:
        reply = _reply(found, intent, status)
        return (
            status,
            _action(intent.call, _arguments(found, intent), status, intent.risk, reply),
            reply,
        )
    if found.control and found.control.call:
        return status, _action(found.control.call, {}, status, "free", _DONE_REPLY), _DONE_REPLY
    return status, "[]", _DONE_REPLY if found.control else _OOS_REPLY


def _action(
    call: str, arguments: Mapping[str, object], status: str | None, risk: str, message: str
) -> str:
    skill, _, api = call.partition(".")
    made = {"skill": skill, "api": api, "arguments": arguments}
    return _json([{"call": made, "status": status, "risk": risk, "message": message}])


def _arguments(found: Interpretation, intent: Intent) -> Mapping[str, object]:
    if found.song:
        return {"title": found.song.title, "artist": found.song.artist}
    told = {span.name: span.value for span in found.spans}
    return told | (
        {"operation": intent.intent.removeprefix("iot_")} if "iot" in intent.intent else {}
    )


def _reply(found: Interpretation, intent: Intent, status: str | None) -> str:
    if status == "failed":
        missing = found.missing or (found.needs[0][1] if found.needs else "that")
        return f"I can't find {missing}."
    if status == _ASKING:
        return "Are you sure?"
    if found.song:
        return f"Playing {found.song.value}."
    if intent.plays:
        return f"Playing {found.spans[0].value}."
    return _DONE_REPLY if intent.risk != "free" else "Here you are."


def _versions(turns: Sequence[Turn], serving: Serving) -> list[tuple[str, str]]:
    """Return artifacts and propensities: a table takes part whether it finds something or not."""
    plain = _json({ARTIFACT: "1"}), _json({ARTIFACT: 1.0})
    if serving.version is None:
        return [plain] * len(turns)
    served = (
        _json({ARTIFACT: "1", REWRITES: serving.version}),
        _json({ARTIFACT: 1.0, REWRITES: 1.0 - serving.holdout}),
    )
    held = plain[0], _json({ARTIFACT: 1.0, REWRITES: serving.holdout})
    return [held if turn.held else served for turn in turns]


def _be_silent(turns: Sequence[Turn], silent: np.ndarray, after: float) -> None:
    """Note where nobody said anything for a while; music is not silence."""
    for place in np.flatnonzero(silent).tolist():
        turn = turns[place]
        if not (turn.done and turn.found.intent and turn.found.intent.plays):
            turn.signals.append((SILENCE, turn.at + after))


def _signals(turn: Turn, days: Sequence[str], clock: Sequence[str]) -> str:
    if not turn.signals:
        return "[]"
    turn.signals.sort(key=_time)
    rows = [
        f'{{"name":"{name}","at":"{days[int(at) // _DAY]}T{clock[int(at) % _DAY]}+00:00",'
        '"value":1.0,"detail":{}}'
        for name, at in turn.signals
    ]
    return f"[{','.join(rows)}]"


def _time(signal: tuple[str, float]) -> float:
    return signal[1]


def _truth(turns: Sequence[Turn], ids: list[str]) -> Any:  # noqa: ANN401
    pa = import_module("pyarrow")
    place = {id(turn): row for row, turn in enumerate(turns)}
    columns = (
        ids,
        [turn.meant for turn in turns],
        [turn.right for turn in turns],
        [turn.right_alone for turn in turns],
        [turn.doable for turn in turns],
        [ids[place[id(turn.rephrases)]] if turn.rephrases else None for turn in turns],
        [turn.person.attacker for turn in turns],
        [turn.staged for turn in turns],
        [turn.control for turn in turns],
        [turn.cause for turn in turns],
    )
    kinds = (pa.string(),) * 2 + (pa.bool_(),) * 3 + (pa.string(),) + (pa.bool_(),) * 3
    arrays = [
        pa.array(column, kind) for column, kind in zip(columns, (*kinds, pa.string()), strict=True)
    ]
    return pa.Table.from_arrays(arrays, names=list(TRUTH))


def _ids(moments: np.ndarray, people: np.ndarray, seed: int) -> list[str]:
    """Return UUIDs of version 7: 48 bits of milliseconds, then chance drawn from who and when."""
    with np.errstate(over="ignore"):
        bits = moments.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        bits ^= people.astype(np.uint64) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(seed)
        left, right = _stir(bits), _stir(bits ^ np.uint64(0x5851F42D4C957F2D))
    high = (moments // 1000).astype(np.uint64) << np.uint64(16)
    high |= np.uint64(0x7000) | (left & np.uint64(0x0FFF))
    low = (right & np.uint64((1 << 62) - 1)) | np.uint64(1 << 63)
    whole = np.stack([high, low], axis=1).astype(">u8").tobytes().hex()
    return [whole[start : start + 32] for start in range(0, len(whole), 32)]


def _stir(bits: np.ndarray) -> np.ndarray:
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def _split(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> dict[str, Any]:
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return dict(zip(names, map(list, columns), strict=True))


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
