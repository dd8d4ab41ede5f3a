import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.artifact import Card
from gnothi.core.errors import ArtifactError, InputError
from gnothi.learning.defects import (
    FILE,
    NAME,
    SHIPPED,
    DefectModel,
    LiveDefects,
    explain,
    fit,
    shipped,
)
from gnothi.learning.mining import connect
from gnothi.learning.signs import FEATURES, column, with_features
from gnothi.registry.admission import seal
from gnothi.registry.registry import Registry

ibis = pytest.importorskip("ibis")
pa = pytest.importorskip("pyarrow")

NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)
MODEL = DefectModel(
    {"bias": -3.0, "failed": 4.0, "undo": 5.0, "alike-and-soon": 4.0, "completed-play": -3.0},
    {"bias": -3.0, "alike-and-soon": 6.0},
)


def row(text: str, *, at: float = 0, session: str = "s", **more: object) -> dict[str, object]:
    """Return a turn as the journal's Parquet has it."""
    usual = {"intent": "play_music", "domain": "play", "slots": "[]", "score": 0.9}
    usual |= {"status": "done", "actions": "[]", "expects": ""}
    fixed = {"session": session, "position": int(at), "at": NOW + timedelta(seconds=at)}
    return {**fixed, "text": text, "signals": "[]", "out_of_scope": False, **usual, **more}


def table(*rows: dict[str, object]) -> object:
    """Return a table of *rows* in DuckDB."""
    content = pa.Table.from_pylist(list(rows))
    kinds = [pa.string() if pa.types.is_null(one.type) else one.type for one in content.schema]
    typed = content.cast(pa.schema(zip(content.column_names, kinds, strict=True)))
    return connect(threads=1).create_table("turns", ibis.memtable(typed))


def judged(*rows: dict[str, object]) -> list[dict[str, int]]:
    """Return what the model makes of *rows*."""
    found = MODEL.judge(table(*rows)).order_by(["session", "at"])
    return found.select("text", "defect", "rephrase").to_pyarrow().to_pylist()


def test_a_rephrase_speaks_against_the_turn_before_it() -> None:
    """Soon and in nearly the same words: more than later, or in quite other words."""
    soon, late, other = (
        judged(row("play maj and dragons"), row(text, at=at))[0]
        for text, at in [
            ("play imagine dragons", 4),
            ("play imagine dragons", 300),
            ("what time is it", 4),
        ]
    )
    assert soon["defect"] > late["defect"]
    assert soon["defect"] > other["defect"]
    assert soon["rephrase"] > 2 * max(late["rephrase"], other["rephrase"])


def test_signals_weigh_for_and_against() -> None:
    """An undo says that it was wrong; a song heard to its end that it was right."""
    undone, heard, plain = (
        judged(row("play abba", signals=json.dumps([{"name": name}], separators=(",", ":"))))[0]
        for name in ("undo", "completed-play", "other")
    )
    assert undone["defect"] > plain["defect"] > heard["defect"]


def test_sessions_are_apart() -> None:
    """What somebody else says next tells nothing."""
    alone = judged(row("play abba"), row("play abba", at=3, session="t"))
    assert [one["rephrase"] for one in alone] == [alone[0]["rephrase"]] * 2


def test_features_lie_between_0_and_1() -> None:
    """Also for empty texts, and where nothing is known."""
    found = with_features(
        table(
            row("", intent=None, score=None, status=None, out_of_scope=True),
            row("a", at=1),
            row("a" * 500, at=2, status="failed"),
        )
    )
    columns = found.select(*(c for c in found.columns if c.startswith("f_"))).to_pyarrow()
    assert columns.num_columns == len(FEATURES)
    for one in columns:
        values = one.to_numpy()
        assert (values >= 0).all()
        assert (values <= 1).all()


def test_fitting_finds_what_tells() -> None:
    """A feature that decides gets a weight, one that says nothing gets none; chances are right."""
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 2, (20_000, 2)).astype(float)
    failed = (rng.random(20_000) < 1 / (1 + np.exp(2 - 3 * inputs[:, 0]))).astype(float)
    weights = fit(inputs, failed, ("tells", "noise"))
    assert weights["tells"] == pytest.approx(3, abs=0.2)
    assert weights["noise"] == pytest.approx(0, abs=0.1)
    assert weights["bias"] == pytest.approx(-2, abs=0.1)


