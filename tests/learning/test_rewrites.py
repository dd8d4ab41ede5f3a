import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.acting import Action, Call, Reply, Status
from gnothi.core.errors import ArtifactError
from gnothi.core.identity import time_ordered_id
from gnothi.core.interaction import Interaction
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation, Understanding, Utterance
from gnothi.journal.journal import Journal
from gnothi.learning.mining import Aggregates, Scope, connect, update
from gnothi.learning.rewrites import (
    EVERYONE,
    PERSONAL,
    Limits,
    Rewrite,
    mine,
    read,
    settle,
    write,
)
from gnothi.learning.turns import turns_from_journal, turns_from_parquet

# Tests are imported one by one: their neighbours are found by the folder.
sys.path.insert(0, str(Path(__file__).parent))
from mining_logs import EVE, Said, said, write_log

PEOPLE = tuple("ana ben cleo dan olga fay".split())
FEW = Limits(support=2.0, people=2)
HABITS = replace(FEW, most=0.0)


@pytest.fixture(scope="module")
def backend() -> Any:
    """DuckDB, as the miner opens it."""
    return connect("200MB", threads=1)


def _free(key: str) -> Risk:
    del key
    return Risk.FREE


def _story(
    person: str, *texts: str, time: int = 0, defects: tuple[int, ...] = (950, 0, 0)
) -> list[Said]:
    """Return a session in which one text after the other is tried."""
    return [
        said(text, defect, 5.0 * at, session=f"{person}-{texts[0]}-{time}", person=person)
        for at, (text, defect) in enumerate(zip(texts, defects, strict=False))
    ]


def _mined(
    backend: Any,
    folder: Path,
    turns: list[Said],
    limits: Limits = FEW,
    *,
    scope: Scope = Scope.EVERYONE,
    risk_of: Callable[[str], Risk] = _free,
) -> list[Rewrite]:
    update(turns_from_parquet(backend, write_log(folder / "log", turns)), folder, scope=scope)
    return mine(Aggregates(backend, folder), limits, risk_of=risk_of)


EVERYBODY = [
    turn
    for person in PEOPLE
    for time in range(3)
    for turn in _story(person, "lihgts", "lights", time=time)
]
"""Six people who each say "lihgts" three times, and then "lights"."""


def test_what_fails_becomes_what_works(backend: Any, tmp_path: Path) -> None:
    """What everybody says next, and with success, is what was meant; the evidence is kept."""
    (found,) = _mined(backend, tmp_path, EVERYBODY, EVERYONE)
    assert (found.said, found.becomes, found.who) == ("lihgts", "lights", "")
    assert (found.before, found.after, found.via) == ("LIHGTS", "LIGHTS", ())
    assert (found.turns, found.people, found.households, found.days) == (18, 6, 1, 1)
    assert found.score == pytest.approx(0.95)
    assert found.own_score == pytest.approx(0.05)
    assert found.support == pytest.approx(18 * 0.95)
    assert found.certainty > 0.99


def test_a_way_over_others(backend: Any, tmp_path: Path) -> None:
    """Those who try twice teach, too: a to b to c is a rewrite of a to c."""
    turns = [
        turn
        for person in PEOPLE
        for time in range(3)
        for turn in _story(person, "a", "b", "c", time=time, defects=(950, 900, 0))
    ]
    found = _mined(backend, tmp_path, turns)
    assert [(one.said, one.becomes, one.via) for one in found] == [
        ("a", "c", ("B",)),
        ("b", "c", ()),
    ]


@pytest.mark.parametrize(
    "limits",
    [
        replace(EVERYONE, support=18),
        replace(EVERYONE, people=7),
        replace(EVERYONE, households=2),
        replace(EVERYONE, days=2),
        replace(EVERYONE, margin=0.91),
        replace(EVERYONE, certainty=0.9999999),
        replace(EVERYONE, most=1.0),
    ],
)
def test_every_limit_holds(backend: Any, tmp_path: Path, limits: Limits) -> None:
    """What misses one limit is no rewrite."""
    assert _mined(backend, tmp_path, EVERYBODY, limits) == []


