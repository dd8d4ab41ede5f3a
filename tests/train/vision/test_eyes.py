"""Eyes learn what phrases mean, and are served as they learned."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from gnothi.vision.finding.models import read_projection
from gnothi.vision.networks import Network
from gnothi_train.vision.find import stages
from gnothi_train.vision.find.batches import NOUNS, boxed, captioned
from gnothi_train.vision.find.crops import COUNT, SIDE, crops, named
from gnothi_train.vision.find.export import contents
from gnothi_train.vision.find.learning import Pupil, hinted, objective
from gnothi_train.vision.find.network import WORDS, Apart, Eyes, Joint, Labels, size_of
from gnothi_train.vision.find.stages import (
    CROPS,
    FIRST,
    MEANINGS,
    TOLD,
    Plan,
    learn_first,
    learn_own,
    learned,
)
from gnothi_train.vision.find.vectors import LONGEST, PhraseVectors
from gnothi_train.vision.scenes.composing import Scene
from tests.train.vision.drawn import household


class Encoder:
    """Gives every word a direction of its own, and a text the sum of its words."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self._of(text) for text in texts], dtype=np.float32).reshape(-1, WORDS)

    def _of(self, text: str) -> NDArray[np.float64]:
        whole = sum(
            np.random.default_rng(sum(map(ord, word))).normal(size=WORDS) for word in text.split()
        )
        return whole / np.linalg.norm(whole)


@pytest.fixture
def vectors() -> PhraseVectors:
    """Phrases as the encoder of this test reads them."""
    return PhraseVectors(Encoder())  # type: ignore[arg-type]  # it encodes, which is all


def test_a_batch_knows_what_fits() -> None:
    """All pairs at once are what each phrase says of each thing, mirrored or not."""
    scenes = list(islice(household().scenes(1), 4))
    batch = boxed(scenes, np.random.default_rng(0))
    told = [[phrase.fits(one, 96) for phrase in batch.phrases] for one in batch.placed]
    expected = [[-1.0 if one is None else float(one) for one in row] for row in told]
    assert batch.fits().tolist() == expected
    for number, things in enumerate(batch.things):
        own = [one.box for one, at in zip(batch.placed, batch.owners, strict=True) if at == number]
        assert torch.allclose(things.boxes, torch.tensor(own))


def test_phrases_are_learned(vectors: PhraseVectors) -> None:
    """Within a few steps both ways tell better which thing of a picture is meant."""
    torch.manual_seed(0)
    scenes = list(islice(household(side=64).scenes(2), 4))
    pupil = Pupil(Eyes(), apart=Apart(), joint=Joint())
    optimiser = torch.optim.AdamW(pupil.parameters(), lr=3e-3)
    batch, learn = boxed(scenes, np.random.default_rng(0)), objective(vectors)
    told = []
    for _ in range(6):
        losses = learn(pupil, batch)
        optimiser.zero_grad()
        sum(losses.values()).backward()  # type: ignore[union-attr]  # tensors
        optimiser.step()
        told.append({name: float(loss.detach()) for name, loss in losses.items()})
    for name in ("apart_which", "joint_which", "boxes"):
        assert told[-1][name] < 0.95 * told[0][name], name


def test_captions_teach_without_boxes(vectors: PhraseVectors) -> None:
    """They move what a dot product needs, and leave the boxes as they are."""
    scenes = list(islice(household().scenes(3), 2))
    pupil = Pupil(Eyes(), apart=Apart())
    batch = captioned(scenes, np.random.default_rng(0))
    assert batch.present.shape == (2, len(batch.phrases)) and (batch.present == 1).any()
    hinted(pupil, batch, vectors)["apart"].backward()
    assert pupil.apart and pupil.apart.project[0].weight.grad is not None
    assert pupil.eyes.places.last.weight.grad is None


def test_both_ways_are_of_one_size_and_absent_words_count_nothing() -> None:
    """Attention has a tenth more parameters, and does not see where a phrase has no more words."""
    assert size_of(Apart()) <= size_of(Joint()) <= 1.15 * size_of(Apart())
    joint, phrase = Joint(), torch.randn(1, WORDS)
    words = torch.randn(1, 2, WORDS)
    longer = torch.cat([words, torch.zeros(1, LONGEST - 2, WORDS)], dim=1)
    things = torch.randn(3, 96)
    assert torch.allclose(joint(things, phrase, words), joint(things, phrase, longer), atol=1e-5)


