"""The shared eyes: a picture in; things and their boxes out, and of each thing what it means.

:class:`Eyes` find things in a picture that was made small; :class:`Regions` look at each of them
cut out of it at one size (Girshick et al., R-CNN, section 2; Gu et al., ViLD, section 3.2).
Pictures and phrases are read apart and meet in a dot product alone (Cai et al., X-DETR, section 3),
so that a phrase costs one product of vectors however many there are. :class:`Joint` is what that is
measured against: things attend to the words of one phrase at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gnothi_train.vision.backbone import Backbone, Neck
from gnothi_train.vision.pyramid import LEVELS, places_of, spread

WIDTHS, DEPTHS = (16, 32, 64, 128, 192), (0, 2, 2, 1)
"""Of either backbone; residual blocks at stride 4 would take a third of the time."""
WIDTH = 64
"""Channels of the neck, and of the features that others learn on."""
LOOK = 256
"""Numbers that tell what is cut out looks like, before what it means is told of them."""
DIMENSIONS = 96
"""Of the space in which things and phrases meet."""
WORDS = 384
"""Numbers that the shared text encoder gives for a text."""
_RARE = -4.6
"""Logit of a thing being anywhere, before anything is learned."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What every place tells; places of strides 8, 16 and 32, row by row."""

    boxes: Tensor
    """Left, top, right, bottom in pixels, shape (batch, places, 4)."""
    things: Tensor
    """Logits of there being a thing, shape (batch, places)."""
    features: Tensor
    """Of the neck, shape (batch, places, WIDTH)."""
    places: Tensor
    """Middle x and y, and the stride: shape (places, 3)."""


class Head(nn.Module):
    """What is read off each place: the same convolutions in every map, a norm of its own in each.

    Maps differ in their statistics. A shared batch norm would learn with those of each map and
    serve with a mixture of all, which is right for none.
    """

    def __init__(self, width: int, outputs: int, *, depth: int) -> None:
        """Build *depth* convolutions of *width* channels, and a last one of *outputs*."""
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv2d(width, width, 3, 1, 1, bias=False) for _ in range(depth)
        )
        self.norms = nn.ModuleList(
            nn.ModuleList(nn.BatchNorm2d(width) for _ in range(depth)) for _ in LEVELS
        )
        self.last = nn.Conv2d(width, outputs, 1)

    def forward(self, maps: Sequence[Tensor]) -> list[Tensor]:
        """Return (batch, outputs, height, width) for each of *maps*, finest first."""
        found: list[Tensor] = []
        for one, norms in zip(maps, self.norms, strict=True):
            here = one
            for convolution, norm in zip(self.convolutions, norms, strict=True):  # type: ignore[arg-type]
                here = nn.functional.relu(norm(convolution(here)))
            found.append(self.last(here))
        return found


class Eyes(nn.Module):
    """Backbone, neck, and a head that tells where there is a thing, the same in every map."""

    def __init__(self) -> None:
        """Build it; it has not learned anything."""
        super().__init__()
        self.backbone = Backbone(WIDTHS, DEPTHS, nn.ReLU)
        self.neck = Neck(self.backbone.widths[1:], WIDTH, nn.ReLU)
        self.places = Head(WIDTH, 5, depth=1)
        self.scales = nn.Parameter(torch.ones(len(LEVELS)))
        nn.init.normal_(self.places.last.weight, std=0.01)
        with torch.no_grad():
            self.places.last.bias[0] = _RARE  # type: ignore[index]  # it has a bias

    def forward(self, pictures: Tensor) -> Sight:
        """Look at *pictures* (batch, 3, height, width) from 0 to 1; sides are multiples of 32."""
        maps = self.neck(self.backbone(pictures)[1:])
        told = [_rows(one).float() for one in self.places(maps)]
        places = places_of([tuple(one.shape[2:]) for one in maps], pictures.device)
        sides = [
            nn.functional.softplus(one[..., 1:] * scale + 1) * stride
            for one, scale, stride in zip(told, self.scales, LEVELS, strict=True)
        ]
        return Sight(
            boxes=spread(torch.cat(sides, dim=1), places),
            things=torch.cat([one[..., 0] for one in told], dim=1),
            features=torch.cat([_rows(one) for one in maps], dim=1).float(),
            places=places,
        )


