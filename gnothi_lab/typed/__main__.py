"""Play the typed sessions to a household and compare with what was recorded and labelled.

``python -m gnothi_lab.typed`` lists turns that are answered otherwise than when they were labelled;
``--write`` records them all anew, the labels of unchanged turns kept. A turn without a label has
``null``, to be filled in by hand after reading the answer.
"""

import asyncio
import json
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import click

from gnothi.core.clock import FixedClock
from gnothi.core.settings import Settings
from gnothi.core.understanding import Utterance
from gnothi.serve.household import HOME_FILE, Household
from gnothi.serve.witness import Witness
from gnothi_lab.sessions.play import OFFLINE
from gnothi_lab.sessions.script import furnished
from gnothi_lab.typed import TURNS, Script, moments, read_scripts

KEPT = (
    *("session", "position", "at", "text", "understood", "domain", "intent", "score", "slots"),
    *("out_of_scope", "status", "actions", "reply", "expects", "signals"),
)
"""Columns of the journal that are kept."""
FOLDER = "household"
"""Stands for where the household happened to lie."""


@click.command()
@click.option("--write", is_flag=True, help="Record anew; changed turns lack a label.")
@click.option("--seed", default=0, show_default=True, help="Of the household's chance.")
def main(*, write: bool, seed: int) -> None:
    """Play all scripts and say what has changed since they were labelled."""
    known = {(row["session"], row["position"]): row for row in _recorded()}
    fresh = [row for script in read_scripts() for row in asyncio.run(_played(script, seed))]
    changed = 0
    for row in fresh:
        before = known.get((row["session"], row["position"]), {})
        same = all(before.get(name) == row[name] for name in ("text", "reply", "status"))
        row["failed"] = before.get("failed") if same else None
        changed += not same
        if not same:
            click.echo(f"{row['session']} {row['position']}: {row['text']!r} → {row['reply']!r}")
    click.echo(f"{changed} of {len(fresh)} turns are answered otherwise.")
    if write:
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in fresh)
        TURNS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _recorded() -> list[dict[str, Any]]:
    return json.loads(TURNS.read_text(encoding="utf-8")) if TURNS.exists() else []


async def _played(script: Script, seed: int) -> list[dict[str, Any]]:
    """Play *script* to a family's home as new; return what the journal has of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / HOME_FILE).write_text(json.dumps(furnished({})), encoding="utf-8")
        settings = Settings.from_environment(
            {"GNOTHI_FOLDER": name, "GNOTHI_WEATHER": OFFLINE, "GNOTHI_PLACES": OFFLINE}
        )
        clock = FixedClock(script.now)
        household = Household.open(settings, clock=clock, rng=Random(seed))
        try:
            await _type(household, clock, script)
            household.journal.parquet(folder / "parquet")
        finally:
            household.close()
        rows = _rows(sorted((folder / "parquet").glob("day=*/*.parquet")))
        return [row | {"reply": row["reply"].replace(name, FOLDER)} for row in rows]


async def _type(household: Household, clock: FixedClock, script: Script) -> None:
    """Type what *script* says, with somebody who notes what becomes of each turn."""
    witness = Witness(household)
    try:
        for now, text in moments(script):
            clock.moment = now
            for alarm in await household.alarms.run_due(now):
                household.alarms.dismiss(alarm)
            with witness.hearing(script.name) as heard:
                turn = await household.assistant.turn(Utterance(text), session=script.name, now=now)
                witness.answered(heard, turn)
            await witness.settle()
    finally:
        await witness.stop()


def _rows(parts: Sequence[Path]) -> list[dict[str, Any]]:
    parquet: Any = import_module("pyarrow.parquet")
    rows = [row for part in parts for row in parquet.read_table(part).to_pylist()]
    return [
        {name: row[name] for name in KEPT} | {"at": row["at"].isoformat()}
        for row in sorted(rows, key=lambda row: row["position"])
    ]


if __name__ == "__main__":
    main()
