"""What was asked for as a graph, of which a node may not be known yet.

A request is a tree: an intent holds words and slots, a slot holds words or an intent of its own.
Where somebody was cut off, one leaf is ``UNKNOWN`` (Addlesee and Damonte 2023): what the person
says next takes its place. The notation is that of task-oriented parses (Gupta et al. 2018):
``[IN:GET_WEATHER the weather in [SL:LOCATION UNKNOWN ] ]``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gnothi.core.errors import InputError
from gnothi.core.understanding import Interpretation

UNKNOWN = "UNKNOWN"
"""The leaf that is not known."""
INTENT, SLOT = "IN:", "SL:"


@dataclass(frozen=True, slots=True)
class Node:
    """An intent (``IN:…``) or a slot (``SL:…``) with what it holds, in order."""

    label: str
    children: tuple["Child", ...] = ()

    def __str__(self) -> str:
        """Return the tree in brackets."""
        return " ".join((f"[{self.label}", *map(str, self.children), "]"))

    @property
    def words(self) -> tuple[str, ...]:
        """All leaves, in order."""
        return tuple(_leaves(self))

    @property
    def unknown_role(self) -> str | None:
        """The label of what holds the unknown leaf; ``None`` where everything is known."""
        for child in self.children:
            if child == UNKNOWN:
                return self.label
            if isinstance(child, Node) and (role := child.unknown_role):
                return role
        return None

    def filled(self, words: Sequence[str]) -> "Node":
        """Return the tree with *words* in the place of the unknown leaf."""
        return Node(self.label, tuple(_filled(self.children, words)))


Child: TypeAlias = str | Node


def read_graph(text: str) -> Node:
    """Return the tree that is written in *text*.

    Raises:
        InputError: brackets don't match, or something stands outside of them.
    """
    open_nodes: list[tuple[str, list[Child]]] = [("", [])]
    for token in text.split():
        if token.startswith("[") and len(token) > 1:
            open_nodes.append((token[1:], []))
        elif token == "]":  # noqa: S105 - a bracket
            label, children = open_nodes.pop()
            if not open_nodes:
                raise InputError(f"A bracket closes nothing in '{text}'.")
            open_nodes[-1][1].append(Node(label, tuple(children)))
        else:
            open_nodes[-1][1].append(token)
    roots = open_nodes[0][1]
    if len(open_nodes) > 1 or len(roots) != 1 or isinstance(roots[0], str):
        raise InputError(f"'{text}' is not one tree in brackets.")
    return roots[0]


def of_request(text: str, request: Interpretation, role: str | None = None) -> Node:
    """Return *request*, read in *text*, as a tree; with a *role*, what comes next is its value.

    Where the text ends inside a slot of that name, its words belong to the value.
    """
    children: list[Child] = []
    place = request.start
    for slot in sorted(request.slots, key=lambda one: one.start):
        if slot.start < place:
            continue
        children += text[place : slot.start].split()
        children.append(Node(SLOT + slot.name, tuple(text[slot.start : slot.end].split())))
        place = slot.end
    children += text[place : request.end].split()
    if role:
        children = _with_unknown(children, SLOT + role)
    return Node(INTENT + request.intent, tuple(children))


def _with_unknown(children: list[Child], label: str) -> list[Child]:
    last = children[-1] if children else ""
    if isinstance(last, Node) and last.label == label:
        return [*children[:-1], Node(label, (*last.children, UNKNOWN))]
    return [*children, Node(label, (UNKNOWN,))]


def _leaves(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, Node):
            yield from _leaves(child)
        else:
            yield child


def _filled(children: Sequence[Child], words: Sequence[str]) -> Iterator[Child]:
    for child in children:
        if child == UNKNOWN:
            yield from words
        else:
            yield child.filled(words) if isinstance(child, Node) else child
