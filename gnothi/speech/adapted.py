"""Our recogniser, adapted to a skill: it listens for the skill's sentences as a whole.

The artifact ``hearing/adapted`` holds a streaming network and the word graph of everything that the
skill's samples can say. It listens beside the household's usual recogniser, whichever that is. The
best sentence of the graph goes first as long as it explains the sound hardly worse than anything
would; else what is said is nothing for the skill, and is heard as if there were no adaptation.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import (
    NO_HINTS,
    Encoding,
    Expected,
    Flushing,
    Hints,
    Hypothesis,
    Partial,
    Recogniser,
    Samples,
    Stream,
    Teachable,
)
from gnothi.speech.features import FrontEnd
from gnothi.speech.graph import Alignment, GraphWeights, SentenceGraph, WordArc, WordGraph
from gnothi.speech.streaming import CAP, ENCODER_S, Advance, StreamingModel

NAME = "hearing/adapted"
SENTENCES = "sentences.json"
CHUNK, RIGHT = 8, 4
"""Encoder frames that are worked out at once, and how many more are looked at."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """What a skill wants to hear, as it is stored."""

    skill: str
    graph: WordGraph
    weights: GraphWeights
    strain: float
    """Above this strain (``Aligned.strain``) what is said is no sentence of the skill."""

    def packed(self) -> bytes:
        """Return the content of ``SENTENCES``."""
        arcs = [[arc.source, arc.target, arc.word] for arc in self.graph.arcs]
        told = {
            "skill": self.skill,
            "weights": asdict(self.weights),
            "strain": self.strain,
            "places": self.graph.places,
            "ends": sorted(self.graph.ends),
            "arcs": arcs,
        }
        return json.dumps(told).encode("utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Sentences":
        """Read them from the artifact in *folder*, whose hashes were checked.

        Raises:
            ArtifactError: they are missing or of another version.
        """
        try:
            told: dict[str, Any] = json.loads((folder / SENTENCES).read_bytes())
            graph = WordGraph(
                tuple(WordArc(int(a), int(b), str(word)) for a, b, word in told["arcs"]),
                int(told["places"]),
                frozenset(int(one) for one in told["ends"]),
            )
            weights = GraphWeights(**told["weights"])
            return cls(str(told["skill"]), graph, weights, float(told["strain"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"{folder / SENTENCES} can't be read: {error!r}") from error


class AdaptedRecogniser:
    """Recognises the sentences of one skill best, and all else as another recogniser does."""

    def __init__(self, folder: Path, usual: Recogniser) -> None:
        """Hear with the artifact in *folder* what its skill wants to hear, beside *usual*.

        Raises:
            ArtifactError: the artifact is missing, damaged or of another version.
        """
        self._model = StreamingModel(folder)
        self.sentences = Sentences.read(folder)
        """What the skill wants to hear."""
        self._graph = SentenceGraph(self.sentences.graph, self._model.pieces)
        self._usual = usual

    @property
    def name(self) -> str:
        """What it is called where people choose among recognisers."""
        return f"{self._usual.name}, adapted to {self.sentences.skill}"

    @property
    def encoder(self) -> str:
        """The encoder whose states are shown: that of the usual one, if it shows any."""
        return self._usual.encoder if isinstance(self._usual, Encoding) else ""

    @property
    def reads_usage(self) -> bool:
        """Whether the usual one counts what was learned of what is said at home."""
        return isinstance(self._usual, Teachable) and self._usual.reads_usage

    def open(self, hints: Hints = NO_HINTS) -> Stream:
        """Begin to listen; what is dictated is no order to a skill."""
        usual = self._usual.open(hints)
        if hints.expected is Expected.DICTATION:
            return usual
        listening = Listening(self._model, self._graph.open(self.sentences.weights))
        if isinstance(usual, Flushing):
            return FlushingStream(usual, usual, listening, self.sentences.strain)
        return AdaptedStream(usual, listening, self.sentences.strain)


class Listening:
    """What an adapted network makes of one piece of sound."""

    def __init__(self, model: StreamingModel, alignment: Alignment) -> None:
        """Begin with no sound."""
        self._model, self._alignment = model, alignment
        self._front, self._encoder = FrontEnd(), model.open()

    def accept(self, samples: Samples) -> None:
        """Take in *samples*."""
        self._encoder.accept(self._front.accept(samples))
        while self._encoder.waiting >= CHUNK + RIGHT:
            self._advance(CHUNK, RIGHT)

    def finish(self) -> None:
        """Work out what waits."""
        self._encoder.finish()
        while waiting := self._encoder.waiting:
            chunk = min(CHUNK, waiting)
            self._advance(chunk, min(RIGHT, waiting - chunk, CAP))

    def _advance(self, chunk: int, right: int) -> None:
        [heard] = self._model.advance([Advance(self._encoder, chunk, right)])
        self._alignment.accept(heard.scores)

    def best(self, strain: float) -> Hypothesis | None:
        """Return the best sentence, unless it explains the sound with more than *strain*."""
        found = self._alignment.finish(frame_s=ENCODER_S)
        return None if found is None or found.strain > strain else found.hypothesis


class AdaptedStream:
    """One piece of listening: the usual one, and that for a skill."""

    def __init__(self, usual: Stream, listening: Listening, strain: float) -> None:
        """Begin to listen."""
        self._usual, self._listening, self._strain = usual, listening, strain

    def accept(self, samples: Samples) -> Partial:
        """Take in *samples* and say what the usual recogniser has heard so far."""
        partial = self._usual.accept(samples)
        self._listening.accept(samples)
        return partial

    def finish(self) -> Sequence[Hypothesis]:
        """Return what was said, best first."""
        others = self._usual.finish()
        self._listening.finish()
        first = self._listening.best(self._strain)
        if first is None:
            return others
        # Scores order the hypotheses of one stream, and those of two networks have nothing common.
        top = max([first.score, *(one.score for one in others)])
        found = Hypothesis(first.text, top, first.words)
        return (found, *(one for one in others if one.text != first.text))

    def close(self) -> None:
        """Give up what is held."""
        self._usual.close()


class FlushingStream(AdaptedStream):
    """The same, where the usual stream holds sound back to look ahead."""

    def __init__(
        self, usual: Stream, flushing: Flushing, listening: Listening, strain: float
    ) -> None:
        """Begin to listen; *flushing* is *usual*."""
        super().__init__(usual, listening, strain)
        self._flushing = flushing

    def flush(self) -> Partial:
        """Work out what waits in the usual stream, and say what it has heard so far."""
        return self._flushing.flush()
