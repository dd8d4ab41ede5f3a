"""What is trained on whole utterances is what is served chunk by chunk."""

import json
from dataclasses import asdict

import numpy as np
import pytest
import torch
from torch import Tensor

from gnothi.core.artifact import CARD, Card
from gnothi.core.errors import InputError
from gnothi.speech.features import WIDTH
from gnothi.speech.streaming import NAME, Advance, StreamingModel
from gnothi_train.speech import export
from gnothi_train.speech.network import PAST, Carried, Shape, StreamingEncoder

TINY = Shape(width=32, heads=2, layers=2, kernel=5, channels=(4, 8))
PIECES = ["", *"abcdefghijk"]
COUNT = PAST + 32


@pytest.fixture(scope="module")
def network() -> StreamingEncoder:
    """A network that knows nothing."""
    torch.manual_seed(0)
    return StreamingEncoder(len(PIECES), TINY).eval()


@pytest.fixture(scope="module")
def model(network: StreamingEncoder, tmp_path_factory: pytest.TempPathFactory) -> StreamingModel:
    """The same, as it is served."""
    folder = tmp_path_factory.mktemp("model")
    export.write(network, PIECES, folder)
    card = Card(NAME, "0", "onnx", export.hashes(folder))
    (folder / CARD).write_text(json.dumps(asdict(card)), encoding="utf-8")
    return StreamingModel(folder)


def frames(seed: int = 0, count: int = COUNT) -> Tensor:
    """Return stacked frames of *count* encoder frames."""
    return torch.randn(1, 2 * count, WIDTH, generator=torch.Generator().manual_seed(seed))


def whole(network: StreamingEncoder, sound: Tensor, chunk: int, right: int) -> np.ndarray:
    """Return log-probabilities of one utterance worked out at once."""
    with torch.no_grad():
        length = torch.tensor([sound.shape[1] // 2])
        scores, _ = network(sound, length, chunk=chunk, right=right)
    return scores[0].log_softmax(-1).numpy()


def stepwise(network: StreamingEncoder, sound: Tensor, chunk: int, right: int) -> np.ndarray:
    """Return log-probabilities of one utterance worked out chunk by chunk."""
    padded = torch.cat([torch.zeros(1, 1, WIDTH), sound], 1)
    count = sound.shape[1] // 2
    carried, found = Carried.empty(network.shape, 1), []
    for start in range(0, count, chunk):
        end, kept = min(start + chunk + right, count), min(chunk, count - start)
        given = padded[:, 2 * start : 2 * end + 1]
        numbers = [torch.tensor([n]) for n in (end - start, kept, min(start, PAST))]
        with torch.no_grad():
            scores, _, carried = network.step(given, *numbers, carried)
        found.append(scores[0, :kept])
    return torch.cat(found).numpy()


@pytest.mark.parametrize(("chunk", "right"), [(8, 0), (8, 4), (4, 8), (16, 3), (COUNT, 0)])
def test_chunks_give_what_the_whole_gives(
    network: StreamingEncoder, chunk: int, right: int
) -> None:
    """Beyond the reach of the past too, and with a look-ahead longer than the chunk."""
    sound = frames()
    one, other = whole(network, sound, chunk, right), stepwise(network, sound, chunk, right)
    np.testing.assert_allclose(one, other, atol=2e-4)


def test_look_ahead_is_looked_at_and_no_further(network: StreamingEncoder) -> None:
    """A frame depends on its chunk and its right context, and on nothing behind."""
    sound, chunk, right = frames(), 8, 4
    before = whole(network, sound, chunk, right)[:chunk]
    changed = sound.clone()
    changed[:, 2 * (chunk + right) :] = 0
    np.testing.assert_allclose(whole(network, changed, chunk, right)[:chunk], before, atol=1e-5)
    changed[:, 2 * (chunk + right) - 2 :] = 0
    assert np.abs(whole(network, changed, chunk, right)[:chunk] - before).max() > 1e-3


def test_padding_changes_nothing(network: StreamingEncoder) -> None:
    """An utterance is heard alike beside a longer one."""
    short, long = frames(1, 24), frames(2, 48)
    both = torch.cat([torch.nn.functional.pad(short, (0, 0, 0, 48)), long])
    with torch.no_grad():
        scores, _ = network(both, torch.tensor([24, 48]), chunk=8, right=4)
    found = scores[0, :24].log_softmax(-1).numpy()
    np.testing.assert_allclose(found, whole(network, short, 8, 4), atol=1e-4)


def served(model: StreamingModel, sound: Tensor, paces: list[tuple[int, int]]) -> np.ndarray:
    """Return log-probabilities of the served network, at one pace after the other."""
    stream = model.open()
    stream.accept(sound[0].numpy())
    found = []
    for at in range(10_000):
        if not stream.waiting:
            break
        chunk, right = paces[at % len(paces)]
        chunk = min(chunk, stream.waiting)
        pace = Advance(stream, chunk, min(right, stream.waiting - chunk))
        found.append(model.advance([pace])[0].scores)
    return np.concatenate(found)


def test_what_is_served_is_what_was_trained(
    network: StreamingEncoder, model: StreamingModel
) -> None:
    """Weights in 8 bits cost little, however the sound is cut."""
    sound = frames()
    for chunk, right in ((8, 4), (5, 0)):
        exact = stepwise(network, sound, chunk, right)
        assert np.abs(served(model, sound, [(chunk, right)]) - exact).max() < 0.05


def test_streams_do_not_disturb_each_other(model: StreamingModel) -> None:
    """A batch of streams of different age and pace gives each what it gets alone."""
    first, second = frames(3, 40), frames(4, 30)
    alone = served(model, first, [(8, 2)]), served(model, second, [(5, 4)])
    streams = model.open(), model.open()
    for stream, sound in zip(streams, (first, second), strict=True):
        stream.accept(sound[0].numpy())
    early = model.advance([Advance(streams[0], 8, 2)])[0].scores
    both = model.advance([Advance(streams[0], 8, 2), Advance(streams[1], 5, 4)])
    np.testing.assert_allclose(early, alone[0][:8], atol=1e-4)
    np.testing.assert_allclose(both[0].scores, alone[0][8:16], atol=1e-4)
    np.testing.assert_allclose(both[1].scores, alone[1][:5], atol=1e-4)


def test_look_ahead_needs_sound_and_has_a_cap(model: StreamingModel) -> None:
    """Asking for more than was heard, or than is allowed, is told."""
    stream = model.open()
    stream.accept(frames(5, 10)[0].numpy())
    with pytest.raises(InputError, match="not enough sound"):
        model.advance([Advance(stream, 8, 4)])
    with pytest.raises(InputError, match="to its right"):
        model.advance([Advance(stream, 2, 99)])
