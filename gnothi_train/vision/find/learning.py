"""What the eyes minimise: things and boxes, then labels, or phrases told apart or jointly."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from gnothi_train.vision.find.batches import UNKNOWN, Batch, Captioned
from gnothi_train.vision.find.network import Apart, Eyes, Joint, Labels, Sight
from gnothi_train.vision.find.vectors import PhraseVectors
from gnothi_train.vision.pyramid import (
    Things,
    assign,
    generalised_overlap,
    overlap,
    quality_focal,
)

MOST = 384
"""Places of things that phrases are compared with, of a batch."""
_SHARP = 0.7
"""Of how many likeliest things a caption's phrase is about: their softened maximum."""


class Pupil(nn.Module):
    """Eyes, and what they learn with: labels, or phrases."""

    def __init__(self, eyes: Eyes, mind: Labels | Apart | Joint) -> None:
        """Teach *eyes* together with *mind*."""
        super().__init__()
        self.eyes, self.mind = eyes, mind


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


def labelled(pupil: Pupil, batch: Batch) -> dict[str, Tensor]:
    """Return the losses of finding things and naming noun and colour by linear layers."""
    labels = pupil.mind
    assert isinstance(labels, Labels)
    sight = pupil.eyes(batch.pictures)
    index, wanted = assigned(sight, batch.things)
    features, things = sight.features[index >= 0], _flat(index, batch.things)
    entropy = nn.functional.cross_entropy
    return located(sight, index, wanted) | {
        "nouns": entropy(labels.nouns(features).float(), batch.nouns[things]),
        "colours": 0.5
        * entropy(
            labels.colours(features).float(), batch.colours[things], ignore_index=UNKNOWN
        ),
    }


def phrased(vectors: PhraseVectors) -> Callable[[Pupil, Batch], dict[str, Tensor]]:
    """Return the losses of finding things and telling which phrases they fit."""

    def losses(pupil: Pupil, batch: Batch) -> dict[str, Tensor]:
        sight = pupil.eyes(batch.pictures)
        index, wanted = assigned(sight, batch.things)
        return located(sight, index, wanted) | aligned(pupil, sight, index, batch, vectors)

    return losses


def aligned(
    pupil: Pupil, sight: Sight, index: Tensor, batch: Batch, vectors: PhraseVectors
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
    texts = [phrase.text for phrase in batch.phrases]
    words = vectors.words_of(texts) if isinstance(pupil.mind, Joint) else torch.zeros(0)
    meanings = sight.meanings[pictures, places]
    logits = pupil.mind(meanings, vectors.of(texts), words).float()
    fits = batch.fits()[things]
    known, right = fits >= 0, fits > 0
    each = nn.functional.binary_cross_entropy_with_logits(
        logits, fits.clamp(min=0), reduction="none"
    )
    weights = known * torch.where(right, 0.5 / right.sum().clamp(min=1), 0.5 / (known & ~right).sum().clamp(min=1))
    per = len(texts) // len(batch.things)
    own = (torch.arange(len(texts)) // per)[None] == pictures[:, None]
    within = logits.masked_fill(~(own & known), -1e4)
    hit = (own & right).any(dim=0)
    chosen = within.masked_fill(~right, -1e4).logsumexp(dim=0) - within.logsumexp(dim=0)
    return {
        "fits": 2 * (weights * each).sum(),
        "which": -chosen[hit].mean() if hit.any() else chosen.sum() * 0,
    }


def hinted(pupil: Pupil, batch: Captioned, vectors: PhraseVectors) -> Tensor:
    """Return how badly captions fit: a phrase fits a picture as its best place does.

    The maximum over places is softened (log of the mean of exponentials over the best few), and
    only places count where the eyes see a thing: captions teach names, not boxes.
    """
    sight = pupil.eyes(batch.pictures)
    best = sight.things.detach().topk(48, dim=1).indices
    meanings = sight.meanings.gather(1, best[..., None].expand(-1, -1, sight.meanings.shape[2]))
    sure = sight.things.detach().gather(1, best)
    texts = [phrase.text for phrase in batch.phrases]
    words = vectors.words_of(texts) if isinstance(pupil.mind, Joint) else torch.zeros(0)
    logits = pupil.mind(meanings.flatten(0, 1), vectors.of(texts), words).float()
    logits = logits.view(*best.shape, -1) + nn.functional.logsigmoid(sure)[..., None]
    whole = _SHARP * (logits / _SHARP).logsumexp(dim=1)
    known, right = batch.present >= 0, batch.present > 0
    each = nn.functional.binary_cross_entropy_with_logits(
        whole, batch.present.clamp(min=0), reduction="none"
    )
    weights = known * torch.where(right, 0.5 / right.sum().clamp(min=1), 0.5 / (known & ~right).sum().clamp(min=1))
    return (weights * each).sum()


def _flat(index: Tensor, truth: Sequence[Things]) -> Tensor:
    taken = (index >= 0).nonzero()
    return _flat_of(index[taken[:, 0], taken[:, 1]], taken[:, 0], truth)


def _flat_of(numbers: Tensor, pictures: Tensor, truth: Sequence[Things]) -> Tensor:
    """Return numbers of things within their pictures as numbers within the batch."""
    begins = torch.tensor([0, *(len(one.boxes) for one in truth)]).cumsum(0)
    return numbers + begins[pictures]
