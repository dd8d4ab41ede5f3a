"""Requests that were cut off: as graphs, typed and spoken to homes never seen in training."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from gnothi.core.errors import InputError
from gnothi.core.understanding import Utterance
from gnothi.home.house import STARTER
from gnothi.skills.skillset import SkillSet
from gnothi.speech.backends import open_recogniser, usable
from gnothi_lab.benchmarks.home_actions import read_cases
from gnothi_lab.homes.cases import Case
from gnothi_lab.homes.reference import Reference
from gnothi_lab.progress import sampled, watched
from gnothi_lab.repair.alarms import complete_requests, false_alarms, home_of
from gnothi_lab.repair.conversing import Ears, Ended, breaks_off, converse
from gnothi_lab.repair.cutting import Cut, SpokenCut, spoken, typed
from gnothi_lab.repair.graphs import measure
from gnothi_lab.result import Result
from gnothi_lab.speech.recordings import room_tones
from gnothi_lab.statistics import rate, wilson
from gnothi_lab.subjects import Gnothi
from gnothi_train.speech.voices import HELD_OUT

OURS = "gnothi"
RECOGNISERS = (OURS,)
"""Whose ears are tried; "pocketsphinx" may be added where there is time."""
TYPED, SPOKEN, COMPLETE = 300, 40, 250
AGAIN = "please say it again"
Figures = dict[str, float]
Hits = dict[str, list[bool]]


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure graphs, false alarms, and conversations; *quick* takes a few of each."""
    if data is None:
        raise InputError("This benchmark needs GNOTHI_DATA, a folder with the public data sets.")
    rng = np.random.default_rng(seed)
    graphs = measure(data, seed, quick=quick)
    gnothi = Gnothi(seed)
    cases = clear_cases(data, rng)
    texts = [cases[at].request.text for at in range(min(len(cases), COMPLETE))]
    general = complete_requests(data)
    few = 30 if quick else COMPLETE
    starter = home_of(STARTER)
    alarms = {
        "false_alarms_home": false_alarms(gnothi, texts[:few], starter, "complete, homes"),
        "false_alarms_massive": false_alarms(
            gnothi, sampled(general, quick=True, size=few), starter, "complete, MASSIVE"
        ),
    }
    hits: Hits = {
        **graphs.ours,
        **{name: [one is not None for one in found] for name, found in alarms.items()},
        **by_typing(gnothi, list(typed(cases, rng))[: 20 if quick else TYPED]),
    }
    said = spoken_cases(cases, data, rng, 4 if quick else SPOKEN)
    skills = SkillSet.load()
    heard = {
        one.name: by_speaking(gnothi, Ears(open_recogniser(one.name), skills), said, one.name)
        for one in usable()
        if one.name in RECOGNISERS
    }
    gnothi.close()
    hits |= heard.get(OURS, {})
    figures = {name: rate(found) for name, found in hits.items()}
    return Result(
        name="repair",
        figures={**figures, **sizes(hits)},
        intervals={name: wilson(found) for name, found in hits.items()},
        baselines={
            **{name: rates(found) for name, found in graphs.baselines.items()},
            f"“{AGAIN}”, said once more": said_again(hits),
            **{f"{name} hears": rates(found) for name, found in heard.items() if name != OURS},
        },
        notes=NOTES,
    )


def clear_cases(data: Path, rng: np.random.Generator) -> list[Case]:
    """Return the requests to kept-apart homes whose words single a device out, in random order."""
    cases, _ = read_cases(data)
    clear = [case for case in cases if case.reference is Reference.CLEAR]
    return [clear[at] for at in rng.permutation(len(clear))]


def by_typing(gnothi: Gnothi, cuts: Sequence[Cut]) -> Hits:
    """Return how conversations end that begin with typed words, cut off."""
    whole: list[Ended] = []
    ended: list[Ended] = []
    for cut in watched(cuts, "typed"):
        case = cut.case
        whole.append(converse(gnothi, case, [Utterance(f"{cut.begun} {cut.rest}")]))
        ended.append(converse(gnothi, case, [Utterance(cut.begun), Utterance(cut.rest)]))
    return {
        "done_after_one_question_typed": [one.done for one in ended],
        "done_of_doable_typed": [
            one.done for one, uncut in zip(ended, whole, strict=True) if uncut.done
        ],
        "asked_typed": [one.asked for one in ended],
        "done_uncut_typed": [one.done for one in whole],
    }


