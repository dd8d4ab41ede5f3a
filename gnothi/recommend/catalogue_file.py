"""Catalogues in files: JSON Lines for people, Parquet for millions.

JSON Lines (``docs/reference/catalogues.md``): the first line is an object with ``kind``,
``columns`` and, if wanted, ``labels`` (facet → value → how people say it, best first),
``popularity_base`` and ``licence``. Every other line is an item: an array in the order of
``columns``. Parquet has the same columns, facets as lists of strings, and the first line as
metadata under ``gnothi.catalogue``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError
from gnothi.recommend.catalogue import KINDS, Attribute, Catalogue, Numbers, Starts, starts_of

_METADATA = b"gnothi.catalogue"
_PLAIN = ("id", "title", "creator", "popularity", "also")
"""Columns that are no facets."""
_HEAVIEST = 1e6


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line of a file says."""

    kind: str
    columns: tuple[str, ...]
    labels: Mapping[str, Mapping[str, Sequence[str]]] = field(
        default_factory=dict[str, Mapping[str, Sequence[str]]]
    )
    popularity_base: float | None = None
    """Popularity is a level, each this many times as likely as the one below; else a weight."""

    @property
    def facets(self) -> tuple[str, ...]:
        """The columns that are facets, in order."""
        return tuple(name for name in self.columns if name not in _PLAIN)


@dataclass(frozen=True, slots=True)
class _Facts:
    """One facet of all items: what values there are, and which item has which."""

    facet: str
    values: Sequence[str]
    sizes: NDArray[np.integer[Any]]
    members: Numbers


def read_catalogue(file: Path) -> Catalogue:
    """Read the catalogue in *file*: Parquet by its suffix ``.parquet``, else JSON Lines.

    Raises:
        InputError: the file can't be read, or line so-and-so is not what a catalogue has there.
    """
    try:
        return _read_parquet(file) if file.suffix == ".parquet" else _read_lines(file)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The catalogue {file} can't be read: {error}.") from error


def write_catalogue(catalogue: Catalogue, file: Path) -> None:
    """Write *catalogue* to *file*: Parquet by its suffix, else JSON Lines.

    Raises:
        InputError: the file can't be written.
    """
    try:
        (_write_parquet if file.suffix == ".parquet" else _write_lines)(catalogue, file)
    except OSError as error:
        raise InputError(f"The catalogue {file} can't be written: {error}.") from error


@cache
def shipped(name: str) -> Catalogue:
    """Return a catalogue that comes with Gnothi: ``music``, ``films``, ``dinner`` or ``radio``.

    Facts from general knowledge; the error rate is measured by ``gnothi-lab run catalogue``.
    """
    return read_catalogue(Path(str(resources.files("gnothi.recommend"))) / "data" / f"{name}.jsonl")


def header_of(told: object, where: str) -> Header:
    """Return the header that *told* describes.

    Raises:
        InputError: it describes none.
    """
    if not isinstance(told, dict):
        raise InputError(f"{where} begins with no object that has 'kind' and 'columns'.")
    content = cast("dict[str, Any]", told)
    kind, columns = content.get("kind"), content.get("columns")
    if kind not in KINDS:
        raise InputError(f"{where}: the kind is {kind!r}; it has to be one of {', '.join(KINDS)}.")
    names = _words(columns)
    if names is None or "title" not in names or len(set(names)) < len(names):
        raise InputError(f"{where}: 'columns' has to be a list of different names with 'title'.")
    base = content.get("popularity_base")
    if base is not None and not (isinstance(base, int | float) and 1 <= base <= _HEAVIEST):
        raise InputError(f"{where}: 'popularity_base' has to be a number of at least 1.")
    return Header(str(kind), names, _labels(content.get("labels", {}), where), base)


def from_rows(header: Header, rows: Iterable[tuple[str, Sequence[Any]]]) -> Catalogue:
    """Return the catalogue of *rows*, each with words that say where it stands.

    Raises:
        InputError: a row is not what *header* promises, or two items have one id.
    """
    reader = _Rows(header)
    for where, row in rows:
        reader.take(where, row)
    return reader.catalogue()


