"""What a log tells of how each turn went: the features of the model of defects, from 0 to 1.

Everything is an expression of Ibis, so that DuckDB and Spark compute it inside of the log. A turn
is read together with what the same person says next, says after that, and had said before. Of the
next UTC day only the first :data:`SOON` seconds are looked at, and nothing of the day before: the
same turn has the same features whichever other days are read with it.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from gnothi.language.likeness import OPPOSITES
from gnothi.learning.turns import Column, Table
from gnothi.text import numerals

SOON = 45.0
"""Seconds in which what is said next may be the same wish."""
LATE = 300.0
"""Seconds in which it may still be about this turn."""
SIGNALS = (
    *("correction", "refusal", "cancel", "undo", "repeat", "stop", "barge-in"),
    *("completed-play", "silence", "complaint", "praise"),
)
"""Names of signals in the journal that are features."""
HEARD = (
    *("failed", "unknown", "unsure", "doubtful", *SIGNALS),
    *("unfinished-play", "kept", "declined", "confirmed", "unanswered"),
)
"""Features of a turn by itself, and of what was answered to its question.

``unanswered`` asked for something that it lacked, and what was said next was no answer.

``unfinished-play`` only counts on days on which ends of music were noticed at all.
"""
FOLLOWED = (
    *("soon", "at-once", "late", "last", "words", "tokens", "sound", "same-intent"),
    *("same-domain", "shared-slots", "same-slots", "same-reading", "repeated"),
    *("next-known", "next-failed", "next-surer"),
    *("alike-and-soon", "alike-and-late", "alike-and-mended", "other-slots", "anew-later"),
    *("hasty", "both-done", "alike-though-done", "asks-next", "contrary", "other-claim"),
    *("swapped", "then-soon"),
)
"""Features of what is said next; all 0 where nothing is, but ``last``.

