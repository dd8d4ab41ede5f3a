"""One training run: several members, averaged into one network."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from pathlib import Path

import click
import numpy as np
import torch

from gnothi_train.language import corpora, pretrained, vocabulary
from gnothi_train.language.corpora import Corpus
from gnothi_train.language.encoding import Encoder
from gnothi_train.language.examples import read_set
from gnothi_train.language.judge import answers
from gnothi_train.language.learn import Learning, Recipe
from gnothi_train.language.measure import Figures, compare, truth
from gnothi_train.language.network import LanguageNetwork, Shape

PIECES = 10_500
"""Size of the pruned vocabulary: what fits into 16 MB beside the layers."""

RECIPES = {
    "massive": Recipe(epochs=9, members=2),
    "shipped": Recipe(epochs=12, batch=48, rate=1.5e-4),
    "snips": Recipe(epochs=4, batch=48, rate=1.5e-4),
    "atis": Recipe(epochs=8),
    "clinc150": Recipe(epochs=5, batch=48, rate=1.5e-4),
}
_EMBEDDED = ("massive_en", "hwu64", "clinc150", "banking77")
_VOCABULARY = "vocabulary.txt"

Progress = Callable[[int, int, float], None]


@contextmanager
def quiet(_: str) -> Iterator[Progress]:
    """Show nothing."""
    yield lambda number, total, mean: None


class Run:
    """One training run with everything that it reads and writes."""

    def __init__(self, flavour: str, data: Path, out: Path, *, seed: int, recipe: Recipe) -> None:
        """Prepare the run; *out* receives checkpoints and the log."""
        self.flavour, self.data, self.out, self.seed, self.recipe = flavour, data, out, seed, recipe
        self.corpus: Corpus = corpora.corpus(flavour, data)
        self.touching = corpora.values_touch(self.corpus.epoch(np.random.default_rng(0)))
        labels = self.corpus.labels
        self.pieces = self._vocabulary()
        self.tokeniser = vocabulary.wordpiece(self.pieces)
        self.encoder = Encoder(self.tokeniser, labels)
        self.shape = Shape(len(self.pieces), len(labels.intents), labels.tags)

    def network(self) -> LanguageNetwork:
        """Return a network as it is before training, the same for every member."""
        return pretrained.network(self.pieces, self.shape, seed=self.seed)

    def learn(
        self,
        *,
        resume: bool,
        progress: Callable[[str], AbstractContextManager[Progress]] = quiet,
    ) -> LanguageNetwork:
        """Train every member and return the average of their weights.

        Members start from the same weights and see the data in different order; they end in one
        valley, where the average is as good as an ensemble at the cost of one (Wortsman et al.
        2022, "Model soups").
        """
        teacher = self._teacher()
        members = [
            self._member(number, teacher, resume=resume, progress=progress)
            for number in range(self.recipe.members)
        ]
        average = self.network()
        average.load_state_dict(
            {name: torch.stack([m[name] for m in members]).mean(0) for name in members[0]},
            strict=False,
        )
        self._restore_shares(average)
        self._log(f"average of {len(members)}: {self._told(average)}")
        return average.eval()

    @torch.no_grad()
    def _restore_shares(self, network: LanguageNetwork) -> None:
        """Add to the intents' bias by how much the epochs had thinned them.

        Label shift: the posterior under other priors is the same logit plus the logarithm of their
        ratio (Saerens, Latinne and Decaestecker 2002).
        """
        for place, intent in enumerate(self.corpus.labels.intents):
            network.intent.bias[place] += self.corpus.thinned.get(intent, 0.0)

    def judge(self, network: LanguageNetwork) -> Figures:
        """Return the figures of *network* on the slice for tuning."""
        tune = self.corpus.tune
        found = answers(network, self.encoder, tune, touching=self.touching)
        return compare(found, [truth(e) for e in tune])

    def _member(
        self,
        number: int,
        teacher: pretrained.Teacher | None,
        *,
        resume: bool,
        progress: Callable[[str], AbstractContextManager[Progress]],
    ) -> dict[str, torch.Tensor]:
        seed = self.seed * self.recipe.members + number
        learning = Learning(self.network(), self.recipe, seed=seed)
        folder = self.out / f"member-{number}"
        if resume and learning.resume(folder):
            self._log(f"member {number}: resumed after epoch {learning.epoch}")
        scratch = self.network()
        while learning.epoch < self.recipe.epochs:
            rng = np.random.default_rng((seed, learning.epoch, 1))
            sentences = self.encoder.encode(self.corpus.epoch(rng))
            title = f"member {number}, epoch {learning.epoch + 1} of {self.recipe.epochs}"
            with progress(title) as update:
                mean = learning.run_epoch(sentences, teacher=teacher, progress=update)
            learning.save(folder)
            told = self._told(learning.averaged(scratch)) if learning.epoch % 2 == 0 else ""
            self._log(f"{title}: loss {mean:.3f} {told}")
        return learning.average

    def _told(self, network: LanguageNetwork) -> str:
        return json.dumps({k: round(v, 4) for k, v in asdict(self.judge(network)).items()})

    def _log(self, line: str) -> None:
        click.echo(line)
        with (self.out / "log.txt").open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    def _teacher(self) -> pretrained.Teacher | None:
        if not self.corpus.embeds:
            return None
        sets = [name for name in _EMBEDDED if name in self.corpus.sets]
        texts = [example.text for name in sets for example in read_set(self.data, name, "train")]
        return pretrained.Teacher(texts)

    def _vocabulary(self) -> Sequence[str]:
        """Return the pruned vocabulary, the one kept with the checkpoints if there is one."""
        kept = self.out / _VOCABULARY
        if not kept.exists():
            pieces = vocabulary.prune(pretrained.pieces(), self.corpus.texts, size=PIECES)
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text("\n".join(pieces), encoding="utf-8")
        return kept.read_text(encoding="utf-8").split("\n")
