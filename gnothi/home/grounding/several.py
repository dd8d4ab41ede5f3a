"""Several things to do in one request: "the fan off and the lamp to half"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gnothi.home.grounding.demand import Demand, read_demand
from gnothi.home.grounding.ground import Situation, ground
from gnothi.home.grounding.index import index_of
from gnothi.home.grounding.questions import is_question
from gnothi.home.grounding.result import Doing
from gnothi.home.grounding.words import Word, words
from gnothi.home.house import House
from gnothi.text.tokenise import MAX_CHARACTERS

_JOINT = re.compile(
    r"[,;.]?\s+(?:and\s+then|and\s+also|and(?!\s+a\s+(?:half|quarter))|then|but)\s+|[,;.]\s+",
    re.IGNORECASE,
)
_MOST = 6
"""Parts that are looked at; nobody says more in one breath."""


def ground_each(text: str, intent: str, house: House, situation: Situation) -> tuple[Doing, ...]:
    """Return what each part of *text* asks to be done, where it asks for several things.

    Empty when it asks for one thing, or when a part can't be done as it stands: then the whole
    is better read by :func:`gnothi.home.grounding.ground.ground`.
    """
    parts = list(_demanding(_parts(text[:MAX_CHARACTERS], house), house))
    if not 1 < len(parts) <= _MOST:
        return ()
    done: list[Doing] = []
    for part in parts:
        found = ground(part, intent, house, situation)
        if not isinstance(found, Doing):
            if len(words(part)) == 1 and part is not parts[-1]:
                continue
            return ()
        done.extend(found.steps)
        spoken_of = tuple(target for step in found.steps for target in step.targets)
        situation = replace(situation, focus=spoken_of)
    return tuple(done)


def _parts(text: str, house: House) -> list[str]:
    """Return *text* cut at "and", "then" and commas that stand in no name of the home."""
    index = index_of(house)
    sentence = words(text)
    named = [sentence[place] for place in index.mentions(sentence)]
    cuts = [
        match
        for match in _JOINT.finditer(text)
        if not any(word.start < match.end() and word.end > match.start() for word in named)
    ]
    starts = [0, *(match.end() for match in cuts)]
    ends = [*(match.start() for match in cuts), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _demanding(parts: list[str], house: House) -> Iterator[str]:
    """Join parts without an action of their own to the one before, the first to the one after."""
    kept = ""
    for part in parts:
        joined = f"{kept} and {part}" if kept else part
        if not kept or not _demands(part, house) or not _demands(kept, house):
            kept = joined
            continue
        yield kept
        kept = part
    if kept:
        yield kept


def _demands(part: str, house: House) -> bool:
    """Whether *part* says what to do, and is no question."""
    index = index_of(house)
    sentence = index.corrected(words(part))
    if not sentence:
        return False
    names = index.mentions(sentence)
    if is_question(sentence, part, "", names, index):
        return False
    demand = read_demand(sentence, part, "", names=names, imperial=False, lexicon=index.lexicon)
    return demand is not None and demand.spoken and not _complains(demand, sentence)


def _complains(demand: Demand, sentence: Sequence[Word]) -> bool:
    """Whether a part only gives the reason for another: "it's too loud, pause it"."""
    return not demand.used and any(word.form in {"too", "so"} for word in sentence)
