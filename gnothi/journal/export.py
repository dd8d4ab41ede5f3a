"""A person's turns as a file they can take away."""

from collections.abc import Iterable
from pathlib import Path

from gnothi.core.errors import StorageError
from gnothi.core.interaction import Interaction
from gnothi.journal.document import write_interaction


def write_lines(turns: Iterable[Interaction], file: Path) -> int:
    """Write *turns* to *file*, one JSON object a line with its signals; return how many."""
    count = 0
    try:
        with file.open("w", encoding="utf-8") as lines:
            for turn in turns:
                lines.write(write_interaction(turn) + "\n")
                count += 1
    except OSError as error:
        raise StorageError(f"{file} can't be written: {error.strerror}.") from error
    return count
