"""Ears that hear commands of real people with their pauses, from beginning to end, as they ship."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from gnothi.core.hearing import RATE
from gnothi.speech.backends import open_recogniser, usable
from gnothi.speech.ear import Ear, Utterance
from gnothi.speech.endpoint.shipped import end_pointer
from gnothi.speech.voice import VoiceDetector
from gnothi_lab.progress import watched
from gnothi_lab.speech.ends import LATEST_S, Heard, Rule
from gnothi_lab.speech.gathering import orders
from gnothi_train.endpoint.cases import Case
from gnothi_train.endpoint.trainer import Setting, drawn

_BLOCK = RATE // 10
_EARLY_S = 0.25
"""The voice detector may find silence so long before the last faint sound has faded."""
Figures = dict[str, float]


def end_to_end(
    part: str, data: Path, seed: int, shipped: Rule, heard: Sequence[Heard], count: int
) -> Figures:
    """Return the share of commands that an ear cuts off as it ships, and that a replay does.

    The ear may be wrong where nobody looks in a replay: in the middle of speech. A recogniser that
    hides its states is tried as well, where it is installed.
    """
    detector = VoiceDetector()
    chosen = list(islice(drawn(part, data, detector, seed=seed), count))
    clips = {case.name for case in chosen}
    early = {
        one.listened.clip
        for one in heard
        if not one.is_end and min(shipped(one), LATEST_S) < one.goes_on_s
    }
    figures = {
        "commands_end_to_end": float(len(chosen)),
        "cut_off_replayed": len(early & clips) / len(chosen),
    }
    ready = {one.name for one in usable()}
    for name in sorted({"gnothi", "pocketsphinx"} & ready):
        figures |= _with_recogniser(name, data, chosen, detector)
    return figures


def _with_recogniser(
    name: str, data: Path, chosen: Sequence[Case], detector: VoiceDetector
) -> Figures:
    recogniser = open_recogniser(name)
    setting, judge = Setting(data, recogniser, ""), end_pointer(recogniser, orders(data))
    cut_off, waited = 0, list[float]()
    for case in watched(chosen, f"End to end: {name}"):
        hints, _, _ = setting(case)
        ear = Ear(recogniser, detector, hints, end_pointer=judge)
        blocks = np.array_split(case.samples, max(1, len(case.samples) // _BLOCK))
        said = [one for one in ear.hear(blocks) if isinstance(one, Utterance)]
        end_s = case.pauses[-1].at_s
        cut_off += bool(said) and said[0].decided_s < end_s - _EARLY_S
        waited.append(said[-1].decided_s - end_s if said else LATEST_S)
    own = "" if name == "gnothi" else f"_{name}"
    return {
        f"cut_off_end_to_end{own}": cut_off / len(chosen),
        f"latency_s_p50_end_to_end{own}": float(np.quantile(waited, 0.5)),
        f"latency_s_p90_end_to_end{own}": float(np.quantile(waited, 0.9)),
    }
