"""Learn a thing from a picture ("this is the cat's bowl"), and what is not the thing."""

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.errors import InputError
from gnothi.core.plain import Json
from gnothi.core.risk import Risk
from gnothi.core.seeing import Sighting
from gnothi.skills.turn import SPOKEN_OF, Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.vision.eyes import Picture
from gnothi.vision.finding import rules
from gnothi.vision.teaching.looking import opened

if TYPE_CHECKING:
    from gnothi.learning.things import TaughtThings

Box: TypeAlias = tuple[float, float, float, float]
SKILL = "sight"
PICTURE = "picture"
FOUND = "found_thing"
"""Key of :attr:`Turn.focus` under which the last finding stands: name, picture, box."""
READING = "reading"
"""Key under which stands what was asked of the picture that was read last."""
_LEARN = re.compile(
    r"(?:ok(?:ay)?|look|hey|so)?[,.!]?\s*(?:"
    r"(?:this|that|here)(?:'s|\s+is|\s+are)\s+(?:called\s+)?"
    r"(?P<named>(?:the|my|our|a|an)\s.+|\w+'s\s.+)"
    r"|(?:remember|learn|save)\s+(?:this|that|it)\s+as\s+(?P<kept>.+))",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"(?:no|nope|sorry)?[,.!]?\s*(?:that|this|it)(?:'s|\s+is|\s+was)\s*"
    r"(?:wrong|not\s+(?:it|right|that|the|my|our|a|an|\w+'s)\b.*|n't\s+.*)",
    re.IGNORECASE,
)
PATIENCE = 5.0
"""Seconds after which it says that it is still learning; actions are waited for a little longer."""
_ARTICLES = ("the ", "a ", "an ")
_WORDS = Vocabulary.beside(__file__)


def wanted_name(text: str) -> str | None:
    """Return what a thing is called in *text*, as in "this is the cat's bowl"; else ``None``."""
    found = _LEARN.fullmatch(_plain(text))
    name = (found["named"] or found["kept"]).strip() if found else ""
    return name if name and _is_name(name) else None


def _is_name(text: str) -> bool:
    """Whether *text* can be what a thing is called: no question, and nothing goes on after it.

    "The total" is asked for; "my phone" is somebody's thing.
    """
    asks = _WORDS.meaning("finding", text) or (
        text.casefold().startswith(_ARTICLES) and _WORDS.meaning("wanted", text)
    )
    return not (asks or _WORDS["nameless"].find(text) or re.search("[?,;:]", text))


def is_correction(text: str) -> bool:
    """Whether *text* says that what was found is something else."""
    return _WRONG.fullmatch(_plain(text)) is not None


def propose_teaching(turn: Turn, picture: str | None) -> Proposal | None:
    """Return what is to be learned by *turn*, from the *picture* that it is about.

    ``None`` where it asks for something else. Only what was found by the last deed is put right.
    """
    found = turn.focus.get(FOUND)
    is_last = turn.focus.get(SPOKEN_OF) == SKILL and not turn.utterance.picture
    if isinstance(found, Mapping) and is_last and is_correction(turn.text):
        call = Call(SKILL, "unsee", dict(cast("Mapping[str, object]", found)))
        return Proposal(call, Risk.REVERSIBLE)
    name = wanted_name(turn.text)
    if name is None:
        return None
    return Proposal(Call(SKILL, "teach", {"name": name, PICTURE: picture}), Risk.REVERSIBLE)


async def teach(turn: Turn, *, name: str, picture: str | None = None) -> Outcome:
    """Learn what *name* looks like from the *picture*, or from what the camera sees."""
    eyes, things = turn.services.sight, turn.services.things
    if eyes is None or things is None or not (picture or eyes.has_camera):
        return Outcome(Status.FAILED, (Act("sight-nothing-shown"),))
    shown = eyes.find(picture) if picture else await asyncio.to_thread(eyes.look)
    if shown is None:
        return Outcome(Status.FAILED, (Act("sight-nothing-shown"),))
    try:
        box = await asyncio.to_thread(_outstanding, things, shown)
        if box is None:
            return Outcome(Status.FAILED, (Act("sight-thing-unseen"),))
        act = await _in_time(partial(_learned, things, name, shown, box, turn.user or ""))
    except InputError as error:
        return Outcome(Status.FAILED, (Act("sight-thing-problem", {"problem": str(error)}),))
    return Outcome(
        Status.DONE,
        (
            Act(
                "sight-thing-taken",
                {"place": rules.place(Sighting(name, box, 1.0), shown.width, shown.height)[0]},
            ),
            act,
        ),
        Call(SKILL, "take_back"),
        display=display(shown.id, shown.width, shown.height, [(name, box, 1.0)]),
        entities={PICTURE: shown.id, FOUND: None, READING: None},
    )


