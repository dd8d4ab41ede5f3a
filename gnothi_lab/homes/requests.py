"""Requests to thirty-seven homes, as published, and which homes are kept apart.

Source: allenporter/home-assistant-datasets, Apache-2.0 (``llm/ha_device_actions``). The texts
were written by language models for one labelled device each: fluent, easy, without errors of
speech. Their device names repeat across rooms, which makes a good part of them ambiguous.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path("llm") / "ha_device_actions"


@dataclass(frozen=True, slots=True)
class Request:
    """One sentence with its label."""

    home: str
    device: str
    device_type: str
    area: str
    action: str
    text: str

    @property
    def key(self) -> str:
        """A stable id, so that states drawn for this request are always the same."""
        told = "\x1f".join((self.home, self.device, self.area, self.action, self.text))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def kept_apart(name: str) -> bool:
    """Return whether a home (or a template, or a phrase) called *name* is for testing only.

    The rule was fixed before any training: first byte of the sha256 divisible by five.
    """
    return hashlib.sha256(name.encode()).digest()[0] % 5 == 0


def read_requests(data: Path) -> list[Request]:
    """Return all requests in the published order, without repetitions."""
    rows = (Request(**row) for row in _rows(data / FOLDER / "device_actions_v2.jsonl.gz"))
    return list(dict.fromkeys(rows))


def read_overviews(data: Path) -> dict[str, str]:
    """Return one overview a home, for those that have any: the first by context id.

    All overviews of a home list the same devices; only states differ, and the converter draws
    its own. The home's name is the prefix of a task's id.
    """
    texts = {
        row["context_id"]: row["overview"] for row in _rows(data / FOLDER / "contexts.jsonl.gz")
    }
    names = sorted({request.home for request in read_requests(data)}, key=len, reverse=True)
    found: dict[str, str] = {}
    for trace in _rows(data / FOLDER / "gemini15flash_traces.jsonl.gz"):
        home = _home_of(trace["task_id"], names)
        found[home] = min(found.get(home, trace["context_id"]), trace["context_id"])
    return {home: texts[context] for home, context in sorted(found.items())}


def _home_of(task: str, names: list[str]) -> str:
    """Return the longest home name that begins *task* (``home2-us`` also begins ``home2-us-1``)."""
    return next(name for name in names if task.startswith(name.replace("-", "_") + "_"))


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
