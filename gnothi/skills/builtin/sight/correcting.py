"""Put right what was read: "no, it says Green Market", "the total is 23.90"."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.errors import InputError
from gnothi.core.risk import Risk
from gnothi.skills.builtin.sight.saying import denies, said
from gnothi.skills.builtin.sight.teaching import FOUND, PICTURE, READING, SKILL
from gnothi.skills.turn import SPOKEN_OF, Proposal, Turn
from gnothi.vision.eyes import Eyes, Picture, Seen
from gnothi.vision.pictures import read_picture
from gnothi.vision.reading.answers import gist
from gnothi.vision.reading.placing import Place, answered, place_of
from gnothi.vision.reading.told import cut_line
from gnothi.vision.reading.wordbook import sureness, told_page
from gnothi.vision.teaching.examples import identity

if TYPE_CHECKING:
    from gnothi.learning.readings import Corrected, TaughtReadings

PUT_RIGHT = "put_right"
"""Key of :attr:`Turn.focus` under which the line that was put right last stands."""
_KEEP = re.compile(
    r"(?:yes[,.]?\s+)?(?:you\s+(?:may|can)\s+|please\s+)?(?:keep|remember)\s+(?:the|that|this)\s+"
    r"(?:picture|photo|image)(?:,?\s+please)?",
    re.IGNORECASE,
)


def is_about_reading(text: str, focus: Mapping[str, object]) -> bool:
    """Whether *text*, said after a reading that *focus* tells of, puts something of it right."""
    asked = focus.get(READING)
    if not isinstance(asked, str) or focus.get(SPOKEN_OF) != SKILL:
        return False
    if focus.get(PUT_RIGHT) and _KEEP.fullmatch(text.strip().rstrip(".!")):
        return True
    return said(text, asked=asked) is not None or denies(text)


def propose_correcting(turn: Turn, picture: str | None) -> Proposal | None:
    """Return what *turn* puts right in the *picture*; ``None`` where it asks for something else."""
    asked = turn.focus.get(READING)
    is_last = turn.focus.get(SPOKEN_OF) == SKILL and isinstance(asked, str)
    told = said(turn.text, asked=str(asked) if is_last else "")
    if not picture or not (is_last or (turn.utterance.picture and told and told.wanted)):
        return None
    kept = turn.focus.get(PUT_RIGHT)
    if kept and _KEEP.fullmatch(turn.text.strip().rstrip(".!")):
        call = Call(SKILL, "keep_picture", dict(cast("Mapping[str, object]", kept)))
        return Proposal(call, Risk.REVERSIBLE)
    if told:
        arguments = {PICTURE: picture, "wanted": told.wanted, "text": told.text}
        return Proposal(Call(SKILL, "correct", arguments), Risk.REVERSIBLE)
    if is_last and not turn.utterance.picture and denies(turn.text):
        call = Call(SKILL, "correct", {PICTURE: picture, "wanted": "", "text": ""})
        return Proposal(call, Risk.REVERSIBLE, problem=(Act("sight-put-right-how"),))
    return None


async def correct(turn: Turn, *, picture: str, wanted: str, text: str) -> Outcome:
    """Take it that what is *wanted* of the *picture*, or some words of it, is *text*."""
    eyes, readings = turn.services.sight, turn.services.readings
    if eyes is None or readings is None or eyes.find(picture) is None:
        return Outcome(Status.FAILED, (Act("sight-nothing-shown"),))
    day_first = turn.services.house.home.locale != "en-US"
    try:
        seen = await asyncio.to_thread(eyes.read, picture)
        told = gist(seen.page, day_first=day_first)
        if wanted:
            place = answered(seen.page, told, wanted, text, now=turn.now, day_first=day_first)
        else:
            place = place_of(seen.page, text)
        if not isinstance(place, Place):
            return Outcome(Status.FAILED, (place,), entities={PICTURE: picture})
        before = seen.page.lines[place.line].text
        done = await asyncio.to_thread(
            put_right, eyes, readings, seen, place.line, place.text, turn.user or ""
        )
    except InputError as error:
        return Outcome(Status.FAILED, (Act("sight-thing-problem", {"problem": str(error)}),))
    return Outcome(
        Status.DONE,
        (
            Act("sight-put-right-says", {"text": place.text, "read": before}),
            done.told,
            Act("sight-put-right-may-keep"),
        ),
        Call(SKILL, "take_back_reading", {PICTURE: picture}),
        entities={
            PICTURE: picture,
            FOUND: None,
            READING: wanted,
            PUT_RIGHT: {PICTURE: picture, "line": place.line},
        },
    )


async def keep_picture(turn: Turn, *, picture: str, line: int) -> Outcome:
    """Keep a small picture of the *line* that was put right: a reader may learn from it."""
    eyes, readings = turn.services.sight, turn.services.readings
    if eyes is None or readings is None:
        return Outcome(Status.FAILED, (Act("sight-nothing-shown"),))
    try:
        seen = await asyncio.to_thread(eyes.read, picture)
        cut = await asyncio.to_thread(_cut, seen, line)
        await asyncio.to_thread(readings.keep_cut, _identity(seen.picture), line, cut)
    except InputError as error:
        return Outcome(Status.FAILED, (Act("sight-thing-problem", {"problem": str(error)}),))
    return Outcome(Status.DONE, (Act("sight-put-right-kept"),), entities={PUT_RIGHT: None})


async def take_back_reading(turn: Turn, *, picture: str) -> Outcome:
    """Take back what was put right last, in the *picture* as well."""
    eyes, readings = turn.services.sight, turn.services.readings
    if eyes is None or readings is None:
        return Outcome(Status.FAILED, (Act("sight-nothing-shown"),))
    try:
        await asyncio.to_thread(readings.take_back)
    except InputError as error:
        return Outcome(Status.FAILED, (Act("sight-thing-problem", {"problem": str(error)}),))
    eyes.reread(picture)
    return Outcome(Status.DONE, (Act("sight-thing-taken-back"),))


def put_right(
    eyes: Eyes,
    readings: "TaughtReadings",
    seen: Seen,
    line: int,
    text: str,
    teacher: str,
    *,
    keep_picture: bool = False,
) -> "Corrected":
    """Take it that a *line* of what was *seen* is *text*, there and where the like is read again.

    *teacher* is the person who says so, empty for a guest.

    Raises:
        InputError: there is no such line, or nothing is learned here.
    """
    if not 0 <= line < len(seen.raw):
        raise InputError("There is no such line in that picture.")
    eyes.kept(seen.picture.id)
    page = told_page(
        _identity(seen.picture),
        seen.reader,
        [(one.text, sureness(one)) for one in seen.raw],
        line,
        text,
        shown=[one.text for one in seen.page.lines],
        teacher=teacher,
        cut=_cut(seen, line) if keep_picture else b"",
    )
    done = readings.correct(page)
    with suppress(InputError):  # it was forgotten meanwhile; what was learned stays
        eyes.rewrite(seen.picture.id, line, page.lines[line].written)
    return done


def _identity(picture: Picture) -> str:
    return identity(read_picture(picture.jpeg))


def _cut(seen: Seen, line: int) -> bytes:
    return cut_line(read_picture(seen.picture.jpeg), seen.page.lines[line].corners)
