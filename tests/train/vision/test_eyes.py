"""Eyes learn what phrases mean, and are served as they learned."""

from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from gnothi.vision.finding.cutting import SIDE, cut_out
from gnothi.vision.finding.models import read_projection
from gnothi.vision.finding.networks import NAMING, NETWORK
from gnothi.vision.networks import Network
from gnothi_train.vision.find import crops, stages
from gnothi_train.vision.find.batches import NOUNS, UNKNOWN, boxed
from gnothi_train.vision.find.crops import COUNT, Proposed, hints
from gnothi_train.vision.find.export import contents
from gnothi_train.vision.find.learning import watched
from gnothi_train.vision.find.naming import Pupil, called, hinted, known_pairs, objective
from gnothi_train.vision.find.network import (
    LOOK,
    WORDS,
    Apart,
    Eyes,
    Joint,
    Labels,
    Regions,
    size_of,
)
from gnothi_train.vision.find.stages import (
    APART,
    BOXES,
    LABELS,
    REGIONS,
    TOLD,
    Plan,
    learn_boxes,
    learn_own,
    learn_regions,
    watcher,
)
from gnothi_train.vision.find.vectors import LONGEST, PhraseVectors
from gnothi_train.vision.scenes.composing import Scene
from gnothi_train.vision.scenes.paint import COLOURS
from gnothi_train.vision.scenes.things import is_new, named
from tests.train.vision.drawn import household


