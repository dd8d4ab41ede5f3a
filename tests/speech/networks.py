"""Recognisers of random weights in the real formats: small enough to be made by every test run."""

import base64
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.hearing import RATE

SOUND = (np.random.default_rng(0).normal(0, 0.1, 2 * RATE)).astype(np.float32)
"""Two seconds that every network here takes for speech."""
_WIDTH, _STRIDE = 8, 384
_TOKENS = "<unk> <s> </s> ▁on ▁off ▁light ▁lamp ▁kitchen ▁the s".split()
_END = 2
_STEPS = 1000
_ENGLISH_TOKENS, _WORDS = 51_864, 50_256
"""What an English Whisper writes with, and how much of it is text."""


def save(
    path: Path,
    graph: str,
    *,
    inputs: Mapping[str, tuple[str | int, ...]],
    outputs: Mapping[str, tuple[str | int, ...]],
    constants: Mapping[str, np.ndarray],
    about: Mapping[str, str | int],
    types: Mapping[str, str],
) -> None:
    """Write a network whose nodes are lines: operator, inputs, output, attributes.

    Inputs are floats but for those in *types*. Where *path* ends in ``.ort``, it is written in
    ONNX Runtime's own format.
    """
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto
    nodes = []
    for line in graph.splitlines():
        operator, taken, given, *attributes = line.split()
        options = {}
        for name, value in (one.split("=") for one in attributes):
            numbers = [int(number) for number in value.split(",")]
            options[name] = numbers[0] if name in ("keepdims", "axis", "to") else numbers
        nodes.append(helper.make_node(operator, taken.split(","), [given], **options))

    def told(values: Mapping[str, tuple[str | int, ...]]) -> list[object]:
        return [
            helper.make_tensor_value_info(name, getattr(kind, types.get(name, "FLOAT")), shape)
            for name, shape in values.items()
        ]

    kept = [
        onnx.numpy_helper.from_array(
            value if value.dtype == np.int64 else value.astype(np.float32), name
        )
        for name, value in constants.items()
    ]
    network = helper.make_graph(nodes, "network", told(inputs), told(outputs), kept)
    model = helper.make_model(network, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    for name, value in {"version": 1, **about}.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = name, str(value)
    if path.suffix == ".ort":
        _save_ort(model.SerializeToString(), path)
    else:
        onnx.save(model, str(path))


def _save_ort(model: bytes, path: Path) -> None:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(path)
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry("session.save_model_format", "ORT")
    onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def write_moonshine(folder: Path) -> None:
    """Write a Moonshine as of 2026, in two parts; it says more the louder it is, nothing in quiet.

    What was written is kept in the states, and decides about what comes next. As in the published
    ones, a mask as long as the sound is thinned out to one number a frame.
    """
    rng = np.random.default_rng(0)
    said = (base64.b64encode(one.replace("▁", " ").encode()).decode() for one in _TOKENS)
    _write_tokens(folder, list(said))
    sound, state = ("N", "samples"), (1, 1, "past", _WIDTH)
    past = [
        f"past_key_values.0.{side}.{part}"
        for side in ("decoder", "encoder")
        for part in ("key", "value")
    ]
    now = [name.replace("past_key_values", "present") for name in past]
    save(
        folder / "encoder_model.ort",
        _HEAR.format(sound="input_values", heard="last_hidden_state"),
        inputs={"input_values": sound},
        outputs={"last_hidden_state": ("N", "frames", _WIDTH)},
        constants=_filters(rng),
        about={},
        types={},
    )
    save(
        folder / "decoder_model_merged.ort",
        f"""Gather table,input_ids word
        Reshape word,four written
        Concat {past[0]},written {now[0]} axis=2
        Concat {past[1]},written {now[1]} axis=2
        Reshape encoder_hidden_states,four heard
        Identity heard {now[2]}
        Identity heard {now[3]}
        Cast use_cache_branch flag to=1
        Mul flag,zero nothing
        Cast encoder_attention_mask mask to=1
        Slice mask,first,last,along,stride thin
        Unsqueeze thin,two kept
        Mul encoder_hidden_states,kept attended
        ReduceMean attended mean axes=1 keepdims=1
        MatMul mean,joint spoken
        ReduceMean {now[0]} history axes=2 keepdims=0
        MatMul history,follow next
        Shape {now[0]} shape
        Gather shape,two count axis=0
        Gather steps,count step axis=0
        Add spoken,next both
        Add both,step all
        Add all,nothing logits""",
        inputs={
            "encoder_attention_mask": ("N", "raw"),
            "input_ids": (1, 1),
            "encoder_hidden_states": ("N", "frames", _WIDTH),
            **dict.fromkeys(past, state),
            "use_cache_branch": (1,),
        },
        outputs={"logits": (1, 1, len(_TOKENS)), **dict.fromkeys(now, state)},
        constants={
            **_decision(rng),
            "four": np.array([1, 1, -1, _WIDTH]),
            "two": np.array([2]),
            "zero": np.array([0.0]),
            "first": np.array([0]),
            "last": np.array([1 << 40]),
            "along": np.array([1]),
            "stride": np.array([_STRIDE]),
        },
        about={},
        types={"encoder_attention_mask": "INT64", "input_ids": "INT64", "use_cache_branch": "BOOL"},
    )


def write_older_moonshine(folder: Path) -> None:
    """Write a Moonshine as before 2026, in four parts."""
    rng = np.random.default_rng(0)
    _write_tokens(folder, _TOKENS)
    features, state = ("N", "frames", _WIDTH), (1, 1, _WIDTH)
    types = {"length": "INT32", "token": "INT32", "seq_len": "INT32"}
    save(
        folder / "preprocess.onnx",
        _HEAR.format(sound="args_0", heard="features"),
        inputs={"args_0": ("N", "samples")},
        outputs={"features": features},
        constants=_filters(rng),
        about={},
        types={},
    )
    save(
        folder / "encode.int8.onnx",
        """Cast length frames to=1
        Mul frames,zero nothing
        Add features,nothing encoder_out""",
        inputs={"features": features, "length": (1,)},
        outputs={"encoder_out": features},
        constants={"zero": np.array([0.0])},
        about={},
        types=types,
    )
    decide = """Gather table,token word
        Add word,{past} state
        ReduceMean encoder_out mean axes=1 keepdims=1
        MatMul mean,joint spoken
        MatMul state,follow next
        Gather steps,seq_len step axis=0
        Add spoken,next both
        Add both,step logits"""
    for name, past in (("uncached_decode", "zero"), ("cached_decode", "past")):
        taken = {"token": (1, 1), "encoder_out": features, "seq_len": (1,)}
        save(
            folder / f"{name}.int8.onnx",
            decide.format(past=past),
            inputs={**taken, **({"past": state} if past == "past" else {})},
            outputs={"logits": (1, 1, len(_TOKENS)), "state": state},
            constants={**_decision(np.random.default_rng(1)), "zero": np.array([0.0])},
            about={},
            types=types,
        )


_HEAR = """Reshape {sound},three sound
        Conv sound,filters waves strides=384
        Abs waves loud
        Transpose loud {heard} perm=0,2,1"""


def _filters(rng: np.random.Generator) -> dict[str, np.ndarray]:
    return {
        "filters": rng.normal(0, 0.3, (_WIDTH, 1, _STRIDE)),
        "three": np.array([1, 1, -1]),
    }


def _decision(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return weights with which it ends at once in quiet, and some time after words are said."""
    count = len(_TOKENS)
    joint = rng.normal(0, 1, (_WIDTH, count))
    joint[:, :2] = -9
    joint[:, _END] = -4
    steps = np.zeros((_STEPS, count))
    steps[:, :2] = -99
    steps[:, _END] = 5 + np.arange(_STEPS)
    return {
        "table": rng.normal(0, 1, (count, _WIDTH)),
        "follow": rng.normal(0, 0.5, (_WIDTH, count)),
        "joint": joint,
        "steps": steps,
    }


def _write_tokens(folder: Path, tokens: Sequence[str]) -> None:
    lines = "".join(f"{token} {number}\n" for number, token in enumerate(tokens))
    (folder / "tokens.txt").write_text(lines, encoding="utf-8")


def write_whisper_cpp(
    path: Path, *, tokens: int = _ENGLISH_TOKENS, seed: int = 0, is_small: bool = False
) -> None:
    """Write a Whisper of one layer in whisper.cpp's format, as its converter does.

    Where it *is_small*, its matrices are in 5 bits (q5_1), as in the models that can be fetched.
    """
    rng, width = np.random.default_rng(seed), 32 if is_small else 16
    with path.open("wb") as file:
        sizes = (tokens, 1500, width, 2, 1, 448, width, 2, 1, 80, 2009 if is_small else 1)
        file.write(struct.pack("<12i", 0x67676D6C, *sizes))
        file.write(struct.pack("<2i", 80, 201))
        file.write(rng.uniform(0, 0.01, (80, 201)).astype("<f4").tobytes())
        file.write(struct.pack("<i", _WORDS))
        for number in range(_WORDS):
            word = _word(number)
            file.write(struct.pack("<i", len(word)) + word)
        for name, shape in _whisper_shapes(tokens, width):
            file.write(_tensor(name, shape, rng, is_small=is_small))


_MUTED = (b" -", b" '")
_PLAIN = 256 + len(_MUTED)


def _word(number: int) -> bytes:
    """Return a token: every byte first, as in GPT-2's vocabulary, and some that Whisper mutes."""
    if number < 256:
        return bytes([number])
    if number < _PLAIN:
        return _MUTED[number - 256]
    return (b" on", b" off", b" light", b" lamp", b"s")[number % 5]


def _tensor(
    name: str, shape: tuple[int, ...], rng: np.random.Generator, *, is_small: bool
) -> bytes:
    is_half = name.endswith(".weight") and len(shape) > 1
    scale = 1.0 if "positional" in name else 0.3
    weights = rng.normal(0, scale, shape)
    if "ln" in name:
        weights = np.full(shape, float(name.endswith(".weight")))
    if name == "decoder.token_embedding.weight":
        # Some words stand out, or else Whisper's rules would take a time for likelier than a word.
        weights[_PLAIN : _PLAIN + 40] *= 6
    kind = 7 if is_small and is_half and len(shape) == 2 else int(is_half)
    head = struct.pack("<3i", len(shape), len(name), kind)
    head += struct.pack(f"<{len(shape)}i", *reversed(shape)) + name.encode()
    if kind == 7:
        return head + _in_five_bits(shape, rng)
    return head + weights.astype("<f2" if is_half else "<f4").tobytes()


def _in_five_bits(shape: tuple[int, ...], rng: np.random.Generator) -> bytes:
    """Return random weights from -0.3 to 0.32: for every 32 a step, a least and 160 bits."""
    blocks = np.empty((int(np.prod(shape)) // 32, 24), np.uint8)
    blocks[:, :4] = np.frombuffer(struct.pack("<2e", 0.02, -0.3), np.uint8)
    blocks[:, 4:] = rng.integers(256, size=(len(blocks), 20), dtype=np.uint8)
    return blocks.tobytes()


def _whisper_shapes(tokens: int, width: int) -> list[tuple[str, tuple[int, ...]]]:
    found: list[tuple[str, tuple[int, ...]]] = [
        ("encoder.positional_embedding", (1500, width)),
        ("encoder.conv1.weight", (width, 80, 3)),
        ("encoder.conv1.bias", (width, 1)),
        ("encoder.conv2.weight", (width, width, 3)),
        ("encoder.conv2.bias", (width, 1)),
        ("encoder.ln_post.weight", (width,)),
        ("encoder.ln_post.bias", (width,)),
        ("decoder.positional_embedding", (448, width)),
        ("decoder.token_embedding.weight", (tokens, width)),
        ("decoder.ln.weight", (width,)),
        ("decoder.ln.bias", (width,)),
    ]
    for side, attentions in (("encoder", ("attn",)), ("decoder", ("attn", "cross_attn"))):
        block = f"{side}.blocks.0"
        norms = ("mlp_ln", *(f"{one}_ln" for one in attentions))
        found += [(f"{block}.{one}.{part}", (width,)) for one in norms for part in _BOTH]
        found += [
            (f"{block}.mlp.0.weight", (4 * width, width)),
            (f"{block}.mlp.0.bias", (4 * width,)),
        ]
        found += [(f"{block}.mlp.2.weight", (width, 4 * width)), (f"{block}.mlp.2.bias", (width,))]
        for one in attentions:
            for part in ("query", "key", "value", "out"):
                found.append((f"{block}.{one}.{part}.weight", (width, width)))
                if part != "key":
                    found.append((f"{block}.{one}.{part}.bias", (width,)))
    return found


_BOTH = ("weight", "bias")
