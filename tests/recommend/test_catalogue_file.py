"""Catalogues in files."""

import json
import time
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import InputError
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.catalogue_file import read_catalogue, shipped, write_catalogue

HEADER = {"kind": "song", "columns": ["title", "creator", "popularity", "genre", "also"]}


def written(folder: Path, *lines: object) -> Path:
    """A file with these lines, as JSON unless they are text."""
    file = folder / "songs.jsonl"
    told = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(told), encoding="utf-8")
    return file


def large(size: int) -> Catalogue:
    """A catalogue with *size* items of six facts each."""
    rng = np.random.default_rng(0)
    genres = [f"genre {n}" for n in range(60)]
    rows = "\n".join(
        json.dumps([f"Song {n}", f"Band {n % 999}", 1 + n % 5, [genres[g] for g in chosen]])
        for n, chosen in enumerate(rng.integers(0, 60, (size, 6)).tolist())
    )
    file = Path("large.jsonl")
    file.write_text(json.dumps(HEADER) + "\n" + rows, encoding="utf-8")
    return read_catalogue(file)


def same(one: Catalogue, other: Catalogue) -> bool:
    """Whether two catalogues tell the same of the same items."""
    return [one.item(n) for n in range(len(one))] == [other.item(n) for n in range(len(other))]


@pytest.mark.parametrize("name", ["music", "films", "dinner", "radio"])
@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str, suffix: str) -> None:
    """Both kinds of file bring back every item, its facts and its weight."""
    file = tmp_path / f"copy.{suffix}"
    write_catalogue(shipped(name), file)
    copy = read_catalogue(file)
    assert {copy.item(n).id for n in range(len(copy))} == set(shipped(name).ids)
    for number in range(0, len(copy), 37):
        mine, theirs = copy.item(number), shipped(name).item(number)
        assert (mine.title, set(mine.facts)) == (theirs.title, set(theirs.facts))
    assert np.array_equal(copy.weights, shipped(name).weights)
    assert [one for one in copy.also if one] == [one for one in shipped(name).also if one]


def test_ten_thousand_items_load_in_half_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From either kind of file; processor time, so that other work does not count."""
    monkeypatch.chdir(tmp_path)
    catalogue = large(10_000)
    write_catalogue(catalogue, Path("large.parquet"))
    assert same(read_catalogue(Path("large.parquet")), catalogue)
    for file in ("large.jsonl", "large.parquet"):
        began = time.process_time()
        read_catalogue(Path(file))
        assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "line 1 is no JSON"),
        (["{"], "line 1 is no JSON"),
        ([[1]], "begins with no object"),
        ([{"kind": "car", "columns": ["title"]}], "the kind is 'car'"),
        ([{"kind": "song", "columns": ["genre"]}], "'columns' has to be"),
        ([{"kind": "song", "columns": ["title", "title"]}], "'columns' has to be"),
        ([{**HEADER, "popularity_base": "x"}], "'popularity_base'"),
        ([{**HEADER, "labels": {"genre": {"rock": "rock"}}}], "'labels' has to hold"),
        ([HEADER], "no items"),
        ([HEADER, {"title": "x"}], "line 2 is not a list"),
        ([HEADER, ["One"], "", "{"], "line 4 is no JSON"),
        ([HEADER, [" "]], "line 2: 'title' has to be text"),
        ([HEADER, [7]], "line 2: 'title' has to be text"),
        ([HEADER, ["One", "", -1]], "line 2: 'popularity'"),
        ([HEADER, ["One", "", "many"]], "line 2: 'popularity'"),
        ([HEADER, ["One", "", 1, [1]]], "line 2: 'genre'"),
        ([HEADER, ["One", "", 1, "rock", 5]], "line 2: 'also'"),
        ([HEADER, ["One", "", 1, "rock", "", "more"]], "more values than"),
        ([HEADER, ["One"], ["One"]], "two items|Two items"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, lines: list[object], says: str) -> None:
    """Whoever writes a file by hand is told where it is wrong, and how."""
    with pytest.raises(InputError, match=says):
        read_catalogue(written(tmp_path, *lines))


def test_files_that_are_no_catalogues_are_refused(tmp_path: Path) -> None:
    """Missing, binary, and Parquet of something else."""
    with pytest.raises(InputError, match="can't be read"):
        read_catalogue(tmp_path / "nowhere.jsonl")
    (tmp_path / "picture.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="can't be read"):
        read_catalogue(tmp_path / "picture.jsonl")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 or so")
    with pytest.raises(InputError, match="no Parquet file"):
        read_catalogue(tmp_path / "broken.parquet")
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table({"title": ["One"]}), tmp_path / "other.parquet")
    with pytest.raises(InputError, match="begins with no object"):
        read_catalogue(tmp_path / "other.parquet")
    told = {b"gnothi.catalogue": json.dumps(HEADER).encode()}
    table = arrow.table({"title": ["One"], "genre": ["rock"]}).replace_schema_metadata(told)
    parquet.write_table(table, tmp_path / "flat.parquet")
    with pytest.raises(InputError, match="not of its kind"):
        read_catalogue(tmp_path / "flat.parquet")
    for wrong in ({"title": [7]}, {"title": [""]}, {"title": ["One"], "popularity": [-1.0]}):
        table = arrow.table(wrong).replace_schema_metadata(told)
        parquet.write_table(table, tmp_path / "wrong.parquet")
        with pytest.raises(InputError, match="not of its kind"):
            read_catalogue(tmp_path / "wrong.parquet")
    with pytest.raises(InputError, match="can't be written"):
        write_catalogue(shipped("radio"), tmp_path / "no" / "folder.jsonl")