class Regions(nn.Module):
    """What things mean, each cut out of its picture."""

    def __init__(self) -> None:
        """Build it; it has not learned anything."""
        super().__init__()
        self.backbone = Backbone(WIDTHS, DEPTHS, nn.ReLU)
        self.look = nn.Sequential(nn.Linear(2 * WIDTHS[-1] + 2, LOOK), nn.ReLU())
        self.mean = nn.Linear(LOOK, DIMENSIONS)

    def looks(self, crops: Tensor, shares: Tensor) -> Tensor:
        """Return (things, LOOK) for *crops* (things, 3, side, side) from 0 to 1.

        *shares* (things,) are the longer sides of the boxes as shares of the picture's longer side:
        what is cut out has lost its size.
        """
        maps = self.backbone(crops)[-1]
        sizes = torch.stack([shares, (shares + 1e-3).log2() / 4], dim=1).to(maps.dtype)
        return self.look(torch.cat([maps.mean((2, 3)), maps.amax((2, 3)), sizes], dim=1)).float()

    def forward(self, crops: Tensor, shares: Tensor) -> Tensor:
        """Return what things mean (things, DIMENSIONS), before it is made a unit vector."""
        return self.mean(self.looks(crops, shares)).float()


class Labels(nn.Module):
    """Noun and colour by linear layers: what is learned beside phrases, and helps them."""

    def __init__(self, width: int, nouns: int, colours: int) -> None:
        """Tell so many *nouns* and *colours* by *width* numbers."""
        super().__init__()
        self.nouns, self.colours = nn.Linear(width, nouns), nn.Linear(width, colours)


class Apart(nn.Module):
    """Phrases as unit vectors; how well a thing fits is a dot product."""

    def __init__(self) -> None:
        """Build the projection of phrases."""
        super().__init__()
        self.project = nn.Sequential(nn.Linear(WORDS, 192), nn.GELU(), nn.Linear(192, DIMENSIONS))
        self.sharpness = nn.Parameter(torch.tensor(2.5))
        """Logarithm of what the cosine is multiplied by."""
        self.bias = nn.Parameter(torch.tensor(-3.0))

    def vectors(self, phrases: Tensor) -> Tensor:
        """Return unit vectors (phrases, DIMENSIONS) for texts as the encoder gives them."""
        return nn.functional.normalize(self.project(phrases.float()), dim=-1)

    def forward(self, meanings: Tensor, phrases: Tensor, words: Tensor) -> Tensor:
        """Return logits (things, phrases).

        *meanings* (things, DIMENSIONS), *phrases* (phrases, WORDS); *words* are not looked at.
        """
        things = nn.functional.normalize(meanings, dim=-1)
        return (things @ self.vectors(phrases).T) * self.sharpness.exp() + self.bias


class Joint(nn.Module):
    """Things attend to the words of a phrase, then one number tells how well they fit.

    A thing asks (queries), the phrase and its words answer (keys and values); two layers judge
    what it is, what it hears and the product of both. As many parameters as :class:`Apart`, about.
    """

    def __init__(self, heads: int = 4) -> None:
        """Build the attention and what judges."""
        super().__init__()
        self.heads = heads
        self.ask = nn.Linear(DIMENSIONS, DIMENSIONS)
        self.offer = nn.Linear(WORDS, DIMENSIONS)
        self.tell = nn.Linear(WORDS, DIMENSIONS)
        self.judge = nn.Sequential(nn.Linear(3 * DIMENSIONS, 64), nn.GELU(), nn.Linear(64, 1))

    def forward(self, meanings: Tensor, phrases: Tensor, words: Tensor) -> Tensor:
        """Return logits (things, phrases).

        *meanings* (things, DIMENSIONS), *phrases* (phrases, WORDS), *words* (phrases, length,
        WORDS), zeros where a phrase has no more.
        """
        return self.judged(meanings, *self.offered(phrases, words))

    def offered(self, phrases: Tensor, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what can be kept of phrases: keys, values, and where there is no word.

        Shapes (phrases, length, heads, …), twice, and (phrases, length).
        """
        told = torch.cat([phrases[:, None], words], dim=1).float()
        count, length = told.shape[:2]
        keys = self.offer(told).view(count, length, self.heads, -1)
        values = self.tell(told).view(count, length, self.heads, -1)
        return keys, values, told.abs().sum(dim=2) == 0

    def judged(self, meanings: Tensor, keys: Tensor, values: Tensor, empty: Tensor) -> Tensor:
        """Return logits (things, phrases) for phrases as :meth:`offered` keeps them."""
        things, count = len(meanings), keys.shape[0]
        queries = self.ask(meanings).view(things, self.heads, -1)
        near = torch.einsum("thd,plhd->tplh", queries, keys) / queries.shape[-1] ** 0.5
        weights = near.masked_fill(empty[None, :, :, None], -1e4).softmax(dim=2)
        heard = torch.einsum("tplh,plhd->tphd", weights, values).flatten(2)
        own = meanings[:, None].expand(-1, count, -1)
        return self.judge(torch.cat([own, heard, own * heard], dim=2))[..., 0] - 3


def size_of(*modules: nn.Module) -> int:
    """Return how many parameters *modules* have."""
    return sum(one.numel() for module in modules for one in module.parameters())


def _rows(maps: Tensor) -> Tensor:
    """Return (batch, height * width, channels) of *maps* (batch, channels, height, width)."""
    return maps.flatten(2).transpose(1, 2)