def test_what_is_served_is_what_was_learned(tmp_path: Path) -> None:
    """In the light runtime, in 8 bits, for pictures of any size."""
    torch.manual_seed(0)
    eyes, apart = Eyes().eval(), Apart().eval()
    files = contents(eyes, apart, {"words": {}})
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert sum(map(len, files.values())) < 2_500_000
    network = Network(tmp_path / "eyes.onnx")
    for height, width in ((64, 96), (96, 160)):
        picture = np.random.default_rng(0).random((1, 3, height, width), dtype=np.float32)
        told = network.run(picture=picture)
        with torch.no_grad():
            sight = eyes(torch.from_numpy(picture))
        assert told["boxes"].shape == (1, height * width * 21 // 1024, 4)
        assert np.abs(told["boxes"] - sight.boxes.numpy()).max() < 2.0
        assert np.abs(told["objectness"] - sight.things.sigmoid().numpy()).max() < 0.02
        alike = torch.nn.functional.cosine_similarity(
            sight.meanings, torch.from_numpy(told["embeddings"]), dim=-1
        )
        assert float(alike.min()) > 0.98
    texts = Encoder().encode(["the red mug", "the blue key"])
    mine = read_projection(tmp_path / "phrases.npz")(texts)
    theirs = apart.vectors(torch.from_numpy(texts)).detach().numpy()
    assert np.abs(mine - theirs).max() < 5e-3


def test_stages_follow_each_other_and_forget_what_they_no_longer_follow(
    tmp_path: Path, vectors: PhraseVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last changes meanings alone; what was learned of other scenes is not gone on with."""
    monkeypatch.setattr(stages, "SIZE", 2)
    monkeypatch.setattr("gnothi_train.vision.find.crops.COUNT", 8)
    plan = Plan(crop_steps=1, steps=1, own_steps=1, told_steps=1, meaning_steps=1)
    scenes = list(islice(household(side=64).scenes(6), 9))

    def learn(some: Sequence[Scene]) -> dict[str, bytes]:
        learn_first(plan, tmp_path, some, vectors, lambda *_: None)
        for stage in (TOLD, MEANINGS):
            learn_own(stage, plan, tmp_path, some, vectors, lambda *_: None, told=some[:3])
        begun = tmp_path.glob("*/begun")
        return {path.parent.name: path.read_bytes() for path in begun}

    first = learn(scenes)
    assert {*first} == {CROPS, FIRST, TOLD, MEANINGS}
    told, last = (learned(tmp_path, stage).state_dict() for stage in (TOLD, MEANINGS))
    changed = {name for name, value in last.items() if not torch.equal(value, told[name])}
    assert changed and all(name.startswith(("eyes.meanings", "apart")) for name in changed)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/begun")}
    learn_own(MEANINGS, plan, tmp_path, scenes, vectors, lambda *_: None, told=scenes[:3])
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/begun")}
    learn_first(plan, tmp_path, scenes[1:], vectors, lambda *_: None)
    learn_own(TOLD, plan, tmp_path, scenes, vectors, lambda *_: None, told=scenes[:3])
    for stage in (CROPS, FIRST, TOLD):
        assert (tmp_path / stage / "begun").read_bytes() != first[stage]


def test_things_are_cut_out_of_scenes() -> None:
    """Each fills its cut-out, and its noun is told from the middle of two maps."""
    scenes = list(islice(household().scenes(4), 40))
    batch = next(crops(scenes, 0))
    assert batch.pictures.shape == (COUNT, 3, SIDE, SIDE) and len(batch.nouns) == COUNT
    pupil = Pupil(Eyes(), labels=Labels(len(NOUNS), 11))
    losses = named(pupil, batch)
    sum(losses.values()).backward()  # type: ignore[union-attr]  # tensors
    assert pupil.eyes.backbone.stem[0].weight.grad is not None
    assert pupil.eyes.places.last.weight.grad is None
