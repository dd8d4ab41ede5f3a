"""Phrases in the vocabulary of rewrites, so that people meet one kind of thing that was learned.

A phrase is a rewrite of a part of a request. Its name holds both sides, for the same words may be
taken for several others: ``ana/pump=raise``.
"""

from typing import cast

from gnothi.core.risk import Risk
from gnothi.language.phrases import Phrase
from gnothi.language.rewrites import Rewrite


def as_rewrite(phrase: Phrase) -> Rewrite:
    """Return *phrase* as it is shown, switched off and forgotten."""
    evidence: dict[str, object] = {"times": phrase.times, "of": phrase.of}
    return Rewrite(phrase.before, phrase.after, phrase.person, Risk.REVERSIBLE, evidence, part=True)


def as_phrase(part: Rewrite) -> Phrase:
    """Return what :func:`as_rewrite` was given."""
    times, of = (int(cast("int", part.evidence.get(name, 0))) for name in ("times", "of"))
    return Phrase(part.source, part.target, part.person, times, of)