def test_shapes_must_fit() -> None:
    """A mistake is said, and not fitted."""
    with pytest.raises(InputError, match="shape"):
        fit(np.zeros((3, 2)), np.zeros(3), ("one",))


def test_the_artifact_comes_back(tmp_path: Path) -> None:
    """And a damaged one is refused."""
    (tmp_path / FILE).write_bytes(MODEL.dump())
    assert DefectModel.load(tmp_path) == MODEL
    (tmp_path / FILE).write_text('{"defect": {"nonsense": 1}, "rephrase": {}}')
    with pytest.raises(ArtifactError, match="nonsense"):
        DefectModel.load(tmp_path)


def features(*rows: dict[str, object]) -> list[dict[str, float]]:
    """Return the features of *rows*, in their order."""
    found = with_features(table(*rows)).order_by(["at", "position"])
    told = found.select(*map(column, FEATURES)).to_pyarrow().to_pylist()
    return [{name: one[column(name)] for name in FEATURES} for one in told]


def slots(**values: str) -> str:
    """Return slots as the journal has them, at places that differ with each value."""
    told = [
        {"name": name, "value": value, "start": len(value), "end": 2 * len(value)}
        for name, value in values.items()
    ]
    return json.dumps(told, separators=(",", ":"))


def test_meaning_tells_beside_words() -> None:
    """Other words with the same slots are alike in meaning; places in the text do not matter."""
    said, again, other = (
        {"intent": "light_on", "slots": slots(room="attic", tone="red")},
        {"intent": "light_on", "slots": slots(tone="red", room="attic")},
        {"intent": "light_on", "slots": slots(room="cellar", tone="red")},
    )
    same = features(row("make the attic red", **said), row("red light, attic", at=5, **again))[0]
    half = features(row("make the attic red", **said), row("red light, cellar", at=5, **other))[0]
    assert (same["shared-slots"], half["shared-slots"]) == (1.0, 0.5)
    assert same["same-intent"] == 1
    assert same["tokens"] == 0.5


def test_what_is_said_after_a_stop_tells() -> None:
    """Stop, and the wish once more: the turn before the stop is what failed."""
    stopped = features(row("play maj"), row("stop", at=4), row("play madge", at=9))[0]
    assert stopped["anew-later"] > 0.5
    content = features(row("play maj"), row("stop", at=4), row("what time is it", at=9))[0]
    assert content["anew-later"] < stopped["anew-later"]


def test_an_end_is_missed_only_where_ends_are_noticed() -> None:
    """Music without an end tells nothing where no player says when music ends."""
    ended = json.dumps([{"name": "completed-play"}], separators=(",", ":"))
    deaf = features(row("play abba"))[0]
    heard = features(row("play abba"), row("play cher", at=900, signals=ended))
    assert [deaf["unfinished-play"], *(one["unfinished-play"] for one in heard)] == [0, 1, 0]


def test_days_can_be_read_apart() -> None:
    """A turn is judged the same whichever days are read with its own.

    Of the next day the first 45 seconds are enough.
    """
    midnight = 6 * 3600
    moments = (-500, -250, -100, -30, -5, 10, 30, 44, 46, 200, 330)
    texts = ("play maj", "play madge", "stop", "play the song madge")
    rows = [row(texts[i % 4], at=midnight + at) for i, at in enumerate(moments)]
    both = features(*rows)
    first = features(*[one for one in rows if one["at"] <= NOW + timedelta(seconds=midnight + 45)])
    second = features(*rows[5:])
    assert first[:5] == both[:5]
    assert second == both[5:]


def test_the_shipped_model_knows_people() -> None:
    """Said again at once, scolded or undone, a turn has probably failed; praised it has not."""

    def signalled(name: str) -> dict[str, object]:
        told = json.dumps([{"name": name}], separators=(",", ":"))
        return row("lights", intent="light_on", signals=told, session=name)

    names = ("undo", "correction", "barge-in", "complaint", "praise", "other")
    rows = [signalled(name) for name in names]
    rows.append(row("lights", intent=None, status=None, out_of_scope=True, session="unknown"))
    rows.append(row("play madge", slots=slots(song="madge"), score=0.6, session="again"))
    louder = slots(song="madge", by="madonna")
    rows.append(row("play the song madge by madonna", at=6, slots=louder, session="again"))
    found = shipped().judge(table(*rows)).order_by("at").to_pyarrow().to_pylist()
    chance = {one["session"]: one["defect"] for one in reversed(found)}
    plain = chance["other"]
    assert plain < 50
    assert chance["unknown"] > 900
    assert chance["again"] > 500
    assert all(chance[name] > plain for name in names[:4])
    assert chance["praise"] <= plain


