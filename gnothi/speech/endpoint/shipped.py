"""The end-pointer that comes with Gnothi, fitted to a recogniser."""

from collections.abc import Callable
from functools import cache

from gnothi.core.hearing import Encoding, Hints, Recogniser
from gnothi.speech import wording
from gnothi.speech.endpoint.arbitrator import Arbitrator
from gnothi.speech.endpoint.completeness import Completeness
from gnothi.speech.endpoint.pointer import EndPointer
from gnothi.speech.endpoint.stopping import Whole
from gnothi.speech.kept import Kept

_KEPT = 4
"""Language models that stay ready; a home needs two or three."""


def end_pointer(
    recogniser: Recogniser, whole: Callable[[Hints], Whole] | None = None
) -> EndPointer:
    """Return the end-pointer for what *recogniser* shows: it may hide its states.

    *whole* tells of words whether they are a whole request here, by the hints that hold.

    Raises:
        ArtifactError: the arbitrator is missing or damaged.
    """
    encoder = recogniser.encoder if isinstance(recogniser, Encoding) else ""
    return EndPointer(_arbitrator(), _LATEST, encoder=encoder, whole=whole)


@cache
def _arbitrator() -> Arbitrator:
    return Arbitrator.read()


class Latest:
    """Judges of whole sentences by the hints that hold, made once for each."""

    def __init__(self) -> None:
        """Begin with none."""
        self._made = Kept[Hints, Completeness](_KEPT)

    def __call__(self, hints: Hints) -> Completeness:
        """Return the judge for *hints*; the first time with new ones takes a moment."""
        return self._made.get(hints, lambda told: Completeness(wording.shipped().model(told)))


_LATEST = Latest()
