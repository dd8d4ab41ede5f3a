"""Written sessions with corrections, ellipsis, digressions …, judged by the final state."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from gnothi.core.errors import InputError
from gnothi_lab.progress import sampled, watched
from gnothi_lab.result import Result
from gnothi_lab.sessions.play import play
from gnothi_lab.sessions.script import Script, read_scripts
from gnothi_lab.sessions.verdict import Verdict, judge
from gnothi_lab.statistics import rate, wilson

FOLDER = Path(__file__).parent.parent / "dialogues"
UNSEEN = "unseen"
"""Files whose name begins so were locked away until the dialogue code was finished."""

Judged = tuple[Script, Verdict]


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Play all sessions; those locked away are the headline."""
    del data
    seen, _ = read_halves()
    files = locked_files()
    if not files:
        raise InputError("There are no sessions in gnothi_lab/dialogues/unseen*.json.")
    open_half = play_all(sampled(seen, quick=quick), seed=seed, label="seen")
    by_file = {
        name: play_all(sampled(scripts, quick=quick), seed=seed, label=name)
        for name, scripts in files.items()
    }
    locked = [judged for file in by_file.values() for judged in file]
    hits = [verdict.right for _, verdict in locked]
    return Result(
        name="dialogues",
        figures={
            "right_unseen": rate(hits),
            "right_throughout_unseen": rate([v.right_throughout for _, v in locked]),
            **{f"right_{name}": rate([v.right for _, v in file]) for name, file in by_file.items()},
            "right_seen": rate([v.right for _, v in open_half]),
            "sessions_unseen": len(locked),
            "sessions_seen": len(open_half),
        },
        intervals={"right_unseen": wilson(hits)},
        baselines={"doing nothing": {"right_unseen": 0.0, "final_state_only": _silence(locked)}},
        notes=[
            "Judged by final state; where doing nothing would pass, every step must be right.",
            f"Wrong by kind: {_kinds(locked) or 'none'}.",
        ],
    )


def read_halves() -> tuple[list[Script], list[Script]]:
    """Return the open sessions and those that were locked away."""
    halves: dict[bool, list[Script]] = {True: [], False: []}
    for path in sorted(FOLDER.glob("*.json")):
        halves[path.name.startswith(UNSEEN)] += read_scripts(path)
    return halves[False], halves[True]


def locked_files() -> dict[str, list[Script]]:
    """Return the sessions that were locked away, by file: each has an author of its own."""
    paths = sorted(FOLDER.glob(f"{UNSEEN}*.json"))
    names = {path: path.stem if path.stem != UNSEEN else f"{UNSEEN}_first" for path in paths}
    return {names[path]: read_scripts(path) for path in paths}


def play_all(scripts: Sequence[Script], *, seed: int, label: str) -> list[Judged]:
    """Return every session with its verdict."""
    return [
        (script, judge(asyncio.run(play(script, seed=seed)))) for script in watched(scripts, label)
    ]


def _silence(judged: Sequence[Judged]) -> float:
    return rate([verdict.silent for _, verdict in judged])


def _kinds(judged: Sequence[Judged]) -> str:
    wrong = Counter(script.kind for script, verdict in judged if not verdict.right)
    return ", ".join(f"{kind}: {count}" for kind, count in wrong.most_common())
