"""teach-camera: nothing leaks, nothing is kept for what it is not, means are of what they say."""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gnothi.vision.teaching.folders.collection import Example
from gnothi_lab.benchmarks import teach_camera
from gnothi_lab.result import Result
from gnothi_lab.sight.teaching import keys
from gnothi_lab.sight.teaching.domains import Domain, read_domain, shots
from gnothi_lab.sight.teaching.runs import Laboratory, Outcome, Run
from gnothi_lab.sight.teaching.table import EVERYDAY, FOUR, Row, Table, within
from gnothi_lab.sight.teaching.tuning import BEYOND, DOMAINS, RATES, best_rates
from gnothi_train.vision.teach.methods import Method


def _folder(data: Path, domain: str, names: list[str], side: int, boxed: int) -> None:
    """Write pictures of one grey with a box of each of two classes in the first *boxed*."""
    folder = data / "vision" / f"det_{domain}"
    folder.mkdir(parents=True)
    told = {}
    for at, name in enumerate(names):
        Image.new("RGB", (side, side), (at, at, at)).save(folder / name)
        boxes = [{"name": "one", "box": [2, 2, 14, 14]}, {"name": "two", "box": [16, 2, 28, 14]}]
        told[name] = boxes if at < boxed else []
    (folder / "boxes.json").write_text(json.dumps(told), encoding="utf-8")


def _domain(name: str = "plain") -> Domain:
    random = np.random.default_rng(0)
    pixels = random.integers(255, size=(8, 8, 3)).astype(np.uint8)
    box, kind = np.array([[1.0, 1.0, 5.0, 5.0]]), np.array([0], np.int64)
    pool = tuple(Example(str(at), pixels, box, kind) for at in range(4))
    return Domain(name, ("one",), pool, ("a", "a", "b", "b"), pool[:1])


def test_a_burst_stays_on_one_side(tmp_path: Path) -> None:
    """Cards that were taken one after another are never both learned from and judged on."""
    names = [f"IMG_{2380 + at}.png" for at in range(50)]
    _folder(tmp_path, "cards", names, 32, boxed=50)
    domain = read_domain(tmp_path, "cards")
    learned, tried = ({one.name[:7] for one in part} for part in (domain.pool, domain.test))
    assert len(domain.pool) + len(domain.test) == 50
    assert learned
    assert tried
    assert not learned & tried


def test_whoever_tunes_sees_nothing_of_the_test(tmp_path: Path) -> None:
    """The development half is of the pool, and parted by burst as well."""
    _folder(tmp_path, "cards", [f"IMG_{2380 + at}.png" for at in range(90)], 32, boxed=90)
    domain = read_domain(tmp_path, "cards")
    inner = domain.development()
    pool = {one.name for one in domain.pool}
    assert {one.name for one in (*inner.pool, *inner.test)} == pool
    assert not {one.name[:7] for one in inner.pool} & {one.name[:7] for one in inner.test}


def test_boards_are_parted_whole_and_tiles_without_a_defect_are_looked_at(tmp_path: Path) -> None:
    """Tiles of one board are on one side; those with nothing in them can cost precision."""
    names = [f"{board}00{at}.png" for board in (120, 121, 123, 200, 440) for at in range(2)]
    _folder(tmp_path, "deeppcb", names, 640, boxed=10)
    domain = read_domain(tmp_path, "deeppcb")
    learned, tried = ({one.name[:5] for one in part} for part in (domain.pool, domain.test))
    assert not learned & tried
    assert len(domain.test) == 64
    assert sum(not len(one.boxes) for one in domain.test) == 60


def test_examples_have_enough_boxes_of_each_class(tmp_path: Path) -> None:
    """Or all that there are; another seed draws others."""
    _folder(tmp_path, "bccd", [f"Blood_{at:05}.png" for at in range(60)], 32, boxed=40)
    domain = read_domain(tmp_path, "bccd")
    drawn = shots(domain, 5, 0)
    assert len(drawn) == 5
    assert [one.name for one in drawn] == [one.name for one in shots(domain, 5, 0)]
    assert [one.name for one in drawn] != [one.name for one in shots(domain, 5, 1)]
    everything = sum(len(one.boxes) for one in domain.pool)
    assert sum(len(one.boxes) for one in shots(domain, 999, 0)) == everything