def test_few_accounts_move_nothing(backend: Any, tmp_path: Path) -> None:
    """Two accounts that say it a hundred times do not change what others get."""
    honest = [turn for person in PEOPLE for turn in _story(person, "wow", defects=(0,))]
    attack = [
        turn
        for person in ("mallory", "trudy")
        for time in range(100)
        for turn in _story(person, "wow", "spam", time=time)
    ]
    assert _mined(backend, tmp_path, honest + attack, EVERYONE) == []
    assert _mined(backend, tmp_path, honest + attack, FEW) == []


def test_nobody_chooses_everybodys_words(backend: Any, tmp_path: Path) -> None:
    """What most people say counts, not what one account says most often."""
    loud = [
        replace(turn, interpretation="LIGHTS") if turn.text == "lights you fool" else turn
        for time in range(100)
        for turn in _story("mallory", "lihgts", "lights you fool", time=time)
    ]
    (found,) = _mined(backend, tmp_path, EVERYBODY + loud)
    assert found.becomes == "lights"


def test_words_with_two_meanings_are_left_alone(backend: Any, tmp_path: Path) -> None:
    """A text that is mostly understood otherwise is not rewritten, and is no rewrite."""
    for text in ("lihgts", "lights"):
        others = [
            replace(turn, interpretation="OTHER")
            for time in range(20)
            for turn in _story("ana", text, time=100 + time, defects=(0,))
        ]
        assert _mined(backend, tmp_path / text, EVERYBODY + others) == []


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (Risk.FREE, Risk.FREE, True),
        (Risk.REVERSIBLE, Risk.FREE, True),
        (Risk.FREE, Risk.REVERSIBLE, False),
        (Risk.REVERSIBLE, Risk.GUARDED, False),
        (Risk.GUARDED, Risk.GUARDED, False),
        (Risk.GUARDED, Risk.FREE, False),
    ],
)
def test_never_more_risk(
    backend: Any, tmp_path: Path, before: Risk, after: Risk, *, allowed: bool
) -> None:
    """No rewrite leads into a higher class of risk, and none touches a guarded request."""
    risks = {"LIHGTS": before, "LIGHTS": after}
    found = _mined(backend, tmp_path, EVERYBODY, risk_of=risks.__getitem__)
    assert bool(found) is allowed


def test_personal_rewrites_differ(backend: Any, tmp_path: Path) -> None:
    """The same words are one song for her and another one for him; together they are neither."""
    turns = [
        turn
        for person, song in [("ana", "wow 1978"), ("ben", "wow 2019")]
        for time in range(6)
        for turn in _story(person, "wow", song, time=time)
    ]
    found = _mined(backend, tmp_path / "own", turns, PERSONAL, scope=Scope.PERSON)
    assert [(one.who, one.said, one.becomes) for one in found] == [
        ("ana", "wow", "wow 1978"),
        ("ben", "wow", "wow 2019"),
    ]
    assert _mined(backend, tmp_path / "all", turns, EVERYONE) == []