class _Rows:
    """Collects rows column by column."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._columns: dict[str, list[Any]] = {name: [] for name in header.columns}
        self._codes: dict[str, dict[str, int]] = {name: {} for name in header.facets}
        self._sizes: dict[str, list[int]] = {name: [] for name in header.facets}

    def take(self, where: str, row: Sequence[Any]) -> None:
        if len(row) > len(self._header.columns):
            raise InputError(f"{where} has more values than there are columns.")
        cells = dict(zip(self._header.columns, row, strict=False))
        for name in self._header.columns:
            cell = cells.get(name)
            if name in self._codes:
                self._facts(name, cell, where)
            else:
                self._columns[name].append(_plain(name, cell, where))

    def catalogue(self) -> Catalogue:
        facts = [
            _Facts(
                name,
                list(codes),
                np.asarray(self._sizes[name], np.int64),
                np.asarray(self._columns[name], np.int32),
            )
            for name, codes in self._codes.items()
        ]
        return _assemble(self._header, self._columns, facts)

    def _facts(self, facet: str, cell: object, where: str) -> None:
        values = _values(cell)
        if values is None:
            raise InputError(f"{where}: '{facet}' has to be text, or a list of texts.")
        codes = self._codes[facet]
        numbers = {codes.setdefault(value, len(codes)) for value in values}
        self._columns[facet].extend(sorted(numbers))
        self._sizes[facet].append(len(numbers))


def _read_lines(file: Path) -> Catalogue:
    with file.open(encoding="utf-8") as lines:
        header = header_of(_json(next(lines, ""), f"{file.name}, line 1"), f"{file.name}, line 1")
        return from_rows(header, _rows(lines, file.name))


def _rows(lines: Iterable[str], name: str) -> Iterator[tuple[str, Sequence[Any]]]:
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        row = _json(line, where)
        if not isinstance(row, list):
            raise InputError(f"{where} is not a list of values.")
        yield where, cast("list[Any]", row)


def _json(line: str, where: str) -> object:
    try:
        return json.loads(line)
    except ValueError as error:
        raise InputError(f"{where} is no JSON: {error}.") from error


def _plain(name: str, cell: object, where: str) -> object:
    """Return the value of a column that is no facet."""
    if name == "popularity":
        number = 1.0 if cell is None else cell
        if not isinstance(number, int | float) or not 0 < number <= _HEAVIEST:
            raise InputError(f"{where}: 'popularity' has to be a number above 0.")
        return float(number)
    if name == "also":
        names = _values(cell)
        if names is None:
            raise InputError(f"{where}: 'also' has to be text, or a list of texts.")
        return tuple(names)
    if cell is None and name != "title":
        return ""
    if not isinstance(cell, str) or (name == "title" and not cell.strip()):
        raise InputError(f"{where}: '{name}' has to be text.")
    return cell


def _values(cell: object) -> list[str] | None:
    """Return the values of a cell: a list, or text with commas; ``None`` for anything else."""
    if cell is None or cell == "":
        return []
    if isinstance(cell, str):
        return [value.strip() for value in cell.split(",") if value.strip()]
    words = _words(cell)
    return None if words is None else list(words)


def _words(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    words = tuple(cast("list[object]", value))
    return cast("tuple[str, ...]", words) if all(isinstance(one, str) for one in words) else None


def _labels(told: object, where: str) -> Mapping[str, Mapping[str, Sequence[str]]]:
    wrong = InputError(f"{where}: 'labels' has to hold lists of words, by facet and value.")
    if not isinstance(told, dict):
        raise wrong
    found: dict[str, dict[str, Sequence[str]]] = {}
    for facet, values in cast("dict[str, Any]", told).items():
        if not isinstance(values, dict):
            raise wrong
        for value, labels in cast("dict[str, Any]", values).items():
            if not (words := _words(labels)):
                raise wrong
            found.setdefault(facet, {})[value] = words
    return found


def _assemble(
    header: Header, columns: Mapping[str, Sequence[Any]], facts: Sequence[_Facts]
) -> Catalogue:
    titles: Sequence[str] = columns["title"]
    size = len(titles)
    if not size:
        raise InputError("The catalogue has no items.")
    creators = columns["creator"] if "creator" in columns else [""] * size
    starts, members = _joined(facts, size)
    return Catalogue(
        kind=header.kind,
        ids=_ids(columns.get("id"), titles, creators),
        titles=titles,
        creators=creators,
        weights=_weights(columns.get("popularity"), size, header.popularity_base),
        attributes=tuple(_attribute(header, f.facet, value) for f in facts for value in f.values),
        starts=starts,
        members=members,
        also=columns.get("also", ()),
    )


def _joined(facts: Sequence[_Facts], size: int) -> tuple[Starts, Numbers]:
    """Join the facets: each item's attributes are those of one facet after the other."""
    sizes = np.sum([f.sizes for f in facts], axis=0, dtype=np.int64) if facts else np.zeros(size)
    starts = starts_of(np.asarray(sizes, np.int64))
    members = np.empty(int(starts[-1]), np.int32)
    offset, free = 0, starts[:-1].copy()
    for one in facts:
        within = np.arange(len(one.members)) - np.repeat(starts_of(one.sizes)[:-1], one.sizes)
        members[np.repeat(free, one.sizes) + within] = one.members + offset
        free += one.sizes
        offset += len(one.values)
    return starts, members


