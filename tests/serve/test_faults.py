"""What a household loses when things go wrong: nothing that it was told."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from gnothi.core.settings import Settings
from gnothi.serve.household import Household

STARTING = 60


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start ``gnothi run`` over *folder*; yield the process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gnothi", "run"],
        env={**os.environ, "GNOTHI_FOLDER": str(folder), **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        yield process, line[line.index("http://") :].strip()
    finally:
        process.kill()
        process.wait(STARTING)
        process.stdout.close()


def say(url: str, text: str) -> dict[str, object]:
    """Take one turn over HTTP."""
    answer = httpx.post(f"{url}/api/turn", json={"text": text, "user": "ana", "session": "s"})
    answer.raise_for_status()
    return answer.json()


def test_a_killed_process_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """After ``kill -9`` every answered turn, the list, the timer and the lamp are still there."""
    told = ["add milk", "set a timer for two hours", "turn on the kitchen light"]
    with served(tmp_path) as (process, url):
        acknowledged = [say(url, told[turn % len(told)])["id"] for turn in range(30)]
        process.send_signal(signal.SIGKILL)
        process.wait(STARTING)
    household = Household.open(Settings.from_environment({"GNOTHI_FOLDER": str(tmp_path)}))
    kept = {turn.id for turn in household.journal.recent(limit=100)}
    assert set(acknowledged) <= kept
    assert "milk" in [item.text for item in household.house.items("todo.shopping")]
    assert household.house.state("light.kitchen").state == "on"
    assert household.alarms.all()
    household.close()