def test_a_verdict_is_explained() -> None:
    """What a feature contributes adds up to the verdict; the strongest comes first."""
    told = explain(MODEL, {"undo": 1.0, "f_failed": 1.0, "alike-and-soon": 0.25, "soon": 1.0})
    assert told == [("undo", 5.0), ("failed", 4.0), ("alike-and-soon", 1.0)]


def test_a_newer_model_is_used(tmp_path: Path) -> None:
    """The registry's live version judges, and counts are made anew; a damaged one is refused."""
    live = LiveDefects(Registry.open(tmp_path / "none", shipped=tmp_path / "no"))
    assert live.model() == shipped()
    registry = Registry.open(tmp_path / "registry")
    live = LiveDefects(registry)
    before = live.version()
    assert live.model() == shipped()
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / FILE).write_bytes(MODEL.dump())
    registry.put(fresh, seal(fresh, Card(NAME, "9", "json", {})))
    registry.make_live(NAME, "9")
    assert live.model() == MODEL
    assert live.version() == f"{NAME}@9" != before
    judged = live(table(row("play abba"))).to_pyarrow().to_pylist()
    assert 0 < judged[0]["defect"] < 1000
    registry.get(NAME).file(FILE).write_text("{}")
    with pytest.raises(ArtifactError, match="damaged"):
        live.model()


def test_what_is_shipped_is_what_was_fitted() -> None:
    """Every feature has a weight, and the card says where it comes from."""
    model, card = shipped(), json.loads((SHIPPED / "card.json").read_text())
    assert model.defect.keys() == model.rephrase.keys() == {*FEATURES, "bias"}
    assert "simulated" in " ".join(card["notices"]).lower()
    assert card["command"].startswith("python -m gnothi_lab.fit_defects")


def test_the_shipped_model_lets_people_go_on() -> None:
    """The opposite, another number, or a question right after a success: nothing had failed."""
    deed = json.dumps([{"call": {}, "status": "done", "risk": "reversible"}], separators=(",", ":"))
    light = {"domain": "iot", "actions": deed, "slots": slots(room="kitchen")}
    timer = {"domain": "timer", "actions": deed}
    talks = {
        "opposite": [
            row("turn on the kitchen light", intent="light_on", **light),
            row("turn off the kitchen light", intent="light_off", at=2, **light),
        ],
        "number": [
            row("set a timer for 5 minutes", intent="timer_set", **timer, slots=slots(time="5")),
            row("set a timer for 9 minutes", intent="timer_set", at=2, **timer, slots=slots(t="9")),
        ],
        "question": [
            row("set a timer for 5 minutes", intent="timer_set", **timer),
            row("what timers are there", intent="timer_query", domain="timer", at=1),
        ],
    }
    rows = [one | {"session": name} for name, talk in talks.items() for one in talk]
    found = shipped().judge(table(*rows)).to_pyarrow().to_pylist()
    assert len(found) == 6
    assert all(one["defect"] < 500 for one in found)


def test_features_of_what_is_asked_in_a_row() -> None:
    """Opposites and numbers are told apart from the same words, and deeds from questions."""
    deed = json.dumps([{"call": {}, "status": "done", "risk": "reversible"}], separators=(",", ":"))
    on = row("turn on the light", actions=deed)
    off = features(on, row("turn off the light", at=1, actions=deed))[0]
    asked = features(on, row("is the light on", at=8))[0]
    again = features(on, row("turn on the lamp", at=8, actions=deed))[0]
    assert (off["contrary"], off["hasty"], off["both-done"], off["asks-next"]) == (1, 1, 1, 0)
    assert off["other-claim"] > 0.5
    assert (asked["contrary"], asked["hasty"], asked["asks-next"]) == (0, 0, 1)
    assert (again["contrary"], again["other-claim"]) == (0, 0)
    assert again["swapped"] > 0


def test_a_question_may_go_unanswered() -> None:
    """Another wish is no answer; a word that completes the first one is."""
    which = row("light on", intent="light_on", status="needs_value", expects="value")
    answered = features(which, row("kitchen", at=5, intent="light_on"))[0]
    left = features(which, row("what time is it", at=5, intent="time"))[0]
    alone = features(which)[0]
    assert [one["unanswered"] for one in (answered, left, alone)] == [0, 1, 1]
