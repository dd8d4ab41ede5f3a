"""sherpa-onnx recognises while somebody speaks; tried with a network of random weights."""

from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import RATE
from gnothi.speech.sherpa import Sherpa
from gnothi.testing.hearing import recogniser_complaints
from tests.speech.networks import save

pytest.importorskip("onnx")
pytest.importorskip("sherpa_onnx")

TOKENS = "<blk> <sos/eos> <unk> ▁on ▁off ▁light ▁lamp a e i o u".split()
WIDTH, FRAMES = 16, 9
SOUND = (np.random.default_rng(0).normal(0, 0.1, 2 * RATE)).astype(np.float32)


def write_model(folder: Path) -> None:
    """Write a streaming transducer that says something for every frame: LSTM, as k2-fsa's."""
    rng, count = np.random.default_rng(0), len(TOKENS)
    joint = rng.normal(0, 0.6, (WIDTH, count))
    joint[:, 0] = 0
    favour = np.array([2.0, -20, -20, *[0.0] * (count - 3)])
    lines = "".join(f"{token} {number}\n" for number, token in enumerate(TOKENS))
    (folder / "tokens.txt").write_text(lines, encoding="utf-8")
    state = (1, "N", WIDTH)
    save(
        folder / "encoder.onnx",
        """ReduceMean x mean axes=1 keepdims=1
        MatMul mean,weights mixed
        Tanh mixed heard
        Transpose h turned perm=1,0,2
        Add heard,turned encoder_out
        Transpose encoder_out next perm=1,0,2
        Mul next,half next_h
        Identity c next_c""",
        inputs={"x": ("N", FRAMES, 80), "h": state, "c": state},
        outputs={"encoder_out": ("N", 1, WIDTH), "next_h": state, "next_c": state},
        constants={"weights": rng.normal(0, 0.04, (80, WIDTH)), "half": np.array([0.5])},
        about={
            "model_type": "lstm",
            "num_encoder_layers": 1,
            "T": FRAMES,
            "decode_chunk_len": 4,
            "rnn_hidden_size": WIDTH,
            "d_model": WIDTH,
        },
        types={},
    )
    save(
        folder / "decoder.onnx",
        """Gather table,y rows
        ReduceMean rows decoder_out axes=1 keepdims=0""",
        inputs={"y": ("N", 2)},
        outputs={"decoder_out": ("N", WIDTH)},
        constants={"table": rng.normal(0, 0.3, (count, WIDTH))},
        about={"vocab_size": count, "context_size": 2},
        types={"y": "INT64"},
    )
    save(
        folder / "joiner.onnx",
        """Add encoder_out,decoder_out sum
        MatMul sum,joint scores
        Add scores,favour logit""",
        inputs={"encoder_out": ("N", WIDTH), "decoder_out": ("N", WIDTH)},
        outputs={"logit": ("N", count)},
        constants={"joint": joint, "favour": favour},
        about={"joiner_dim": WIDTH},
        types={},
    )


@pytest.fixture(scope="module")
def sherpa(tmp_path_factory: pytest.TempPathFactory) -> Sherpa:
    """Return a recogniser with the network of random weights."""
    folder = tmp_path_factory.mktemp("model")
    write_model(folder)
    return Sherpa(folder)


def test_it_is_a_recogniser_but_for_its_random_weights(sherpa: Sherpa) -> None:
    """It keeps the contract of recognisers; only that it is never silent is the network's fault."""
    complaints = list(recogniser_complaints(sherpa, SOUND))
    assert all("in a quiet room" in one for one in complaints)


def test_it_tells_words_while_they_are_said(sherpa: Sherpa) -> None:
    """Partial texts grow, and the words in the end have times and confidences."""
    stream = sherpa.open()
    partials = [stream.accept(SOUND[at : at + 3200]).text for at in range(0, len(SOUND), 3200)]
    assert partials[-1] not in ("", partials[0])
    (found,) = stream.finish()
    stream.close()
    assert [word.text for word in found.words] == found.text.split()
    assert all(0 <= word.confidence < 1 for word in found.words)


def test_folders_without_a_whole_model_are_told(tmp_path: Path) -> None:
    """What is missing or damaged is in the sentence."""
    with pytest.raises(InputError, match="encoder"):
        Sherpa(tmp_path)
    write_model(tmp_path)
    (tmp_path / "tokens.txt").rename(tmp_path / "tokens")
    with pytest.raises(InputError, match=r"tokens\.txt"):
        Sherpa(tmp_path)
    (tmp_path / "tokens").rename(tmp_path / "tokens.txt")
    (tmp_path / "joiner.onnx").write_bytes(b"damaged")
    with pytest.raises(ArtifactError, match="can't be loaded"):
        Sherpa(tmp_path)
