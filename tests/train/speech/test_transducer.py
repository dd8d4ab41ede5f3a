"""The transducer's loss sums over all alignments, and what is served is what was trained."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from gnothi.speech.transducer import FILE, Transducer  # noqa: E402
from gnothi_train.speech.transducer import Head, likelihood, places  # noqa: E402

WIDTH, PIECES, INNER = 6, 5, 7


@pytest.fixture
def head() -> Head:
    """A transducer that knows nothing, but is sure of it."""
    torch.manual_seed(0)
    head = Head(WIDTH, PIECES, INNER)
    for parameter in head.parameters():
        torch.nn.init.normal_(parameter)
    return head.eval()


def by_hand(blank: np.ndarray, label: np.ndarray, frames: int, places: int) -> float:
    """Return the same as ``likelihood`` for one text, by enumeration."""
    ways = [
        sum(
            label[t, chosen.index(t)] if t in chosen else blank[t, sum(c < t for c in chosen)]
            for t in range(frames)
        )
        for chosen in combinations(range(frames), places)
    ]
    return float(np.logaddexp.reduce(ways))


def test_all_alignments_count(head: Head) -> None:
    """Also beside longer texts and longer sounds."""
    states = torch.randn(3, 6, WIDTH, generator=torch.Generator().manual_seed(1))
    targets = torch.tensor([[1, 2, 3, 4], [4, 4, 0, 0], [2, 0, 0, 0]])
    lengths, counts = torch.tensor([6, 5, 3]), torch.tensor([4, 2, 1])
    with torch.no_grad():
        at = torch.arange(5).expand(3, 6, 5)
        blank, label = head(states, targets, at)
        found = likelihood(blank, label, at, lengths, counts).numpy()
    for row, (frames, count) in enumerate(zip(lengths.tolist(), counts.tolist(), strict=True)):
        expected = by_hand(blank[row].numpy(), label[row].numpy(), frames, count)
        assert found[row] == pytest.approx(expected, abs=1e-4)


def test_places_near_those_of_ctc_count(head: Head) -> None:
    """A band that moves with the text leaves out what CTC takes for impossible, and no more."""
    text, spread = [1, 2, 3, 4, 1, 2, 3], 3
    scores = torch.full((1, spread * len(text) + 2, PIECES), -6.0)
    scores[..., 0] = 0
    for number, piece in enumerate(text):
        scores[0, spread * number + 1, piece] = 6.0
    scores = scores.log_softmax(2)
    targets, counts = torch.tensor([text]), torch.tensor([len(text)])
    lengths = torch.tensor([scores.shape[1]])
    narrow = places(scores, targets, lengths, counts, 4)
    whole = torch.arange(len(text) + 1).expand(1, scores.shape[1], -1)
    assert narrow[0, 0, 0] == 0
    assert narrow[0, -1, -1] == len(text)
    # What is as sure as CTC, in the same places.
    at = torch.arange(len(text) + 1)
    told = torch.tensor([*text, 0])
    found = [
        likelihood(
            scores[:, :, 0, None].expand(-1, -1, band.shape[2]),
            scores[0].gather(1, told[band[0]])[None].masked_fill(band == at[-1], -1e30),
            band, lengths, counts,
        )
        for band in (narrow, whole)
    ]  # fmt: skip
    assert float(found[0]) == pytest.approx(float(found[1]), abs=1e-3)


def test_a_text_that_does_not_fit_teaches_nothing(head: Head) -> None:
    """More pieces than frames are next to impossible, and gradients are numbers."""
    at = torch.arange(5).expand(2, 3, 5)
    blank, label = head(torch.randn(2, 3, WIDTH), torch.tensor([[1, 2, 3, 4], [1, 2, 0, 0]]), at)
    found = likelihood(blank, label, at, torch.tensor([3, 3]), torch.tensor([4, 2]))
    assert found[0] < -1e29
    found[1].backward()
    gradients = [parameter.grad for parameter in head.parameters()]
    assert all(one is not None and torch.isfinite(one).all() for one in gradients)


def test_what_is_served_is_what_was_trained(head: Head, tmp_path: Path) -> None:
    """Probabilities are those of the head, but for weights in half precision; all sum to 1."""
    head.save(tmp_path / FILE)
    served = Transducer.read(tmp_path / FILE, pieces=PIECES)
    assert served.quiet.shape == (INNER,)
    state = torch.randn(1, 1, WIDTH)
    text = [3, 1, 4]
    with torch.no_grad():
        blank, label = head(state, torch.tensor([text]), torch.arange(4).expand(1, 1, 4))
    last, before = np.array([0, *text]), np.array([0, 0, *text[:-1]])
    found = served.scores(state[0, 0].numpy(), before, last)
    np.testing.assert_allclose(found[:, 0], blank[0, 0], atol=0.02)
    np.testing.assert_allclose(found[range(3), text], label[0, 0, :3], atol=0.02)
    np.testing.assert_allclose(np.exp(found).sum(1), 1, atol=1e-5)
