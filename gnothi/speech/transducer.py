"""A transducer: how likely a piece is, given the sound and the two pieces before it.

CTC takes what is said in one frame for independent of what was said before. A transducer (Graves,
arXiv 1211.3711) does not; its prediction network may do without a state (Ghodsi et al., ICASSP
2020) and know only the last two pieces. In each frame at most one piece begins (Tripathi et al.,
ASRU 2019), so that it walks through time in the steps of CTC, and one search weighs both. Whether
anything is said is told apart from what (Variani et al., arXiv 2003.07705).
"""

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import States

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

FILE = "transducer.npz"
REACH = 2
"""Pieces that are looked back at."""
_ARRAYS = ("heard", "offset", "before", "joined", "bias", "quiet")


@dataclass(frozen=True, slots=True, eq=False)
class Transducer:
    """Weights over states of one encoder and its pieces."""

    heard: Floats
    """What a state counts; (width, inner)."""
    offset: Floats
    """(inner,)"""
    before: Floats
    """What the piece before the last and the last one count; (2, pieces, inner)."""
    joined: Floats
    """(inner, pieces)"""
    bias: Floats
    """(pieces,)"""
    quiet: Floats
    """What an average state counts: it tells nothing; (inner,)."""

    @classmethod
    def read(cls, path: Path, *, pieces: int) -> "Transducer":
        """Read the weights in the file at *path* over so many *pieces*.

        Raises:
            ArtifactError: it can't be read, or its arrays do not fit together.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                found = {name: kept[name].astype(np.float32) for name in _ARRAYS}
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise ArtifactError(f"{path} can't be read: {error}") from error
        inner = len(found["offset"])
        shapes = (inner,), (REACH, pieces, inner), (inner, pieces), (pieces,), (inner,)
        if tuple(found[name].shape for name in _ARRAYS[1:]) != shapes:
            raise ArtifactError(f"{path} is of another version than this program.")
        return cls(**found)

    def scores(
        self, state: States, before: Numbers, last: Numbers, *, internal: float = 0.0
    ) -> Floats:
        """Return logarithms of the probabilities of what is next; (n, pieces), number 0 nothing.

        *state* is that of one frame, (width,); *last* are n last pieces, and *before* those before
        them; 0 stands for none. What the transducer expects to be said whatever it hears is taken
        off, *internal* times: where there is a language model, it would count twice.
        """
        told = self.before[0, before] + self.before[1, last]
        silent, said = self._decided(state @ self.heard + self.offset + told)
        nothing = -np.logaddexp(np.float32(0), -silent)  # The logarithm of the logistic function.
        if internal:
            said -= np.float32(internal) * self._decided(self.quiet + told)[1]
        return np.concatenate([nothing, said + (nothing - silent)], 1)

    def _decided(self, given: Floats) -> tuple[Floats, Floats]:
        """Return whether nothing is said (a logit), and what (logarithms of probabilities)."""
        logits = np.tanh(given) @ self.joined + self.bias
        silent, said = logits[:, :1], logits[:, 1:]
        said = said - said.max(1, keepdims=True)
        said -= np.log(np.exp(said).sum(1, keepdims=True))
        return silent, said
