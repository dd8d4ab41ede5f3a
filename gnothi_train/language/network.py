"""The network: a pre-trained encoder and, on it, one small head for each question.

Intent and slots are one model, p(intent) · p(tags | intent), as in Goo et al. 2018 the slots
depend on the intent; here each of the likeliest intents gets its own slot scores, so that the
decoder can choose the pair that fits together. Every word is tagged at its first piece
(Chen et al. 2019, JointBERT).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from gnothi.core.understanding import Kind
from gnothi.text.encoder import NO_WORD, SITUATIONS

_HIDDEN = 96
_REACH = 2
"""How many neighbours on either side a move is read from, beside what the encoder knows."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes that the data decide."""

    pieces: int
    intents: int
    tags: int
    positions: int = 128
    considered: int = 5
    """For how many intents slots are scored at run time."""
    moves: int = 1 + 2 * len(Kind)
    """Tags of moves."""
    dropout: float = 0.1


@dataclass(frozen=True, slots=True)
class Batch:
    """Encoded sentences; ``-100`` marks what is not known."""

    ids: Tensor
    mask: Tensor
    firsts: Tensor
    """Index of each word's first piece, 0 where a sentence has no more words."""
    intents: Tensor
    tags: Tensor
    scopes: Tensor
    """1 out of scope, 0 in scope."""
    moves: Tensor
    """Tags of the words' moves."""
    pauses: Tensor
    """What stands before each word (``Word.pause``); ``NO_WORD`` beyond the last one."""
    situations: Tensor
    """Number of the situation in which the sentence is said."""
    embeddings: Tensor | None = None
    """What the pre-trained network says of the whole sentences."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Logits of a batch."""

    intents: Tensor
    tags: Tensor
    scopes: Tensor
    moves: Tensor
    embeddings: Tensor


class MovesHead(nn.Module):
    """Tags each word with its move, from its neighbours, the pauses and the situation."""

    def __init__(self, width: int, tags: int, dropout: float) -> None:
        """Read states of *width*; score *tags* tags."""
        super().__init__()
        self.word = nn.Linear(width, _HIDDEN)
        self.pause = nn.Embedding(NO_WORD + 1, _HIDDEN)
        self.situation = nn.Embedding(len(SITUATIONS), _HIDDEN)
        self.near = nn.Linear((2 * _REACH + 1) * _HIDDEN, _HIDDEN)
        self.tag = nn.Linear(_HIDDEN, tags)
        self.dropout = nn.Dropout(dropout)

    def forward(self, words: Tensor, pauses: Tensor, situations: Tensor) -> Tensor:
        """Return scores, batch by words by tags, for states of *words*."""
        given = self.situation(situations).unsqueeze(1) + self.pause(pauses)
        hidden = nn.functional.gelu(self.word(words) + given)
        hidden = hidden * (pauses < NO_WORD).unsqueeze(-1).to(hidden.dtype)
        padded = nn.functional.pad(hidden, (0, 0, _REACH, _REACH))
        many = hidden.shape[1]
        window = torch.cat([padded[:, i : i + many] for i in range(2 * _REACH + 1)], -1)
        near = nn.functional.gelu(self.near(self.dropout(window)))
        return self.tag(self.dropout(near + hidden))


class LanguageNetwork(nn.Module):
    """Encoder with heads for intent, slots, scope, moves and the sentence embedding."""

    def __init__(self, shape: Shape, config: BertConfig) -> None:
        """Build the network; the encoder's weights are random until they are loaded."""
        super().__init__()
        self.shape = shape
        self.encoder = BertModel(config, add_pooling_layer=False)
        width = config.hidden_size
        self.dropout = nn.Dropout(shape.dropout)
        self.intent = nn.Linear(2 * width, shape.intents)
        self.scope = nn.Linear(2 * width, 1)
        self.moves = MovesHead(width, shape.moves, shape.dropout)
        self.word = nn.Linear(width, width)
        self.intent_of_word = nn.Embedding(shape.intents, width)
        self.tag = nn.Linear(width, shape.tags)
        self.embedding = nn.Linear(width, width)
        nn.init.zeros_(self.intent_of_word.weight)
        nn.init.eye_(self.embedding.weight)
        nn.init.zeros_(self.embedding.bias)

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the encoder's last states, batch by pieces by width."""
        return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state

    def sentence(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the features of whole sentences: first state with mean, and the mean."""
        weights = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        return torch.cat([states[:, 0], mean], -1), mean

    def words(self, states: Tensor, firsts: Tensor) -> Tensor:
        """Return the states at the first pieces of the words."""
        index = firsts.unsqueeze(-1).expand(-1, -1, states.shape[-1])
        return states.gather(1, index)

    def tag_scores(self, words: Tensor, intents: Tensor) -> Tensor:
        """Return scores of the tags of *words*, given one intent for each sentence.

        *words* is batch by words by width, *intents* batch by any number; the result is
        batch by number of intents by words by tags.
        """
        given = self.intent_of_word(intents).unsqueeze(2)
        hidden = nn.functional.gelu(self.word(words).unsqueeze(1) + given)
        return self.tag(self.dropout(hidden))

    def forward(self, batch: Batch) -> Scores:
        """Score a batch whose intents are known, for training (tags given the true intent)."""
        states = self.states(batch.ids, batch.mask)
        pooled, mean = self.sentence(states, batch.mask)
        pooled = self.dropout(pooled)
        words = self.dropout(self.words(states, batch.firsts))
        intents = self.intent(pooled)
        given = torch.where(batch.intents < 0, intents.argmax(-1), batch.intents)
        return Scores(
            intents,
            self.tag_scores(words, given.unsqueeze(1)).squeeze(1),
            self.scope(pooled).squeeze(-1),
            self.moves(words, batch.pauses, batch.situations),
            self.embedding(mean),
        )


class ServedNetwork(nn.Module):
    """The same network as it is exported: slots for each of the likeliest intents."""

    def __init__(self, network: LanguageNetwork) -> None:
        """Wrap *network*; weights are shared."""
        super().__init__()
        self.network = network

    def forward(
        self, ids: Tensor, mask: Tensor, firsts: Tensor, pauses: Tensor, situations: Tensor
    ) -> tuple[Tensor, ...]:
        """Return intents, considered, tags, scope, moves and the embedding."""
        network = self.network
        states = network.states(ids, mask)
        pooled, mean = network.sentence(states, mask)
        words = network.words(states, firsts)
        intents = network.intent(pooled)
        considered = intents.topk(network.shape.considered, dim=-1).indices
        tags = network.tag_scores(words, considered)
        embedding = nn.functional.normalize(network.embedding(mean), dim=-1)
        scope = network.scope(pooled).squeeze(-1)
        moves = network.moves(words, pauses, situations)
        return intents, considered, tags, scope, moves, embedding
