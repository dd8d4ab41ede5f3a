"""What every network of ours that looks at pictures begins with: a backbone and its neck."""

from collections.abc import Sequence
from typing import TypeAlias

import torch
from torch import Tensor, nn

STRIDES = (4, 8, 16, 32)
"""Pixels from one place of a map to the next, of the four maps of a backbone."""


Activation: TypeAlias = type[nn.SiLU] | type[nn.ReLU]
"""SiLU learns a little better; on a processor, in bfloat16, ReLU takes half the time."""


def convolution(
    inputs: int,
    outputs: int,
    *,
    kernel: int = 3,
    stride: int = 1,
    activation: Activation = nn.SiLU,
) -> nn.Sequential:
    """Return a convolution with batch normalisation and SiLU; it keeps the size over *stride*."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        activation(inplace=True),
    )


class Residual(nn.Module):
    """Two convolutions beside a shortcut (He et al., Deep Residual Learning, section 3.3)."""

    def __init__(self, width: int, activation: Activation = nn.SiLU) -> None:
        """Build a block of *width* channels in and out."""
        super().__init__()
        self.first = convolution(width, width, activation=activation)
        self.second = nn.Sequential(
            nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        )
        self.last = activation()

    def forward(self, maps: Tensor) -> Tensor:
        """Return maps of the same shape (batch, width, height, width)."""
        return self.last(maps + self.second(self.first(maps)))


class Backbone(nn.Module):
    """A small residual network: from a picture to four maps, each half as large as the one before.

    Dense convolutions with few channels: on a processor, depthwise ones count less and last longer.
    """

    def __init__(
        self,
        widths: Sequence[int] = (16, 32, 64, 96, 128),
        depths: Sequence[int] = (1, 1, 2, 1),
        activation: Activation = nn.SiLU,
    ) -> None:
        """Build the stem of ``widths[0]`` channels and a stage for each other width.

        *depths* are the residual blocks of each stage.
        """
        super().__init__()
        self.widths = tuple(widths[1:])
        """Channels of the four maps."""
        self.stem = convolution(3, widths[0], stride=2, activation=activation)
        self.stages = nn.ModuleList(
            nn.Sequential(
                convolution(before, width, stride=2, activation=activation),
                *(Residual(width, activation) for _ in range(depth)),
            )
            for before, width, depth in zip(widths[:-1], widths[1:], depths, strict=True)
        )

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """Return the maps of *pictures*, shape (batch, 3, height, width), from 0 to 1.

        The sides should be multiples of 32. Map i has ``widths[i]`` channels, and a place for every
        ``STRIDES[i]`` pixels.
        """
        maps = self.stem(pictures * 2 - 1)
        found: list[Tensor] = []
        for stage in self.stages:
            maps = stage(maps)
            found.append(maps)
        return found


class Neck(nn.Module):
    """Maps that know what the coarser ones know (Lin et al., Feature Pyramid Networks, 3)."""

    def __init__(
        self, widths: Sequence[int], width: int = 64, activation: Activation = nn.SiLU
    ) -> None:
        """Build a neck for maps of *widths* channels, finest first, giving *width* for each."""
        super().__init__()
        self.width = width
        self.across = nn.ModuleList(nn.Conv2d(one, width, 1) for one in widths)
        self.smooth = nn.ModuleList(
            convolution(width, width, activation=activation) for _ in widths
        )

    def forward(self, maps: Sequence[Tensor]) -> list[Tensor]:
        """Return as many maps, of the same sizes, each of ``width`` channels."""
        found: list[Tensor] = []
        above: Tensor | None = None
        for across, smooth, one in zip(
            reversed(self.across), reversed(self.smooth), reversed(maps), strict=True
        ):
            here = across(one)
            if above is not None:
                here = here + nn.functional.interpolate(above, scale_factor=2.0, mode="nearest")
            found.append(smooth(here))
            above = here
        return found[::-1]


def freeze(module: nn.Module) -> None:
    """Let nothing in *module* change any more, its running means included."""
    for parameter in module.parameters():
        parameter.requires_grad_(requires_grad=False)
    for one in module.modules():
        if isinstance(one, nn.BatchNorm2d):
            one.eval()
            one.train = lambda mode=True, kept=one: kept  # type: ignore[method-assign]  # stays so


def as_input(pictures: Tensor) -> Tensor:
    """Return uint8 *pictures* (batch, height, width, 3) as a network takes them, channels last."""
    turned = pictures.permute(0, 3, 1, 2).to(torch.float32) / 255
    return turned.contiguous(memory_format=torch.channels_last)
