"""Learn a thing from a picture ("this is the cat's bowl"), and what is not the thing."""

import asyncio
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import numpy as np

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.errors import InputError
from gnothi.core.plain import Json
from gnothi.core.risk import Risk
from gnothi.skills.turn import Proposal, Turn
from gnothi.vision.boxes import Boxes
from gnothi.vision.pictures import read_picture

if TYPE_CHECKING:
    from gnothi.learning.things import TaughtThings

SKILL = "sight"
PICTURE = "picture"
FOUND = "found_thing"
"""Key of :attr:`Turn.focus` under which the last finding stands: name, picture, box."""
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
_THIRDS = (1 / 3, 2 / 3)


def wanted_name(text: str) -> str | None:
    """Return what a thing is called in *text*, as in "this is the cat's bowl"; else ``None``."""
    found = _LEARN.fullmatch(_plain(text))
    return (found["named"] or found["kept"]).strip() if found else None


def is_correction(text: str) -> bool:
    """Whether *text* says that what was found is something else."""
    return _WRONG.fullmatch(_plain(text)) is not None


def propose_teaching(turn: Turn) -> Proposal | None:
    """Return what is to be learned by *turn*; ``None`` where it asks for something else."""
    found = turn.focus.get(FOUND)
    if isinstance(found, Mapping) and is_correction(turn.text):
        return Proposal(Call(SKILL, "unsee", dict(cast("Mapping[str, object]", found))), Risk.FREE)
    name = wanted_name(turn.text)
    if name is None:
        return None
    picture = turn.utterance.picture or turn.focus.get(PICTURE)
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
        act, box = await asyncio.to_thread(_learned, things, name, shown.id, shown.jpeg)
    except InputError as error:
        return Outcome(Status.FAILED, (Act("sight-thing-problem", {"problem": str(error)}),))
    acts = (act,) if box is None else (Act("sight-thing-taken", _where(box, shown.width)), act)
    return Outcome(
        Status.FAILED if box is None else Status.DONE,
        acts,
        display=display(shown.id, shown.width, shown.height, [(name, box, 1.0)] if box else []),
        entities={PICTURE: shown.id},
    )


async def unsee(turn: Turn, *, name: str, picture: str, box: object) -> Outcome:
    """Learn that what stands in the *box* of the *picture* is not the thing called *name*."""
    eyes, things = turn.services.sight, turn.services.things
    shown = eyes.find(picture) if eyes else None
    if shown is None or things is None:
        return Outcome(Status.FAILED, (Act("sight-nothing-shown"),))
    wrong = np.asarray(box, dtype=np.float64).reshape(1, 4)
    try:
        act = await asyncio.to_thread(_corrected, things, name, shown.id, shown.jpeg, wrong)
    except InputError as error:
        return Outcome(Status.FAILED, (Act("sight-thing-problem", {"problem": str(error)}),))
    return Outcome(Status.DONE, (act,), entities={PICTURE: shown.id, FOUND: None})


def display(
    picture: str,
    width: int,
    height: int,
    things: "list[tuple[str, tuple[float, float, float, float], float]]",
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


def _learned(
    things: "TaughtThings", name: str, picture: str, jpeg: bytes
) -> tuple[Act, tuple[float, float, float, float] | None]:
    from gnothi.learning.teaching import Example

    pixels, none = read_picture(jpeg), np.zeros((0, 4))
    [box] = things.propose([pixels], none)
    if not len(box):
        return Act("sight-thing-unseen"), None
    taught = things.teach(name, [Example(picture, pixels, box, none)])
    left, top, right, bottom = box[0].tolist()
    return taught.told, (left, top, right, bottom)


def _corrected(things: "TaughtThings", name: str, picture: str, jpeg: bytes, wrong: Boxes) -> Act:
    from gnothi.learning.teaching import Example

    example = Example(picture, read_picture(jpeg), np.zeros((0, 4)), wrong)
    return things.teach(name, [example]).told


def _plain(text: str) -> str:
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip().rstrip(".!")


def _where(box: tuple[float, float, float, float], width: int) -> dict[str, object]:
    middle = (box[0] + box[2]) / 2 / width
    place = "left" if middle < _THIRDS[0] else "right" if middle > _THIRDS[1] else "middle"
    return {"place": place}
