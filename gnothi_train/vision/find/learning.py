"""What the eyes minimise: things and boxes, then labels, or phrases told apart or jointly."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn

from gnothi_train.vision.find.batches import UNKNOWN, Batch, Captioned
from gnothi_train.vision.find.network import Apart, Eyes, Joint, Labels, Sight
from gnothi_train.vision.find.vectors import PhraseVectors
from gnothi_train.vision.loop import moved
from gnothi_train.vision.pyramid import (
    Things,
    assign,
    generalised_overlap,
    overlap,
    quality_focal,
)
from gnothi_train.vision.scenes.paint import COLOURS
from gnothi_train.vision.scenes.phrases import Phrase
from gnothi_train.vision.scenes.things import seen, things

MOST = 192
"""Places of things that phrases are compared with, of a batch."""
_NOUNS, _HUES, _WHICH = 2.5, 0.5, 0.4
"""Weights of losses. Labels are told of every place, phrases of few: with less weight on nouns the
eyes learn colours alone for a long time."""
_CALLED = 20.0
"""What cosines with all nouns are multiplied by."""
_SEEN = seen(thing.noun for thing in things())
_PLACES = 48
"""Places of a picture that a caption may be about: those that are likeliest things."""
_SOFT = 0.7
"""How soft their maximum is; at 0 the best one counts alone."""


Mind = Apart | Joint


class Pupil(nn.Module):
    """Eyes, and what they learn with: labels, phrases told apart, phrases told jointly."""

    def __init__(
        self,
        eyes: Eyes,
        *,
        labels: Labels | None = None,
        apart: Apart | None = None,
        joint: Joint | None = None,
    ) -> None:
        """Teach *eyes* together with each of the others that is given."""
        super().__init__()
        self.eyes, self.labels, self.apart, self.joint = eyes, labels, apart, joint

    @property
    def minds(self) -> dict[str, Mind]:
        """What understands phrases, by name."""
        named: dict[str, Mind | None] = {"apart": self.apart, "joint": self.joint}
        return {name: mind for name, mind in named.items() if mind is not None}


def assigned(sight: Sight, truth: Sequence[Things]) -> tuple[Tensor, Tensor]:
    """Return which thing each place answers for, -1 for none, and its box: (batch, places, …)."""
    found = [assign(sight.places, one) for one in truth]
    return torch.stack([index for index, _ in found]), torch.stack([box for _, box in found])


def located(sight: Sight, index: Tensor, wanted: Tensor) -> dict[str, Tensor]:
    """Return the losses of finding: ``things`` (focal, by overlap) and ``boxes``."""
    taken = index >= 0
    count = taken.sum().clamp(min=1)
    closeness = overlap(sight.boxes[taken], wanted[taken]).detach().clamp(min=0)
    quality = torch.zeros_like(sight.things)
    quality[taken] = closeness
    apart = 1 - generalised_overlap(sight.boxes[taken], wanted[taken])
    return {
        "things": quality_focal(sight.things, quality) / count,
        "boxes": 1.5 * apart.sum() / count,
    }


def objective(
    vectors: PhraseVectors, hints: Iterator[Captioned] | None = None
) -> Callable[[Pupil, Batch], dict[str, Tensor]]:
    """Return what there is to minimise: for finding, for labels, and for each way with phrases.

    With *hints*, pictures with captions are learned from beside each batch.
    """

    def losses(pupil: Pupil, batch: Batch) -> dict[str, Tensor]:
        sight = pupil.eyes(batch.pictures)
        index, wanted = assigned(sight, batch.things)
        found = located(sight, index, wanted)
        if pupil.labels and pupil.apart:
            found |= called(pupil.apart, sight, index, batch, vectors)
        if pupil.labels:
            found |= labelled(pupil.labels, sight, index, batch)
        for name, mind in pupil.minds.items():
            told = aligned(mind, sight, index, batch, vectors)
            found |= {f"{name}_{which}": loss for which, loss in told.items()}
        return found | _hinted(pupil, hints, vectors)

    return losses


def meant(
    vectors: PhraseVectors, hints: Iterator[Captioned] | None = None
) -> Callable[[Pupil, Batch], dict[str, Tensor]]:
    """Return what there is to minimise where a dot product alone learns: no box and no label."""

    def losses(pupil: Pupil, batch: Batch) -> dict[str, Tensor]:
        assert pupil.apart
        sight = pupil.eyes(batch.pictures)
        index, _ = assigned(sight, batch.things)
        told = aligned(pupil.apart, sight, index, batch, vectors)
        found = {f"apart_{which}": loss for which, loss in told.items()}
        found |= called(pupil.apart, sight, index, batch, vectors)
        return found | _hinted(pupil, hints, vectors)

    return losses


def _hinted(
    pupil: Pupil, hints: Iterator[Captioned] | None, vectors: PhraseVectors
) -> dict[str, Tensor]:
    """Return the losses of the next captions, if any."""
    if hints is None:
        return {}
    device = next(pupil.parameters()).device
    told = hinted(pupil, moved(next(hints), device), vectors)
    return {f"{name}_hints": loss for name, loss in told.items()}


def labelled(labels: Labels, sight: Sight, index: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Return the losses of naming noun and colour by linear layers."""
    features, things = sight.features[index >= 0], _flat(index, batch.things)
    entropy = nn.functional.cross_entropy
    colours = labels.colours(features).float()
    return {
        "nouns": _NOUNS * entropy(labels.nouns(features).float(), batch.nouns[things]),
        "colours": _HUES * entropy(colours, batch.colours[things], ignore_index=UNKNOWN),
    }


