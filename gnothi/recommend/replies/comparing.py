"""Which names are only gone by: "something like Queen", "who sounds like her", "Bowie-style".

Whoever says so knows the name and wants others. English, in the forms of ``spotting``. A comparison
holds for the names after it, over lists ("like Queen, Blondie or Bowie"), until something else is
said of a name: a cue of ``polarity``, "by", or the end of the part. The verb is no comparison: "I'd
like Queen", "I feel like Queen".
"""

from collections.abc import Sequence

from gnothi.recommend.replies.polarity import Cue, is_measure

_BEFORE = """
similar; similarly to; in the style of; in the vein of; in the same vein as;
in the spirit of; in the manner of; in the tradition of; in the direction of; along the line of;
the like of; reminiscent of; remind me of; remind u of; close to; closer to; near to; comparable to;
akin to; related to; inspired by; influenced by; such as; a la; same as; same style as;
same sort of thing as; same kind of thing as; resemble; resembling; for fan of
"""
_AFTER = """
or similar; or something similar; or anything similar; or something like; or anything like;
or someone like; or somebody like; and the like; or the like; and such; and company; and co;
style; ish; esque; type; kind of; sort of; that kind of; that sort of; vibe; adjacent; inspired;
influenced; soundalike; sound alike; tribute
"""
_LIKERS = frozenset(
    """i we you they he she d would do did does to also really quite rather still always usually
    both all who people kid child friend not feel felt m""".split()
)
"""Words before "like" that make it the verb; "not" only after "do"."""
_DOES = frozenset("do did does would d".split())
_ENDS = frozenset(".!?;:\u2026\n")
_LISTS = frozenset(("and", "or", "nor"))
_FOLLOWS = frozenset(
    "music song stuff thing band artist sound film movie dish one but please".split()
)
"""Words after "Queen-like"; elsewhere "like" may just be said in between."""


def _phrases(listed: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in listed.replace("\n", " ").split(";"))


_BEFORE_NAMES, _AFTER_NAMES = _phrases(_BEFORE), _phrases(_AFTER)
_LONGEST = max(map(len, _BEFORE_NAMES | _AFTER_NAMES))


def compared(
    forms: Sequence[str], spans: Sequence[tuple[int, int]], cues: Sequence[Cue] = ()
) -> list[bool]:
    """Return for each of the names at *spans*, first word and one past the last, which it is."""
    names, begins = dict(spans), {cue.first: cue.last for cue in cues}
    found, compares, at = dict[int, bool](), False, 0
    while at < len(forms):
        if at in names:
            found[at] = compares
            at = names[at]
        elif size := _comparison(forms, at):
            compares = True
            at += size
        elif at in begins:
            compares = False
            at = begins[at]
        else:
            compares = compares and not _is_over(forms, at, names)
            at += 1
    _look_back(forms, names, found)
    return [found[first] for first, _ in spans]


def _comparison(forms: Sequence[str], at: int) -> int:
    """Return how many words of a comparison begin at the word *at*."""
    if forms[at] == "like":
        return int(not _is_verb(forms, at))
    return int(is_measure(forms, at)) or _longest(_BEFORE_NAMES, forms, at)


def _is_verb(forms: Sequence[str], like: int) -> bool:
    before = forms[like - 1] if like else ""
    if before == "not":
        return like > 1 and forms[like - 2] in _DOES
    return before in _LIKERS


def _is_over(forms: Sequence[str], at: int, names: dict[int, int]) -> bool:
    """Return whether a comparison ends at a word: a list of names may go on after a comma."""
    if forms[at] == ",":
        after = at + 1
        after += after < len(forms) and forms[after] in _LISTS
        return after not in names
    return forms[at] in _ENDS or forms[at] == "by"


def _look_back(forms: Sequence[str], names: dict[int, int], found: dict[int, bool]) -> None:
    """Mark names that a comparison follows, and the list that they end."""
    for first, last in names.items():
        if last < len(forms) and _follows(forms, last):
            listed = first
            while listed in names:
                found[listed] = True
                listed = _before_in_list(forms, listed, names)


def _follows(forms: Sequence[str], at: int) -> bool:
    if forms[at] == "like":
        after = forms[at + 1] if at + 1 < len(forms) else ""
        return not after or after in _FOLLOWS or not after.isalnum()
    at += forms[at] == ","
    return at < len(forms) and _longest(_AFTER_NAMES, forms, at) > 0


def _before_in_list(forms: Sequence[str], first: int, names: dict[int, int]) -> int:
    """Return where the name begins that stands before another in a list; -1 for none."""
    end = first
    while end and (forms[end - 1] in _LISTS or forms[end - 1] == ","):
        end -= 1
    return next((one for one, last in names.items() if last == end < first), -1)


def _longest(phrases: frozenset[tuple[str, ...]], forms: Sequence[str], at: int) -> int:
    sizes = range(_LONGEST, 0, -1)
    return next((size for size in sizes if tuple(forms[at : at + size]) in phrases), 0)
