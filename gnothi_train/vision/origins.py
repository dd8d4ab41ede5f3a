"""What a stage of a training began from, so that it is not gone on with when that has changed."""

import hashlib
from pathlib import Path

from torch import nn

from gnothi_train.vision.loop import CHECKPOINT

BEGUN = "begun"
"""File beside a checkpoint."""


def begin(folder: Path, origin: str) -> None:
    """Remove the checkpoint in *folder* unless its stage began from *origin*."""
    told = folder / BEGUN
    if not told.exists() or told.read_text(encoding="utf-8") != origin:
        (folder / CHECKPOINT).unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        told.write_text(origin, encoding="utf-8")


def digest(network: nn.Module) -> str:
    """Return a hash of the weights of *network*."""
    whole = hashlib.sha256()
    for name, value in network.state_dict().items():
        whole.update(name.encode() + value.cpu().contiguous().numpy().tobytes())
    return whole.hexdigest()
