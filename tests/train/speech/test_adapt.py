"""A skill is learned from recordings of which is known what was meant, but not in which words."""

from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from scipy.io import wavfile

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Pattern
from gnothi.skills.sentences import Meaning
from gnothi.skills.skillset import Skill, load_skill
from gnothi.speech.features import WIDTH
from gnothi.speech.graph import SentenceGraph, WordGraph
from gnothi_train.speech.adapt import Adaptation, Heard, Recipe, scores, sentences
from gnothi_train.speech.adapting import held_back, main, recorded
from gnothi_train.speech.network import Shape, StreamingEncoder
from gnothi_train.speech.weak import Recording, open_clips, read_recordings, spelled

PIECES = ["", "_a", "_b", "c", "_c", "b", "a"]
TINY = Shape(width=32, heads=2, layers=2, kernel=5, channels=(4, 8))
SKILL = """
name = "taps"
title = "Taps"
[types.tap]
values = ["bath", "sink"]
[[api]]
name = "run"
intents = ["taps_run"]
samples = ["run the {tap}", "turn on the {tap}"]
[api.arguments.tap]
type = "tap"
slots = ["tap"]
"""


def taps(folder: Path) -> Skill:
    """Return a skill with two taps."""
    folder.mkdir()
    (folder / "skill.toml").write_text(SKILL, encoding="utf-8")
    (folder / "actions.py").write_text("async def run(turn, *, tap=''): ...", encoding="utf-8")
    return load_skill(folder)


def heard(count: int) -> list[Heard]:
    """Return sound of a letter that is known, and of two more that may be in either order."""
    rng = np.random.default_rng(0)
    sounds = {word: rng.normal(size=(8, WIDTH)) for word in ("a", "b", "c")}
    found: list[Heard] = []
    for at in range(count):
        words = ["ab"[at % 2], *("bc" if at % 3 else "cb")]
        quiet = rng.normal(size=(4, WIDTH)) * 0.1
        frames = np.concatenate([part for word in words for part in (sounds[word], quiet)])
        ways = [Pattern(((words[0],), (one,), (two,))) for one, two in ("bc", "cb")]
        graph = SentenceGraph(WordGraph.of(ways), PIECES)
        found.append(Heard(graph, frames.astype(np.float16), ()))
    return found


def learned(*, seed: int) -> tuple[StreamingEncoder, list[float]]:
    """Return a network that has learned from four recordings, and its losses."""
    torch.manual_seed(3)
    losses: list[float] = []
    recipe = Recipe(epochs=4, rate=6e-3, seconds=2.0, dropped=0.0, aligned_anew=(2,))
    adaptation = Adaptation(StreamingEncoder(len(PIECES), TINY), PIECES, recipe, seed=seed)
    return adaptation.learn(heard(4), (), lambda _, loss: losses.append(loss)), losses


def test_recordings_without_words_teach() -> None:
    """The loss falls, and the same seed leads to the same network."""
    network, losses = learned(seed=0)
    again, same = learned(seed=0)
    assert losses == same
    assert np.mean(losses[-3:]) < 0.5 * np.mean(losses[:3])
    first, second = (scores(one, [heard(1)[0].plain])[0] for one in (network, again))
    assert np.array_equal(first, second)


def test_words_are_found_by_how_they_sound() -> None:
    """Of the sentences that mean the same, the one that was said is taken."""
    sentences = SentenceGraph(WordGraph.of([Pattern((("a b", "b a"), ("c",)))]), PIECES)
    for said, pieces in (("a b c", "_a _b _c"), ("b a c", "_b _a _c")):
        rows = np.full((9, len(PIECES)), -8.0, np.float32)
        for at, piece in enumerate(pieces.split()):
            rows[3 * at : 3 * at + 3, 0] = -0.1
            rows[3 * at + 1, PIECES.index(piece)] = -0.3
        assert spelled(sentences, rows, trained=True) == said
    assert spelled(sentences, np.zeros((2, len(PIECES)), np.float32), trained=False) == ""


def table(folder: Path, lines: str) -> Path:
    """Write a recording of silence and a table of *lines*."""
    folder.mkdir(exist_ok=True)
    wavfile.write(folder / "one.wav", RATE, np.zeros(RATE, np.int16))
    (folder / "transcripts.tsv").write_text(lines, encoding="utf-8")
    return folder


