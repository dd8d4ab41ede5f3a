"""Which sentences say what is written, among all else that people say after something was read.

"No, turn on 2 lights" and "it expired yesterday" have the words of a correction and are none: what
is said of an amount, a date, a number or an address has to be one as a whole.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.reading import read

_REFUSES = (
    r"(?P<no>(?:(?:no|nope|sorry|actually|wrong)\b[,.!]?\s+)*"
    r"(?:(?:that|this|it)(?:'s|\s+is|\s+was)\s+(?:wrong|not\s+(?:right|it))[,.!]?\s+)?)"
)
_SAYS = re.compile(
    _REFUSES + r"(?:it|this|that|there)\s+(?P<surely>really\s+|actually\s+)?"
    r"(?:says|reads|(?P<should>should\s+say|should\s+read|must\s+say|is\s+spel(?:led|t)))"
    r"[:,]?\s+(?P<said>.+)",
    re.IGNORECASE,
)
_IS = re.compile(
    _REFUSES
    + r"(?:the|its?)\s+(?P<what>[\w -]{4,25}?)\s+(?:is|was|should\s+be|must\s+be)\s+(?P<said>.+)",
    re.IGNORECASE,
)
_EXPIRES = re.compile(
    _REFUSES + r"it\s+(?:expires|expired|(?:is|was)\s+good\s+until)\s+(?:on\s+|in\s+)?(?P<said>.+)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:(?:no|nope|sorry|actually)\b[,.!]?\s+)+"
    r"(?:(?:that|it)(?:'s|\s+is|\s+was)\s+|make\s+(?:that|it)\s+)?(?P<said>.+)",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"(?:(?:no|nope|sorry)\b[,.!]?\s*)?(?:that|this|it)(?:'s|\s+is|\s+was)\s*(?:wrong|incorrect|"
    r"(?:not|n't)\s+(?:right|correct|it|what\s+it\s+says|the\s+(?P<what>[\w -]{4,25})))",
    re.IGNORECASE,
)
_CHATS = re.compile(
    r"(?:a\s+lot|lots|so|that|more|much|nothing|something|everything|anything|all|here|there|who|"
    r"what|why|how|where|when|i|you|we|he|she|they|it|in|on|at|to|about|like|very|too|really|quite|"
    r"not|wrong|right|the|an?)\b.*",
    re.IGNORECASE,
)
"""How what somebody tells of something else goes on: "this says a lot"."""
_TELLS = re.compile(
    r"(?:(?:in|on)\s+the\s+\w+\s+(?:that|how|why)|that\s+(?:it|he|she|you|we|they|the|there))\b.*",
    re.IGNORECASE,
)
"""How it goes on even after a "no": "it says in the news that it will rain"."""
_BESIDE = re.compile(
    r"(?:,?\s+(?:please|thanks|thank\s+you|sorry|actually|i\s+think)"
    r"|,?\s+(?:and\s+)?(?:not|instead\s+of|rather\s+than)\s+.+)+",
    re.IGNORECASE,
)
"""What may follow a value: "23.90, not 28.90"."""
_MONEY = (
    r"(?:euros?|eur|dollars?|bucks|pounds?|quid|francs?|rupees?|ringgit|usd|gbp|chf|rm|rs|[$€£])"
)
_AMOUNT = re.compile(
    rf"(?:(?:only|just|exactly) )?(?:{_MONEY} ?)?\d+(?:[. ]\d{{3}})*(?:\.\d\d?)?(?: ?{_MONEY})?"
    rf"(?: (?:and )?\d\d?(?: (?:cents?|pence|p))?)?(?: {_MONEY})?"
)
_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_PARTED = r"\d{1,4}(?:[/-]\d{1,4}){1,2}|\d{1,4}(?:\.\d{1,4}){2}"
_DATE = re.compile(
    rf"(?=.*\b(?:{_NAME}\b|\d+[./-]\d))(?=.*\d)"
    rf"(?:(?:the|of|on|in|end|\w{{3,6}}day|{_NAME}|{_PARTED}|\d{{1,4}}(?:st|nd|rd|th)?)(?: |$))+"
)
_PHONE = re.compile(r"(?:\+|plus )?(?:\d|oh|double)(?:[()/ .-]|\d|oh|double)*")
_LEAST_DIGITS = 4
_EMAIL = re.compile(
    r"\w+(?:(?:[.+_-]|\s+(?:dot|dash|minus|underscore)\s+)\w+)*\s*(?:@|\sat\s)\s*"
    r"\w[\w-]*(?:\s+[\w-]+){0,2}(?:(?:\.|\s+dot\s+)[\w-]+)+",
    re.IGNORECASE,
)
_WORDS = Vocabulary.beside(__file__)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says is written."""

    text: str
    wanted: str = ""
    """What of the page it is, as ``total``; empty for some words of it."""


def said(text: str, *, asked: str = "") -> Said | None:
    """Return what *text* says is written, after *asked* was answered; ``None`` for none of that."""
    plain = _plain(text)
    if plain.endswith("?"):
        return None
    if found := _EXPIRES.fullmatch(plain):
        return _valued("expiry", found["said"])
    if found := _IS.fullmatch(plain):
        wanted = _WORDS.meaning("wanted", found["what"]) or ""
        if wanted == "title" and _may_be_written(found["said"], refuses=bool(found["no"])):
            return Said(found["said"], wanted)
        if told := _valued(wanted, found["said"]):
            return told
    if found := _SAYS.fullmatch(plain):
        if told := _valued(asked, found["said"]):
            return told
        refuses = bool(found["no"] or found["surely"] or found["should"])
        if _may_be_written(found["said"], refuses=refuses):
            return Said(found["said"].strip("\"'“”"), asked if asked == "title" else "")
        return None
    found = _BARE.fullmatch(plain)
    return _valued(asked, found["said"]) if found else None


def denies(text: str) -> bool:
    """Whether *text* says that what was read is wrong, and not what is right."""
    found = _DENIES.fullmatch(_plain(text))
    return found is not None and (
        found["what"] is None or _WORDS.meaning("wanted", found["what"]) is not None
    )


def _plain(text: str) -> str:
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip().rstrip(".!")


def _may_be_written(text: str, *, refuses: bool) -> bool:
    """Whether *text* may be words of a page; who *refuses* what was read means one."""
    return not (_TELLS if refuses else _CHATS).fullmatch(text)


def _valued(wanted: str, text: str) -> Said | None:
    """Return *text* where it is a value of what is *wanted*, without what is said beside it."""
    is_value = _VALUES.get(wanted)
    if is_value is None:
        return None
    spaces = (one.start() for one in re.finditer(r",?\s", text))
    end = next((at for at in spaces if _BESIDE.fullmatch(text, at)), len(text))
    bare = text[:end].strip("\"'“”")
    return Said(bare, wanted) if is_value(bare) else None


def _is_amount(text: str) -> bool:
    return _AMOUNT.fullmatch(read(text).text) is not None


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(read(text).text) is not None


def _is_phone(text: str) -> bool:
    plain = read(text).text
    return any(
        _PHONE.fullmatch(one) and sum(map(str.isdigit, one)) >= _LEAST_DIGITS
        for one in (text.casefold(), plain)
    )


def _is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


_VALUES: Mapping[str, Callable[[str], bool]] = {
    "total": _is_amount,
    "expiry": _is_date,
    "date": _is_date,
    "phone": _is_phone,
    "email": _is_email,
}
"""What of a page can be put right by its name, besides the title."""