def test_an_outcome_is_kept_for_one_run_on_one_set_of_pictures(tmp_path: Path) -> None:
    """Another draw, another method, another rate, one other pixel: it is done anew."""
    laboratory, domain = Laboratory(tmp_path), _domain()
    (tmp_path / "pyramid-large.pt").write_bytes(b"weights")
    run = Run("plain", Method.FULL)
    pixels = domain.test[0].pixels.copy()
    pixels[0, 0, 0] += 1
    changed = replace(domain, test=(replace(domain.test[0], pixels=pixels),))
    places = [
        laboratory.place(run, domain),
        laboratory.place(replace(run, seed=1), domain),
        laboratory.place(replace(run, method=Method.HEAD), domain),
        laboratory.place(run, changed),
        laboratory.place(replace(run, rate=0.5), domain),
        laboratory.place(run, replace(domain, pool_groups=("a", "b", "b", "b"))),
    ]
    (tmp_path / "pyramid-large.pt").write_bytes(b"others")
    places.append(laboratory.place(run, domain))
    assert len(set(places)) == len(places)


def test_code_is_told_from_what_is_said_about_it(tmp_path: Path) -> None:
    """A changed comment keeps outcomes, a changed number doesn't."""
    marks = []
    for at, text in enumerate(('A = 1\n"""One."""\n', "A = 1  # one\n", "A = 2\n")):
        path = tmp_path / f"{at}.py"
        path.write_text(text, encoding="utf-8")
        marks.append(keys.code((path,)))
    assert marks[0] == marks[1] != marks[2]


def test_draws_follow_the_seed() -> None:
    """Another seed of the benchmark draws other examples."""
    row = Row("full", Method.FULL, draws=3)
    assert {one.seed for one in row.runs(["plain"], 0)} == {0, 1, 2}
    assert not {one.seed for one in row.runs(["plain"], 1)} & {0, 1, 2}


def test_everyday_photos_count_where_they_were_tried() -> None:
    """The mean over all domains stands beside the one without them."""
    known = {name: _domain(name) for name in ("plain", EVERYDAY)}
    rows = [Row("full", Method.FULL, draws=2, everyday=True), Row("meta", Method.META, draws=2)]
    measured = {
        run: Outcome(0.0 if run.domain == EVERYDAY else 0.5, 0.1, 1.0, 3)
        for row in rows
        for run in row.runs(known, 0)
    }
    full, meta = (Table(known, 0, measured).means(row) for row in rows)
    assert full[""].mean() == pytest.approx(0.25)
    assert full[FOUR].mean() == meta[FOUR].mean() == pytest.approx(0.5)
    assert set(meta) == {FOUR}


def test_an_interval_is_of_draws_and_not_of_domains() -> None:
    """However far domains lie from each other, equal draws leave no doubt about their mean."""
    rng = np.random.default_rng(0)
    assert within(np.array([[0.1, 0.1, 0.1], [0.9, 0.9, 0.9]]), rng) == (0.5, 0.5)
    low, high = within(np.array([[0.1, 0.3, 0.2], [0.9, 0.7, 0.8]]), rng)
    assert 0.4 < low < 0.5 < high < 0.6


def test_of_a_stopped_row_whole_draws_are_kept() -> None:
    """And it is compared on the draws that both rows have."""
    known = {name: _domain(name) for name in ("plain", "other")}
    full, head = Row("full", Method.FULL, draws=3), Row("head", Method.HEAD, draws=3)
    runs = dict.fromkeys(full.runs(known, 0), 0.5)
    runs |= {run: 0.1 * run.seed for run in head.runs(known, 0)[:-1]}
    table = Table(known, 0, {run: Outcome(ap50, 0.1, 1.0, 3) for run, ap50 in runs.items()})
    kept = table.kept(head)
    assert (table.kept(full).draws, kept.draws) == (3, 2)
    gap = table.gaps(full, kept)[FOUR]
    np.testing.assert_allclose(gap, [[0.5, 0.4], [0.5, 0.4]])
    assert table.kept(Row("scratch", Method.SCRATCH)).draws == 0


