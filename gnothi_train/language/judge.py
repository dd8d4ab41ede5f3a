"""Answers of the network while it trains, decoded as the product decodes them."""

from collections.abc import Sequence

import numpy as np
import torch

from gnothi.language.decoder import decode, log_softmax, spans
from gnothi.text.tokenise import tokenise
from gnothi_train.language.encoding import Encoder, collate
from gnothi_train.language.examples import Example
from gnothi_train.language.measure import Answer
from gnothi_train.language.network import LanguageNetwork, ServedNetwork

SLOT_WEIGHT = 0.3


def answers(
    network: LanguageNetwork,
    encoder: Encoder,
    examples: Sequence[Example],
    *,
    touching: bool,
    size: int = 64,
) -> list[Answer]:
    """Return the network's answer to each of *examples*; *touching* as in ``Labels``."""
    network.eval()
    found: list[Answer] = []
    for start in range(0, len(examples), size):
        some = examples[start : start + size]
        found += _answer(ServedNetwork(network), encoder, some, touching=touching)
    return found


@torch.inference_mode()
def _answer(
    served: ServedNetwork, encoder: Encoder, examples: Sequence[Example], *, touching: bool
) -> list[Answer]:
    sentences = encoder.encode(examples)
    batch = collate(sentences)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outputs = served(batch.ids, batch.mask, batch.firsts, batch.pauses, batch.situations)
    intents, considered, tags, *_ = (output.float().numpy() for output in outputs)
    rows = zip(examples, sentences, log_softmax(intents), considered.astype(int), tags, strict=True)
    found = []
    for example, sentence, intent, likely, scores in rows:
        path, fit = decode(log_softmax(scores[:, : len(sentence.firsts)]), touching=touching)
        best = int(np.argmax(intent[likely] + SLOT_WEIGHT * fit))
        words = tokenise(example.text)
        found.append(
            Answer(
                encoder.labels.intents[likely[best]],
                frozenset(
                    (encoder.labels.slots[slot], words[first].start, words[last - 1].end)
                    for slot, first, last in spans(path[best], len(encoder.labels.slots))
                ),
            )
        )
    return found
