"""What is wanted and what is not: how far "no", "but", "less" and "anything but" reach.

English. Cues are short phrases in the forms of ``spotting`` ("don't" are two words there: "do
not"). A cue holds for the names after it until another cue, "but" or the end of the sentence; a
comma ends it unless a list goes on ("no metal, punk or ska").
"""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple


class Scope(IntEnum):
    """What is meant by a mention."""

    WANTED = 0
    REFUSED = 1
    UNCLEAR = 2
    """"Not sure about jazz", "I don't know Nina Simone"."""


class Cue(NamedTuple):
    """A phrase that says what the names after it are to the speaker."""

    scope: Scope
    first: int
    last: int
    """One past the last token."""
    is_after: bool = False
    """Whether it may also speak of the names before it: "metal, no"."""
    is_close: bool = False
    """Whether it speaks of nothing but the name right before it: "nut free"."""


_REFUSING = """
no; not; without; nothing; never; nor; no more; hate; dislike; detest; loathe; despise; avoid;
skip; except; except for; but not; anything but; everything but; all but; anything except;
other than; apart from; aside from; less; fewer; too; too much; too many; sick of; tired of;
bored of; bored with; fed up with; enough; enough of; instead of; rather than; minus; leave out;
drop the; lose the; hold the; spare me; spare me the; can not stand; could not stand;
can not bear; can not abide; allergic to; out of; over the; hardly any; stop playing; stop with;
remove; get rid of; take out; exclude; excluding; none of; neither; away from; no longer; anti;
ban; not so much; not a fan of; not into; not in the mood for; not keen on; had enough of; nope;
nah; rather not; no need for; do not bother with; keep away from; steer clear of; not as;
turn off; done with; gone off; give up; gave up; given up; giving up; cut out; cutting out;
intolerant to; intolerant of; intolerance to; allergy to; free of; free from; quit;
i m over; so over; than listen to; than hear; than watch; than eat
"""
_WANTING = """
but; nothing but; none but; not only; not just; not merely; why not; more; some; i want;
i would like; i d like; i like; i love; i enjoy; i need; i prefer; we want; we like; we love;
prefer; give me; maybe; perhaps; rather; instead; just; only; how about; what about; yes; yeah;
yep; let s; play; put on; can not get enough; not get enough; never get enough; not mind;
never mind; not say no to; nothing wrong with; no problem with; nothing against;
do you not have; do not you have; can not we have; can not beat; plenty of; lots of; a lot of;
in the mood for; not enough; not dislike; not hate; love; okay; ok; sure; still; could do with;
no objection to; not forget; not opposed to; not afraid of; not too little; more of;
no reason not; can not go wrong with; never enough; never tired of; never get tired of;
not tired of; not sick of; not bored of; not have to be without; also; especially; preferably;
ideally; other; go for; try; then
"""
_UNCLEAR = """
saw; have seen; ve seen; already seen; have heard; ve heard; already heard; just heard; watched;
have watched; ve watched; just watched; have had; ve had; just had; ate; have eaten; just ate;
not sure about; not sure of; not know; never heard of; not heard of; what is; who is; who s;
what s; is this; is that; was that; not familiar with; unsure about; undecided about; not heard
"""
_AFTERWARDS = """
no; nope; nah; never; no thank; no thanks; not really; not so much; not for me; not today;
not now; not my; hate it; hate that; hate them; suck; no way; is not; are not; was not;
not a fan; not please; not; is out; are out; is awful; is terrible; is boring; is horrible;
is bad; is too much; is annoying; are awful; are boring; is dreadful; leave me cold; bore me;
annoy me; get on my nerve; do not work; do not do it; i hate; i dislike; please no; can go;
can wait; is not my thing; is not for me; drive me mad; drive me crazy; make me sick;
give me a headache; give me heartburn; put me to sleep; does not work; does not do it;
does not agree with me; do not agree with me; disagree with me; doe nothing for me;
do nothing for me; make me ill; free; intolerant; intolerance;
allergy; allergic
"""
_BEFORE_THE_END = frozenset(("no", "nope", "nah", "never", "not", "hate it", "i hate"))
"""What speaks of names before it only as the last word of its part."""
_CLOSE = frozenset(("free", "intolerant", "intolerance", "allergy", "allergic"))
"""What speaks of a name only right behind it: "nut free", but "free jazz"."""
_APPROVING = """
is not bad; are not bad; is not the worst; not bad; not the worst; is not a problem;
is not wrong
"""
_REFUSES, _WANTS, _CONFUSES = Scope.REFUSED, Scope.WANTED, Scope.UNCLEAR
_ENDS = frozenset(".!?;:\u2026\n")
_LISTS = frozenset(("or", "nor", "and", "either", ","))
_NEGATED = frozenset(("play", "put on", "give me", "try", "go for", "some", "more", "more of"))
"""What wants something, but not right after "not" or "never": "don't play", "don't want more"."""
_BETWEEN = frozenset("want need like feel have hear listen watch eat to any ever u me".split())
"""Words that may stand between."""
_GOES_ON = frozenset(("or", "nor"))


def _phrases(listed: str) -> Iterator[tuple[str, ...]]:
    for phrase in listed.replace("\n", " ").split(";"):
        if words := tuple(phrase.split()):
            yield words