class _Rated(Laboratory):
    """A laboratory in which the last layers want a higher rate than the rest."""

    def outcome(self, run: Run, domain: Domain) -> Outcome:
        assert run.domain == domain.name
        assert run.domain.endswith("-development")
        best = BEYOND[RATES[3]] if run.method is Method.HEAD else RATES[1]
        if run.method is Method.HEAD and run.rate == RATES[3]:
            return Outcome(0.5, 0.1, 1.0, 3)
        return Outcome(float(run.rate == best), 0.1, 1.0, 3)


def test_each_method_has_the_rate_that_is_best_for_it(tmp_path: Path) -> None:
    """In the mean over development halves, beyond the usual ones too; the test is not looked at."""
    known = {name: _domain(name) for name in DOMAINS}
    rates = best_rates(_Rated(tmp_path), known, (Method.FULL, Method.HEAD), 0)
    assert rates == {Method.FULL: RATES[1], Method.HEAD: BEYOND[RATES[3]]}


class _Told:
    """A laboratory in which full fine-tuning finds a half, and what else there is a quarter.

    It is stopped before run number *last*, and has no weights of the second architecture.
    """

    def __init__(self, last: int = 1000) -> None:
        self.done: list[Run] = []
        self.last = last

    def can(self, run: Run) -> bool:
        return run.architecture == "pyramid"

    def outcome(self, run: Run, domain: Domain) -> Outcome:
        assert domain.name == run.domain
        if len(self.done) == self.last:
            os.kill(os.getpid(), signal.SIGTERM)
        self.done.append(run)
        return Outcome(0.5 if run.method is Method.FULL else 0.25, 0.125, 3.0, 7)


def _run(monkeypatch: pytest.MonkeyPatch, told: _Told, seed: int = 0) -> Result:
    monkeypatch.setattr(teach_camera, "Laboratory", lambda _: told)
    rates = dict.fromkeys(Method, 0.01) | {Method.HEAD: 0.03}
    monkeypatch.setattr(teach_camera.tuning, "best_rates", lambda *_: rates)
    monkeypatch.setattr(teach_camera, "domains", lambda _: ["plain", EVERYDAY])
    monkeypatch.setattr(teach_camera, "read_domain", lambda _, name: _domain(name))
    monkeypatch.setattr(teach_camera, "SHIPPED", Path("nowhere"))
    return teach_camera.run(quick=False, seed=seed, data=Path("nowhere"))


@pytest.mark.parametrize("seed", [0, 2])
def test_all_rows_come_to_figures(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Whole heads are tried as often as the last layers; single draws have no interval."""
    told = _Told()
    result = _run(monkeypatch, told, seed)
    assert result.figures["full_ap50"] == result.figures["full_ap50_four"] == 0.5
    assert result.figures["full_minus_head_ap50"] == 0.25
    assert result.figures["full_minus_towers_ap50_four"] == 0.25
    assert result.figures["full_small_minus_head_small_ap50_four"] == 0.25
    assert "full_30_ap50_four" not in result.intervals
    assert result.baselines["head"] == {"ap50_plain": 0.25, f"ap50_{EVERYDAY}": 0.25}
    assert {run.rate for run in told.done if run.method is Method.HEAD} == {0.03}
    assert any("full 0.01, head 0.03" in note for note in result.notes)
    assert any("Not measured: centre_full" in note for note in result.notes)
    heads, towers = (
        {run.seed for run in told.done if run.method is method and run.count == 10}
        for method in (Method.HEAD, Method.TOWERS)
    )
    assert heads == towers == {100 * seed + draw for draw in range(5)}


def test_stopped_it_tells_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two draws of four methods on two domains are 16 runs; what is not there is named."""
    result = _run(monkeypatch, _Told(last=17))
    assert result.figures["full_minus_head_ap50"] == 0.25
    assert "meta_ap50_four" not in result.figures
    assert any("full 2, head 2" in note for note in result.notes)
    assert any("Not measured: frozen" in note for note in result.notes)


def test_stopped_at_once_it_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without full fine-tuning there is nothing to compare."""
    with pytest.raises(ValueError, match="before full fine-tuning"):
        _run(monkeypatch, _Told(last=0))
