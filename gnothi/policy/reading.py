"""Reads logged decisions from tables: Parquet, CSV, Arrow, or any engine of Ibis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias, cast

import numpy as np

from gnothi.core.errors import InputError
from gnothi.policy.logs import Floats, Ints, Log, Mask, Target, target

Table: TypeAlias = Any  # a table of pyarrow or an expression of ibis; neither has types
Source: TypeAlias = "Path | str | Table"
Texts: TypeAlias = "list[str]"

NEEDED = ("action", "propensity", "reward")
OPTIONAL = ("episode", "step", "candidates", "person")
WORDS = 64
"""How many different words a feature may have."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A log, and what other policies would have done in it."""

    log: Log
    targets: tuple[Target, ...] = ()


def read_log(
    source: Source,
    columns: Mapping[str, str] | None = None,
    *,
    features: Sequence[str] | None = None,
    targets: Sequence[str] = (),
) -> Reading:
    """Read logged decisions from a file (Parquet or CSV), an Arrow table or a table of Ibis.

    *columns* maps names of :mod:`gnothi.policy.logs` to those of the table; equal names need no
    mention. *features* are columns of numbers, truth values or words (one indicator a word); by
    default all numbers and truth values that are nothing else. *targets* are columns too. The
    order of rows does not matter.

    Raises:
        InputError: a column is missing, or something in it can't be; it says what, and where.
    """
    table = read_table(source)
    given = dict.fromkeys((*NEEDED, *OPTIONAL))
    mapping = {**{name: name for name in given}, **(columns or {})}
    if unknown := set(mapping) - set(given):
        raise InputError(f"No log has a {min(unknown)!r}; it has {', '.join(given)}.")
    _expect(table, [mapping[name] for name in NEEDED])
    _expect(table, [*(columns or {}).values(), *(features or ()), *targets])
    order, episodes, clusters = _episodes(table, mapping)
    table = table.take(order)
    others = {*mapping.values(), *targets}
    named = list(features) if features is not None else _numeric(table, others)
    names, actions, allowed, lists = _actions(table, mapping)
    contexts, labels = _contexts(table, named)
    log = Log(
        episodes=episodes,
        actions=actions,
        propensities=_numbers(table, mapping["propensity"]),
        rewards=_numbers(table, mapping["reward"]),
        contexts=contexts,
        allowed=allowed,
        clusters=clusters,
        names=names,
        features=labels,
    )
    return Reading(log, tuple(_target(table, name, log, lists) for name in targets))


def read_table(source: Source) -> Table:
    """Return *source* as an Arrow table.

    Raises:
        InputError: it is no file, or none that can be read.
    """
    if not isinstance(source, Path | str):
        return source if hasattr(source, "column_names") else source.to_pyarrow()
    path = Path(source)
    if not path.exists():
        raise InputError(f"There is no log at {path}.")
    try:
        if ".csv" in path.suffixes:
            return import_module("pyarrow.csv").read_csv(path)
        return import_module("pyarrow.parquet").read_table(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path.name} is neither Parquet nor CSV that can be read: {error}") from (
            error
        )


def _expect(table: Table, wanted: Sequence[str]) -> None:
    found: list[str] = table.column_names
    for name in wanted:
        if name not in found:
            raise InputError(f"The log has no column {name!r}; it has {', '.join(found)}.")


def _episodes(table: Table, mapping: Mapping[str, str]) -> tuple[Ints, Ints, Ints]:
    """Return the order of rows, each row's episode after it, and each episode's cluster."""
    has_episode, has_step = (mapping[name] in table.column_names for name in ("episode", "step"))
    if has_episode != has_step:
        missing = mapping["step" if has_episode else "episode"]
        raise InputError(f"Decisions in a row need 'episode' and 'step'; {missing!r} is missing.")
    if has_episode:
        episodes = _codes(table, mapping["episode"])
        steps = _whole(table, mapping["step"])
        order = np.lexsort((steps, episodes))
        episodes = episodes[order]
        _check_steps(episodes, steps[order])
    else:
        order = episodes = np.arange(int(table.num_rows))
    if mapping["person"] not in table.column_names:
        return order, episodes, np.unique(episodes)
    people = _codes(table, mapping["person"])[order]
    first = np.flatnonzero(np.diff(episodes, prepend=-1))
    if (people[first][episodes] != people).any():
        raise InputError("An episode has one person, and here one has several.")
    return order, episodes, people[first]


def _check_steps(episodes: Ints, steps: Ints) -> None:
    if not episodes.size:
        return
    begins = np.diff(episodes, prepend=-1) != 0
    base = steps[begins]
    if (base > 1).any() or (base < 0).any():
        raise InputError("The first step of an episode is 0 or 1; the beginning of one is missing.")
    leaps = np.diff(steps, prepend=0)[~begins]
    if (leaps == 0).any():
        raise InputError("A step of an episode is there twice.")
    if (leaps != 1).any():
        raise InputError("A step in the middle of an episode is missing.")


