"""Recordings that people had kept, with what they meant, for adapting a recogniser to a skill.

Nobody writes down what was said: what was understood and done, and not complained about, was meant.
"""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from gnothi.core.acting import Status
from gnothi.core.interaction import Interaction
from gnothi.core.understanding import Interpretation
from gnothi.journal.journal import Journal
from gnothi.serve.listening.recordings import Recordings

TABLE = "transcripts.tsv"
COLUMNS = ("file", "intent", "slots_json", "cluster")
AGAINST = frozenset(
    {"correction", "refusal", "cancel", "undo", "repeat", "stop", "barge-in", "complaint"}
)
"""Signals after which nobody knows that a turn did what was meant."""


def gather(journal: Journal, recordings: Recordings, skill: str, folder: Path) -> int:
    """Copy recordings of requests to *skill* to *folder*, with a table of what was meant.

    Returns how many there are. Only turns count whose one request was carried out and that no
    signal speaks against; only people who had their recordings kept have any.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None)
        rows.writerow(COLUMNS)
        for turn, request, file in _meant(journal, recordings, skill):
            name = f"{turn.id}{file.suffix}"
            shutil.copyfile(file, folder / name)
            slots = json.dumps({slot.name: slot.value for slot in request.slots})
            rows.writerow((name, request.intent, slots, turn.user))
            count += 1
    return count


def _meant(
    journal: Journal, recordings: Recordings, skill: str
) -> Iterator[tuple[Interaction, Interpretation, Path]]:
    for turn in journal.iterate():
        requests, actions = turn.understanding.requests, turn.actions
        if len(requests) != 1 or not actions or any(one.call.skill != skill for one in actions):
            continue
        is_done = all(one.status is Status.DONE for one in actions)
        if not is_done or any(signal.name in AGAINST for signal in turn.signals):
            continue
        if file := recordings.find(turn.user, turn.id):
            yield turn, requests[0], file