``contrary`` says the same but for an opposite or a number; ``other-claim`` is alike, and the first
word that has an opposite, or the first number, is another one; ``swapped`` puts one word of another
sound in the place of one.
"""
PRECEDED = ("says-again", "says-again-mended", "in-a-row", "alike-in-a-row")
"""Features of what was said before."""
FEATURES = (*HEARD, *FOLLOWED, *PRECEDED)

_NEXT = (
    *("spoken", "intent", "domain", "reading", "came_to_nothing", "status", "score"),
    *("second", "date", "claim", "skeleton", "done", "changing"),
)
_LAST = ("spoken", "intent", "reading", "came_to_nothing", "second", "date", "done")
_WORDS, _SLOTS = 8, 3
"""How many words and slots are compared; few turns have more."""
_PLACE = ',?"(start|end)":[0-9]+'
_AT_ONCE = 1.2
"""Seconds in which nobody reads or hears an answer and says it again."""
_FAR = 3
"""From so many different consonants on two words do not sound alike."""


def with_features(rows: Table) -> Table:
    """Add :data:`FEATURES` to *rows* of the journal; numbers from 0 to 1."""
    kept = rows.columns
    rows = _with_likeness(_with_neighbours(_spelled(rows)))
    rows = rows.mutate(ends_are_noticed=_ends_are_noticed(rows))
    for features in (_heard, _followed, _together):
        rows = rows.mutate(**{column(name): value for name, value in features(rows).items()})
    return rows.select(*kept, *(column(name) for name in FEATURES))


def column(name: str) -> str:
    """Return the column of the feature *name*."""
    return "f_" + name.replace("-", "_")


def _spelled(rows: Table) -> Table:
    """Add what is compared: words in small letters, slots without their places."""
    failed = rows.out_of_scope | (rows.status == "failed").fill_null(False)
    spoken = rows.text.fill_null("").lower()
    claims = _claims()
    return rows.mutate(
        spoken=spoken,
        claim=spoken.re_extract(claims, 0).fill_null(""),
        skeleton=spoken.re_replace(claims, "#"),
        done=(rows.status == "done").fill_null(False),
        changing=_sure(rows.actions.contains('"risk":"reversible"')),
        reading=rows.slots.fill_null("[]").re_replace(_PLACE, ""),
        came_to_nothing=failed,
        # Engines differ in what they make of parts of a second.
        second=rows.at.truncate("s").epoch_seconds() + rows.at.millisecond() / 1000,
        date=rows.at.date(),
    )


def _with_neighbours(rows: Table) -> Table:
    """Add the turns around each turn of a session, and whether they are close enough to count."""
    ibis = _ibis()
    order = ibis.window(group_by="session", order_by=["at", "position"])
    rows = rows.mutate(
        **{f"next_{name}": rows[name].lead().over(order) for name in _NEXT},
        **{f"last_{name}": rows[name].lag().over(order) for name in _LAST},
        then_spoken=rows.spoken.lead(2).over(order),
        then_second=rows.second.lead(2).over(order),
    )
    rows = rows.mutate(gap=rows.next_second - rows.second)
    same_day, after_same_day = rows.date == rows.next_date, rows.date == rows.last_date
    return rows.mutate(
        is_soon=_sure(rows.gap <= SOON),
        is_late=_sure((rows.gap > SOON) & (rows.gap <= LATE) & same_day),
        is_then=_sure(rows.then_second - rows.second <= SOON),
        is_again=_sure((rows.second - rows.last_second <= SOON) & after_same_day),
    )


def _with_likeness(rows: Table) -> Table:
    """Add how alike a turn and those around it are, where these count."""
    followed = rows.is_soon | rows.is_late
    sound = _bones(rows.spoken)
    later = _ibis().greatest(
        _alike(sound, _bones(rows.then_spoken)), _contained(rows.spoken, rows.then_spoken)
    )
    return rows.mutate(
        is_followed=followed,
        f_words=_where(followed, _alike(rows.spoken, rows.next_spoken)),
        f_tokens=_where(followed, _contained(rows.spoken, rows.next_spoken)),
        f_sound=_where(followed, _alike(sound, _bones(rows.next_spoken))),
        f_shared_slots=_where(
            followed & (rows.reading != "[]"), _shared(rows.reading, rows.next_reading)
        ),
        f_anew_later=_where(rows.is_then & (rows.next_spoken != rows.spoken), later),
        f_says_again=_where(rows.is_again, _alike(sound, _bones(rows.last_spoken))),
    )


def _heard(rows: Table) -> Mapping[str, Column]:
    signalled = {name: rows.signals.contains(f'"name":"{name}"') for name in SIGNALS}
    done = (rows.status == "done").fill_null(False)
    plays = rows.intent.startswith("play_")
    reversible = rows.actions.contains('"risk":"reversible"')
    untouched = ~(signalled["undo"] | signalled["cancel"] | signalled["correction"])
    unsure = 1.0 - rows.score.cast("float64").fill_null(1.0).clip(0.0, 1.0)
    asked = rows.expects == "confirmation"
    answered = rows.is_followed & (rows.intent == rows.next_intent) & ~rows.next_came_to_nothing
    return {
        "failed": _flag(rows.status == "failed"),
        "unknown": _flag(rows.out_of_scope & rows.status.isnull()),
        "unsure": unsure,
        "doubtful": _flag(unsure > 0.2),
        **{name: _flag(found) for name, found in signalled.items()},
        "unfinished-play": _flag(
            done & plays & ~signalled["completed-play"] & rows.ends_are_noticed
        ),
        "kept": _flag(done & reversible & untouched),
        "declined": _flag(asked & rows.is_soon & ~(rows.next_status == "done").fill_null(False)),
        "confirmed": _flag(asked & rows.is_soon & (rows.next_status == "done")),
        "unanswered": _flag(rows.status == "needs_value") * (1.0 - _flag(answered)),
    }


def _ends_are_noticed(rows: Table) -> Column:
    """Whether anything on the same day was played to its end, as far as somebody could tell."""
    played = rows.signals.contains('"name":"completed-play"').cast("int8")
    return played.max().over(_ibis().window(group_by="date")) > 0


def _followed(rows: Table) -> Mapping[str, Column]:
    followed = rows.is_followed
    same_intent = rows.intent == rows.next_intent
    same_slots = rows.reading == rows.next_reading
    surer = (rows.next_score.cast("float64") - rows.score.cast("float64")).clip(0.0, 1.0)
    return {
        "soon": _flag(rows.is_soon),
        "at-once": _where(rows.is_soon, 1.0 - rows.gap.clip(0, SOON) / SOON),
        "late": _flag(rows.is_late),
        "last": _flag(~followed),
        "same-intent": _flag(followed & same_intent),
        "same-domain": _flag(followed & (rows.domain == rows.next_domain)),
        "same-slots": _flag(followed & same_slots & (rows.reading != "[]")),
        "same-reading": _flag(followed & same_intent & same_slots),
        "repeated": _flag(followed & (rows.spoken == rows.next_spoken)),
        "next-known": _flag(followed & ~rows.next_came_to_nothing),
        "next-failed": _flag(followed & rows.next_came_to_nothing),
        "next-surer": _where(followed, surer.fill_null(0.0)),
        "hasty": _flag(rows.is_soon & (rows.gap < _AT_ONCE)),
        "both-done": _flag(followed & rows.done & rows.next_done),
        "asks-next": _flag(
            followed & rows.done & rows.changing & rows.next_done & ~rows.next_changing
        ),
        "contrary": _flag(
            followed & (rows.skeleton == rows.next_skeleton) & (rows.spoken != rows.next_spoken)
        ),
        "then-soon": _flag(rows.is_then),
    }


def _together(rows: Table) -> Mapping[str, Column]:
    """Return the features that only say something together."""
    alike = _ibis().greatest(rows.f_words, rows.f_sound, rows.f_tokens)
    closeness = 0.25 + 0.75 * rows.f_at_once
    differs = 1.0 - rows.f_same_reading
    mended = (
        rows.last_came_to_nothing
        | (rows.intent != rows.last_intent)
        | (rows.reading != rows.last_reading)
    )
    return {
        "alike-and-soon": rows.f_soon * alike * closeness,
        "alike-and-late": rows.f_late * alike,
        "alike-and-mended": rows.f_soon * alike * differs * rows.f_next_known,
        "other-slots": rows.f_same_intent * (1.0 - rows.f_same_slots) * alike * rows.f_soon,
        "alike-though-done": alike * closeness * rows.f_both_done,
        "other-claim": _where(_claims_otherwise(rows), alike),
        "swapped": _where(_is_swapped(rows), _far_apart(rows)),
        "says-again-mended": _where(mended, rows.f_says_again),
        "in-a-row": _where(rows.is_again & rows.last_done, 1.0 - rows.f_says_again),
        "alike-in-a-row": _where(
            rows.is_again & rows.last_done, (1.0 - rows.f_says_again) * alike * closeness
        ),
    }


def _claims_otherwise(rows: Table) -> Column:
    """Whether both say something that has an opposite, or a number, and not the same."""
    both = (rows.claim != "") & (rows.next_claim != "")
    return rows.is_followed & both & (rows.claim != rows.next_claim)


def _is_swapped(rows: Table) -> Column:
    """Whether one word of several is another one."""
    said, other = rows.spoken.split(" ").length(), rows.next_spoken.split(" ").length()
    missing = said * (1.0 - rows.f_tokens)
    return rows.is_followed & (said == other) & (said > 1) & missing.between(0.5, 1.5)


def _far_apart(rows: Table) -> Column:
    """Return how far what is said next sounds from what was said, as of one word."""
    apart = _bones(rows.spoken).levenshtein(_bones(rows.next_spoken))
    return (apart / _FAR).clip(0.0, 1.0)


@cache
def _claims() -> str:
    """Return a pattern of what people say as they mean it: opposites and numbers."""
    numbers = (numerals.SMALL, numerals.TENS, numerals.SCALES, numerals.ORDINALS)
    words = {word for group in OPPOSITES for word in group}.union(*numbers)
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return rf"\b(?:(?:{'|'.join(longest_first)}|[0-9]+)\b ?)+"


def _alike(one: Column, other: Column) -> Column:
    """Return how alike two texts are, from 0 to 1: Levenshtein's distance by their length."""
    longest = _ibis().greatest(one.length(), other.length(), 1)
    return (1.0 - one.levenshtein(other) / longest).fill_null(0.0)


