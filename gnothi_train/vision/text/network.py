"""The spotter: finds words at any angle, looks at each twice, fuses both views, and reads."""

from collections.abc import Sequence
from enum import StrEnum

import torch
from torch import Tensor, nn

from gnothi.vision.reading.letters import CLASSES
from gnothi_train.vision.backbone import Backbone, Neck, Residual, convolution
from gnothi_train.vision.text.fusion import Fusion

WIDTH = 64
"""Channels of the maps of words."""
OUTPUTS = 9
"""What a place tells: how surely it is within a word; from it to the word's middle (2), in pixels
over the word's height; the logarithms of width and height in pixels (2); the axis along which the
word lies as a unit vector of twice its angle (2); the direction of reading as a unit vector (2)."""


class Branches(StrEnum):
    """Which views of a word a reader takes."""

    GLOBAL = "global"
    LOCAL = "local"
    FUSED = "fused"


class Finder(nn.Module):
    """Sees the whole, reduced picture: features of every fourth pixel, and the words in it."""

    def __init__(self, backbone: Backbone | None = None) -> None:
        """Build it over *backbone*, of which the first three maps are used."""
        super().__init__()
        self.backbone = backbone or Backbone((32, 64, 96, 96), (2, 1, 1), nn.ReLU)
        self.neck = Neck(self.backbone.widths, WIDTH, nn.ReLU)
        self.tower = convolution(WIDTH, WIDTH, activation=nn.ReLU)
        self.told = nn.Conv2d(WIDTH, OUTPUTS, 1)
        nn.init.constant_(self.told.bias, 0)
        with torch.no_grad():
            self.told.bias[0] = -3
            self.told.bias[3:5] = torch.tensor([3.5, 2.3])

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Look at *pictures* (batch, 3, height, width) from 0 to 1; sides are multiples of 16.

        Returns:
            Features (batch, WIDTH, height / 4, width / 4), and what each place tells about words
            (batch, OUTPUTS, height / 4, width / 4).
        """
        features = self.neck(self.backbone(pictures))[0]
        return features, self.told(self.tower(features))


class Tower(nn.Module):
    """Sees a word cut upright from the whole picture, at its full resolution."""

    def __init__(self) -> None:
        """Build a small residual network of seven convolutions."""
        super().__init__()
        self.layers = nn.Sequential(
            convolution(3, 32, stride=2, activation=nn.ReLU),
            convolution(32, 32, activation=nn.ReLU),
            convolution(32, WIDTH, stride=2, activation=nn.ReLU),
            Residual(WIDTH, nn.ReLU),
            Residual(WIDTH, nn.ReLU),
        )

    def forward(self, pieces: Tensor) -> Tensor:
        """Return (words, WIDTH, 8, 40) for *pieces* (words, 3, 32, 160) from 0 to 1."""
        return self.layers(pieces * 2 - 1)


class Recogniser(nn.Module):
    """From the map of a word to letters, a column at a time."""

    def __init__(self) -> None:
        """Build convolutions that take the rows together, and others along the columns."""
        super().__init__()
        self.together = nn.Sequential(
            _halved(WIDTH, 96), Residual(96, nn.ReLU), _halved(96, 128),
            nn.Conv2d(128, 128, (2, 1), bias=False), nn.BatchNorm2d(128), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.along = nn.Sequential(_Along(128), _Along(128))
        self.letters = nn.Conv2d(128, CLASSES, 1)

    def forward(self, maps: Tensor) -> Tensor:
        """Return scores (words, columns, classes), not yet probabilities, for *maps* of words."""
        return self.letters(self.along(self.together(maps))).squeeze(2).transpose(1, 2)


class Spotter(nn.Module):
    """Everything from a picture to words, with one reader for each choice of views.

    The readers see the same features and learn at once, so that they differ in nothing but what
    they look at; what is served has one of them.
    """

    def __init__(self, branches: Sequence[Branches] = tuple(Branches)) -> None:
        """Build it with readers for each of *branches*."""
        super().__init__()
        self.branches = tuple(branches)
        self.finder = Finder()
        self.tower = Tower()
        self.fusion = Fusion(WIDTH)
        self.readers = nn.ModuleDict({one.value: Recogniser() for one in branches})

    def read(
        self, features: Tensor, grid: Tensor, pieces: Tensor, there: Tensor | None = None
    ) -> dict[Branches, Tensor]:
        """Return the scores of every reader (words, columns, classes), not yet probabilities.

        *features* are those of the finder, (batch, WIDTH, height, width); *grid* tells where they
        are sampled, (batch, words * 8, 40, 2); *pieces* are (batch * words, 3, 32, 160). *there*,
        (batch * words,), leaves some out.
        """
        kept = slice(None) if there is None else there
        views: dict[Branches, Tensor] = {}
        if self.branches != (Branches.GLOBAL,):
            views[Branches.LOCAL] = self.tower(pieces[kept])
        if self.branches != (Branches.LOCAL,):
            views[Branches.GLOBAL] = aligned(features, grid)[kept]
        if Branches.FUSED in self.branches:
            local = views[Branches.LOCAL]
            views[Branches.FUSED] = self.fusion(local, views[Branches.GLOBAL].to(local.dtype))
        return {one: self.readers[one.value](views[one]) for one in self.branches}


def aligned(features: Tensor, grid: Tensor) -> Tensor:
    """Return the maps of words, (batch * words, channels, 8, 40): RoIAlign for rotated boxes.

    *features* are (batch, channels, height, width), *grid* is (batch, words * 8, 40, 2).
    """
    batch, channels = features.shape[:2]
    taken = nn.functional.grid_sample(
        features.float(), grid, mode="bilinear", padding_mode="zeros", align_corners=False
    )
    taken = taken.reshape(batch, channels, -1, 8, 40).transpose(1, 2)
    return taken.reshape(-1, channels, 8, 40)


class _Along(nn.Module):
    """A residual block along the columns of one row."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(width, width, (1, 5), 1, (0, 2), bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, (1, 3), 1, (0, 1), bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, maps: Tensor) -> Tensor:
        return nn.functional.relu(maps + self.layers(maps))


def _halved(inputs: int, outputs: int) -> nn.Sequential:
    """Return a convolution that halves the rows, and keeps the columns."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, (2, 1), 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )
