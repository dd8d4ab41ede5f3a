"""One search weighs what CTC and the transducer hear."""

from dataclasses import replace
from itertools import combinations, pairwise, product
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import ArtifactError
from gnothi.speech.ctc import Search
from gnothi.speech.spelling import Weights
from gnothi.speech.transducer import Transducer

PIECES = ("", "_a", "b", "_b", "a")
WIDTH, INNER = 3, 4
FRAMES = 4


def made(seed: int) -> Transducer:
    """Return a transducer that knows nothing, but is sure of it."""
    rng = np.random.default_rng(seed)
    shapes = (WIDTH, INNER), (INNER,), (2, len(PIECES), INNER), (INNER, len(PIECES))
    shapes += (len(PIECES),), (INNER,)
    return Transducer(*(rng.normal(size=shape).astype(np.float32) for shape in shapes))


def by_hand(transducer: Transducer, states: np.ndarray, line: tuple[int, ...]) -> float:
    """Return the logarithm of the probability that *line* is said, summed over all alignments."""
    told = (0, 0, *line)
    total = -np.inf
    for chosen in combinations(range(len(states)), len(line)):
        way = 0.0
        for frame, state in enumerate(states):
            at = sum(one < frame for one in chosen)
            (row,) = transducer.scores(state, np.array([told[at]]), np.array([told[at + 1]]))
            way += float(row[line[at]] if frame in chosen else row[0])
        total = np.logaddexp(total, way)
    return float(total)


@pytest.mark.parametrize("seed", range(3))
def test_the_search_sums_over_all_alignments(seed: int) -> None:
    """Of every beginning, by both; with a beam that keeps all and no piece that follows itself."""
    rng = np.random.default_rng(seed)
    scores = np.log(rng.dirichlet(np.ones(len(PIECES)), FRAMES)).astype(np.float32)
    states = rng.normal(size=(FRAMES, WIDTH)).astype(np.float32)
    wide = Weights(beam=2000, pieces=4, threshold=-100.0, transducer=0.4)
    transducer = made(seed)
    search = Search(PIECES, None, wide, frame_s=0.06, transducer=transducer)
    for frame in range(FRAMES):  # As it comes.
        search.accept(scores[frame : frame + 1], states[frame : frame + 1])
    found = {one.hypothesis.text: one for one in search.readings(2000)}
    told = 0
    for line in (line for size in (1, 2, 3) for line in product(range(1, 5), repeat=size)):
        text = "".join(PIECES[one] for one in line)
        one = found.get(text.replace("_", " ").strip())
        if one is None or text[0] != "_" or any(a == b for a, b in pairwise(line)):
            continue
        told += 1
        assert one.transduced == pytest.approx(by_hand(transducer, states, line), abs=1e-4)
        both = 0.6 * one.heard + 0.4 * one.transduced
        assert one.hypothesis.score == pytest.approx(both)
    assert told > 5


def test_the_transducer_decides_where_ctc_is_torn() -> None:
    """It is heard where it has a share, and where it is fed."""
    torn = np.log(np.array([[0.1, 0.4, 0.05, 0.35, 0.1], [0.9, 0.025, 0.025, 0.025, 0.025]]))
    shapes = (WIDTH, INNER), (INNER,), (2, len(PIECES), INNER), (INNER, len(PIECES))
    bias = np.array([0, 0, 0, 3, 0], np.float32)
    weights = [*(np.zeros(shape, np.float32) for shape in shapes), bias, bias[:INNER]]
    transducer = Transducer(*weights)

    def best(share: float) -> str:
        search = Search(
            PIECES, None, Weights(transducer=share), frame_s=0.06, transducer=transducer
        )
        search.accept(torn.astype(np.float32), np.zeros((2, WIDTH), np.float32))
        return search.finish()[0].text

    assert best(0.0) == "a"
    assert best(0.3) == "b"


def test_what_is_expected_anyway_can_be_taken_off() -> None:
    """Taken off once, an average state tells nothing of what is said, only whether anything is."""
    one = made(1)
    average = replace(one, heard=np.eye(INNER, dtype=np.float32), offset=np.zeros(INNER, "f4"))
    contexts = np.array([0, 1, 2]), np.array([1, 4, 4])
    plain = average.scores(one.quiet, *contexts)
    found = average.scores(one.quiet, *contexts, internal=1.0)
    np.testing.assert_allclose(found[:, 0], plain[:, 0])
    said = np.broadcast_to(np.log1p(-np.exp(plain[:, :1])), (3, len(PIECES) - 1))
    np.testing.assert_allclose(found[:, 1:], said, atol=1e-4)


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    """Weights that are missing, damaged, or of other pieces are refused."""
    path = tmp_path / "transducer.npz"
    with pytest.raises(ArtifactError, match="can't be read"):
        Transducer.read(path, pieces=5)
    path.write_bytes(b"nothing")
    with pytest.raises(ArtifactError, match="can't be read"):
        Transducer.read(path, pieces=5)
    one = made(0)
    np.savez(path, **{name: getattr(one, name) for name in Transducer.__slots__})
    assert Transducer.read(path, pieces=len(PIECES)).bias.shape == (len(PIECES),)
    (tmp_path / "cut.npz").write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ArtifactError, match="can't be read"):
        Transducer.read(tmp_path / "cut.npz", pieces=len(PIECES))
    with pytest.raises(ArtifactError, match="another version"):
        Transducer.read(path, pieces=7)