_CUES: dict[tuple[str, ...], Scope] = {
    **dict.fromkeys(_phrases(_REFUSING), _REFUSES),
    **dict.fromkeys(_phrases(_UNCLEAR), _CONFUSES),
    **dict.fromkeys(_phrases(_APPROVING), _WANTS),
    **dict.fromkeys(_phrases(_WANTING), _WANTS),
}
_AFTER = frozenset(_phrases(_AFTERWARDS))
_KNOWN = {phrase: (_CUES.get(phrase, _REFUSES), phrase in _AFTER) for phrase in {*_CUES, *_AFTER}}
_LENGTHS: dict[str, list[int]] = {}
for _phrase in sorted(_KNOWN, key=len, reverse=True):
    _sizes = _LENGTHS.setdefault(_phrase[0], [])
    if len(_phrase) not in _sizes:
        _sizes.append(len(_phrase))


def cue_at(forms: Sequence[str], at: int) -> Cue | None:
    """Return the longest cue that begins at the word *at*."""
    for size in _LENGTHS.get(forms[at], ()):
        if found := _KNOWN.get(tuple(forms[at : at + size])):
            is_close = size == 1 and forms[at] in _CLOSE
            return Cue(found[0], at, at + size, found[1], is_close)
    return None


def scopes(
    forms: Sequence[str], spans: Sequence[tuple[int, int]], cues: Sequence[Cue]
) -> list[Scope]:
    """Return for each of the mentions at *spans* whether it is wanted."""
    begins = {cue.first: cue for cue in cues}
    mentioned = dict(spans)
    found, scope, at = dict[int, Scope](), _WANTS, 0
    while at < len(forms):
        if at in mentioned:
            found[at] = scope
            at = mentioned[at]
            continue
        if cue := begins.get(at):
            if not (cue.is_close or _is_negated(forms, cue, begins)):
                scope = cue.scope
            at = cue.last
            continue
        if forms[at] == "than" and "rather" in forms[:at]:
            scope = _REFUSES
        elif is_measure(forms, at):
            scope = _WANTS
        if forms[at] in _ENDS or (forms[at] == "," and not _goes_on(forms, at, mentioned)):
            scope = _WANTS
        at += 1
    _look_back(forms, mentioned, begins, found)
    return [found[first] for first, _ in spans]


def is_measure(forms: Sequence[str], at: int) -> bool:
    """Return whether a name is measured by at the word *at*: "darker than", "as dark as"."""
    if forms[at] == "than":
        return "rather" not in forms[:at]
    return forms[at] == "as" and "as" in forms[max(0, at - 3) : at]


def _is_negated(forms: Sequence[str], cue: Cue, begins: dict[int, Cue]) -> bool:
    """Return whether "not" or "never" reaches what would otherwise be wanted."""
    if " ".join(forms[cue.first : cue.last]) not in _NEGATED:
        return False
    at = cue.first
    while at and forms[at - 1] in _BETWEEN:
        at -= 1
    before = next((one for one in begins.values() if one.last == at), None)
    return before is not None and before.scope is _REFUSES and forms[at - 1] in ("not", "never")


def _goes_on(forms: Sequence[str], comma: int, mentioned: dict[int, int]) -> bool:
    """Return whether a list goes on after a comma: "no metal, punk or ska"."""
    at, seen = comma + 1, False
    while at < len(forms):
        if at in mentioned:
            if seen:
                return True
            at = mentioned[at]
        elif forms[at] in _GOES_ON:
            seen = True
            at += 1
        elif forms[at] in _LISTS:
            at += 1
        else:
            return False
    return False


def _look_back(
    forms: Sequence[str],
    mentioned: dict[int, int],
    begins: dict[int, Cue],
    found: dict[int, Scope],
) -> None:
    """Refuse what a part of the sentence ends on refusing: "metal no", "opera? nah"."""
    for part in _parts(forms, begins, mentioned):
        names = [at for at in range(*part) if at in mentioned]
        last = mentioned[names[-1]] if names else part[0]
        cues = [begins[at] for at in range(last, part[1]) if at in begins]
        if names and cues and _speaks_of_before(cues[0], forms, last, part[1]):
            near = names[-1:] if cues[0].is_close else names
            wanted = [at for at in near if found[at] is _WANTS]
            found.update(dict.fromkeys(wanted, _REFUSES))


def _speaks_of_before(cue: Cue, forms: Sequence[str], name: int, end: int) -> bool:
    """Return whether a *cue* speaks of names, the last of which ends at the word *name*."""
    if not cue.is_after or (cue.is_close and cue.first > name):
        return False
    phrase = " ".join(forms[cue.first : cue.last])
    return phrase not in _BEFORE_THE_END or cue.last >= end


def _parts(
    forms: Sequence[str], begins: dict[int, Cue], mentioned: dict[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the parts between signs and "but"; one that is only "no" goes to the part before."""
    start = 0
    for at, form in enumerate(forms):
        if form == "but" or form in _ENDS or form == ",":
            if form in (",", "?") and _is_verdict(forms, at + 1, begins, mentioned):
                continue
            yield start, at
            start = at + 1
    yield start, len(forms)


def _is_verdict(
    forms: Sequence[str], start: int, begins: dict[int, Cue], mentioned: dict[int, int]
) -> bool:
    """Return whether only a word of refusal follows, up to the next sign."""
    cue = begins.get(start)
    if cue is None or not cue.is_after or start in mentioned:
        return False
    return cue.last >= len(forms) or forms[cue.last] in (*_ENDS, ",", "thank", "thanks")