def _actions(
    table: Table, mapping: Mapping[str, str]
) -> tuple[tuple[str, ...], Ints, Mask, "_Lists | None"]:
    """Return all names, what was chosen, what could be, and the lists that said so."""
    taken = _texts(table, mapping["action"])
    if mapping["candidates"] not in table.column_names:
        names = sorted(set(taken))
        place = {name: index for index, name in enumerate(names)}
        return (
            tuple(names),
            np.array([place[name] for name in taken], dtype=np.int64),
            np.ones((len(taken), len(names)), dtype=bool),
            None,
        )
    rows, offered = _flattened(table, mapping["candidates"])
    words = ["" if word is None else str(word) for word in offered.to_pylist()]
    names = sorted({*words, *taken})
    place = {name: index for index, name in enumerate(names)}
    places = np.array([place[word] for word in words], dtype=np.int64)
    allowed = np.zeros((len(taken), len(names)), dtype=bool)
    if np.unique(rows * len(names) + places).size != rows.size:
        raise InputError("A candidate is in its list once, and here one is there twice.")
    allowed[rows, places] = True
    actions = np.array([place[name] for name in taken], dtype=np.int64)
    return tuple(names), actions, allowed, _Lists(rows, places)


@dataclass(frozen=True, slots=True, eq=False)
class _Lists:
    """Lists of candidates, one after the other."""

    rows: Ints
    places: Ints


def _target(table: Table, name: str, log: Log, lists: _Lists | None) -> Target:
    if not _is_list(table, name):
        return target(name, log, _numbers(table, name))
    if lists is None:
        raise InputError(f"Target {name!r} is a list, and there is no list of candidates beside.")
    rows, flat = _flattened(table, name)
    if rows.shape != lists.rows.shape or (rows != lists.rows).any():
        raise InputError(f"Target {name!r} has a probability for each candidate of its row.")
    probabilities = np.zeros(log.allowed.shape)
    probabilities[lists.rows, lists.places] = _as_floats(flat, name)
    return target(name, log, probabilities)


def _contexts(table: Table, features: Sequence[str]) -> tuple[Floats, tuple[str, ...]]:
    parts: list[Floats] = []
    labels: list[str] = []
    for name in features:
        if _is_number(table, name):
            parts.append(_numbers(table, name))
            labels.append(name)
            continue
        if _is_list(table, name):
            raise InputError(f"Feature {name!r} has a number, a truth value or a word in each row.")
        words = _texts(table, name)
        kinds = sorted(set(words))
        if len(kinds) > WORDS:
            raise InputError(f"Feature {name!r} has {len(kinds)} different words, above {WORDS}.")
        for kind in kinds:
            parts.append(np.array([word == kind for word in words], dtype=np.float64))
            labels.append(f"{name}={kind}")
    contexts = np.stack(parts, axis=1) if parts else np.zeros((table.num_rows, 0))
    return contexts, tuple(labels)


def _numeric(table: Table, others: set[str]) -> list[str]:
    names = cast("list[str]", table.column_names)
    return [name for name in names if name not in others and _is_number(table, name)]


def _is_number(table: Table, name: str) -> bool:
    kind = str(table.schema.field(name).type)
    return kind.startswith(("int", "uint", "float", "double", "halffloat", "bool", "decimal"))


def _is_list(table: Table, name: str) -> bool:
    kind = str(table.schema.field(name).type)
    return kind.startswith(("list", "large_list", "fixed_size_list"))


def _numbers(table: Table, name: str) -> Floats:
    return _as_floats(table.column(name).combine_chunks(), name)


def _as_floats(column: Any, name: str) -> Floats:  # noqa: ANN401 - an array of pyarrow
    try:
        return np.asarray(column.cast("float64").to_numpy(zero_copy_only=False), dtype=np.float64)
    except (ValueError, NotImplementedError) as error:
        raise InputError(f"Column {name!r} must hold numbers only: {error}") from error


def _whole(table: Table, name: str) -> Ints:
    values = _numbers(table, name)
    if not np.isfinite(values).all() or (values != np.floor(values)).any():
        raise InputError(f"Column {name!r} must hold whole numbers only.")
    return values.astype(np.int64)


def _texts(table: Table, name: str) -> Texts:
    values = cast("list[object]", table.column(name).to_pylist())
    if any(value is None for value in values):
        raise InputError(f"Column {name!r} says something in every row.")
    return [str(value) for value in values]


def _codes(table: Table, name: str) -> Ints:
    """Number the different values of a column from 0, in their order."""
    values = table.column(name).to_pylist()
    if any(value is None for value in values):
        raise InputError(f"Column {name!r} says something in every row.")
    return np.unique(np.array(values), return_inverse=True)[1].astype(np.int64)


def _flattened(table: Table, name: str) -> tuple[Ints, Any]:
    """Return of a column of lists the row of each value, and the values in one array."""
    if not _is_list(table, name):
        raise InputError(f"Column {name!r} has a list in every row.")
    column = table.column(name).combine_chunks()
    lengths = import_module("pyarrow.compute").list_value_length(column)
    if lengths.null_count:
        raise InputError(f"Column {name!r} has a list in every row.")
    sizes = np.asarray(lengths.to_numpy(zero_copy_only=False), dtype=np.int64)
    return np.repeat(np.arange(int(table.num_rows)), sizes), column.flatten()
