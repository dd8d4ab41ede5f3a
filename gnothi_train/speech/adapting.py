"""``gnothi-train adapt``: from a skill, and recordings of it, to an adapted recogniser."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import click
import numpy as np
import torch
from rich.console import Console
from rich.progress import track

from gnothi.core.artifact import CARD, Card, read_card
from gnothi.core.clock import SystemClock
from gnothi.core.errors import GnothiError, InputError
from gnothi.core.settings import Settings
from gnothi.skills.sentences import Meaning, SentenceReader, patterns
from gnothi.skills.skillset import Skill, load_skill
from gnothi.speech.adapted import NAME, SENTENCES, Listening, Sentences
from gnothi.speech.graph import SentenceGraph, WordGraph
from gnothi.speech.streaming import MODEL, PIECES, SHIPPED, StreamingModel
from gnothi_train.speech import weak
from gnothi_train.speech.adapt import (
    Adaptation,
    Heard,
    Recipe,
    render,
    sentences,
    speak_one,
    synthesised,
)
from gnothi_train.speech.augment import Floats, Places, plain
from gnothi_train.speech.export import write
from gnothi_train.speech.learn import Item
from gnothi_train.speech.network import StreamingEncoder
from gnothi_train.speech.start import start
from gnothi_train.speech.voices import HELD_OUT
from gnothi_train.speech.weak import Recording

_HELD_BACK = 0.2
_TRIED = 40
"""Sentences of a voice kept apart, where there are no recordings to judge by."""
_ANYTHING = 1e9
"""A strain beyond all that sound can be."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Sound that nothing was learned from, and what is meant in it."""

    sound: Floats
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Listener:
    """A network, and the sentences that it listens for."""

    network: StreamingEncoder
    sentences: Sentences


def unadapted(base: Path, skill: Skill) -> Listener:
    """Return the network in *base* as it is, listening for what *skill* wants to hear."""
    network = start(base, len(StreamingModel(base).pieces))
    graph = WordGraph.of(patterns(skill))
    return Listener(network, Sentences(skill.name, graph, weak.UNTRAINED, _ANYTHING))


def adapted(
    base: Path,
    skill: Skill,
    heard: Sequence[Heard],
    spoken: Sequence[Item],
    recipe: Recipe,
    *,
    seed: int,
) -> Listener:
    """Return the network in *base* after it has learned *skill* from *heard* and *spoken*."""
    pieces = StreamingModel(base).pieces
    adaptation = Adaptation(start(base, len(pieces)), pieces, recipe, seed=seed)
    network = adaptation.learn(heard, spoken)
    graph = WordGraph.of(patterns(skill))
    return Listener(network, Sentences(skill.name, graph, weak.TRAINED, weak.STRAIN))


def keep(listener: Listener, pieces: Sequence[str], out: Path, card: Card) -> None:
    """Write the artifact of *listener* to *out*; *card* lacks the hashes of its files."""
    write(listener.network, pieces, out)
    (out / SENTENCES).write_bytes(listener.sentences.packed())
    files = {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest()
        for name in (MODEL, PIECES, SENTENCES)
    }
    told = json.dumps(asdict(card) | {"files": files}, indent=1)
    (out / CARD).write_text(told + "\n", encoding="utf-8")


def right(folder: Path, judged: Sequence[Judged], skill: Skill) -> list[bool]:
    """Return whether the artifact in *folder* hears what is meant in each of *judged*."""
    model, kept = StreamingModel(folder), Sentences.read(folder)
    graph, reader = SentenceGraph(kept.graph, model.pieces), SentenceReader([skill])
    found: list[bool] = []
    for one in judged:
        listening = Listening(model, graph.open(kept.weights))
        listening.accept(one.sound)
        listening.finish()
        best = listening.best(kept.strain)
        found.append(best is not None and reader.read(best.text) == one.meaning)
    return found


