"""A language network and a world small enough for tests."""

import torch
from transformers import BertConfig

from gnothi_train.language import vocabulary
from gnothi_train.language.encoding import Encoder, Labels
from gnothi_train.language.examples import Example, Span
from gnothi_train.language.network import LanguageNetwork, Shape

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PIECES = [*vocabulary.SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
LABELS = Labels(("off", "on"), ("room",))
EXAMPLES = [
    example
    for room in ("den", "hall", "attic", "bath")
    for example in (
        Example(f"light {room}", "on", (Span("room", 6, 6 + len(room)),)),
        Example(f"dark {room}", "off", (Span("room", 5, 5 + len(room)),)),
    )
]


def reader() -> Encoder:
    """Return a reader of letters."""
    return Encoder(vocabulary.wordpiece(PIECES), LABELS)


def network() -> LanguageNetwork:
    """Return a network of a few thousand weights, always the same."""
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(PIECES),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    return LanguageNetwork(Shape(len(PIECES), 2, 3, considered=2), config)
