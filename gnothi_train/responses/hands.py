"""Replies by several hands: terse, chatty, old, young, foreign, dictated.

One file a hand. A line in brackets gives the label of the lines below it: a reaction, then a wish
if there is one (``[no more]``). ``{a}`` and ``{i}`` stand for an attribute and an item.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gnothi.recommend.acts import Wish
from gnothi.recommend.replies.responses import Reaction

HANDS = Path(__file__).parent / "hands"


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply and what it means."""

    hand: str
    text: str
    reaction: Reaction
    wish: Wish = Wish.NONE


def read_hands(folder: Path = HANDS) -> list[Reply]:
    """Return the replies of all hands in *folder*, each text once a hand."""
    return [reply for path in sorted(folder.glob("*.txt")) for reply in _read(path)]


def _read(path: Path) -> Iterator[Reply]:
    reaction, wish, seen = Reaction.NONE, Wish.NONE, set[str]()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            first, *rest = line[1:-1].split()
            reaction, wish = Reaction(first), Wish(rest[0] if rest else "")
        elif line and line not in seen:
            seen.add(line)
            yield Reply(path.stem, line, reaction, wish)
