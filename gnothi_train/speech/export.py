"""From the trained network to the artifact that the product serves: ONNX, weights in 8 bits.

Only the weights of matrix products are stored as integers, with a scale for each column, and are
widened when the network is read. Activations stay as they are: a scale for a whole batch would make
what one stream hears depend on who else is in the batch.
"""

import hashlib
import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from gnothi.core.artifact import CARD, Card, read_card
from gnothi.speech.features import WIDTH
from gnothi.speech.streaming import INPUTS, MODEL, NAME, OUTPUTS, PIECES
from gnothi_train.speech.network import Carried, StreamingEncoder

if TYPE_CHECKING:
    from gnothi_train.speech.learn import Learning
    from gnothi_train.speech.trainer import Run

NOTICES = (
    "LibriSpeech (Panayotov et al. 2015), CC BY 4.0: speakers 19 and 26 of train-clean-100.",
    "Free Spoken Digit Dataset (Z. Jackson et al.), CC BY-SA 4.0. LJ Speech, public domain.",
    "Precise Community Data (Mycroft), public domain.",
    "ESC-10 (K. J. Piczak), CC BY 3.0. Noises: Picovoice, Apache-2.0; audiomentations, MIT.",
    "Room responses: SpeechBrain, lhotse, Apache-2.0; audiomentations, MIT.",
    "Spoken by espeak-ng, flite and festival; the voice rms was kept apart.",
    "Sentences: MASSIVE, Home Assistant intents (CC BY 4.0); home-assistant-datasets (Apache-2.0).",
    "Sentences: home-llm (MIT), and our own.",
)
LICENCES = {
    "librispeech-3spk": "CC BY 4.0",
    "fsdd": "CC BY-SA 4.0",
    "ljspeech-8": "public domain",
    "wakeword-precise": "public domain",
    "noise-esc10": "CC BY 3.0",
    "noise-misc": "Apache-2.0, MIT, public domain",
    "rir-misc": "Apache-2.0, MIT",
}
_OPSET = 17
_SMALLEST = 4096
"""Weights of matrices smaller than this stay as they are."""


class Served(nn.Module):
    """One chunk, with what is carried as plain tensors."""

    def __init__(self, network: StreamingEncoder) -> None:
        """Serve *network*."""
        super().__init__()
        self.network = network

    def forward(
        self,
        frames: Tensor,
        lengths: Tensor,
        keep: Tensor,
        heard: Tensor,
        keys: Tensor,
        values: Tensor,
        sound: Tensor,
    ) -> tuple[Tensor, ...]:
        """See ``StreamingEncoder.step``."""
        scores, states, new = self.network.step(
            frames, lengths, keep, heard, Carried(keys, values, sound)
        )
        return scores, states, new.keys, new.values, new.sound


def export(
    learning: "Learning", run: "Run", out: Path, *, command: str, version: str
) -> dict[str, float]:
    """Write the artifact to *out* and return its figures, measured in the light runtime."""
    from gnothi_train.speech.judge import judge

    network = learning.averaged()
    write(network, run.pieces(), out)
    card = Card(
        name=NAME,
        version=version,
        kind="onnx",
        files=hashes(out),
        parents=(read_card(run.start).label,) if run.start else (),
        command=command,
        seed=run.seed,
        data=sources(run.data),
        notices=NOTICES,
    )
    write_card(card, out)
    told = {
        "parameters_m": sum(p.numel() for p in network.parameters()) / 1e6,
        "heard_hours": learning.heard / 3600,
        "minutes": learning.spent / 60,
        "megabytes": (out / MODEL).stat().st_size / 1e6,
    }
    figures, intervals = judge(out, run)
    figures = {name: round(value, 4) for name, value in (told | figures).items()}
    write_card(Card(**(asdict(card) | {"figures": figures, "intervals": intervals})), out)
    return figures


def write(network: StreamingEncoder, pieces: Sequence[str], out: Path) -> None:
    """Write *network* and its *pieces* to the folder *out*."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / MODEL
    shape = network.shape
    batch, count = 2, 7
    carried = Carried.empty(shape, batch)
    example = (
        torch.randn(batch, 2 * count + 1, WIDTH),
        torch.tensor([count, 5]),
        torch.tensor([4, 5]),
        torch.tensor([0, 0]),
        carried.keys,
        carried.values,
        carried.sound,
    )
    axes = {"frames": {0: "streams", 1: "frames"}}
    axes |= {name: {0: "streams"} for name in INPUTS[1:4]}
    axes |= {name: {1: "streams"} for name in (*INPUTS[4:], *OUTPUTS[2:])}
    axes |= {name: {0: "streams", 1: "chunk"} for name in OUTPUTS[:2]}
    with warnings.catch_warnings():
        # The TorchScript exporter is deprecated, but needs no further package.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Served(network).eval(),
            example,
            str(path),
            dynamo=False,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=_OPSET,
        )
    narrow(path)
    (out / PIECES).write_text(json.dumps(list(pieces)), encoding="utf-8")


def narrow(path: Path) -> None:
    """Store the weights of matrix products in the ONNX file at *path* in 8 bits."""
    model = onnx.load(path)
    graph = model.graph
    weights = {entry.name: entry for entry in graph.initializer}
    for place, node in reversed(list(enumerate(graph.node))):
        entry = weights.get(node.input[1]) if node.op_type in {"MatMul", "Gemm"} else None
        if entry is None:
            continue
        values = numpy_helper.to_array(entry)
        if values.size < _SMALLEST:
            continue
        axis = 0 if any(a.name == "transB" and a.i for a in node.attribute) else 1
        scale = np.abs(values).max(1 - axis, keepdims=True) / 127 + 1e-12
        parts = {
            "integers": np.round(values / scale).astype(np.int8),
            "scale": scale.squeeze(1 - axis).astype(np.float32),
        }
        stored = [numpy_helper.from_array(v, f"{entry.name}.{k}") for k, v in parts.items()]
        graph.initializer.remove(entry)
        graph.initializer.extend(stored)
        output = f"{entry.name}.values"
        wide = helper.make_node(
            "DequantizeLinear", [one.name for one in stored], [output], output, axis=axis
        )
        graph.node.insert(place, wide)
        node.input[1] = output
    onnx.save(model, path)


def sources(data: Path) -> tuple[Mapping[str, str], ...]:
    """Return name, hash of the list of recordings, and licence of each set, for the card."""
    return tuple(
        {
            "name": name,
            "sha256": hashlib.sha256(
                (data / "speech" / name / "transcripts.tsv").read_bytes()
            ).hexdigest(),
            "licence": licence,
        }
        for name, licence in LICENCES.items()
    )


def hashes(out: Path, names: Sequence[str] = (MODEL, PIECES)) -> dict[str, str]:
    """Return the sha256 of the files called *names* in *out*."""
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names}


def write_card(card: Card, out: Path) -> None:
    """Write *card* to the folder *out*."""
    (out / CARD).write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")
