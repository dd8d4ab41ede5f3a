"""From the trained network to the artifact that the product serves: ONNX, fused, in 8 bits.

Weights of matrices and embeddings become 8-bit integers with one scale for each output channel;
activations are quantised as they come (dynamic quantisation), except where a feed-forward block
ends: its activations have outliers that one scale can't serve, so there only the weights are
8 bits and the sum is taken in floating point (as Dettmers et al. 2022 keep outliers). What is
judged and calibrated afterwards is the file that is served, in the runtime that serves it.
"""

import hashlib
import json
import logging
import math
import warnings
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from scipy.optimize import minimize_scalar

from gnothi.core.artifact import CARD, Card
from gnothi.core.understanding import Kind, Situation
from gnothi.language.decoder import log_softmax
from gnothi.language.models import LABELS, Labels, read_labels
from gnothi.language.understand import find_moves, interpret
from gnothi.text.encoder import MODEL, VOCABULARY, Reading, SharedEncoder
from gnothi.text.tokenise import tokenise
from gnothi_train.language import corpora
from gnothi_train.language.encoding import Encoder, collate
from gnothi_train.language.examples import Example, read_set
from gnothi_train.language.judge import answers
from gnothi_train.language.measure import Answer, Figures, compare, truth
from gnothi_train.language.network import LanguageNetwork, ServedNetwork

if TYPE_CHECKING:
    from gnothi_train.language.run import Run

NAMES = ("intents", "considered", "tags", "scope", "moves", "embedding")
NOTICES = (
    "Fine-tuned from all-MiniLM-L6-v2 (sentence-transformers), Apache-2.0.",
    "MASSIVE (FitzGerald et al. 2022), CC BY 4.0, derived from SLURP (Bastianelli et al. 2020).",
    "NLU Evaluation Data / HWU64 (Liu et al. 2019), CC BY 4.0.",
    "CLINC150 (Larson et al. 2019), CC BY 3.0.",
    "BANKING77 (Casanueva et al. 2020), CC BY 4.0. Home Assistant intents, CC BY 4.0.",
    "home-assistant-datasets (A. Porter), Apache-2.0. home-llm (acon96), MIT.",
)
_ODDS = 20.0
"""How much likelier out of scope must be than in scope: a refusal of what could have been served
is the worse mistake, and a wrong action still asks or can be taken back."""
_OPSET = 17


def export(
    network: LanguageNetwork, run: "Run", out: Path, *, command: str, version: str
) -> dict[str, float]:
    """Write the artifact to *out* and return its figures, measured in the light runtime."""
    out.mkdir(parents=True, exist_ok=True)
    write_network(network, run.encoder, out / MODEL)
    run.tokeniser.save(str(out / VOCABULARY), pretty=False)
    names = run.corpus.labels
    labels = Labels(names.intents, names.slots, corpora.domains(names), touching=run.touching)
    _write_labels(labels, out)
    card = Card(
        name="language/understand",
        version=version,
        kind="onnx",
        files={},
        command=command,
        seed=run.seed,
        data=corpora.hashes(run.data, run.corpus.sets),
        notices=NOTICES,
    )
    _write_card(card, out)
    readings = read(SharedEncoder(out), run.corpus.tune)
    labels = calibrate(labels, readings, run.corpus.tune)
    _write_labels(labels, out)
    _write_card(card, out)
    figures = _figures(out, run, network)
    _write_card(replace(card, figures=figures), out)
    return figures


