"""Makes the log that the notebook reads: a table of logged decisions, as a product keeps it.

A made-up service asks one or two questions before it offers something; whom it asks what is
partly left to chance, and how probably is logged. Another policy is being considered: it asks
those who hesitate more often; a second one, hasty, hardly asks at all.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ACTIONS = ["ask", "suggest", "offer"]


def write_decision_log(path: Path | str, *, sessions: int = 2400, seed: int = 0) -> Path:
    """Write a log of some thousand decisions to *path*, and return it."""
    rng = np.random.default_rng(seed)
    rows = [
        {"session": number, "user": number // 3, **row}
        for number in range(sessions)
        for row in _session(rng)
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    return Path(path)


def _session(rng: np.random.Generator) -> list[dict[str, object]]:
    """Return the decisions of one session: until something is taken, or patience ends."""
    hesitates, known = rng.random() < 0.4, 0.0
    rows: list[dict[str, object]] = []
    for turn in range(4):
        logged = _probabilities([1.0, 1.0, 1.0])
        wish = [max(2.0 - known, 0.3), 0.8, 0.6 + known] if hesitates else [0.6, 1.2, 1.2 + known]
        choice = int(rng.choice(3, p=logged))
        likes = [0.0, 0.15, 0.25][choice] + (0.2 * known if choice else 0.0)
        likes -= 0.1 * hesitates * (choice == 1)
        taken = bool(rng.random() < likes)
        rows.append(
            {
                "turn": turn,
                "shown": ACTIONS[choice],
                "probability": logged[choice],
                "bought": int(taken),
                "options": ACTIONS,
                "hesitates": hesitates,
                "answers": known,
                "candidate": _probabilities(wish),
                "hasty": _probabilities([0.01, 0.01, 10.0]),
            }
        )
        known += choice == 0
        if taken or rng.random() < 0.15 + 0.1 * (choice == 2):
            break
    return rows


def _probabilities(scores: list[float]) -> list[float]:
    total = sum(scores)
    return [score / total for score in scores]
