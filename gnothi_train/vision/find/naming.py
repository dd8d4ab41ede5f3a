"""How regions learn what things mean: labels, and phrases told apart or jointly."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import torch
from torch import Tensor, nn

from gnothi_train.vision.find.batches import NOUNS, NUMBERS, UNKNOWN
from gnothi_train.vision.find.crops import Crops, Hints
from gnothi_train.vision.find.network import Apart, Joint, Labels, Regions
from gnothi_train.vision.find.vectors import PhraseVectors
from gnothi_train.vision.loop import moved
from gnothi_train.vision.scenes.paint import COLOURS
from gnothi_train.vision.scenes.phrases import Phrase
from gnothi_train.vision.scenes.things import named, part_of, seen, things, words

JUDGED = 72
"""Things of a batch that are told jointly with phrases: each pair takes a pass."""
_NOUNS, _HUES, _WHICH = 0.5, 0.3, 0.4
"""Weights of losses beside the others."""
_SHARP = 20.0
"""What cosines with all nouns, or all pairs of noun and colour, are multiplied by."""
_OWN = 0.6
"""How often all nouns are told by their first word, against another that means nothing else."""
_SOFT = 0.7
"""How soft the maximum over the boxes of a picture is; at 0 the best one counts alone."""

Mind = Apart | Joint


class Pupil(nn.Module):
    """Regions, and what they learn with: labels, phrases told apart, phrases told jointly."""

    def __init__(
        self,
        regions: Regions,
        *,
        labels: Labels | None = None,
        apart: Apart | None = None,
        joint: Joint | None = None,
    ) -> None:
        """Teach *regions* together with each of the others that is given."""
        super().__init__()
        self.regions, self.labels, self.apart, self.joint = regions, labels, apart, joint

    @property
    def minds(self) -> dict[str, Mind]:
        """What understands phrases, by name."""
        named: dict[str, Mind | None] = {"apart": self.apart, "joint": self.joint}
        return {name: mind for name, mind in named.items() if mind is not None}


def objective(
    vectors: PhraseVectors, given: Iterator[Hints] | None = None
) -> Callable[[Pupil, Crops], dict[str, Tensor]]:
    """Return what there is to minimise: for labels, and for each way with phrases.

    With labels, things are called by all nouns and by all pairs of noun and colour as well. With
    *given* hints, pictures with captions are learned from beside each batch.
    """

    def losses(pupil: Pupil, batch: Crops) -> dict[str, Tensor]:
        looks = pupil.regions.looks(batch.pictures, batch.shares)
        meanings = pupil.regions.mean(looks).float()
        found: dict[str, Tensor] = {}
        if pupil.labels:
            found |= labelled(pupil.labels, looks, batch)
            if pupil.apart:
                found |= called(pupil.apart, meanings, batch, vectors)
        fits = batch.fits()
        for name, mind in pupil.minds.items():
            few = JUDGED if isinstance(mind, Joint) else len(fits)
            told = aligned(mind, meanings[:few], fits[:few], batch.phrases, vectors)
            found |= {f"{name}_{which}": loss for which, loss in told.items()}
        if given is not None:
            few_hints = moved(next(given), meanings.device)
            for name, loss in hinted(pupil, few_hints, vectors).items():
                found[f"{name}_hints"] = loss
        return found

    return losses


def labelled(labels: Labels, looks: Tensor, batch: Crops) -> dict[str, Tensor]:
    """Return the losses of naming noun and colour by linear layers."""
    entropy = nn.functional.cross_entropy
    nouns, colours = labels.nouns(looks).float(), labels.colours(looks).float()
    return {
        "nouns": _NOUNS * entropy(nouns, batch.nouns, ignore_index=UNKNOWN),
        "colours": _HUES * entropy(colours, batch.colours, ignore_index=UNKNOWN),
    }


def called(
    apart: Apart, meanings: Tensor, batch: Crops, vectors: PhraseVectors
) -> dict[str, Tensor]:
    """Return how badly things are told by *all* nouns, and by all pairs of noun and colour.

    From thing to text. The phrases of a batch are too few to tell a mug from two hundred other
    things, or a red mug from a red cup and a blue mug. Nouns and pairs that training has no boxes
    of are not among them, or they would be what nothing is called.
    """
    own = nn.functional.normalize(meanings, dim=-1)
    nouns = apart.vectors(vectors.of(_calls()).to(own.device))
    pairs = apart.vectors(vectors.of([f"the {colour} {noun}" for noun, colour in known_pairs()])
                          .to(own.device))  # fmt: skip
    told, told_pairs = _numbers()
    colours = batch.colours.clamp(min=-1)
    entropy = nn.functional.cross_entropy
    return {
        "called": entropy(
            _SHARP * own @ nouns.T, told.to(own.device)[batch.nouns.clamp(min=-1)],
            ignore_index=UNKNOWN,
        ),
        "paired": entropy(
            _SHARP * own @ pairs.T,
            told_pairs.to(own.device)[batch.nouns.clamp(min=-1), colours],
            ignore_index=UNKNOWN,
        ),
    }  # fmt: skip


def aligned(
    mind: Mind,
    meanings: Tensor,
    fits: Tensor,
    phrases: Sequence[Phrase],
    vectors: PhraseVectors,
) -> dict[str, Tensor]:
    """Return how badly phrases and things fit, both ways.

    ``fits``: each pair by itself, a sigmoid (Zhai et al., SigLIP, section 3.2), pairs that fit
    weighing as much as all others. ``which``: of all things of the batch the one that a phrase
    means (InfoNCE).
    """
    logits = _logits(mind, meanings, phrases, vectors)
    known, right = fits >= 0, fits > 0
    within = logits.masked_fill(~known, -1e4)
    chosen = within.masked_fill(~right, -1e4).logsumexp(dim=0) - within.logsumexp(dim=0)
    hit = right.any(dim=0)
    return {
        "fits": _balanced(logits, fits),
        "which": -_WHICH * (chosen * hit).sum() / hit.sum().clamp(min=1),
    }


def hinted(pupil: Pupil, given: Hints, vectors: PhraseVectors) -> dict[str, Tensor]:
    """Return for each mind how badly captions fit: a phrase fits a picture as its best box does.

    The maximum over boxes is softened (the logarithm of a sum of exponentials), and counts a box
    the less, the less sure it is that there is a thing.
    """
    meanings = pupil.regions(given.pictures, given.shares)
    found: dict[str, Tensor] = {}
    for name, mind in pupil.minds.items():
        logits = _logits(mind, meanings, given.phrases, vectors)
        logits = logits.view(*given.sure.shape, -1) + given.sure.clamp(min=1e-4).log()[..., None]
        found[name] = _balanced(_SOFT * (logits / _SOFT).logsumexp(dim=1), given.present)
    return found


@cache
def known_pairs() -> tuple[tuple[str, str], ...]:
    """Return every pair of noun and colour that training may show."""
    return tuple(
        (noun, colour)
        for noun in _boxed()
        for colour in COLOURS
        if not named()[noun].is_painted or part_of(noun, colour) == "training"
    )


@cache
def _boxed() -> tuple[str, ...]:
    return seen(thing.noun for thing in things())


@cache
def _numbers() -> tuple[Tensor, Tensor]:
    """Return the place of each noun among those with boxes, and of each pair among known ones.

    Shapes (nouns + 1,) and (nouns + 1, colours + 1); the last of each, and whatever is not among
    them, is ``UNKNOWN``.
    """
    nouns = torch.full((len(NOUNS) + 1,), UNKNOWN)
    pairs = torch.full((len(NOUNS) + 1, len(NUMBERS) + 1), UNKNOWN)
    for at, noun in enumerate(_boxed()):
        nouns[NOUNS[noun]] = at
    for at, (noun, colour) in enumerate(known_pairs()):
        pairs[NOUNS[noun], NUMBERS[colour]] = at
    return nouns, pairs


def _calls() -> list[str]:
    """Return a text for each noun with boxes: drawn among the words that mean it alone."""
    draws = torch.rand(len(_boxed()), 2).tolist()
    return [
        f"the {noun if own < _OWN else also[int(which * len(also))]}"
        for (noun, also), (own, which) in zip(_words().items(), draws, strict=True)
    ]


@cache
def _words() -> dict[str, tuple[str, ...]]:
    known = words()
    return {
        noun: (noun, *(word for word in named()[noun].also if known.get(word) == {noun}))
        for noun in _boxed()
    }


def _logits(
    mind: Mind, meanings: Tensor, phrases: Sequence[Phrase], vectors: PhraseVectors
) -> Tensor:
    texts = [phrase.text for phrase in phrases]
    spoken = vectors.words_of(texts) if isinstance(mind, Joint) else torch.zeros(0)
    device = meanings.device
    return mind(meanings, vectors.of(texts).to(device), spoken.to(device)).float()


def _balanced(logits: Tensor, fits: Tensor) -> Tensor:
    """Return the mean cross entropy of what is known of *fits*; 1s and 0s weigh half each."""
    each = nn.functional.binary_cross_entropy_with_logits(
        logits, fits.clamp(min=0), reduction="none"
    )
    right, wrong = fits > 0, fits == 0
    shares = 0.5 / right.sum().clamp(min=1), 0.5 / wrong.sum().clamp(min=1)
    return (each * (right * shares[0] + wrong * shares[1])).sum()