def aligned(
    mind: Mind, sight: Sight, index: Tensor, batch: Batch, vectors: PhraseVectors
) -> dict[str, Tensor]:
    """Return how badly phrases and things fit, both ways.

    ``fits``: each pair by itself, a sigmoid (Zhai et al., SigLIP, section 3.2), pairs that fit
    weighing as much as all others. ``which``: of the things in its picture the one that a phrase
    means (InfoNCE over the places of that picture).
    """
    taken = (index >= 0).nonzero()
    if len(taken) > MOST:
        taken = taken[torch.randperm(len(taken))[:MOST]]
    pictures, places = taken[:, 0], taken[:, 1]
    things = _flat_of(index[pictures, places], pictures, batch.things)
    logits = _logits(mind, sight.meanings[pictures, places], batch.phrases, vectors)
    fits = batch.fits()[things]
    per = len(batch.phrases) // len(batch.things)
    own = (torch.arange(len(batch.phrases)) // per)[None] == pictures[:, None]
    known, right = fits >= 0, fits > 0
    within = logits.masked_fill(~(own & known), -1e4)
    chosen = within.masked_fill(~right, -1e4).logsumexp(dim=0) - within.logsumexp(dim=0)
    hit = (own & right).any(dim=0)
    return {
        "fits": _balanced(logits, fits),
        "which": -_WHICH * (chosen * hit).sum() / hit.sum().clamp(min=1),
    }


def called(
    apart: Apart, sight: Sight, index: Tensor, batch: Batch, vectors: PhraseVectors
) -> dict[str, Tensor]:
    """Return how badly things are told by *all* nouns and colours, as phrases: from thing to text.

    The phrases of a batch are too few to tell a mug from two hundred other things. Nouns that
    training has no boxes of are not among them, or they would be what nothing is called.
    """
    taken = (index >= 0).nonzero()
    things = _flat(index, batch.things)
    own = nn.functional.normalize(sight.meanings[taken[:, 0], taken[:, 1]], dim=-1)
    nouns = apart.vectors(vectors.of([f"the {noun}" for noun in _SEEN]).to(own.device))
    colours = apart.vectors(
        vectors.of([f"the {colour} thing" for colour in COLOURS]).to(own.device)
    )
    told = torch.tensor([_SEEN.index(one.noun) for one in batch.placed])[things]
    entropy = nn.functional.cross_entropy
    return {
        "called": entropy(_CALLED * own @ nouns.T, told),
        "coloured": 0.5
        * entropy(_CALLED * own @ colours.T, batch.colours[things], ignore_index=UNKNOWN),
    }


def hinted(pupil: Pupil, batch: Captioned, vectors: PhraseVectors) -> dict[str, Tensor]:
    """Return for each mind how badly captions fit: a phrase fits a picture as its best place does.

    The maximum over places is softened (the logarithm of a sum of exponentials), and only the
    places count where the eyes see a thing: captions teach what things are called, not where
    they end.
    """
    sight = pupil.eyes(batch.pictures)
    sure, best = sight.things.detach().topk(_PLACES, dim=1)
    meanings = sight.meanings.gather(1, best[..., None].expand(-1, -1, sight.meanings.shape[2]))
    found: dict[str, Tensor] = {}
    for name, mind in pupil.minds.items():
        logits = _logits(mind, meanings.flatten(0, 1), batch.phrases, vectors)
        logits = logits.view(*best.shape, -1) + nn.functional.logsigmoid(sure)[..., None]
        found[name] = _balanced(_SOFT * (logits / _SOFT).logsumexp(dim=1), batch.present)
    return found


def _logits(
    mind: Mind, meanings: Tensor, phrases: Sequence[Phrase], vectors: PhraseVectors
) -> Tensor:
    texts = [phrase.text for phrase in phrases]
    words = vectors.words_of(texts) if isinstance(mind, Joint) else torch.zeros(0)
    device = meanings.device
    return mind(meanings, vectors.of(texts).to(device), words.to(device)).float()


def _balanced(logits: Tensor, fits: Tensor) -> Tensor:
    """Return the mean cross entropy of what is known of *fits*; 1s and 0s weigh half each."""
    each = nn.functional.binary_cross_entropy_with_logits(
        logits, fits.clamp(min=0), reduction="none"
    )
    right, wrong = fits > 0, fits == 0
    shares = 0.5 / right.sum().clamp(min=1), 0.5 / wrong.sum().clamp(min=1)
    return (each * (right * shares[0] + wrong * shares[1])).sum()


def _flat(index: Tensor, truth: Sequence[Things]) -> Tensor:
    taken = (index >= 0).nonzero()
    return _flat_of(index[taken[:, 0], taken[:, 1]], taken[:, 0], truth)


def _flat_of(numbers: Tensor, pictures: Tensor, truth: Sequence[Things]) -> Tensor:
    """Return numbers of things within their pictures as numbers within the batch."""
    begins = torch.tensor([0, *(len(one.boxes) for one in truth)]).cumsum(0)
    return numbers + begins[pictures]