def spoken_cases(
    cases: Sequence[Case], data: Path, rng: np.random.Generator, count: int
) -> list[SpokenCut]:
    """Return *count* requests, said by the voice that no model of ours learned from."""
    tones = room_tones(data)
    said: list[SpokenCut] = []
    for case in watched(cases[: 2 * count], "speaking"):
        if len(said) < count and (cut := spoken(case, HELD_OUT, tones, rng)):
            said.append(cut)
    return said


def by_speaking(gnothi: Gnothi, ears: Ears, said: Sequence[SpokenCut], name: str) -> Hits:
    """Return how conversations end that begin with speech that is cut off, heard by *ears*."""
    done: list[bool] = []
    asked: list[bool] = []
    silent: list[bool] = []
    known: list[bool] = []
    alarms: list[bool] = []
    whole: list[bool] = []
    again: list[bool] = []
    for one in watched(said, name):
        case = one.cut.case
        begun = ears.hear(one.begun, case.home, answer=False)
        rest = ears.hear(one.rest, case.home, answer=True)
        ended = converse(gnothi, case, [begun, rest])
        unended = ears.hear(one.silent, case.home, answer=False)
        silent.append(converse(gnothi, case, [unended, rest]).done)
        known.append(breaks_off(one.begun))
        alarms.append(breaks_off(one.released))
        done.append(ended.done)
        asked.append(ended.asked)
        for sound, found in ((one.whole, whole), (one.again, again)):
            heard = ears.hear(sound, case.home, answer=False)
            found.append(converse(gnothi, case, [heard]).done)
    return {
        "done_after_one_question": done,
        "done_of_doable": [one for one, uncut in zip(done, whole, strict=True) if uncut],
        "asked_spoken": asked,
        "done_after_falling_silent": silent,
        "broke_off_known": known,
        "false_alarms_released": alarms,
        "done_uncut": whole,
        "done_said_again": again,
        "done_said_again_of_doable": [
            one for one, uncut in zip(again, whole, strict=True) if uncut
        ],
    }


def rates(hits: Mapping[str, Sequence[bool]]) -> Figures:
    """Return the rates of *hits*."""
    return {name: rate(found) for name, found in hits.items()}


def said_again(hits: Hits) -> Figures:
    """Return what is done if every cut-off request has to be said once more."""
    names = {
        "done_after_one_question": "done_said_again",
        "done_of_doable": "done_said_again_of_doable",
    }
    return {name: rate(hits[source]) for name, source in names.items() if source in hits}


def sizes(hits: Hits) -> Figures:
    """Return how many rows the main figures are from."""
    counted = ("right", "done_after_one_question", "done_of_doable", "done_of_doable_typed",
               "false_alarms_massive", "false_alarms_home")  # fmt: skip
    return {f"rows_{name}": float(len(hits[name])) for name in counted if name in hits}


NOTES = (
    (
        "right: of the development rows of top_truncated (English, Hinglish; cut by a rule), the "
        "question names the missing role, or all of the graph is right. graph_right, role_right "
        "and intent_right are its strict parts. Learned from the training rows and from other "
        "cuts of the same utterances. The parser was chosen on the development rows."
    ),
    (
        "Commands: requests to published homes kept apart as wholes, whose words single a device "
        "out, cut at 60 to 90 %. Done: the home is as labelled, after at most one question, which "
        "a simulated person answers with the missing words. Where the beginning is taken for a "
        "whole sentence, nothing is asked: often it is one."
    ),
    "done_of_doable: of those that are done when they are said or typed in one go.",
    (
        f"Spoken: the voice '{HELD_OUT}', which no model of ours learned from, in room tone, cut "
        "anywhere, words included, where the sound ends: a button was released too early. "
        "done_after_falling_silent: the same cuts, but the room is heard on. broke_off_known: of "
        "the first, whose sound says that it broke off; false_alarms_released: of whole commands "
        "whose sound ends 0 to 60 ms after them. The answer is spoken, too, and heard "
        "as an answer. The baseline says the whole request once more, in another rendering of the "
        "voice."
    ),
    (
        "false_alarms: complete requests, typed without full stops, that are questioned or added "
        "to: of MASSIVE's development part, and the commands above, said to the starter home."
    ),
)
