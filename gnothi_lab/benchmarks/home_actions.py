"""Requests to homes never seen in training: the right devices, the right state, nothing else.

How cases are made, and what is fair: ``docs/decisions/0004-home-actions.md``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gnothi.core.errors import InputError
from gnothi_lab.homes.build import build_home
from gnothi_lab.homes.cases import Case, Dropped, convert
from gnothi_lab.homes.fixture import questions_of_home_assistant
from gnothi_lab.homes.questions import Question, ask_homes
from gnothi_lab.homes.reference import Reference
from gnothi_lab.homes.requests import kept_apart, read_overviews, read_requests
from gnothi_lab.judging import problems
from gnothi_lab.progress import sampled, watched
from gnothi_lab.result import Result
from gnothi_lab.statistics import cluster_bootstrap, rate, wilson
from gnothi_lab.subjects import Gnothi, Hassil, Keywords, Subject, area_of, states

PUBLISHED = {
    "gemini-2.5-pro": 0.913,
    "local model, 8 billion parameters": 0.828,
    "local model, 1.7 billion": 0.359,
}
SOURCE = "Home Assistant's 'assist' set (related, not the same sentences), home-assistant-datasets"


@dataclass(frozen=True, slots=True)
class Judged:
    """One case and what a system did wrong in it."""

    case: Case
    problems: tuple[str, ...]
    changes: Mapping[str, Mapping[str, Any]]

    @property
    def right(self) -> bool:
        """Whether nothing was wrong."""
        return not self.problems


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure ours, the keyword rules and hassil on the kept-apart homes."""
    if data is None:
        raise InputError("This benchmark needs GNOTHI_DATA, a folder with the public data sets.")
    cases, dropped = read_cases(data)
    asked = list(read_questions(data))
    cases, asked = sampled(cases, quick=quick, size=120), sampled(asked, quick=quick)
    ours = Gnothi(seed)
    judged = judge(ours, cases, "ours")
    moved = unwanted(ours, asked)
    ours.close()
    figures = {**_figures(judged), "unwanted_changes": rate(moved), **_sizes(cases, asked, dropped)}
    return Result(
        name="home-actions",
        figures=figures,
        intervals=_intervals(judged, moved, np.random.default_rng(seed)),
        baselines={"keyword rules": _measured(Keywords(), cases, asked)},
        peers={
            "hassil": _measured(Hassil(), cases, asked),
            "hassil, always told the room": _measured(_Told(Hassil(), cases), cases, asked),
        },
        published={name: {"right": share, "source": SOURCE} for name, share in PUBLISHED.items()},
        notes=_notes(judged),
    )


def read_cases(data: Path, *, test: bool = True) -> tuple[list[Case], list[Dropped]]:
    """Return cases of the kept-apart homes (or of all others), and what was dropped."""
    requests = [r for r in read_requests(data) if kept_apart(r.home) is test]
    made = list(convert(requests, read_overviews(data)))
    cases = [case for case in made if isinstance(case, Case)]
    return cases, [case for case in made if isinstance(case, Dropped)]


def read_questions(data: Path, *, test: bool = True) -> Iterable[Question]:
    """Return the kept-apart questions to kept-apart homes and to Home Assistant's test home.

    Without *test*, all others to all other homes: what may be looked at during development.
    """
    requests = [r for r in read_requests(data) if kept_apart(r.home) is test]
    overviews = read_overviews(data)
    names = list(dict.fromkeys(request.home for request in requests))
    homes = [
        build_home(name, [r for r in requests if r.home == name], overviews.get(name))
        for name in names
    ]
    yield from ask_homes(data, homes, test=test)
    yield from questions_of_home_assistant(data, test=test)


def judge(subject: Subject, cases: Sequence[Case], label: str) -> list[Judged]:
    """Return what *subject* does in every case."""
    judged: list[Judged] = []
    for case in watched(cases, label):
        changes = subject.changes(case.request.text, case.home, case.hears)
        wrong = problems(case.expected, changes, states(case.home))
        judged.append(Judged(case, tuple(wrong), changes))
    return judged


def unwanted(subject: Subject, asked: Sequence[Question]) -> list[bool]:
    """Return for every question whether *subject* changed something."""
    return [bool(subject.changes(question.text, question.home, None)) for question in asked]


class _Told:
    """A system that is always told the room of the labelled device, clear or not."""

    def __init__(self, subject: Subject, cases: Sequence[Case]) -> None:
        self._subject = subject
        self._rooms = {id(case.home): _satellite(case) for case in cases}

    def changes(self, text: str, home: Mapping[str, Any], hears: str | None) -> Mapping[str, Any]:
        return self._subject.changes(text, home, hears or self._rooms.get(id(home)))


def _satellite(case: Case) -> str:
    area = area_of(case.home, next(iter(case.expected)))
    return next(
        device["id"]
        for device in case.home["devices"]
        if device["domain"] == "assist_satellite" and device["area"] == area
    )


def _measured(
    subject: Subject, cases: Sequence[Case], asked: Sequence[Question]
) -> dict[str, float]:
    label = type(subject).__name__.strip("_").casefold()
    figures = _figures(judge(subject, cases, label))
    return {**figures, "unwanted_changes": rate(unwanted(subject, asked))}


def _figures(judged: Sequence[Judged]) -> dict[str, float]:
    clear = [one.right for one in judged if one.case.reference is Reference.CLEAR]
    ambiguous = [one.right for one in judged if one.case.reference is not Reference.CLEAR]
    return {
        "right": rate([one.right for one in judged]),
        "right_clear": rate(clear),
        "right_ambiguous": rate(ambiguous),
    }


def _sizes(
    cases: Sequence[Case], asked: Sequence[Question], dropped: Sequence[Dropped]
) -> dict[str, float]:
    ambiguous = sum(case.reference is not Reference.CLEAR for case in cases)
    return {
        "requests": len(cases),
        "ambiguous": ambiguous,
        "dropped": len(dropped),
        "questions": len(asked),
    }


def _intervals(
    judged: Sequence[Judged], moved: list[bool], rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    homes = [one.case.request.home for one in judged]
    return {
        "right": cluster_bootstrap([one.right for one in judged], homes, rng),
        "unwanted_changes": wilson(moved),
    }


def _notes(judged: Sequence[Judged]) -> list[str]:
    """Return which kinds of request fail, so that the figure can be worked on."""
    wrong = Counter(
        f"{one.case.request.action} ({one.case.request.device_type})"
        for one in judged
        if not one.right
    )
    told = ", ".join(f"{kind}: {count}" for kind, count in wrong.most_common(8))
    return [
        "Whole homes kept apart by hash; the interval of `right` draws homes, not requests.",
        "Whoever wrote rules and converter had read the sentences: a strong baseline.",
        f"Wrong by kind: {told or 'none'}.",
    ]