def held_back(recordings: Sequence[Recording], rng: np.random.Generator) -> set[int]:
    """Return the numbers of about a fifth of *recordings*, whole groups together.

    Groups are taken, in any order, as long as each brings what is held back nearer to a fifth. If
    that ends below a tenth, as where one person says nearly everything, single recordings are held
    back whoever speaks; of two recordings, none.
    """
    wanted = _HELD_BACK * len(recordings)
    groups = defaultdict[str, set[int]](set)
    for at, one in enumerate(recordings):
        groups[one.group or str(one.path)].add(at)
    names, found = sorted(groups), set[int]()
    order: list[int] = rng.permutation(len(names)).tolist()
    for number in order:
        more = found | groups[names[number]]
        if abs(len(more) - wanted) < abs(len(found) - wanted):
            found = more
    if 2 * len(found) >= wanted:
        return found
    single: list[int] = rng.permutation(len(recordings))[: round(wanted)].tolist()
    return set(single)


def recorded(learned: Sequence[Recording]) -> Iterator[dict[str, str]]:
    """Yield what a card says of the recordings that were *learned* from; nothing of none.

    The hash is that of the sound and the meaning of each, in any order and from any folder.
    """
    if learned:
        marks = sorted(map(_mark, learned))
        mark = hashlib.sha256("\n".join(marks).encode()).hexdigest()
        yield {"name": "recordings", "sha256": mark, "licence": "private"}


def _mark(one: Recording) -> str:
    sound = hashlib.sha256(one.path.read_bytes()).hexdigest()
    return json.dumps([sound, one.meaning.intent, dict(one.meaning.slots)], sort_keys=True)


@click.command("adapt")
@click.argument("folder", metavar="SKILL", type=click.Path(path_type=Path, exists=True))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to fill.")
@click.option("--recordings", type=click.Path(path_type=Path, exists=True),
              help="Folder with recordings and transcripts.tsv: what was meant.")  # fmt: skip
@click.option("--spoken", type=click.IntRange(0), default=400, show_default=True,
              help="Sentences of the skill that synthetic voices say.")  # fmt: skip
@click.option("--base", type=click.Path(path_type=Path), default=SHIPPED,
              help="The recogniser to adapt; else the one that is shipped.")  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), default=Recipe().epochs, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
def main(
    *,
    folder: Path,
    out: Path,
    recordings: Path | None,
    spoken: int,
    base: Path,
    epochs: int,
    seed: int,
    threads: int,
) -> None:
    """Adapt the recogniser to SKILL, the folder of a skill: its samples say what is said to it.

    Recordings need no transcript: a table with the columns file, intent and slots_json says what
    was meant (and cluster, who speaks). Voices of espeak-ng, flite and festival say sentences of
    the skill besides. A fifth of the recordings is held back, whole speakers together where there
    are enough: if fewer of these are heard rightly than before, nothing is written.
    """
    data = Settings.from_environment().data
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder with the public data sets.")
    torch.set_num_threads(threads)
    recipe = Recipe(epochs=epochs)
    try:
        skill = load_skill(folder)
        told = weak.read_recordings(recordings) if recordings else []
        if not told and not spoken:
            raise InputError("There is nothing to learn from: give --recordings or --spoken.")
        work = _Work(base, skill, Places.read(data, "train"), recipe, seed)
        figures = work.run(told, spoken, out)
    except GnothiError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(figures, indent=1))