def _attribute(header: Header, facet: str, value: str) -> Attribute:
    labels = header.labels.get(facet, {}).get(value) or (value,)
    return Attribute(facet, value, labels[0], tuple(labels[1:]))


def _weights(
    popularity: Sequence[float] | None, size: int, base: float | None
) -> NDArray[np.float32]:
    if popularity is None:
        return np.ones(size, np.float32)
    levels: NDArray[np.float32] = np.asarray(popularity, np.float32)
    return levels if base is None else np.power(np.float32(base), levels - 1, dtype=np.float32)


def _ids(given: Sequence[str] | None, titles: Sequence[str], creators: Sequence[str]) -> list[str]:
    """Return the ids: those that are given, else title and creator."""
    made = list(given) if given and all(given) else _made_ids(given, titles, creators)
    if len(set(made)) < len(made):
        seen: set[str] = set()
        twice = next(one for one in made if one in seen or seen.add(one))
        raise InputError(f"Two items of the catalogue are called {twice!r}: give them ids.")
    return made


def _made_ids(
    given: Sequence[str] | None, titles: Sequence[str], creators: Sequence[str]
) -> list[str]:
    return [
        own or (f"{title} / {creator}" if creator else title)
        for own, title, creator in zip(given or [""] * len(titles), titles, creators, strict=True)
    ]


def _header_json(catalogue: Catalogue, columns: Sequence[str]) -> str:
    labels: dict[str, dict[str, list[str]]] = {}
    for one in catalogue.attributes:
        if one.also or one.label != one.value:
            labels.setdefault(one.facet, {})[one.value] = [one.label, *one.also]
    told = {"kind": catalogue.kind, "columns": list(columns), "labels": labels}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _write_lines(catalogue: Catalogue, file: Path) -> None:
    columns = (*_PLAIN, *catalogue.facets)
    with file.open("w", encoding="utf-8") as lines:
        lines.write(_header_json(catalogue, columns) + "\n")
        for number in range(len(catalogue)):
            row = [*_plain_cells(catalogue, number), *_facet_cells(catalogue, number)]
            lines.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def _plain_cells(catalogue: Catalogue, number: int) -> list[object]:
    also = list(catalogue.also[number]) if catalogue.also else []
    weight = float(catalogue.weights[number])
    return [
        catalogue.ids[number],
        catalogue.titles[number],
        catalogue.creators[number],
        weight,
        also,
    ]


def _facet_cells(catalogue: Catalogue, number: int) -> list[list[str]]:
    cells: dict[str, list[str]] = {facet: [] for facet in catalogue.facets}
    for one in catalogue.item(number).facts:
        cells[one.facet].append(one.value)
    return list(cells.values())


def _read_parquet(file: Path) -> Catalogue:
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    try:
        table = parquet.read_table(file)
    except arrow.ArrowInvalid as error:
        raise InputError(f"{file.name} is no Parquet file, or a damaged one: {error}.") from error
    metadata: dict[bytes, bytes] = table.schema.metadata or {}
    told = metadata.get(_METADATA, b"null")
    content = _json(told.decode(), file.name)
    if isinstance(content, dict):
        content = {**cast("dict[str, Any]", content), "columns": table.column_names}
    header = header_of(content, file.name)
    try:
        columns = {n: _arrow_plain(n, table[n]) for n in header.columns if n in _PLAIN}
        facts = [_arrow_facts(name, table[name]) for name in header.facets]
    except (arrow.ArrowInvalid, ValueError) as error:
        raise InputError(f"{file.name}: a column is not of its kind: {error}.") from error
    return _assemble(header, columns, facts)


