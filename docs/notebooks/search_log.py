"""Makes the log that the notebook reads: searches in the columns of a published search log.

The columns are those of the AOL query log of 2006 (Pass, Chowdhury, Torgeson: "A picture of
search", InfoScale 2006): ``AnonID``, ``Query``, ``QueryTime``, ``ItemRank``, ``ClickURL``; a row
for each click on a result, or one with empty rank and address where nothing was clicked. That
log itself is about real people and is not given away here: these people and searches are made up.
Some misspell, find nothing, and search again; others click on nothing for reasons of their own.
"""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

SITES = {
    "weather boston": "weather.example",
    "mapquest": "mapquest.example",
    "yellow pages": "pages.example",
    "bank of america": "bank.example",
    "craigslist": "lists.example",
    "song lyrics": "lyrics.example",
    "cheap flights": "flights.example",
    "white house": "house.example",
    "horoscope today": "stars.example",
    "used cars": "cars.example",
}
SLIPS = {
    "wether boston": "weather boston",
    "mapqest": "mapquest",
    "yelow pages": "yellow pages",
    "bank of amercia": "bank of america",
    "craigs lst": "craigslist",
    "chep flights": "cheap flights",
    "horiscope today": "horoscope today",
}
"""What some type, and what they mean."""
BEGINS = datetime(2006, 3, 1)  # noqa: DTZ001 - the published log's times bear no zone
SCHEMA = pa.schema(
    [
        ("AnonID", pa.int64()),
        ("Query", pa.string()),
        ("QueryTime", pa.timestamp("s")),
        ("ItemRank", pa.int64()),
        ("ClickURL", pa.string()),
    ]
)


def write_search_log(path: Path, *, people: int = 500, days: int = 60, seed: int = 0) -> Path:
    """Write a log of some thousand rows to *path*, and return it; the same *seed*, the same log."""
    rng = Random(seed)
    rows = [
        row
        for person in range(1, people + 1)
        for _ in range(rng.randrange(4, 16))
        for row in _search(rng, person, BEGINS + timedelta(seconds=rng.randrange(days * 86_400)))
    ]
    rows.sort(key=lambda row: (row["AnonID"], row["QueryTime"]))
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), path)
    return path


def _search(rng: Random, person: int, at: datetime) -> list[dict[str, object]]:
    """Return the rows of one wish: searches until a result is clicked, or patience ends."""
    meant = rng.choice(list(SITES))
    slips = [typed for typed, wanted in SLIPS.items() if wanted == meant]
    if not slips or rng.random() < 0.75:
        return _asked(rng, person, meant, at, success=0.85)
    (typed,) = slips
    first = _asked(rng, person, typed, at, success=0.05)
    gives_up = first[0]["ClickURL"] is not None or rng.random() < 0.3
    later = at + timedelta(seconds=rng.randrange(5, 40))
    return first if gives_up else first + _asked(rng, person, meant, later, success=0.85)


def _asked(
    rng: Random, person: int, query: str, at: datetime, *, success: float
) -> list[dict[str, object]]:
    asked: dict[str, object] = {"AnonID": person, "Query": query, "QueryTime": at}
    if rng.random() >= success:
        return [{**asked, "ItemRank": None, "ClickURL": None}]
    site = SITES.get(query, "elsewhere.example")
    ranks = [1, 3] if rng.random() < 0.1 else [1]
    return [{**asked, "ItemRank": rank, "ClickURL": f"http://{site}/{rank}"} for rank in ranks]
