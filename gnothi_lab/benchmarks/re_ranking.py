"""Re-ranking: word errors of the best hypothesis before and after it is judged once more.

Commands of the test part in voices that no recogniser of ours heard, quiet and noisy. Beside it,
the best hypothesis in each list: more than that no re-ranking can reach.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import RATE, Hints
from gnothi.serve.hearing import hints
from gnothi.skills.skillset import SkillSet
from gnothi.speech.ctc import Reading
from gnothi.speech.reranking import BEST, ENCODER, ReRanker
from gnothi.speech.streaming import StreamingModel, StreamingRecogniser
from gnothi.speech.word_errors import Errors, compare, rate
from gnothi.speech.wording import shipped
from gnothi.text.encoder import SharedEncoder
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_lab.speech.names import Names
from gnothi_lab.speech.recordings import Recording, spoken_commands, with_noise
from gnothi_train.speech.voices import UNHEARD, VOICES, usable

COMMANDS = 90
NOISE_DB = 10.0
_BLOCK = RATE // 10
WAYS = ("first_pass", "re_ranked", "oracle")


@dataclass(frozen=True, slots=True)
class Listed:
    """The hypotheses of one recording."""

    recording: Recording
    readings: Sequence[Reading]

    def errors(self, text: str) -> Errors:
        """Return what is wrong with *text*."""
        return compare(self.recording.text, text)


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure on the test part; *quick* on a few recordings of the development part."""
    if data is None:
        raise ValueError("re-ranking needs the sentences and noises: set GNOTHI_DATA")
    rng = np.random.default_rng(seed)
    groups = [g for g in UNHEARD if any(v.group == g and usable(v) for v in VOICES)]
    part, count = ("dev", 24) if quick else ("test", COMMANDS)
    home = spoken_commands(part, data, rng, count, groups=groups)
    noisy = with_noise(home.recordings, data, rng, decibels=NOISE_DB)
    told = hints(Names(home.names), SkillSet.load())
    listed = hear([*home.recordings, *noisy], told)
    reranker = ReRanker.read(SharedEncoder(ENCODER))
    begun = process_time()
    chosen = [choose(one, reranker, told) for one in listed]
    ms = 1000 * (process_time() - begun) / len(listed)
    quiet = len(home.recordings)
    drawn = rng.integers(0, len(listed), (2000, len(listed)))
    reductions = {
        name: _reduction(chosen, way, drawn)
        for name, way in (("wer_reduction", "re_ranked"), ("oracle_reduction", "oracle"))
    }
    everything = np.arange(len(listed))[None]
    return Result(
        name="re-ranking",
        figures={
            "wer_reduction": float(_reduction(chosen, "re_ranked", everything)[0]),
            "oracle_reduction": float(_reduction(chosen, "oracle", everything)[0]),
            "wer": rate([one["re_ranked"] for one in chosen]),
            "wer_quiet": rate([one["re_ranked"] for one in chosen[:quiet]]),
            "wer_noisy": rate([one["re_ranked"] for one in chosen[quiet:]]),
            "all_right": _all_right(chosen, "re_ranked"),
            "ms_mean": ms,
            "hypotheses": float(np.mean([len(one.readings) for one in listed])),
            "recordings": float(len(listed)),
        },
        intervals={
            name: (float(np.quantile(draws, 0.025)), float(np.quantile(draws, 0.975)))
            for name, draws in reductions.items()
        },
        baselines={
            way: {
                "wer": rate([one[way] for one in chosen]),
                "wer_quiet": rate([one[way] for one in chosen[:quiet]]),
                "wer_noisy": rate([one[way] for one in chosen[quiet:]]),
                "all_right": _all_right(chosen, way),
            }
            for way in ("first_pass", "oracle")
        },
        published=_PUBLISHED,
        notes=_NOTES,
    )


def hear(recordings: Sequence[Recording], told: Hints) -> list[Listed]:
    """Return the lists of the recogniser as it ships, in the order of its search."""
    recogniser = StreamingRecogniser(StreamingModel(), shipped)
    found: list[Listed] = []
    for one in watched(recordings, "Hearing"):
        stream = recogniser.open(told)
        for at in range(0, len(one.samples), _BLOCK):
            stream.accept(one.samples[at : at + _BLOCK])
        found.append(Listed(replace(one), stream.readings(BEST)))
    return found


def choose(one: Listed, reranker: ReRanker, told: Hints) -> dict[str, Errors]:
    """Return the errors of the hypothesis that each way chooses."""
    if not one.readings:
        return dict.fromkeys(WAYS, one.errors(""))
    texts = [reading.hypothesis.text for reading in one.readings]
    errors = [one.errors(text) for text in texts]
    best = reranker.order(one.readings, told)[0].text
    return {
        "first_pass": errors[0],
        "re_ranked": errors[texts.index(best)],
        "oracle": min(errors, key=lambda each: each.edits),
    }


def _all_right(chosen: Sequence[dict[str, Errors]], way: str) -> float:
    return float(np.mean([one[way].edits == 0 for one in chosen]))


def _reduction(
    chosen: Sequence[dict[str, Errors]], way: str, drawn: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the relative reduction for each draw of recordings."""
    first, other = (np.array([one[w].edits for one in chosen]) for w in ("first_pass", way))
    return 1 - other[drawn].sum(1) / np.maximum(1, first[drawn].sum(1))


_PUBLISHED = {
    "RescoreBERT": {
        "wer_reduction": 0.05,
        "source": "arXiv 2202.01094: 3 to 8 % over an LSTM, conversational agent; other data",
    },
}
_NOTES = (
    (
        "Commands of the test part (templates, names, homes that nothing learned from) in voices "
        "that neither the recogniser nor the re-ranking heard, each once in a quiet room and once "
        "with sounds of a home 10 dB beneath. Synthetic; the home's names and the samples of the "
        "skills are known. Intervals: bootstrap over recordings, not over voices."
    ),
    "oracle: the best hypothesis of each list of at most 16.",
)
