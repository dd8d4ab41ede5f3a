"""Where sentences come from: the arguments, or standard input line by line."""

import sys
from collections.abc import Iterator, Sequence


def sentences(arguments: Sequence[str]) -> Iterator[str]:
    """Yield the sentence in *arguments*; without any, each line of standard input.

    Bytes that are not UTF-8 become replacement characters: a bad line spoils no other.
    """
    if arguments:
        yield " ".join(arguments)
        return
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").rstrip("\r\n")