def write_network(
    network: LanguageNetwork, encoder: Encoder, path: Path, *, int8: bool = True
) -> None:
    """Write *network* as ONNX to *path*: fused, and in 8 bits unless *int8* is false."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    logging.getLogger("root").setLevel(logging.ERROR)
    plain = path.with_suffix(".fp32.onnx")
    _trace(network, encoder, plain)
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False
    config = network.encoder.config
    model = optimize_model(
        str(plain),
        "bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=options,
        opt_level=0,
    )
    model.save_model_to_file(str(plain if int8 else path))
    if int8:
        wide = [node.name for node in model.model.graph.node if _ends_block(node)]
        quantize_dynamic(
            plain,
            path,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
            nodes_to_exclude=wide,
            extra_options={
                "MatMulConstBOnly": True,
                "DefaultTensorType": onnx.TensorProto.FLOAT,
            },
        )
        _quantise_weights(path, wide)
    if plain != path:
        plain.unlink()


def _ends_block(node: onnx.NodeProto) -> bool:
    inner = "attention" in node.name
    return node.op_type == "MatMul" and "output/dense" in node.name and not inner


def _quantise_weights(path: Path, names: Sequence[str]) -> None:
    """Store the weights of the products called *names* in 8 bits, one scale for each column."""
    model = onnx.load(path)
    graph = model.graph
    weights = {entry.name: entry for entry in graph.initializer}
    for name in names:
        place, node = next((i, n) for i, n in enumerate(graph.node) if n.name == name)
        entry = weights[node.input[1]]
        values = numpy_helper.to_array(entry)
        scale = np.maximum(np.abs(values).max(0), 1e-9) / 127
        parts = {
            "integers": np.round(values / scale).astype(np.int8),
            "scale": scale.astype(np.float32),
            "zero": np.zeros(len(scale), np.int8),
        }
        stored = [numpy_helper.from_array(v, f"{entry.name}.{k}") for k, v in parts.items()]
        graph.initializer.remove(entry)
        graph.initializer.extend(stored)
        inputs, output = [tensor.name for tensor in stored], f"{entry.name}.values"
        wide = helper.make_node("DequantizeLinear", inputs, [output], f"{name}.values", axis=1)
        graph.node.insert(place, wide)
        node.input[1] = output
    onnx.save(model, path)


def _trace(network: LanguageNetwork, encoder: Encoder, path: Path) -> None:
    sentences = encoder.encode([Example("turn on the light", None), Example("what time", None)])
    batch = collate(sentences)
    axes = {"ids": {0: "sentences", 1: "pieces"}, "mask": {0: "sentences", 1: "pieces"}}
    axes |= {name: {0: "sentences", 1: "words"} for name in ("firsts", "pauses", "moves")}
    axes["situations"] = {0: "sentences"}
    axes |= {name: {0: "sentences"} for name in NAMES if name not in axes}
    axes["tags"] = {0: "sentences", 2: "words"}
    with warnings.catch_warnings():
        # The TorchScript exporter is deprecated, but the fusions above know its graphs only.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            ServedNetwork(network).eval(),
            (batch.ids, batch.mask, batch.firsts, batch.pauses, batch.situations),
            str(path),
            dynamo=False,
            input_names=["ids", "mask", "firsts", "pauses", "situations"],
            output_names=list(NAMES),
            dynamic_axes=axes,
            opset_version=_OPSET,
        )


def read(encoder: SharedEncoder, examples: Sequence[Example]) -> list[Reading]:
    """Return the readings of *examples* by the artifact behind *encoder*, one at a time.

    One at a time, because dynamic quantisation makes a sentence's scores depend on what else
    is in its batch, and the product reads single sentences.
    """
    return [reading for e in examples for reading in encoder.read([tokenise(e.text)])]


def answer(example: Example, reading: Reading, labels: Labels) -> Answer:
    """Return intent and slots of one request, never out of scope and never split."""
    found = interpret(example.text, reading, labels)
    spans = frozenset((slot.name, slot.start, slot.end) for slot in found.slots)
    return Answer(found.intent, spans)


def calibrate(labels: Labels, readings: Sequence[Reading], examples: Sequence[Example]) -> Labels:
    """Return *labels* with the temperature fitted on *examples*, and the threshold of scope."""
    intents = np.stack([reading.intents for reading in readings])
    true = np.array([labels.intents.index(example.intent or "") for example in examples])
    rows = np.arange(len(true))

    def surprise(temperature: float) -> float:
        return -float(log_softmax(intents / temperature)[rows, true].mean())

    temperature = minimize_scalar(surprise, bounds=(0.3, 5), method="bounded").x
    return replace(
        labels,
        temperature=round(float(temperature), 4),
        scope_threshold=round(math.log(_ODDS), 3),
    )


def evaluate(folder: Path, examples: Sequence[Example]) -> Figures:
    """Return the figures of the artifact in *folder* on single, in-scope *examples*."""
    labels = read_labels(folder)
    readings = read(SharedEncoder(folder), examples)
    found = [answer(e, r, labels) for e, r in zip(examples, readings, strict=True)]
    return compare(found, [truth(example) for example in examples])


def move_figures(folder: Path, examples: Sequence[Example]) -> dict[str, float]:
    """Return how often the artifact in *folder* finds all moves of an utterance.

    ``moves`` counts kinds and words, ``move_kinds`` kinds alone, in their order; ``false_yes`` is
    the share of answers to a question for confirmation that hold no yes, but are read as one.
    """
    encoder = SharedEncoder(folder)
    whole, kinds, agreed = [], [], []
    for example in examples:
        reading = encoder.read([tokenise(example.text)], example.situation)[0]
        found = find_moves(reading)
        wanted = _words_of_moves(example, reading)
        whole.append([(one.kind, one.first, one.last) for one in found] == wanted)
        kinds.append([one.kind for one in found] == [kind for kind, _, _ in wanted])
        if example.situation is Situation.CONFIRM and Kind.YES not in [one[0] for one in wanted]:
            agreed.append(any(one.kind is Kind.YES for one in found))
    rates = {"moves": whole, "move_kinds": kinds, "false_yes": agreed}
    return {name: float(np.mean(values)) for name, values in rates.items() if values}


def _words_of_moves(example: Example, reading: Reading) -> list[tuple[str, int, int]]:
    places = [
        (move.name, [i for i, w in enumerate(reading.words) if move.start < w.end <= move.end])
        for move in example.moves or ()
    ]
    return [(name, inside[0], inside[-1] + 1) for name, inside in places if inside]


def _figures(out: Path, run: "Run", network: LanguageNetwork) -> dict[str, float]:
    figures = {f"tuning_{k}": v for k, v in asdict(evaluate(out, run.corpus.tune)).items()}
    dev = [e for e in read_set(run.data, run.corpus.sets[0], "dev") if e.intent]
    known = set(run.corpus.labels.intents)
    dev = [example for example in dev if example.intent in known]
    figures |= {f"dev_{k}": v for k, v in asdict(evaluate(out, dev)).items()}
    found = answers(network, run.encoder, dev, touching=run.touching)
    exact = compare(found, [truth(example) for example in dev])
    figures |= {f"unquantised_dev_{k}": v for k, v in asdict(exact).items()}
    if run.corpus.marked:
        figures |= {f"tuning_{k}": v for k, v in move_figures(out, run.corpus.marked).items()}
    figures["megabytes"] = sum(path.stat().st_size for path in out.iterdir()) / 1e6
    return {name: round(value, 4) for name, value in figures.items()}


def _write_labels(labels: Labels, out: Path) -> None:
    text = json.dumps(asdict(labels), indent=1, sort_keys=True)
    (out / LABELS).write_text(text + "\n", encoding="utf-8")


def _write_card(card: Card, out: Path) -> None:
    files = {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest()
        for name in (MODEL, VOCABULARY, LABELS)
    }
    text = json.dumps(asdict(replace(card, files=files)), indent=1)
    (out / CARD).write_text(text + "\n", encoding="utf-8")