@dataclass(frozen=True, slots=True)
class _Work:
    """One adaptation: what is adapted to what, and how."""

    base: Path
    skill: Skill
    places: Places
    recipe: Recipe
    seed: int

    def run(self, told: Sequence[Recording], spoken: int, out: Path) -> dict[str, float]:
        """Adapt, judge, and write the artifact to *out* if it hears no less rightly than before.

        Raises:
            InputError: it hears less.
        """
        rng = np.random.default_rng((self.seed, 5))
        pieces = StreamingModel(self.base).pieces
        clips = [*_shown(weak.open_clips(told, self.skill, pieces), "Reading", len(told))]
        back = held_back(told, rng)
        if told:
            _SHOWN.print(_split(told, back))
        heard = [
            render(clip, self.places, self.recipe, rng)
            for at, clip in _shown(enumerate(clips), "Rendering", len(clips))
            if at not in back
        ]
        items = [*_shown(self._spoken(spoken, rng), "Speaking", spoken)]
        judged = [Judged(clips[at].sound, told[at].meaning) for at in sorted(back)]
        judged = judged or self._tried(rng)
        before = self._judged(unadapted(self.base, self.skill), pieces, judged)
        _SHOWN.print(f"Learning, {self.recipe.epochs} times; {before:.0%} is right so far.")
        listener = adapted(self.base, self.skill, heard, items, self.recipe, seed=self.seed)
        after = self._judged(listener, pieces, judged)
        if after < before:
            raise InputError(
                f"After learning {after:.0%} of {len(judged)} is heard rightly, and {before:.0%} "
                "before. Nothing is written: more recordings, or more epochs, may help."
            )
        figures = {
            "right": after,
            "right_before": before,
            "judged": float(len(judged)),
            "recordings": float(len(heard)),
            "spoken": float(len(items)),
        }
        learned = [one for at, one in enumerate(told) if at not in back]
        keep(listener, pieces, out, self._card(figures, learned, len(items)))
        return figures

    def _spoken(self, count: int, rng: np.random.Generator) -> Iterator[Item]:
        texts = sentences([*patterns(self.skill)], count, rng)
        return synthesised(texts, self.places, self.recipe, rng)

    def _tried(self, rng: np.random.Generator) -> list[Judged]:
        """Return sentences that a synthetic voice says which was not learned from."""
        reader = SentenceReader([self.skill])
        found: list[Judged] = []
        for text in sentences([*patterns(self.skill)], _TRIED, rng):
            sound, meaning = speak_one(text, HELD_OUT, rng), reader.read(text)
            if len(sound) and meaning:
                found.append(Judged(plain(sound, rng), meaning))
        return found

    def _judged(self, listener: Listener, pieces: Sequence[str], judged: Sequence[Judged]) -> float:
        """Return how much of *judged* the exported artifact hears rightly."""
        with TemporaryDirectory() as folder:
            keep(listener, pieces, Path(folder), self._card({}, (), 0))
            found = right(Path(folder), judged, self.skill)
        return sum(found) / max(1, len(found))

    def _card(
        self, figures: Mapping[str, float], learned: Sequence[Recording], spoken: int
    ) -> Card:
        base = read_card(self.base)
        return Card(
            name=NAME,
            version=f"{SystemClock().now():%Y-%m-%d}.1",
            kind="onnx",
            files={},
            parents=(base.label,),
            command=f"gnothi-train adapt {self.skill.name} --epochs {self.recipe.epochs} "
            f"--spoken {spoken} --seed {self.seed} (and {len(learned)} recordings)",
            seed=self.seed,
            data=(*base.data, *recorded(learned)),
            figures=figures,
            licence=base.licence,
            notices=base.notices,
        )


def _split(told: Sequence[Recording], back: Collection[int]) -> str:
    """Say in a sentence what is learned from, and what is not."""
    learned = {one.group for at, one in enumerate(told) if at not in back}
    shared = learned & {told[at].group for at in back} - {""}
    return (
        f"Learned from: {len(told) - len(back)} of {len(told)} recordings. Held back to judge by: "
        f"{len(back)}{', of people who are learned from as well' if shared else ''}."
    )


_SHOWN = Console(stderr=True)
_T = TypeVar("_T")


def _shown(found: Iterable[_T], title: str, total: int) -> Iterable[_T]:
    """Yield what was *found*, with a bar that says how far it is."""
    return track(found, title, total, console=_SHOWN) if total else found
