"""What was heard of a part, kept between runs: hearing takes minutes, fitting seconds."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import ArtifactError
from gnothi.speech import features, level, voice
from gnothi.speech.endpoint import arbitrator, completeness, pointer, prosody
from gnothi_train.endpoint import cases, listen
from gnothi_train.endpoint.cases import Pause
from gnothi_train.endpoint.listen import Listened

_MODULES = (features, level, voice, arbitrator, completeness, pointer, prosody, cases, listen)
"""What decides what is heard, beside the encoder. How words are searched for does, too, a little:
after changes there, remove what is kept."""


def key(*told: object) -> str:
    """Return a name for what was heard by this code, and whatever else it depends on."""
    found = hashlib.sha256(repr(told).encode())
    for module in _MODULES:
        found.update(Path(str(module.__file__)).read_bytes())
    return found.hexdigest()[:16]


def write(heard: Sequence[Listened], path: Path) -> None:
    """Keep what was *heard* in the file at *path*."""
    rows = [
        {
            "clip": one.clip,
            "group": one.group,
            "kind": one.kind,
            "pause": asdict(one.pause),
            "moments": len(one.at_s),
            "blocks": len(one.chances),
            "texts": one.texts,
            "shows": one.states is not None,
        }
        for one in heard
    ]
    shown = [one.states for one in heard if one.states is not None]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new.npz")
    np.savez(
        fresh,
        rows=np.array(json.dumps(rows)),
        states=(np.concatenate(shown) if shown else np.zeros((0, 1))).astype(np.float16),
        at_s=_joined([one.at_s for one in heard]),
        plain=_joined([one.plain for one in heard]),
        chance_at_s=_joined([one.chance_at_s for one in heard]),
        chances=_joined([one.chances for one in heard]),
        silences=_joined([one.silences for one in heard]),
    )
    fresh.replace(path)


def _joined(parts: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.concatenate([part for part in parts if len(part)])


def read(path: Path) -> Iterator[Listened]:
    """Yield what is kept in the file at *path*.

    Raises:
        ArtifactError: it is damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        rows = json.loads(str(arrays["rows"]))
    except (OSError, ValueError, KeyError) as error:
        raise ArtifactError(f"{path} can't be read; remove it: {error}") from error
    moment = block = state = 0
    for row in rows:
        moments, blocks = (
            slice(moment, moment + row["moments"]),
            slice(block, block + row["blocks"]),
        )
        states = None
        if row["shows"]:
            states = arrays["states"][state : state + row["moments"]].astype(np.float32)
            state += row["moments"]
        yield Listened(
            row["clip"],
            row["group"],
            row["kind"],
            Pause(**row["pause"]),
            arrays["at_s"][moments],
            arrays["plain"][moments],
            states,
            arrays["chance_at_s"][blocks],
            arrays["chances"][blocks],
            arrays["silences"][blocks],
            tuple(row["texts"]),
        )
        moment, block = moments.stop, blocks.stop
