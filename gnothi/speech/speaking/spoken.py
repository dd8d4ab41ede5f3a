# ruff: noqa: RUF001 - dashes and the sign of minus are read here
"""Texts as they are heard: times, money, units, signs and abbreviations in words.

Whole and decimal numbers stay digits: every voice reads them, in its own language. Signs that
nobody says (brackets, asterisks, emoji) are dropped, so that none of them reaches a voice as code.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date

from gnothi.speech.speaking.pack import Pack, pack

_NUMBER = r"\d+(?:\.\d+)?"
_GROUPS = re.compile(r"\b\d{1,3}(?:,\d{3})+\b")
_CLOCK = re.compile(
    r"\b([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?!\d)(\s*[ap]\.?m\b\.?)?", re.IGNORECASE
)
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_RANGE = re.compile(rf"({_NUMBER})\s?[–—]\s?(?={_NUMBER})")
_MINUS = re.compile(r"(?<![\w.)])[-−](?=\d)")
_ADDRESS = re.compile(r"\bhttps?://(?:www\.)?([\w.-]+)\S*", re.IGNORECASE)
_MAIL = re.compile(r"\b([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)")
_EITHER = re.compile(r"(?<=[^\W\d])/(?=[^\W\d])")
_DASH = re.compile(r"\s+[-–—]+\s+|[–—]")
_BRACKETS = re.compile(r"\s*[(\[{]\s*(.*?)\s*[)\]}]\s*(?=([,.;:!?]|$)?)")
_DOTS = re.compile(r"\s*(?:…|\.{3,})")
_PAUSED_TWICE = re.compile(r"\s*([,.;:!?])(?:\s*,)+")
_BEFORE_MARK = re.compile(r"\s+([,.;:!?])")
_CODE = re.compile(r"[`*_\\^|{}\[\]<>\"“”«»„]+")
_KEPT = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl", "No", "Po", "Pd", "Zs"})
_NEXT = re.compile(r"\s+[^\W\d_a-z]")
_DECADE = re.compile(r"\d+0s")
_LONGEST = 100_000


def spoken(text: str, language: str = "en") -> str:
    """Return *text* as it is heard.

    "It's 7:30 and 21 °C" is "It's 7 30 and 21 degrees Celsius".
    """
    text = " ".join(unicodedata.normalize("NFC", text[:_LONGEST]).split())
    for rule in _rules(language):
        text = rule(text)
    return " ".join("".join(map(_plain, text)).split())


def _plain(character: str) -> str:
    if character.isspace():
        return " "
    return character if unicodedata.category(character) in _KEPT else " "


@cache
def _rules(language: str) -> tuple[Callable[[str], str], ...]:
    words = pack(language)
    say = words.words

    def group(found: re.Match[str]) -> str:
        return found[0].replace(",", "")

    def clock(found: re.Match[str]) -> str:
        if not say:
            return found[0]
        return _clock(found[1], found[2], found[3] or "", say)

    def mail(found: re.Match[str]) -> str:
        return f"{found[1]} {words.signs.get('@', ' ')} {_dotted(found[2], say)}"

    rules: list[Callable[[str], str]] = [
        lambda text: _ADDRESS.sub(lambda found: _dotted(found[1].strip("."), say), text),
        lambda text: _MAIL.sub(mail, text),
        lambda text: _DAY.sub(lambda found: day(found[0], language), text),
        lambda text: _GROUPS.sub(group, text),
        lambda text: _CLOCK.sub(clock, text),
        lambda text: _BRACKETS.sub(_aside, text),
        *_money(words),
        lambda text: _RANGE.sub(rf"\1 {say.get('to', '-')} ", text),
        lambda text: _MINUS.sub(f"{say.get('minus', '-')} ", text),
        *_units(words),
        *_abbreviations(words),
        lambda text: _EITHER.sub(" ", text),
        lambda text: _DOTS.sub(".", text),
        lambda text: _DASH.sub(", ", text),
        lambda text: _CODE.sub(" ", _signs(text, words)),
        lambda text: _BEFORE_MARK.sub(r"\1", _PAUSED_TWICE.sub(r"\1", text)),
    ]
    return tuple(rules)


def day(text: str, language: str) -> str:
    """Return an ISO date as it is said in *language*: "November 29, 2026"."""
    try:
        found = date.fromisoformat(text)
        return format_date(found, format="long", locale=Locale.parse(language, sep="-"))
    except (ValueError, UnknownLocaleError):
        return text


def _clock(hour: str, minute: str, half: str, say: Mapping[str, str]) -> str:
    after = f" {half.strip()}" if half else ""
    if minute == "00":
        return f"{int(hour)}{after}" if half else f"{int(hour)} {say.get('oclock', '')}".strip()
    told = f"{say.get('oh', '0')} {minute[1]}" if minute[0] == "0" else minute
    return f"{int(hour)} {told}{after}"


def _aside(found: re.Match[str]) -> str:
    return f", {found[1]}{'' if found[2] else ', ' if found.end() < len(found.string) else ''}"


def _dotted(host: str, say: Mapping[str, str]) -> str:
    return host.replace(".", f" {say.get('dot', '.')} ")


def _money(words: Pack) -> list[Callable[[str], str]]:
    if not words.money:
        return []
    signs = "".join(map(re.escape, words.money))
    before = re.compile(rf"([{signs}])\s?(\d+)(?:\.(\d\d))?(?![\d.]\d)")
    scales = "|".join(map(re.escape, words.scales)) or "(?!)"
    large = re.compile(rf"([{signs}])\s?({_NUMBER}\s(?:{scales}))\b")
    after = re.compile(rf"\b(\d+)(?:\.(\d\d))?\s?([{signs}])")

    def tell(sign: str, whole: str, rest: str | None) -> str:
        one, many, cent, cents = words.money[sign]
        told = f"{whole} {one if int(whole) == 1 else many}"
        if rest and int(rest) and cent:
            hundredths = f"{int(rest)} {cent if int(rest) == 1 else cents}"
            return f"{told} {words.words.get('and', '')} {hundredths}"
        return told

    return [
        lambda text: large.sub(lambda found: f"{found[2]} {words.money[found[1]][1]}", text),
        lambda text: before.sub(lambda found: tell(found[1], found[2], found[3]), text),
        lambda text: after.sub(lambda found: tell(found[3], found[1], found[2]), text),
    ]


def _units(words: Pack) -> list[Callable[[str], str]]:
    if not words.units:
        return []
    names = "|".join(map(re.escape, sorted(words.units, key=len, reverse=True)))
    pattern = re.compile(rf"({_NUMBER})\s?({names})(?![\w/°²])")

    def tell(found: re.Match[str]) -> str:
        if _DECADE.fullmatch(found[0]):
            return found[0]
        one, many = words.units[found[2]]
        return f"{found[1]} {one if float(found[1]) == 1 else many}"

    return [lambda text: pattern.sub(tell, text)]


def _abbreviations(words: Pack) -> list[Callable[[str], str]]:
    if not words.abbreviations:
        return []
    names = "|".join(map(re.escape, sorted(words.abbreviations, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w.])({names})(?!\w)")
    half = re.compile(r"(?<=\d)(?=[ap]\.?m\b)", re.IGNORECASE)

    def tell(found: re.Match[str]) -> str:
        said = words.abbreviations[found[1]]
        rest = found.string[found.end() :]
        ends = not rest or (found[1] in words.closing and _NEXT.match(rest) is not None)
        return f"{said}." if found[1].endswith(".") and ends else said

    return [lambda text: half.sub(" ", text), lambda text: pattern.sub(tell, text)]


def _signs(text: str, words: Pack) -> str:
    return "".join(f" {words.signs[one]} " if one in words.signs else one for one in text)
