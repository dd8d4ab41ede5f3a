"""What ``say-as`` asks for: digits one by one, letters, dates, telephone numbers."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from gnothi.speech.speaking.pack import Pack, pack
from gnothi.speech.speaking.spoken import day, spoken
from gnothi.text.numerals import ordinal

_FORMATS = {
    "mdy": ("month", "day", "year"),
    "dmy": ("day", "month", "year"),
    "ymd": ("year", "month", "day"),
    "md": ("month", "day"),
    "dm": ("day", "month"),
}
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_YEAR_WITHOUT = 2000
"""A leap year, for days that have no year."""


def interpreted(text: str, kind: str, form: str, language: str) -> str:
    """Return *text* as *kind* of thing is said; as any text where it is none of that kind."""
    words = pack(language)
    how = _KINDS.get(kind)
    found = how(text.strip(), form, words, language) if how else None
    return spoken(text, language) if found is None else found


def _digits(text: str, _form: str, words: Pack, _language: str) -> str | None:
    """Say every digit by itself; "12.5" has a point."""
    said = [
        words.words.get("dot", ".") if one == "." else one
        for one in text
        if one.isdigit() or one == "."
    ]
    return " ".join(said) or None


def _characters(text: str, _form: str, words: Pack, _language: str) -> str | None:
    """Spell *text*, with the names of signs."""
    said = (words.letters.get(one.lower(), words.signs.get(one, one.upper())) for one in text)
    return " ".join(one for one in said if any(map(str.isalnum, one))) or None


def _telephone(text: str, _form: str, words: Pack, _language: str) -> str | None:
    """Say digits in the groups in which they are written."""
    groups = re.findall(r"\d+", text)
    said = ", ".join(" ".join(group) for group in groups)
    plus = f"{words.words.get('plus', '')} " if text.startswith("+") else ""
    return f"{plus}{said}" if said else None


def _cardinal(text: str, _form: str, _words: Pack, language: str) -> str | None:
    plain = text.replace(",", "")
    return spoken(plain, language) if _NUMBER.fullmatch(plain) else None


def _ordinal(text: str, _form: str, _words: Pack, language: str) -> str | None:
    is_english = language.lower().startswith("en")
    return ordinal(int(text)) if is_english and text.isdecimal() and len(text) < 10 else None


def _date(text: str, form: str, _words: Pack, language: str) -> str | None:
    """Read *text* in the order of *form*: ``mdy``, ``dmy``, ``ymd``, ``md`` or ``dm``."""
    parts = re.findall(r"\d+", text)
    names = _FORMATS.get(form, _FORMATS["ymd"])
    if len(parts) != len(names):
        return None
    told = {name: int(part[:4]) for name, part in zip(names, parts, strict=True)}
    try:
        found = date(told.get("year", _YEAR_WITHOUT), told["month"], told["day"])
    except ValueError:
        return None
    said = day(found.isoformat(), language)
    return said if "year" in told else said.replace(f", {_YEAR_WITHOUT}", "")


_KINDS: Mapping[str, Callable[[str, str, Pack, str], str | None]] = {
    "digits": _digits,
    "number": _cardinal,
    "cardinal": _cardinal,
    "ordinal": _ordinal,
    "characters": _characters,
    "spell-out": _characters,
    "verbatim": _characters,
    "telephone": _telephone,
    "date": _date,
}