def test_recordings_are_read_with_what_was_meant(tmp_path: Path) -> None:
    """Each has its intent and slots, and who speaks where that is known."""
    lines = 'file\tintent\tcluster\tslots_json\none.wav\ttaps_run\tana\t{"tap": " bath"}\n'
    [found] = read_recordings(table(tmp_path, lines))
    assert found == Recording(tmp_path / "one.wav", Meaning("taps_run", {"tap": "bath"}), "ana")
    [clip] = open_clips([found], taps(tmp_path / "taps"), ["", *"_abcdefghijklmnoprstu"])
    assert len(clip.sound) == RATE


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("", "needs the columns"),
        ("file\ttext\none.wav\thello\n", "needs the columns"),
        ("file\tintent\tslots_json\n", "lists no recordings"),
        ("file\tintent\tslots_json\none.wav\ttaps_run\t{tap\n", "Line 2 .* no JSON"),
        ('file\tintent\tslots_json\none.wav\ttaps_run\t["bath"]\n', "Line 2 .* must be an object"),
        ('file\tintent\tslots_json\none.wav\ttaps_run\t{"tap": 1}\n', "must be an object"),
        ("file\tintent\tslots_json\none.wav\t\t{}\n", "needs a file and an intent"),
        ("file\tintent\tslots_json\ntwo.wav\ttaps_run\t{}\n", r"no file two\.wav"),
    ],
)
def test_a_bad_table_is_told(tmp_path: Path, lines: str, complaint: str) -> None:
    """The line and what is wrong with it are named."""
    with pytest.raises(InputError, match=complaint):
        read_recordings(table(tmp_path, lines))
    (tmp_path / "transcripts.tsv").unlink()
    with pytest.raises(InputError, match="has no transcripts"):
        read_recordings(tmp_path)


def test_what_no_sample_says_can_not_be_learned(tmp_path: Path) -> None:
    """An author learns which sample is missing."""
    meant = Recording(tmp_path / "one.wav", Meaning("taps_run", {"tap": "bath", "heat": "hot"}))
    table(tmp_path, "")
    with pytest.raises(InputError, match="no sample of 'taps' says 'taps_run' with tap 'bath'"):
        list(open_clips([meant], taps(tmp_path / "taps"), PIECES))


def test_speakers_are_held_back_as_a_whole() -> None:
    """About a fifth is kept for judging, and nobody is on both sides."""
    recordings = [
        Recording(Path(f"{at}.wav"), Meaning("taps_run", {}), f"speaker {at // 10}")
        for at in range(100)
    ]
    back = held_back(recordings, np.random.default_rng(0))
    assert 20 <= len(back) < 40
    kept = {one.group for at, one in enumerate(recordings) if at not in back}
    assert kept.isdisjoint({recordings[at].group for at in back})
    assert held_back([], np.random.default_rng(0)) == set()


@pytest.mark.parametrize(
    ("sizes", "wanted"),
    [((50,), 10), ((45, 5), 5), ((48, 2), 10), ((25, 25), 10), ((10, 10, 10), 10), ((2,), 0)],
)
@pytest.mark.parametrize("seed", range(4))
def test_small_households_have_something_to_learn_from(
    sizes: tuple[int, ...], wanted: int, seed: int
) -> None:
    """Who says nearly everything is learned from; groups stay together only where they can."""
    recordings = [
        Recording(Path(f"{group}-{at}.wav"), Meaning("taps_run", {}), f"speaker {group}")
        for group, size in enumerate(sizes)
        for at in range(size)
    ]
    assert len(held_back(recordings, np.random.default_rng(seed))) == wanted


def test_the_card_names_the_recordings(tmp_path: Path) -> None:
    """Its hash changes with what is heard and with what is meant, not with order and place."""
    marks: list[str] = []
    for name, sounds, tap in (
        ("one", (b"1", b"2"), "bath"),
        ("two", (b"2", b"1"), "bath"),
        ("three", (b"1", b"3"), "bath"),
        ("four", (b"1", b"2"), "sink"),
    ):
        told: list[Recording] = []
        for at, sound in enumerate(sounds):
            path = tmp_path / f"{name}-{at}.wav"
            path.write_bytes(sound)
            told.append(Recording(path, Meaning("taps_run", {"tap": tap}), "ana"))
        [data] = recorded(told)
        assert (data["name"], data["licence"]) == ("recordings", "private")
        marks.append(data["sha256"])
    assert marks[0] == marks[1]
    assert len(set(marks)) == 3
    assert list(recorded([])) == []


def test_sentences_are_drawn_from_samples() -> None:
    """Each is one that the patterns can say, and values vary."""
    ways = [Pattern((("run the ", "turn on the "), ("bath", "sink")))]
    drawn = sentences(ways, 50, np.random.default_rng(0))
    assert set(drawn) == {
        f"{verb} the {tap}" for verb in ("run", "turn on") for tap in ("bath", "sink")
    }


def test_the_command_says_what_it_lacks(tmp_path: Path) -> None:
    """Without data sets, or anything to learn from, it ends with a sentence."""
    taps(tmp_path / "taps")
    asked = [str(tmp_path / "taps"), "--out", str(tmp_path / "out"), "--spoken", "0"]
    told = CliRunner().invoke(main, asked, env={"GNOTHI_DATA": ""})
    assert told.exit_code == 2 and "GNOTHI_DATA" in told.output
    told = CliRunner().invoke(main, asked, env={"GNOTHI_DATA": str(tmp_path)})
    assert told.exit_code == 1 and "nothing to learn from" in told.output
    assert not (tmp_path / "out").exists()