def _contained(one: Column, other: Column) -> Column:
    """Return the share of the first words of *one* that *other* has, too."""
    ibis = _ibis()
    words, within = one.split(" "), ibis.literal(" ").concat(other, " ")
    found = [
        _flag(within.contains(ibis.literal(" ").concat(_at(words, at), " ")))
        for at in range(_WORDS)
    ]
    return sum(found[1:], found[0]) / words.length().clip(1, _WORDS)


def _shared(one: Column, other: Column) -> Column:
    """Return the share of the slots of *one* that *other* has, too."""
    # Spark splits at a regular expression, where a brace means something else.
    slots = one.replace("},{", "\t").split("\t")
    found = [_flag(other.contains(_bare(_at(slots, at)))) for at in range(_SLOTS)]
    return sum(found[1:], found[0]) / slots.length().clip(1, _SLOTS)


def _at(parts: Column, place: int) -> Column:
    """Return one of *parts*, or nothing: Spark fails where there are fewer."""
    return _ibis().ifelse(parts.length() > place, parts[place], _ibis().null("string"))


def _bare(slot: Column) -> Column:
    return slot.re_replace(r"[\[\]{}]", "")


def _bones(text: Column) -> Column:
    """Return roughly what *text* sounds like: its consonants."""
    return text.re_replace("[aeiouyhw' ]+", "")


def _where(condition: Column, value: Column) -> Column:
    return _ibis().ifelse(_sure(condition), value.cast("float64"), 0.0)


def _flag(condition: Column) -> Column:
    return _sure(condition).cast("float64")


def _sure(condition: Column) -> Column:
    """Return *condition*, and false where it can't be told."""
    return condition.fill_null(False)


def _ibis() -> Any:  # noqa: ANN401 - ibis has no types
    return import_module("ibis")
