"""A person's turns, and what is remembered of them, as a file they can take away."""

import json
from collections.abc import Iterable
from pathlib import Path

from gnothi.core.errors import StorageError
from gnothi.core.interaction import Interaction
from gnothi.core.plain import plain
from gnothi.journal.document import write_interaction
from gnothi.journal.store import Memory


def memory_line(memory: Memory) -> str:
    """Return something that is remembered as one line of JSON."""
    return json.dumps({"memory": plain(memory)}, ensure_ascii=False)


def write_lines(turns: Iterable[Interaction], memory: Iterable[Memory], file: Path) -> int:
    """Write *turns* with their signals, then *memory*, a JSON object a line; return how many turns.

    Raises:
        StorageError: *file* can't be written.
    """
    count = 0
    try:
        with file.open("w", encoding="utf-8") as lines:
            for turn in turns:
                lines.write(write_interaction(turn) + "\n")
                count += 1
            lines.writelines(memory_line(one) + "\n" for one in memory)
    except OSError as error:
        raise StorageError(f"{file} can't be written: {error.strerror}.") from error
    return count