async def unsee(turn: Turn, *, name: str, picture: str, box: Box) -> Outcome:
    """Learn that what stands in the *box* of the *picture* is not the thing called *name*."""
    eyes, things = turn.services.sight, turn.services.things
    shown = eyes.find(picture) if eyes else None
    if shown is None or things is None:
        return Outcome(Status.FAILED, (Act("sight-nothing-shown"),))
    try:
        act = await _in_time(partial(_corrected, things, name, shown, box, turn.user or ""))
    except InputError as error:
        return Outcome(Status.FAILED, (Act("sight-thing-problem", {"problem": str(error)}),))
    entities = {PICTURE: shown.id, FOUND: None, READING: None}
    return Outcome(Status.DONE, (act,), Call(SKILL, "take_back"), entities=entities)


async def take_back(turn: Turn) -> Outcome:
    """Take back what was taught last."""
    things = turn.services.things
    if things is None:
        return Outcome(Status.FAILED, (Act("sight-nothing-shown"),))
    try:
        await asyncio.to_thread(things.take_back)
    except InputError as error:
        return Outcome(Status.FAILED, (Act("sight-thing-problem", {"problem": str(error)}),))
    return Outcome(Status.DONE, (Act("sight-thing-taken-back"),))


def display(
    picture: str,
    width: int,
    height: int,
    things: list[tuple[str, Box, float]],
) -> Mapping[str, Json]:
    """Return a *picture* with boxes of *things* (name, box, confidence), as the page draws them."""
    lines: list[Json] = [
        {
            "text": name,
            "corners": [
                [round(x, 1), round(y, 1)]
                for x, y in ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3]))
            ],
            "confidence": round(confidence, 3),
            "row": at,
            "marked": True,
        }
        for at, (name, box, confidence) in enumerate(things)
    ]
    return {
        "kind": SKILL,
        PICTURE: picture,
        "width": width,
        "height": height,
        "reader": "",
        "lines": lines,
    }


async def _in_time(learn: Callable[[], Act]) -> Act:
    """Return what *learn* tells; while that takes long it goes on, and this says so."""
    learning = asyncio.ensure_future(asyncio.to_thread(learn))
    try:
        return await asyncio.wait_for(asyncio.shield(learning), PATIENCE)
    except TimeoutError:
        return Act("sight-thing-learning")


def _outstanding(things: "TaughtThings", shown: Picture) -> Box | None:
    """Return the box of what stands out in what was *shown*."""
    pixels, share = opened(shown.jpeg, shown.width)
    [found] = things.propose([pixels], np.zeros((0, 4)))
    if not len(found):
        return None
    left, top, right, bottom = (found[0] / share).tolist()
    return left, top, right, bottom


def _learned(things: "TaughtThings", name: str, shown: Picture, box: Box, teacher: str) -> Act:
    from gnothi.learning.teaching import Demonstration

    pixels, share = opened(shown.jpeg, shown.width)
    boxes = np.asarray([box], dtype=np.float64) * share
    example = Demonstration(shown.id, pixels, boxes, np.zeros((0, 4)), teacher=teacher)
    return things.teach(name, [example]).told


def _corrected(things: "TaughtThings", name: str, shown: Picture, box: Box, teacher: str) -> Act:
    from gnothi.learning.teaching import Demonstration

    pixels, share = opened(shown.jpeg, shown.width)
    wrong = np.asarray([box], dtype=np.float64) * share
    none = np.zeros((0, 4))
    example = Demonstration(shown.id, pixels, none, wrong, whole=False, teacher=teacher)
    return things.teach(name, [example]).told


def _plain(text: str) -> str:
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip().rstrip(".!")
