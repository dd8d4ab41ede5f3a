"""Tell what is written in a picture that was shown, or in what the camera sees."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.errors import GnothiError, MissingExtraError
from gnothi.core.plain import Json
from gnothi.core.risk import Risk
from gnothi.skills.builtin.sight import finding
from gnothi.skills.builtin.sight.correcting import (
    PUT_RIGHT,
    READING,
    correct,
    keep_picture,
    propose_correcting,
    take_back_reading,
)
from gnothi.skills.builtin.sight.finding import propose_finding
from gnothi.skills.builtin.sight.teaching import FOUND, propose_teaching, take_back, teach, unsee
from gnothi.skills.turn import Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.vision.eyes import Eyes, Seen
from gnothi.vision.reading.answers import Gist, gist
from gnothi.vision.reading.findings import Finding, Sort

__all__ = [
    "correct",
    "find",
    "keep_picture",
    "propose_reading",
    "read",
    "take_back",
    "take_back_reading",
    "teach",
    "tell",
    "unsee",
]
SKILL = "sight"
PICTURE = "picture"
"""What was looked at last, as argument and in :attr:`Turn.focus`."""
EVERYTHING, ALL = "everything", "all"
SHORT = 30
"""Words that are simply read out."""
LONG = 120
"""Words that nobody wants to hear more of."""
SHOWN = 200
"""Lines that are shown."""
MANY = 3
"""Things of one kind that are told."""
UNSURE = 0.7
"""Mean confidence of the lines below which a reader may be wrong."""

_WORDS = Vocabulary.beside(__file__)
_Answer = Callable[[Seen, Gist, Turn], Iterator[tuple[Act, Sequence[int]]]]


async def propose_reading(turn: Turn) -> Proposal:
    """Find the picture that is meant, and what is wanted of it."""
    if told := propose_correcting(turn, _picture(turn)) or propose_teaching(turn, _picture(turn)):
        return told
    meant = _wanted(turn)
    anew = _picture(turn, looks=True)
    reads = meant is not None
    if found := await asyncio.to_thread(propose_finding, turn, anew, reads=reads):
        return found
    picture = anew if meant == EVERYTHING else _picture(turn)
    call = Call(SKILL, "read", {PICTURE: picture, "wanted": meant})
    eyes = turn.services.sight
    if eyes is None or not (call.arguments[PICTURE] or eyes.has_camera):
        return Proposal(call, Risk.FREE, problem=(Act("sight-nothing-shown"),))
    if call.arguments["wanted"] is None:
        return Proposal(call, Risk.FREE, problem=(Act("sight-only-reads"),))
    return Proposal(call, Risk.FREE)


async def read(turn: Turn, *, picture: str | None = None, wanted: str = EVERYTHING) -> Outcome:
    """Read the *picture*, or what the camera sees, and tell what is *wanted* of it.

    Where nothing is written, things are told that are known by sight.
    """
    eyes = turn.services.sight
    if eyes is None:
        return Outcome(Status.FAILED, (Act("sight-nothing-shown"),))
    seen = await asyncio.to_thread(_seen, eyes, picture)
    if not seen.page.rows:
        things = await _things(turn, seen.picture.id) if wanted == EVERYTHING else None
        if things and things.acts != (finding.NOTHING_KNOWN,):
            return things
        return Outcome(
            Status.DONE,
            (Act("sight-nothing-at-all" if things else "sight-nothing-written"),),
            entities={PICTURE: seen.picture.id, FOUND: None, READING: None},
        )
    told = gist(seen.page, day_first=_day_first(turn))
    answers = list(_ANSWERS[wanted](seen, told, turn))
    rows = [row for _, found in answers for row in found]
    acts = [act for act, _ in answers]
    if _sureness(seen, rows) < UNSURE:
        acts.append(Act("sight-unsure"))
    return Outcome(
        Status.DONE,
        tuple(acts),
        display=_display(seen, rows),
        entities={PICTURE: seen.picture.id, FOUND: None, READING: wanted, PUT_RIGHT: None},
    )


async def tell(turn: Turn, *, picture: str | None = None, wanted: str = EVERYTHING) -> Outcome:
    """Tell what is *wanted* of the *picture*; the same as :func:`read`, asked in other words."""
    return await read(turn, picture=picture, wanted=wanted)


async def find(turn: Turn, *, picture: str | None = None, what: str, kind: str) -> Outcome:
    """Look for *what* in the *picture*; where no thing is known by sight, read what is written."""
    outcome = await finding.find(turn, picture=picture, what=what, kind=kind)
    if outcome.acts != (finding.NOTHING_KNOWN,):
        return outcome
    try:
        return await read(turn, picture=str(outcome.entities[PICTURE]))
    except MissingExtraError:  # nobody asked to read
        return outcome


async def _things(turn: Turn, picture: str) -> Outcome | None:
    """Tell what is known by sight in the *picture*; ``None`` without eyes that know things."""
    try:
        return await finding.find(turn, picture=picture, what="", kind=finding.LIST)
    except GnothiError:
        return None


def _seen(eyes: Eyes, picture: str | None) -> Seen:
    return eyes.read(picture or eyes.look().id)


def _picture(turn: Turn, *, looks: bool = False) -> str | None:
    """Return the picture of this turn, else the one before; who *looks* sees what is there now.

    A camera shows something else a moment later; only what was read is asked about further.
    """
    if turn.utterance.picture:
        return turn.utterance.picture
    before = turn.focus.get(PICTURE)
    eyes = turn.services.sight
    known = isinstance(before, str) and eyes is not None and eyes.find(before)
    if not known:
        return None
    by_camera = known.source != "shown" and eyes is not None and eyes.has_camera
    return None if looks and by_camera else known.id


def _wanted(turn: Turn) -> str | None:
    return _WORDS.meaning("wanted", turn.text)


def _everything(seen: Seen, told: Gist, turn: Turn) -> Iterator[tuple[Act, Sequence[int]]]:
    """Read what is short; of the rest tell what stands out."""
    count = len(seen.page.text.split())
    if count <= SHORT and not told.total:
        yield _said(seen, SHORT)
        return
    answers = list(_glance(seen, told, turn))
    yield from answers
    if len({row for _, rows in answers for row in rows}) < len(seen.page.rows) > 1:
        yield Act("sight-more", {"count": len(seen.page.rows)}), ()


def _glance(seen: Seen, told: Gist, turn: Turn) -> Iterator[tuple[Act, Sequence[int]]]:
    if told.title:
        long = {"title": told.title, "is_long": len(told.title.split()) > 8}
        yield Act("sight-title", long), told.title_rows
    if told.total:
        yield from _total(seen, told, turn)
    if told.expiry:
        yield from _expiry(seen, told, turn)
    expiry = told.expiry.text if told.expiry else ""
    if dates := [one for one in told.of(Sort.DATE) if one.text != expiry]:
        yield _listed(dates, "dates", "sight-date", "sight-no-date")
    for sort, tell in ((Sort.EMAIL, _emails), (Sort.PHONE, _phones)):
        if told.of(sort):
            yield from tell(seen, told, turn)


def _all(seen: Seen, told: Gist, turn: Turn) -> Iterator[tuple[Act, Sequence[int]]]:
    yield _said(seen, LONG)


def _said(seen: Seen, most: int) -> tuple[Act, Sequence[int]]:
    rows = [row.text for row in seen.page.rows]
    words = " … ".join(rows).split() if len(rows) > 1 else rows[0].split()
    text = " ".join(words[:most]) + (" …" if len(words) > most else "")
    return Act("sight-says", {"text": text}), range(len(rows))


def _total(seen: Seen, told: Gist, turn: Turn) -> Iterator[tuple[Act, Sequence[int]]]:
    if told.total is None:
        yield Act("sight-no-total"), ()
    else:
        yield Act("sight-total", {"total": str(told.total.value)}), (told.total.row,)


def _expiry(seen: Seen, told: Gist, turn: Turn) -> Iterator[tuple[Act, Sequence[int]]]:
    found = told.expiry
    if found is None and len(dates := told.of(Sort.DATE)) == 1 and not told.total:
        yield Act("sight-only-date", {"date": _spoken(dates[0])}), (dates[0].row,)
    elif found is None:
        yield Act("sight-no-expiry"), ()
    elif not isinstance(found.value, date):
        yield Act("sight-expires-as-written", {"text": found.text}), (found.row,)
    else:
        key = "sight-expired" if found.value < turn.now.date() else "sight-expires"
        yield Act(key, {"date": found.value}), (found.row,)


def _dates(seen: Seen, told: Gist, turn: Turn) -> Iterator[tuple[Act, Sequence[int]]]:
    yield _listed(told.of(Sort.DATE), "dates", "sight-date", "sight-no-date")


def _emails(seen: Seen, told: Gist, turn: Turn) -> Iterator[tuple[Act, Sequence[int]]]:
    yield _listed(told.of(Sort.EMAIL), "emails", "sight-email", "sight-no-email")


def _phones(seen: Seen, told: Gist, turn: Turn) -> Iterator[tuple[Act, Sequence[int]]]:
    yield _listed(told.of(Sort.PHONE), "phones", "sight-phone", "sight-no-phone")


def _amounts(seen: Seen, told: Gist, turn: Turn) -> Iterator[tuple[Act, Sequence[int]]]:
    found = told.of(Sort.AMOUNT)
    yield _listed(found, "amounts", "sight-amounts", "sight-no-amounts", most=20)


def _title(seen: Seen, told: Gist, turn: Turn) -> Iterator[tuple[Act, Sequence[int]]]:
    yield Act("sight-headed", {"title": told.title or seen.page.rows[0].text}), told.title_rows


def _listed(
    found: Sequence[Finding], name: str, key: str, none: str, *, most: int = MANY
) -> tuple[Act, Sequence[int]]:
    if not found:
        return Act(none), ()
    first, more = found[:most], max(0, len(found) - most)
    values = {name: [_spoken(one) for one in first], "count": len(found), "more": more}
    return Act(key, values), [one.row for one in first]


def _spoken(found: Finding) -> object:
    is_day = isinstance(found.value, date) and not found.is_month
    return found.value if is_day else found.text


def _sureness(seen: Seen, rows: Sequence[int]) -> float:
    """Return the mean confidence of the *rows* that the answer is from, of all where it is none."""
    lines = [line for row in rows for line in seen.page.rows[row].lines] or seen.page.lines
    return sum(line.confidence for line in lines) / len(lines)


def _display(seen: Seen, rows: Sequence[int]) -> Mapping[str, Json]:
    """Return the picture with its lines in the order of reading; the answer's are marked."""
    marked = set(rows) if len(set(rows)) < len(seen.page.rows) else set[int]()
    lines: list[Json] = [
        {
            "text": line.text,
            "corners": [[round(float(x), 1), round(float(y), 1)] for x, y in line.corners],
            "confidence": round(line.confidence, 3),
            "row": at,
            "marked": at in marked,
        }
        for at, row in enumerate(seen.page.rows)
        for line in row.lines
    ]
    picture = seen.picture
    return {
        "kind": SKILL,
        "picture": picture.id,
        "width": picture.width,
        "height": picture.height,
        "reader": seen.reader,
        "lines": lines[:SHOWN],
    }


def _day_first(turn: Turn) -> bool:
    """Whether people here write the day before the month."""
    return turn.services.house.home.locale != "en-US"


_ANSWERS: Mapping[str, _Answer] = {
    "total": _total,
    "expiry": _expiry,
    "date": _dates,
    "phone": _phones,
    "email": _emails,
    "amounts": _amounts,
    "title": _title,
    ALL: _all,
    EVERYTHING: _everything,
}
