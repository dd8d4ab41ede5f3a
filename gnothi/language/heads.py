"""Learned adjustments to the network's heads: ways of speaking that it misjudges in this home.

Beside every wording that failed and was then said in words that work (a *centre*) the logits of
some intents, and of the scope, are moved; the farther a text is from all centres, the less. With
e the embedding of a text, c_j the centres, all of unit length, and τ the width,

    intents += A φ,    scope += a · φ,    φ_j = exp((c_j · e - 1) / τ).

Learning A and a is the business of ``gnothi.learning.heads``; this is what a turn pays for them.
"""

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import ArtifactError
from gnothi.core.risk import Risk
from gnothi.core.understanding import Situation, Understanding
from gnothi.language.understand import NeuralUnderstander
from gnothi.text.encoder import Reading, SharedEncoder
from gnothi.text.tokenise import Word

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]

NAME = "language/heads"
"""The artifact."""
FILE = "heads.npz"
ADJUSTED = "adjusted"
"""Note of an understanding that would be another one without the adjustments."""
_SINGLE = ("network", "width", "scope_threshold")
_NOTHING = 0.02
"""Likeness to every centre up to which a text is left as it is."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Adjustments to the heads of one version of the network."""

    network: str
    """``name@version`` of the network that they adjust; they are good for no other."""
    centres: Floats
    """Embeddings, centres by 384."""
    intents: Ints
    """Numbers of the intents that are moved."""
    weights: Floats
    """A: moved intents by centres."""
    scope: Floats
    """a: one weight a centre."""
    width: float
    """τ."""
    ranks: Ints
    """Risk of each intent of the network, as ``Risk.rank``."""
    scope_threshold: float = 0.0
    """As in :class:`gnothi.language.models.Labels`."""

    def __len__(self) -> int:
        return len(self.centres)

    def adjust(self, reading: Reading) -> Reading:
        """Return *reading* with its scores adjusted; the same object where there is nothing to do.

        No intent can win by it that may do more than the one that was likeliest without: what
        was out of scope comes to nothing that is guarded.
        """
        if not len(self.centres):
            return reading
        near = likeness(reading.embedding, self.centres, self.width)
        if near.max() < _NOTHING:
            return reading
        before = int(reading.intents.argmax())
        unheard = reading.scope > self.scope_threshold
        most = Risk.REVERSIBLE.rank if unheard else int(self.ranks[before])
        intents = reading.intents.copy()
        intents[self.intents] += self.weights @ near
        intents[self.ranks > most] = intents.min()
        after = int(intents.argmax())
        adjusted = _considering(reading, after) if after != before else reading
        scope = reading.scope + float(self.scope @ near)
        return replace(adjusted, intents=intents, scope=scope)

    def write(self) -> bytes:
        """Return the artifact's file: the same bytes for the same adjustments."""
        file = io.BytesIO()
        np.savez(
            file,
            network=np.array(self.network),
            centres=self.centres,
            intents=self.intents,
            weights=self.weights,
            scope=self.scope,
            width=np.array(self.width),
            ranks=self.ranks,
            scope_threshold=np.array(self.scope_threshold),
        )
        return file.getvalue()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it holds no adjustments.
        """
        try:
            content = io.BytesIO((folder / FILE).read_bytes())
            with np.load(content, allow_pickle=False) as found:
                kept: dict[str, Any] = dict(found)
            numbers: dict[str, Any] = {name: kept[name].item() for name in _SINGLE}
            return cls(**(kept | numbers))
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise ArtifactError(f"{folder} holds no adjusted heads: {error}") from error


def no_heads(network: str) -> Heads:
    """Return adjustments that change nothing: what an installation begins with."""
    return Heads(
        network,
        centres=np.zeros((0, 384), np.float32),
        intents=np.zeros(0, np.int64),
        weights=np.zeros((0, 0), np.float32),
        scope=np.zeros(0, np.float32),
        width=1.0,
        ranks=np.zeros(0, np.int64),
    )


def likeness(embeddings: Floats, centres: Floats, width: float) -> Floats:
    """Return φ: how near texts are to each of the *centres*, from 0 to 1."""
    return np.exp((embeddings @ centres.T - np.float32(1)) / np.float32(width))


class AdjustedEncoder(SharedEncoder):
    """The shared network with its heads adjusted."""

    def __init__(self, encoder: SharedEncoder, heads: Heads) -> None:
        """Read with *encoder*, which stays as it is, and adjust by *heads*."""
        super().__init__(encoder.folder)
        self._plain, self._heads = encoder, heads
        self.last = threading.local()
        """``last.changed``: whether anything was adjusted in this thread since it was set."""

    def open(self) -> None:
        """Load the network now rather than at the first sentence."""
        self._plain.open()

    def read(
        self, sentences: Sequence[Sequence[Word]], situation: Situation = Situation.IDLE
    ) -> list[Reading]:
        """Return what the network makes of *sentences*, adjusted."""
        return [self._adjusted(reading) for reading in self._plain.read(sentences, situation)]

    def _adjusted(self, reading: Reading) -> Reading:
        adjusted = self._heads.adjust(reading)
        if adjusted is not reading and _differs(reading, adjusted, self._heads.scope_threshold):
            self.last.changed = True
        return adjusted


class AdjustedUnderstander(NeuralUnderstander):
    """Understands with the adjusted heads, and says so.

    Implements ``gnothi.core.protocols.Understander``.
    """

    def __init__(self, plain: NeuralUnderstander, heads: Heads, *, label: str) -> None:
        """Understand as *plain* does, with *heads*, the artifact called *label*."""
        self._adjusting = AdjustedEncoder(plain.encoder, heads)
        super().__init__(self._adjusting)
        self._label = label

    def understand(self, text: str, situation: Situation = Situation.IDLE) -> Understanding:
        """Return the moves and requests in *text*, by the adjusted heads."""
        last = self._adjusting.last
        last.changed = False
        found = super().understand(text, situation)
        changed: bool = last.changed
        notes = {**found.notes, ADJUSTED: True} if changed else found.notes
        return replace(found, artifact=f"{found.artifact} {self._label}", notes=notes)


def _considering(reading: Reading, intent: int) -> Reading:
    """Return *reading* with tags for *intent*: those of the likeliest one where it has none.

    Of the wordings that the shipped network misjudges, these put the values right in two of three
    cases, hardly fewer than an intent's own tags do.
    """
    if intent in reading.considered:
        return reading
    return replace(
        reading,
        considered=np.append(reading.considered, intent),
        tags=np.concatenate([reading.tags, reading.tags[:1]]),
    )


def _differs(reading: Reading, adjusted: Reading, threshold: float) -> bool:
    """Tell whether the likeliest intent is another one, or the scope is."""
    intent = reading.intents.argmax() != adjusted.intents.argmax()
    return bool(intent) or (reading.scope > threshold) != (adjusted.scope > threshold)
