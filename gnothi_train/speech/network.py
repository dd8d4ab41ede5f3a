"""The streaming encoder: causal convolutions, and attention over chunks with a right context.

A chunk of *C* encoder frames (60 ms each) attends to itself, to ``PAST`` frames before it and to
*R* frames after it. Those *R* frames are worked out with their chunk and thrown away: they are
worked out again, with more to their right, when their own chunk comes (hard copies, as in Emformer,
arXiv 2010.10759). So the look-ahead does not grow with depth, and chunk and right context may
change from one call to the next. Both are drawn anew for every batch of the training (U2, arXiv
2012.05481; dynamic right context, arXiv 2502.15158).

``forward`` works on whole utterances; ``step`` works on one chunk with what it carries along. They
compute the same, which ``tests/train/speech`` checks.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from gnothi.speech.features import BANDS, STACK

PAST = 64
"""Encoder frames before the chunk that it attends to: 3.84 s."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network."""

    width: int = 144
    heads: int = 4
    layers: int = 6
    kernel: int = 9
    channels: tuple[int, int] = (24, 48)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a stream carries from chunk to chunk; layers come first, then streams."""

    keys: Tensor
    values: Tensor
    sound: Tensor
    """Inputs of the causal convolutions: (layers, batch, kernel - 1, width)."""

    @classmethod
    def empty(cls, shape: Shape, batch: int) -> "Carried":
        """Return what a stream carries before any sound."""
        cache = torch.zeros(shape.layers, batch, PAST, shape.width)
        sound = torch.zeros(shape.layers, batch, shape.kernel - 1, shape.width)
        return cls(cache, cache.clone(), sound)


class Front(nn.Module):
    """Two convolutions over time and frequency: stacked 30-ms frames to encoder frames of 60 ms.

    Each encoder frame sees its two stacked frames and the one before.
    """

    def __init__(self, shape: Shape) -> None:
        """Build the convolutions."""
        super().__init__()
        first, second = shape.channels
        self.first = nn.Conv2d(1, first, (STACK, 3), (STACK, 2), (0, 1))
        self.second = nn.Conv2d(first, second, (3, 3), (2, 2), (0, 1))
        self.out = nn.Linear(second * BANDS // 4, shape.width)
        self.norm = nn.LayerNorm(shape.width)

    def forward(self, frames: Tensor) -> Tensor:
        """Map (batch, 2 * n + 1, 192) to (batch, n, width)."""
        batch, count, _ = frames.shape
        grid = frames.reshape(batch, 1, count * STACK, BANDS)
        grid = functional.silu(self.second(functional.silu(self.first(grid))))
        flat = grid.transpose(1, 2).flatten(2)
        return self.norm(self.out(flat))


class FeedForward(nn.Sequential):
    """Half a macaron step of a conformer block."""

    def __init__(self, shape: Shape) -> None:
        """Build the step."""
        inner = 2 * shape.width
        super().__init__(
            nn.LayerNorm(shape.width),
            nn.Linear(shape.width, inner),
            nn.SiLU(),
            nn.Linear(inner, shape.width),
        )


class Layer(nn.Module):
    """A conformer block (arXiv 2005.08100) with layer norm and rotary positions."""

    def __init__(self, shape: Shape) -> None:
        """Build the block."""
        super().__init__()
        width = shape.width
        self.heads, self.kernel = shape.heads, shape.kernel
        self.before, self.after = FeedForward(shape), FeedForward(shape)
        self.norm_attention = nn.LayerNorm(width)
        self.projected = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.norm_sound = nn.LayerNorm(width)
        self.gated = nn.Linear(width, 2 * width)
        self.depthwise = nn.Conv1d(width, width, shape.kernel, groups=width)
        self.norm_depthwise = nn.LayerNorm(width)
        self.mixed = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)

    def attend(
        self,
        queries: Tensor,
        keys: Tensor,
        values: Tensor,
        turns: tuple[Tensor, Tensor],
        mask: Tensor,
    ) -> Tensor:
        """Attend from *queries* to *keys* where *mask* (batch, 1, queries, keys) is true."""
        here, there = turns
        batch, count, width = queries.shape
        split = (batch, -1, self.heads, width // self.heads)
        q = turn(queries.reshape(split).transpose(1, 2), here)
        k = turn(keys.reshape(split).transpose(1, 2), there)
        v = values.reshape(split).transpose(1, 2)
        scores = (q * (width // self.heads) ** -0.5) @ k.transpose(2, 3)
        found = scores.masked_fill(~mask, -1e4).softmax(-1) @ v
        return self.attended(found.transpose(1, 2).reshape(batch, count, width))

    def gate(self, x: Tensor) -> Tensor:
        """Return the input of the causal convolution."""
        return functional.glu(self.gated(self.norm_sound(x)), -1)

    def convolve(self, padded: Tensor) -> Tensor:
        """Map (batch, kernel - 1 + n, width) to (batch, n, width)."""
        mixed = self.depthwise(padded.transpose(1, 2)).transpose(1, 2)
        return self.mixed(functional.silu(self.norm_depthwise(mixed)))


def turn(x: Tensor, angles: Tensor) -> Tensor:
    """Turn pairs of features by *angles* (rotary positions, arXiv 2104.09864)."""
    one, other = x.chunk(2, -1)
    cosine, sine = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    return torch.cat([one * cosine - other * sine, one * sine + other * cosine], -1)


class StreamingEncoder(nn.Module):
    """Sound frames to logits over pieces, with a second head half-way that only training uses."""

    def __init__(self, pieces: int, shape: Shape = Shape()) -> None:
        """*pieces* counts the blank, which is number 0."""
        super().__init__()
        self.shape = shape
        self.front = Front(shape)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.head = nn.Linear(shape.width, pieces)
        half = shape.width // shape.heads // 2
        speeds = 10_000.0 ** (-torch.arange(half) / half)
        self.register_buffer("speeds", speeds, persistent=False)

    def forward(
        self, frames: Tensor, lengths: Tensor, *, chunk: int, right: int
    ) -> tuple[Tensor, Tensor]:
        """Return logits at the end and half-way; (batch, n, pieces) each.

        Arguments are those of ``encode``.
        """
        end, middle = self.encode(frames, lengths, chunk=chunk, right=right)
        return self.head(end), self.head(middle)

    def encode(
        self, frames: Tensor, lengths: Tensor, *, chunk: int, right: int
    ) -> tuple[Tensor, Tensor]:
        """Return states at the end and half-way; (batch, n, width) each.

        *frames* are (batch, 2 * n, 192) with *lengths* (in encoder frames) that are valid; *n* is
        a multiple of *chunk*.
        """
        x = self.front(functional.pad(frames, (0, 0, 1, 0)))
        plan = Plan.of(x.shape[1], lengths, chunk, min(right, max(x.shape[1] - chunk, 0)))
        x = torch.cat([x, x[:, plan.copied]], 1) if plan.right else x
        angles = plan.places[:, None] * self.speeds
        middle = x
        for number, layer in enumerate(self.layers):
            x = self._whole(layer, x, plan, angles)
            if number + 1 == len(self.layers) // 2:
                middle = x
        return x[:, : plan.count], middle[:, : plan.count]

    def _whole(self, layer: Layer, x: Tensor, plan: "Plan", angles: Tensor) -> Tensor:
        x = x + 0.5 * layer.before(x)
        queries, keys, values = layer.projected(layer.norm_attention(x)).chunk(3, -1)
        x = x + layer.attend(queries, keys, values, (angles, angles), plan.mask)
        x = x + plan.convolve(layer, layer.gate(x))
        x = x + 0.5 * layer.after(x)
        return layer.norm(x)

    def step(
        self, frames: Tensor, lengths: Tensor, keep: Tensor, heard: Tensor, carried: Carried
    ) -> tuple[Tensor, Tensor, Carried]:
        """Work out one chunk with its right context, for several streams at once.

        *frames* are (batch, 2 * n + 1, 192): one stacked frame of the past and those of *n*
        encoder frames, of which *lengths* are valid; *keep* of them are the chunk, the others its
        right context; *heard* of the carried keys are valid, the last ones (all are (batch,)).
        Returns log-probabilities (batch, n, pieces), encodings (batch, n, width), and what to
        carry on.
        """
        x = self.front(frames)
        count = x.shape[1]
        numbers = torch.arange(count)
        past = torch.arange(PAST) >= PAST - heard[:, None]
        mask = torch.cat([past, numbers < lengths[:, None]], 1)[:, None, None, :]
        here = numbers[:, None] * self.speeds
        there = torch.arange(-PAST, count)[:, None] * self.speeds
        kept: list[tuple[Tensor, Tensor, Tensor]] = []
        for number, layer in enumerate(self.layers):
            x = x + 0.5 * layer.before(x)
            queries, keys, values = layer.projected(layer.norm_attention(x)).chunk(3, -1)
            keys = torch.cat([carried.keys[number], keys], 1)
            values = torch.cat([carried.values[number], values], 1)
            x = x + layer.attend(queries, keys, values, (here, there), mask)
            padded = torch.cat([carried.sound[number], layer.gate(x)], 1)
            x = x + layer.convolve(padded)
            x = layer.norm(x + 0.5 * layer.after(x))
            kept.append(
                (
                    last(keys, keep, PAST),
                    last(values, keep, PAST),
                    last(padded, keep, layer.kernel - 1),
                )
            )
        keys, values, sound = (torch.stack(parts) for parts in zip(*kept, strict=True))
        return self.head(x).log_softmax(-1), x, Carried(keys, values, sound)


def last(x: Tensor, keep: Tensor, count: int) -> Tensor:
    """Return the *count* rows of *x* that end where *keep* new rows were added to *count* old."""
    places = keep[:, None] + torch.arange(count)
    return x.gather(1, places[:, :, None].expand(-1, -1, x.shape[2]))


@dataclass(frozen=True, slots=True)
class Plan:
    """Who sees whom where a whole utterance is worked out as chunks with hard copies."""

    count: int
    chunk: int
    right: int
    copied: Tensor
    """Which frames are copied, chunk after chunk."""
    places: Tensor
    """Where in time the frames and the copies are."""
    mask: Tensor

    @classmethod
    def of(cls, count: int, lengths: Tensor, chunk: int, right: int) -> "Plan":
        """Plan *count* frames, of which *lengths* are valid."""
        chunks = count // chunk
        times = torch.arange(count)
        ahead = (torch.arange(1, chunks + 1)[:, None] * chunk + torch.arange(right)).flatten()
        places = torch.cat([times, ahead])
        own = torch.cat([times // chunk, torch.arange(chunks).repeat_interleave(right)])
        begins = own[:, None] * chunk
        plain = torch.arange(len(places)) < count
        main = (places >= begins - PAST) & (places < begins + chunk) & plain
        copies = (own == own[:, None]) & ~plain
        valid = places < lengths[:, None]
        mask = (main | copies)[None] & valid[:, None, :]
        # A row without any key would be nothing but NaN; what padding sees does not matter.
        mask = mask | (torch.eye(len(places), dtype=torch.bool)[None] & ~valid[:, None, :])
        return cls(count, chunk, right, ahead.clamp(max=count - 1), places, mask[:, None])

    def convolve(self, layer: Layer, x: Tensor) -> Tensor:
        """Convolve the frames causally, and the copies behind the frames of their chunk."""
        width, before = x.shape[2], layer.kernel - 1
        main = functional.pad(x[:, : self.count], (0, 0, before, 0))
        found = layer.convolve(main)
        if not self.right:
            return found
        batch, chunks = len(x), self.count // self.chunk
        ends = main.unfold(1, before, self.chunk)[:, 1:].transpose(2, 3)
        ahead = x[:, self.count :].reshape(batch, chunks, self.right, width)
        padded = torch.cat([ends[:, :chunks], ahead], 2).flatten(0, 1)
        copies = layer.convolve(padded).reshape(batch, chunks * self.right, width)
        return torch.cat([found, copies], 1)
