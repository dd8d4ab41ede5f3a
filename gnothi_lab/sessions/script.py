"""The format of written sessions; ``gnothi_lab/dialogues/README.md`` documents it for writers."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gnothi.core.errors import InputError

FAMILY = Path(__file__).parent.parent / "homes" / "family.json"
MONDAY = datetime.fromisoformat("2026-11-23T18:00:00+01:00")
PAUSE = "+10s"
UNITS: Mapping[str, str] = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
RINGS = ("timers", "alarms", "reminders")
STEP = frozenset({"say", "at", "device", "user", "confirm", "new_session", "restart", "expect"})
EXPECT = frozenset({"changes", "lists", *RINGS, "asks", "says_contains"})
KINDS = frozenset(
    "missing-value correction anaphora ellipsis digression cancellation two-requests confirmation "
    "question mixed".split()
)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ring:
    """Something that waits to ring."""

    at: datetime
    label: str = ""


@dataclass(frozen=True, slots=True)
class Expect:
    """What a step does."""

    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    rings: Mapping[str, tuple[Ring, ...]] = field(default_factory=dict[str, tuple[Ring, ...]])
    """By ``timers``, ``alarms`` and ``reminders``; kinds that are not named aren't judged."""
    asks: str | bool | None = None
    says: tuple[tuple[str, ...], ...] = ()
    """Each holds alternatives, one of which the reply must contain."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing said, or a restart of the household."""

    say: str
    at: datetime
    expect: Expect
    device: str | None = None
    user: str | None = None
    confirm: bool = False
    new_session: bool = False
    restart: bool = False
    """The power was cut before: the household is opened anew from what is on disk."""


@dataclass(frozen=True, slots=True)
class Script:
    """One written session."""

    name: str
    kind: str
    home: Json
    steps: tuple[Step, ...]


def read_scripts(path: Path) -> list[Script]:
    """Return the sessions in the file at *path*.

    Raises:
        InputError: a session does not keep the format; the message names it.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path.name} is no JSON: {error}") from error
    return [read_script(one) for one in written]


def read_script(written: Json) -> Script:
    """Return the session that the JSON object *written* describes."""
    name = str(written.get("name", "a session without a name"))
    try:
        return Script(
            name=name,
            kind=_kind(written),
            home=furnished(written.get("home", {})),
            steps=tuple(read_steps(written)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{name}: {error!r}") from error


def furnished(differences: Json) -> dict[str, Any]:
    """Return the family's home with *differences* in states, attributes and lists."""
    home = deepcopy(json.loads(FAMILY.read_text(encoding="utf-8")))
    things = {thing["id"]: thing for thing in [*home["devices"], *home["lists"]]}
    for identity, difference in differences.items():
        thing = things[identity]
        if "items" in difference:
            thing["items"] = [{"text": text, "done": False} for text in difference["items"]]
            continue
        thing["state"] = difference.get("state", thing["state"])
        thing["attributes"].update({k: v for k, v in difference.items() if k != "state"})
    return home


def moment(written: str, before: datetime) -> datetime:
    """Return the moment that *written* names: ``+5m`` after *before*, or a moment in ISO form."""
    if parts := re.fullmatch(r"\+(\d+(?:\.\d+)?)([smhd])", written):
        return before + timedelta(**{UNITS[parts[2]]: float(parts[1])})
    return datetime.fromisoformat(written)


def _kind(written: Json) -> str:
    kind = str(written["kind"])
    if kind not in KINDS:
        raise ValueError(f"kind '{kind}' is none of {', '.join(sorted(KINDS))}")
    return kind


def read_steps(written: Json) -> Iterator[Step]:
    """Yield the steps of the session *written*; moments, devices and speakers filled in."""
    now = datetime.fromisoformat(written["now"]) if "now" in written else MONDAY
    device, user = written.get("device"), written.get("user")
    for index, step in enumerate(written["steps"]):
        _check(step, STEP)
        now = moment(step.get("at", PAUSE), now) if index or "at" in step else now
        device, user = step.get("device", device), step.get("user", user)
        yield Step(
            say=str(step["say"]),
            at=now,
            expect=_expect(step.get("expect", {}), now),
            device=device,
            user=user,
            confirm=bool(step.get("confirm", False)),
            new_session=bool(step.get("new_session", False)),
            restart=bool(step.get("restart", False)),
        )


def _expect(written: Json, now: datetime) -> Expect:
    _check(written, EXPECT)
    expect = Expect(
        changes=written.get("changes", {}),
        lists={key: tuple(items) for key, items in written.get("lists", {}).items()},
        rings={key: tuple(_rings(written[key], now)) for key in RINGS if key in written},
        asks=written.get("asks"),
    )
    return replace(expect, says=tuple(_alternatives(written.get("says_contains", ()))))


def _rings(written: Sequence[Json], now: datetime) -> Iterator[Ring]:
    for ring in written:
        yield Ring(moment(ring["at"], now), str(ring.get("label", "")))


def _alternatives(written: Iterable[str | Sequence[str]]) -> Iterator[tuple[str, ...]]:
    for item in written:
        yield (item,) if isinstance(item, str) else tuple(item)


def _check(written: Json, known: frozenset[str]) -> None:
    if unknown := set(written) - known:
        raise ValueError(f"unknown {', '.join(sorted(unknown))}")