def _arrow_plain(name: str, column: Any) -> Sequence[Any]:  # noqa: ANN401 - pyarrow has no types
    """Return the values of a column that is no facet, checked as a whole."""
    arrow, compute = import_module("pyarrow"), import_module("pyarrow.compute")
    if name == "popularity":
        numbers = compute.fill_null(column.cast(arrow.float64()), 1.0).to_numpy()
        if not (np.all(numbers > 0) and np.all(numbers <= _HEAVIEST)):
            raise ValueError("'popularity' has to be above 0")
        return numbers
    if name == "also":
        if not arrow.types.is_list(column.type):
            raise ValueError("'also' holds no lists of words")
        if not compute.sum(compute.list_value_length(column)).as_py():
            return ()
        return [tuple(one or ()) for one in column.to_pylist()]
    if not (arrow.types.is_string(column.type) or arrow.types.is_large_string(column.type)):
        raise ValueError(f"'{name}' holds no text")
    words: list[str] = compute.fill_null(column, "").to_pylist()
    if name == "title" and not all(words):
        raise ValueError("an item has no title")
    return words


def _arrow_facts(facet: str, column: Any) -> _Facts:  # noqa: ANN401 - pyarrow has no types
    """Turn a column of lists of words into codes, without a loop in Python."""
    arrow, compute = import_module("pyarrow"), import_module("pyarrow.compute")
    if not arrow.types.is_list(column.type):
        raise ValueError(f"'{facet}' holds no lists of words")
    column = column.combine_chunks()
    sizes = compute.fill_null(compute.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    words = compute.dictionary_encode(column.flatten().drop_null())
    members = words.indices.to_numpy().astype(np.int32)
    sizes = sizes.astype(np.int64)
    if int(sizes.sum()) != len(members):
        raise ValueError(f"'{facet}' holds lists with nothing in them")
    return _once_each(_Facts(facet, words.dictionary.to_pylist(), sizes, members))


def _once_each(facts: _Facts) -> _Facts:
    """Sort the values of each item, and drop those that it has twice."""
    rows = np.repeat(np.arange(len(facts.sizes)), facts.sizes)
    order = np.lexsort((facts.members, rows))
    rows, members = rows[order], facts.members[order]
    new = np.ones(len(rows), np.bool_)
    new[1:] = (np.diff(rows) != 0) | (np.diff(members) != 0)
    sizes = np.bincount(rows[new], minlength=len(facts.sizes))
    return _Facts(facts.facet, facts.values, sizes, members[new])


def _write_parquet(catalogue: Catalogue, file: Path) -> None:
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    words = arrow.list_(arrow.string())
    columns: dict[str, Any] = {
        "id": arrow.array(catalogue.ids, arrow.string()),
        "title": arrow.array(catalogue.titles, arrow.string()),
        "creator": arrow.array(catalogue.creators, arrow.string()),
        "popularity": arrow.array(catalogue.weights),
        "also": arrow.array([list(one) for one in catalogue.also] or [[]] * len(catalogue), words),
    }
    rows = np.repeat(np.arange(len(catalogue)), np.diff(catalogue.starts))
    for facet in catalogue.facets:
        columns[facet] = _arrow_lists(catalogue, facet, rows)
    metadata = {_METADATA: _header_json(catalogue, list(columns)).encode()}
    parquet.write_table(arrow.table(columns).replace_schema_metadata(metadata), file)


def _arrow_lists(catalogue: Catalogue, facet: str, rows: NDArray[np.int64]) -> Any:  # noqa: ANN401
    arrow = import_module("pyarrow")
    numbers: list[int] = catalogue.facet(facet).tolist()
    mine = np.isin(catalogue.members, numbers)
    codes = catalogue.members[mine] - numbers[0]
    values = arrow.array([catalogue.attributes[one].value for one in numbers], arrow.string())
    starts = starts_of(np.bincount(rows[mine], minlength=len(catalogue)))
    return arrow.ListArray.from_arrays(starts.astype(np.int32), values.take(arrow.array(codes)))