class Encoder:
    """Gives every word a direction of its own, and a text the sum of its words."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self._of(text) for text in texts], dtype=np.float32).reshape(-1, WORDS)

    def _of(self, text: str) -> NDArray[np.float64]:
        whole = sum(map(_direction, text.split()))
        return whole / np.linalg.norm(whole)


@cache
def _direction(word: str) -> NDArray[np.float64]:
    return np.random.default_rng(sum(map(ord, word))).normal(size=WORDS)


@pytest.fixture(scope="module")
def vectors() -> PhraseVectors:
    """Phrases as the encoder of this test reads them."""
    return PhraseVectors(Encoder())  # type: ignore[arg-type]  # it encodes, which is all


def test_a_batch_knows_what_fits() -> None:
    """All pairs at once are what each phrase says of each thing; what is no thing fits nothing."""
    random = np.random.default_rng(0)
    scenes = list(islice(household().scenes(1), 4))
    placed = [one for scene in scenes for one in scene.placed]
    cuts = [(np.zeros((SIDE, SIDE, 3), np.uint8), one, one.length / 96) for one in placed]
    batch = crops._batch([*cuts, (cuts[0][0], None, 0.5)], random)
    told = [[phrase.fits(one, 96) for phrase in batch.phrases] for one in placed]
    expected = [[-1.0 if one is None else float(one) for one in row] for row in told]
    assert batch.fits().tolist() == [*expected, [0.0] * len(batch.phrases)]
    assert batch.nouns[-1] == UNKNOWN


def test_boxes_follow_their_picture_into_the_mirror() -> None:
    """What a batch tells of a picture is what is in it."""
    scenes = list(islice(household().scenes(1), 4))
    batch = boxed(scenes, np.random.default_rng(0))
    for scene, picture, things in zip(scenes, batch.pictures, batch.things, strict=True):
        is_same = np.array_equal((picture.permute(1, 2, 0) * 255).round().byte(), scene.pixels)
        own = torch.tensor([one.box for one in scene.placed])
        turned = torch.stack([96 - own[:, 2], own[:, 1], 96 - own[:, 0], own[:, 3]], dim=1)
        assert torch.allclose(things.boxes, own if is_same else turned)
    assert batch.nouns.tolist() == [NOUNS[one.noun] for scene in scenes for one in scene.placed]


def test_phrases_are_learned(vectors: PhraseVectors) -> None:
    """Within a few steps both ways tell better which thing of a batch is meant."""
    torch.manual_seed(0)
    scenes = list(islice(household(side=64).scenes(2), 60))
    pupil = Pupil(Regions(), labels=Labels(LOOK, len(NOUNS), 11), apart=Apart(), joint=Joint())
    optimiser = torch.optim.AdamW(pupil.parameters(), lr=4e-3)
    batch, learn = next(crops.crops(scenes, 0, count=24)), objective(vectors)
    told = []
    for _ in range(10):
        losses = learn(pupil, batch)
        optimiser.zero_grad()
        sum(losses.values()).backward()  # type: ignore[union-attr]  # tensors
        optimiser.step()
        told.append({name: float(loss.detach()) for name, loss in losses.items()})
    for name in ("apart_which", "joint_fits", "nouns", "called", "paired"):
        assert told[-1][name] < 0.95 * told[0][name], name


def test_no_pair_that_is_kept_is_among_those_that_things_are_told_from() -> None:
    """Else training would say of each that nothing is called so."""
    assert not [pair for pair in known_pairs() if named()[pair[0]].is_painted and is_new(*pair)]


def test_what_things_are_called_by_is_what_they_are(vectors: PhraseVectors) -> None:
    """Meanings that are the vectors of their own noun, or pair, are told from all others."""
    scenes = list(islice(household(side=64).scenes(2), 60))
    batch = next(crops.crops(scenes, 0, count=24))
    apart = Apart()
    names, colours = list(NOUNS), list(COLOURS)
    nouns = [names[at] if at != UNKNOWN else "" for at in batch.nouns.tolist()]
    pairs = [
        f"the {colours[colour]} {noun}" if colour != UNKNOWN else f"the {noun}"
        for noun, colour in zip(nouns, batch.colours.tolist(), strict=True)
    ]
    own = apart.vectors(vectors.of(pairs))
    right = called(apart, own, batch, vectors)["paired"]
    wrong = called(apart, own.roll(1, dims=0), batch, vectors)["paired"]
    assert right.item() < wrong.item()
    torch.manual_seed(0)
    own = apart.vectors(vectors.of([f"the {noun}" for noun in nouns]))
    right = called(apart, own, batch, vectors)["called"]
    wrong = called(apart, own.roll(1, dims=0), batch, vectors)["called"]
    assert right.item() < wrong.item()


def test_boxes_are_learned() -> None:
    """Where things are is told better after a few steps."""
    torch.manual_seed(0)
    scenes = list(islice(household(side=64).scenes(2), 4))
    own, batch = watcher(), boxed(scenes, np.random.default_rng(0))
    optimiser = torch.optim.AdamW(own.parameters(), lr=3e-3)
    told = []
    for _ in range(6):
        losses = watched(own, batch)
        optimiser.zero_grad()
        sum(losses.values()).backward()  # type: ignore[union-attr]  # tensors
        optimiser.step()
        told.append(float(losses["boxes"].detach()))
    assert told[-1] < 0.95 * told[0]


def test_captions_teach_without_boxes(vectors: PhraseVectors) -> None:
    """They move what a dot product needs, by the boxes that were found."""
    scenes = list(islice(household().scenes(3), 2))
    boxes = np.array([[0.0, 0, 40, 40], [30, 30, 90, 90], [10, 50, 30, 80]])
    proposed = [Proposed(scene, boxes, np.array([0.9, 0.5, 0.1])) for scene in scenes]
    pupil = Pupil(Regions(), apart=Apart())
    given = next(hints(proposed, 2, 3, 0))
    assert given.present.shape == (2, len(given.phrases)) and (given.present == 1).any()
    hinted(pupil, given, vectors)["apart"].backward()
    assert pupil.apart and pupil.apart.project[0].weight.grad is not None
    assert pupil.regions.backbone.stem[0].weight.grad is not None


def test_both_ways_are_of_one_size_and_absent_words_count_nothing() -> None:
    """Attention has a tenth more parameters, and does not see where a phrase has no more words."""
    assert size_of(Apart()) <= size_of(Joint()) <= 1.15 * size_of(Apart())
    joint, phrase = Joint(), torch.randn(1, WORDS)
    words = torch.randn(1, 2, WORDS)
    longer = torch.cat([words, torch.zeros(1, LONGEST - 2, WORDS)], dim=1)
    things = torch.randn(3, 96)
    assert torch.allclose(joint(things, phrase, words), joint(things, phrase, longer), atol=1e-5)


def test_what_is_served_is_what_was_learned(tmp_path: Path) -> None:
    """In the light runtime, in 8 bits, for pictures of any size and any number of things."""
    torch.manual_seed(0)
    eyes, regions, apart = Eyes().eval(), Regions().eval(), Apart().eval()
    files = contents(eyes, regions, apart, {"words": {}})
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert sum(map(len, files.values())) < 4_300_000
    network = Network(tmp_path / NETWORK)
    random = np.random.default_rng(0)
    for height, width in ((64, 96), (96, 160)):
        picture = random.random((1, 3, height, width), dtype=np.float32)
        told = network.run(picture=picture)
        with torch.no_grad():
            sight = eyes(torch.from_numpy(picture))
        assert told["boxes"].shape == (1, height * width * 21 // 1024, 4)
        assert np.abs(told["boxes"] - sight.boxes.numpy()).max() < 2.0
        assert np.abs(told["objectness"] - sight.things.sigmoid().numpy()).max() < 0.02
    pixels = random.integers(0, 256, (90, 120, 3), dtype=np.uint8)
    for count in (1, 5):
        given = cut_out(pixels, np.array([[10.0, 20, 50, 80]] * count))
        meanings = Network(tmp_path / NAMING).run(crops=given[0], shares=given[1])["meanings"]
        with torch.no_grad():
            mine = regions(*map(torch.from_numpy, given))
        alike = torch.nn.functional.cosine_similarity(mine, torch.from_numpy(meanings), dim=-1)
        assert alike.shape == (count,) and float(alike.min()) > 0.98
    texts = Encoder().encode(["the red mug", "the blue key"])
    served = read_projection(tmp_path / "phrases.npz")(texts)
    theirs = apart.vectors(torch.from_numpy(texts)).detach().numpy()
    assert np.abs(served - theirs).max() < 5e-3


def test_stages_follow_each_other_and_forget_what_they_no_longer_follow(
    tmp_path: Path, vectors: PhraseVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was learned of other scenes is not gone on with."""
    for name, value in (("SIZE", 2), ("FEW", 6), ("COUNT", 8), ("_EACH", 3), ("_HINTED", 2)):
        monkeypatch.setattr(stages, name, value)
    monkeypatch.setattr(crops, "_MIXED", 4)
    plan = Plan(label_steps=1, region_steps=1, box_steps=1, own_steps=1, told_steps=1)
    scenes = list(islice(household(side=64).scenes(6), 6))

    def learn(some: Sequence[Scene]) -> dict[str, bytes]:
        learn_regions(plan, tmp_path, some, vectors, lambda *_: None)
        learn_boxes(plan, tmp_path, some, lambda *_: None)
        learn_own(APART, plan, tmp_path, some, vectors, lambda *_: None)
        learn_own(TOLD, plan, tmp_path, some, vectors, lambda *_: None, told=some[:3])
        begun = tmp_path.glob("*/begun")
        return {path.parent.name: path.read_bytes() for path in begun}

    first = learn(scenes)
    assert {*first} == {LABELS, REGIONS, BOXES, APART, TOLD}
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/begun")}
    learn_own(TOLD, plan, tmp_path, scenes, vectors, lambda *_: None, told=scenes[:3])
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/begun")}
    second = learn(scenes[1:])
    assert not {*first.items()} & {*second.items()}


def test_things_are_cut_out_of_scenes() -> None:
    """Each fills its cut-out; some cuts show nothing, and no loss of labels counts those."""
    scenes = list(islice(household().scenes(4), 80))
    batch = next(crops.crops(scenes, 0, count=COUNT))
    assert batch.pictures.shape == (COUNT, 3, SIDE, SIDE) and len(batch.nouns) == COUNT
    nothing = batch.nouns == UNKNOWN
    assert 0 < int(nothing.sum()) < COUNT / 4
    assert not batch.fits()[nothing].any()
