"""The fusion of GLASS: what is seen in the whole picture, and what an upright cut-out shows."""

import torch
from torch import Tensor, nn


class Fusion(nn.Module):
    """Global-context attention over interleaved channels (Ronen et al., GLASS, ECCV 2022, 3.3).

    Local and global maps of the same places are put side by side, channel by channel, so that
    each of the heads sees both. Each head pools its channels over all places, by a softmax over
    places; a bottleneck turns what was pooled into something that is added to every place (Cao et
    al., GCNet; Lu et al., MASTER). A convolution brings the channels back. Any spotter with two
    maps of the same shape can use it: both of ours do.
    """

    def __init__(self, width: int, *, heads: int = 8, ratio: float = 0.5) -> None:
        """Fuse maps of *width* channels; twice as many are a multiple of *heads*.

        It begins as the local map with a little of the global one, and learns from there.
        """
        super().__init__()
        both, narrow = 2 * width, int(2 * width * ratio)
        self.heads = heads
        self.mask = nn.Conv2d(both // heads, 1, 1)
        self.add = nn.Sequential(
            nn.Linear(both, narrow), nn.LayerNorm(narrow), nn.ReLU(inplace=True),
            nn.Linear(narrow, both),
        )  # fmt: skip
        self.back = nn.Conv2d(both, width, 3, 1, 1)
        nn.init.zeros_(self.add[3].weight)
        nn.init.zeros_(self.add[3].bias)
        nn.init.normal_(self.back.weight, std=0.01)
        nn.init.zeros_(self.back.bias)
        with torch.no_grad():
            self.back.weight[torch.arange(width), 2 * torch.arange(width), 1, 1] += 1

    def forward(self, local: Tensor, whole: Tensor) -> Tensor:
        """Return the fusion of *local* and *whole*, all of shape (words, width, rows, columns)."""
        words, width, rows, columns = local.shape
        both = torch.stack([local, whole], dim=2).reshape(words, 2 * width, rows, columns)
        aspects = both.reshape(words * self.heads, 2 * width // self.heads, rows, columns)
        share = (self.mask(aspects).flatten(2).float() / (2 * width / self.heads) ** 0.5).softmax(2)
        pooled = aspects.flatten(2) @ share.to(aspects.dtype).transpose(1, 2)
        pooled = pooled.reshape(words, 2 * width)
        return self.back(both + self.add(pooled)[:, :, None, None].to(both.dtype))
