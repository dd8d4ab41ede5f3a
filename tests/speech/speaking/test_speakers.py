"""Speakers speak: espeak-ng, and a small voice of Piper that is made here."""

import ctypes.util
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.speaking import Ability, Block, Manner, Piece, Sentence, Speaker, Speech
from gnothi.speech.speaking import espeak, espeak_library
from gnothi.speech.speaking.composing import read_text
from gnothi.speech.speaking.espeak import EspeakSpeaker
from gnothi.speech.speaking.loudness import TARGET, Shaped, level
from gnothi.speech.speaking.pack import Pack, _pack, pack
from gnothi.speech.speaking.piper import PiperSpeaker
from gnothi.speech.speaking.speakers import Wish, open_speaker, speakers
from gnothi.speech.speaking.stream import Halt
from gnothi.speech.speaking.whisper import whispered
from gnothi.testing.speaking import speaker_complaints

TEXT = "The kitchen light is on."
needs_espeak = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="the program espeak-ng is not installed"
)


def _said(speaker: Speaker, text: str, manner: Manner | None = None) -> Block:
    speech = Speech((Sentence((Piece(text, manner or Manner()),)),))
    return np.concatenate(list(speaker.speak(speech)))


def _pitch(sound: Block, rate: int) -> float:
    """Return the median frequency of the voiced frames, 0 where there are none."""
    size, found = rate // 20, list[float]()
    for start in range(0, len(sound) - size, size // 2):
        frame = sound[start : start + size]
        shape = np.correlate(frame, frame, "full")[size - 1 :]
        low, high = rate // 350, rate // 60
        at = low + int(shape[low:high].argmax())
        if shape[0] > 0.01 * size * TARGET**2 and shape[at] > 0.5 * shape[0]:
            found.append(rate / at)
    return float(np.median(found)) if found else 0.0


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make two voices in the format of Piper; they hum, a tone for each phoneme."""
    onnx = pytest.importorskip("onnx")
    folder = tmp_path_factory.mktemp("voices")
    for name, people in (("hum", {}), ("many", {"ann": 0, "ben": 1})):
        _make_voice(onnx, folder / f"{name}.onnx", people)
    return folder


def _make_voice(onnx: Any, path: Path, people: dict[str, int]) -> None:
    """Write a network: each id is a tone, which takes 30 ms times the length scale."""
    make, kinds = onnx.helper, onnx.TensorProto
    float_, int_ = kinds.FLOAT, kinds.INT64
    nodes = [
        make.make_node("Cast", ["input"], ["ids"], to=float_),
        make.make_node("Mul", ["ids", "step"], ["steps"]),
        make.make_node("Add", ["steps", "lowest"], ["tones"]),
        make.make_node("Unsqueeze", ["tones", "last"], ["column"]),
        make.make_node("Gather", ["scales", "one"], ["length"]),
        make.make_node("Mul", ["length", "usual"], ["samples"]),
        make.make_node("Cast", ["samples"], ["count"], to=int_),
        make.make_node("Concat", ["first", "count"], ["shape"], axis=0),
        make.make_node("Expand", ["column", "shape"], ["spread"]),
        make.make_node("Reshape", ["spread", "flat"], ["line"]),
        make.make_node("CumSum", ["line", "axis"], ["phase"]),
        make.make_node("Sin", ["phase"], ["wave"]),
        make.make_node("Mul", ["wave", "quiet"], ["output"]),
    ]
    given = [
        ("input", int_, [1, "n"]),
        ("input_lengths", int_, [1]),
        ("scales", float_, [3]),
        *([("sid", int_, [1])] if people else []),
    ]
    kept: dict[str, tuple[int, Sequence[int], list[Any]]] = {
        "step": (float_, [1], [0.001]),
        "lowest": (float_, [1], [0.04]),
        "last": (int_, [1], [2]),
        "one": (int_, [1], [1]),
        "usual": (float_, [1], [480.0]),
        "first": (int_, [2], [1, 1]),
        "flat": (int_, [4], [1, 1, 1, -1]),
        "axis": (int_, [], [3]),
        "quiet": (float_, [1], [0.05]),
    }
    graph = make.make_graph(
        nodes,
        "hum",
        [make.make_tensor_value_info(*one) for one in given],
        [make.make_tensor_value_info("output", float_, [1, 1, 1, "t"])],
        [make.make_tensor(name, *value) for name, value in kept.items()],
    )
    opset = [make.make_opsetid("", 17)]
    onnx.save(make.make_model(graph, opset_imports=opset, ir_version=9), path)
    letters = "_^$ abcdefghijklmnopqrstuvwxyzɪəɹˈˌɔːʊæŋθðʃ.,!?;:"  # noqa: RUF001 - phonemes
    config = {
        "audio": {"sample_rate": 16_000},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": {one: [at] for at, one in enumerate(letters)},
        "num_speakers": len(people) or 1,
        "speaker_id_map": people,
        "language": {"code": "en_US"},
    }
    path.with_name(f"{path.name}.json").write_text(json.dumps(config))


@needs_espeak
def test_espeak_is_a_speaker() -> None:
    """It keeps the contract of speakers."""
    assert list(speaker_complaints(EspeakSpeaker(), TEXT)) == []


@needs_espeak
def test_piper_is_a_speaker(voices: Path) -> None:
    """So do voices of Piper."""
    assert list(speaker_complaints(PiperSpeaker(voices), TEXT)) == []


@needs_espeak
def test_a_voice_is_higher_and_whispers() -> None:
    """Pitch is in semitones, and a whisper has none."""
    speaker = EspeakSpeaker()
    usual = _pitch(_said(speaker, TEXT), speaker.rate)
    higher = _pitch(_said(speaker, TEXT, Manner(pitch=4)), speaker.rate)
    assert 12 * np.log2(higher / usual) == pytest.approx(4, abs=1)
    assert _pitch(_said(speaker, TEXT, Manner(is_whispered=True)), speaker.rate) == 0


@needs_espeak
@pytest.mark.parametrize("voice", ["en-us", "en-gb", "en-us+f3", "de"])
def test_all_voices_are_equally_loud(voice: str) -> None:
    """Within two decibels of the common level, and never cut off."""
    sound = _said(EspeakSpeaker(voice), TEXT)
    assert abs(20 * np.log10(level(sound, espeak.RATE) / TARGET)) < 2
    assert float(np.abs(sound).max()) < 0.99


@needs_espeak
def test_only_variants_that_exist_are_voices() -> None:
    """Nobody fills the memory with names that are made up."""
    speaker = EspeakSpeaker("en-us+f3")
    for voice in ("en-us+anything", "en-us+../f3", "en-us+f3+f3"):
        with pytest.raises(InputError, match="no voice"):
            speaker.speak(read_text(TEXT), voice=voice)


def test_languages_that_are_made_up_are_not_kept() -> None:
    """They have no pack, and asking for many of them costs nothing."""
    before = _pack.cache_info().currsize
    assert pack("en-" + 60_000 * "x") is pack("en_GB") is pack("EN")
    for made_up in ("", "x" * 60_000, "../en", "xéñ", *(f"en{at}" for at in range(100))):
        assert pack(made_up) == Pack()
    assert _pack.cache_info().currsize <= before + 1


@needs_espeak
def test_text_is_never_taken_for_code() -> None:
    """Markup in a text is said, not obeyed, and phonemes in brackets are words."""
    speaker = EspeakSpeaker()
    plain = len(_said(speaker, "a less than b"))
    assert len(_said(speaker, "a </speak><break time='9s'/> b")) < plain + 9 * speaker.rate
    assert len(_said(speaker, "[[h@l'oU]]")) > 0


@needs_espeak
def test_who_closes_leaves_no_process_behind() -> None:
    """The program is ended and buried, even where nobody closed and all was forgotten."""
    speaker = EspeakSpeaker()
    for is_forgotten in (False, True):
        speaking = speaker.speak(read_text(f"{TEXT} " * 300))
        next(speaking)
        if is_forgotten:
            del speaking
        else:
            speaking.close()
        for _ in range(100):
            if not (left := _children()):
                break
            time.sleep(0.02)
        assert left == []


def _children() -> list[str]:
    """Return the programs that this process started, zombies included."""
    found = subprocess.run(
        ["ps", "--ppid", str(threading.main_thread().native_id), "-o", "comm="],
        capture_output=True,
        text=True,
        check=False,
    )
    return [one for one in found.stdout.split() if one.startswith("espeak")]


@needs_espeak
def test_a_program_that_dies_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What ends early, or is gone when it is needed, is an error in a sentence."""
    speaker = EspeakSpeaker()
    list(speaker.speak(read_text("Warm.")))
    program = tmp_path / "espeak-ng"
    program.write_text("#!/bin/sh\ncat > /dev/null\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(ProviderError, match="ended early, with code 3"):
        list(speaker.speak(read_text(TEXT)))


@needs_espeak
def test_the_library_speaks_like_the_program() -> None:
    """Where only the library is installed, a process of our own drives it."""
    library = ctypes.util.find_library("espeak-ng")
    if library is None:
        pytest.skip("the library of espeak-ng is not installed")
    version = subprocess.run(["espeak-ng", "--version"], capture_output=True, text=True, check=True)
    data = Path(version.stdout.split("Data at: ")[1].strip()).parent
    start = [sys.executable, "-I", str(espeak_library.__file__), library, str(data)]
    options = ["-v", "en-us", "-s", "175", "-a", "70", "-m", "--stdin"]
    text = f"<speak>{TEXT}</speak>".encode()

    def run(*command: str, given: bytes = b"") -> bytes:
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout

    ours = run(*start, "--stdout", *options, given=text)
    theirs = run("espeak-ng", "--stdout", *options, given=text)
    assert ours[:4] == b"RIFF"
    assert len(ours) == pytest.approx(len(theirs), rel=0.05)
    assert b"en-us" in run(*start, "--voices")
    told = run(*start, "-q", "--ipa", "-v", "en-us", "--stdin", given=b"Hello, you.").decode()
    assert told.split()[0] == espeak.phonemes("Hello, you.", "en-us")[0]


@needs_espeak
def test_a_voice_of_piper_gets_phonemes_with_their_signs(voices: Path) -> None:
    """Commas and question marks reach the network, which learned them."""
    from gnothi.speech.speaking import piper

    told = piper._pronounced("Hello there, my friend; how are you?", "en-us")
    assert told.count(",") == told.count(";") == 1
    assert told.endswith("?")
    assert "." not in piper._pronounced("It is 6.5 miles", "en-us")


@needs_espeak
def test_people_of_one_network_are_voices(voices: Path) -> None:
    """A network with several people is several voices."""
    speaker = PiperSpeaker(voices, "many/ben")
    assert [one.name for one in speaker.voices()] == ["many/ben", "hum", "many/ann"]
    assert speaker.rate == 16_000
    assert Ability.PITCH not in speaker.abilities
    speech = Speech((Sentence((Piece("x", phonemes="abc"),)),))
    assert len(np.concatenate(list(speaker.speak(speech)))) > 1_000


@needs_espeak
def test_what_is_said_often_is_made_once(voices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A short answer is kept for each speed, so that it is heard at once."""
    from gnothi.speech.speaking.piper import PiperVoice

    runs: list[float] = []
    run = PiperVoice._run

    def counted(voice: PiperVoice, ids: Sequence[int], rate: float, halt: Halt) -> Block:
        runs.append(rate)
        return run(voice, ids, rate, halt)

    speaker = PiperSpeaker(voices)
    first = _said(speaker, "On.")
    monkeypatch.setattr(PiperVoice, "_run", counted)
    assert np.array_equal(_said(speaker, "On."), first)
    assert len(_said(speaker, "On.", Manner(rate=0.5))) > len(first)
    _said(speaker, TEXT * 5)
    assert runs == [0.5, 1.0]


@needs_espeak
@pytest.mark.parametrize(
    ("told", "message"),
    [
        (None, "is missing"),
        ("{", "does not describe a voice"),
        ("{}", "does not describe a voice"),
        ('{"phoneme_type": "pinyin"}', "not supported"),
        ('{"espeak": {"voice": "x"}, "audio": {"sample_rate": 1}, "phoneme_id_map": {}}', "voice"),
    ],
)
def test_what_is_no_voice_is_told(tmp_path: Path, told: str | None, message: str) -> None:
    """A folder that lacks something is explained before anything is said."""
    (tmp_path / "x.onnx").write_bytes(b"no network")
    if told is not None:
        (tmp_path / "x.onnx.json").write_text(told)
    with pytest.raises(InputError, match=message):
        PiperSpeaker(tmp_path)


@needs_espeak
def test_a_damaged_network_is_told_when_it_speaks(voices: Path, tmp_path: Path) -> None:
    """The error comes where the sound would."""
    (tmp_path / "hum.onnx.json").write_bytes((voices / "hum.onnx.json").read_bytes())
    (tmp_path / "hum.onnx").write_bytes(b"no network")
    with pytest.raises(ProviderError, match="no network of Piper"):
        list(PiperSpeaker(tmp_path).speak(read_text(TEXT)))


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ("siri", "There is no speaker 'siri'"),
        ("piper", "Write the speaker as piper:FOLDER"),
        ("piper:/nowhere", "There is no folder"),
        ("espeak-ng:x", "Write the speaker as espeak-ng"),
    ],
)
@needs_espeak
def test_a_wrong_choice_is_told(choice: str, message: str) -> None:
    """Who can't be had is named, with what can."""
    with pytest.raises(InputError, match=message):
        open_speaker(Wish(choice))
    with pytest.raises(InputError, match="no voice 'nobody'"):
        open_speaker(Wish("espeak-ng", "nobody"))


def test_nobody_may_be_chosen_and_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is a choice; without espeak-ng, it is told how to get it."""
    assert open_speaker(Wish("none")) is None
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(espeak, "find_spec", lambda _: None)
    assert all("apt-get install espeak-ng" in one.lacks() for one in speakers())
    with pytest.raises(InputError, match="apt-get install espeak-ng"):
        open_speaker()


def test_a_whisper_keeps_the_words_and_loses_the_buzz() -> None:
    """Noise takes the place of the pulses; spectrum's peaks and loudness stay."""
    from scipy.signal import lfilter

    rate = 16_000
    pulses = np.zeros(rate, np.float32)
    pulses[:: rate // 110] = 1.0
    poles = [0.97 * np.exp(2j * np.pi * f / rate) for f in (700, 1_200, -700, -1_200)]
    voiced = lfilter([1.0], np.real(np.poly(poles)), pulses).astype(np.float32)
    voiced *= TARGET / np.sqrt(np.mean(voiced**2))
    breath = whispered(voiced, rate)
    assert _pitch(voiced, rate) == pytest.approx(110, rel=0.1)
    assert _pitch(breath, rate) == 0
    assert np.sqrt(np.mean(breath**2)) == pytest.approx(TARGET, rel=0.1)
    power = np.abs(np.fft.rfft(breath)) ** 2
    near = power[600:1_300].sum() / power.sum()
    assert near > 0.5


def test_silence_is_taken_off_both_ends_alone() -> None:
    """Pauses between words stay, whatever the blocks are."""
    rate = 16_000
    tone = (0.1 * np.sin(np.arange(rate) / 10)).astype(np.float32)
    none = np.zeros(rate, np.float32)
    sound = np.concatenate([none, tone, none, tone, none, none])
    lengths = {
        size: sum(
            len(one)
            for one in Shaped(rate, 1.0, 0.0).blocks(
                sound[at : at + size] for at in range(0, len(sound), size)
            )
        )
        for size in (160, 1_237, len(sound))
    }
    assert all(abs(found - 3 * rate) < 0.1 * rate for found in lengths.values())