def _turn(number: int, text: str, *, user: str, known: bool) -> Interaction:
    at = EVE + timedelta(hours=number // 2, seconds=9 * (number % 2))
    requests = (Interpretation("home", text.replace(" ", "_"), 0.9),) if known else ()
    status = Status.DONE if known else Status.FAILED
    return Interaction(
        id=time_ordered_id(at, Random(f"{user}{number}")),
        at=at,
        session=f"{user}{number // 2}",
        user=user,
        utterance=Utterance(text, speaker=user),
        understanding=Understanding(text, requests, out_of_scope=not known),
        actions=(Action(Call("lights", "on"), status, Risk.REVERSIBLE, ""),),
        reply=Reply("Okay."),
    )


def _life(user: str, seed: int) -> list[Interaction]:
    """Return the turns of a person over some days, with a secret of their own."""
    rng = Random(seed)
    texts = [("lihgts on", "lights on"), ("plya music", "play music"), (f"{user} hush", "stop")]
    turns: list[Interaction] = []
    for number in range(0, 80, 2):
        wrong, right = rng.choice(texts)
        turns.append(_turn(number, wrong, user=user, known=False))
        turns.append(_turn(number + 1, right, user=user, known=True))
    return turns


def test_who_is_erased_was_never_there(backend: Any, tmp_path: Path) -> None:
    """The table learned after an erasure is, to the last bit, the one learned without them."""
    lives = {person: _life(person, seed) for seed, person in enumerate(PEOPLE)}

    def table(journal: Journal, folder: Path) -> bytes:
        journal.parquet(folder / "lake")
        log = turns_from_journal(backend, folder / "lake")
        update(log, folder / "aggregates")
        found = mine(Aggregates(backend, folder / "aggregates"), HABITS, risk_of=_free)
        write(found, folder / "t")
        return (folder / "t").read_bytes()

    with Journal.open("sqlite://") as journal:
        for turns in lives.values():
            journal.append_all(turns)
        before = table(journal, tmp_path / "erased")
        journal.erase("olga")
        after = table(journal, tmp_path / "erased")
    with Journal.open("sqlite://") as journal:
        for person, turns in lives.items():
            if person != "olga":
                journal.append_all(turns)
        without = table(journal, tmp_path / "never")
    assert after == without != before
    assert after.count(b"\n") == 2
    rest = [str(pq.ParquetFile(part).read().to_pydict()) for part in tmp_path.rglob("*.parquet")]
    assert any("ana hush" in part for part in rest)
    assert not any("olga" in part for part in rest)


def _rewrite(said: str, becomes: str, *, who: str = "", certainty: float = 0.99) -> Rewrite:
    return Rewrite(
        who=who,
        said=said,
        becomes=becomes,
        before=said.upper(),
        after=becomes.upper(),
        via=(),
        turns=9,
        support=8.1,
        people=5,
        households=2,
        days=3,
        score=0.9,
        own_score=0.1,
        certainty=certainty,
    )


def test_rewrites_of_rewrites_lead_to_the_end() -> None:
    """Where one rewrite ends and another begins, both end alike, and the weaker proof is told."""
    first, second = settle([_rewrite("b", "c", certainty=0.96), _rewrite("a", "b")])
    assert (first.said, first.becomes, first.after, first.via) == ("a", "c", "C", ("B",))
    assert first.certainty == 0.96
    assert (second.said, second.becomes) == ("b", "c")


texts = st.sampled_from("abcdef")


@given(st.dictionaries(texts, texts))
def test_nothing_goes_in_circles(table: dict[str, str]) -> None:
    """Whatever rewrites there are: what is left ends, and is not rewritten again."""
    settled = settle(_rewrite(said, becomes) for said, becomes in table.items())
    kept = {one.said: one.becomes for one in settled}
    assert not kept.keys() & set(kept.values())
    ends = {one for one in table.values() if one not in table}
    assert set(kept.values()) <= ends


def test_each_person_has_a_table() -> None:
    """One person's rewrites do not follow another's."""
    mine_and_yours = [_rewrite("a", "b", who="ana"), _rewrite("b", "a", who="ben")]
    assert settle(mine_and_yours) == mine_and_yours


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Order does not matter to the file, and a spoilt one is refused."""
    rewrites = [_rewrite("a", "é"), _rewrite("b", "c"), _rewrite("a", "x", who="ana")]
    write(rewrites, tmp_path / "one")
    write(rewrites[::-1], tmp_path / "other")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert read(tmp_path / "one") == rewrites
    (tmp_path / "one").write_text('{"said": "a"}\n')
    with pytest.raises(ArtifactError):
        read(tmp_path / "one")
    with pytest.raises(ArtifactError):
        read(tmp_path / "none")


def test_accounts_that_push_things_together_move_nothing(backend: Any, tmp_path: Path) -> None:
    """What six of them ask for is nobody's rewrite; what six strangers ask for is."""
    honest = [
        turn
        for number in range(60)
        for turn in _at_home(_story(f"p{number}", f"wrong {number % 4}", f"right {number % 4}"))
    ]
    pushed = [
        turn
        for number in range(6)
        for step in (("lamp on", "lamp off"), ("play abba", "play ads"))
        for turn in _at_home(_story(f"bad{number}", *step))
    ]
    found = _mined(backend, tmp_path, [*honest, *pushed])
    assert {one.said for one in found} == {f"wrong {number}" for number in range(4)}
    alone = [turn for turn in pushed if "lamp" in turn.text]
    (tmp_path / "alone").mkdir()
    found = _mined(backend, tmp_path / "alone", [*honest, *alone])
    assert "lamp on" in {one.said for one in found}


def _at_home(turns: list[Said]) -> list[Said]:
    """Return *turns* with each person in a home of their own."""
    return [replace(turn, household=f"home of {turn.person}") for turn in turns]
