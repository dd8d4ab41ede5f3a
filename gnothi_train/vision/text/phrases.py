"""What is written on labels, receipts, signs and letters: words, numbers, dates, amounts.

What is learned from must be free to ship: dictionaries are English (SCOWL, as permissive as BSD)
and Spanish (public domain); those of other languages that Debian has are under the GPL. Words of
shops are what English ones have anywhere; none was taken from receipts that readers are tested on.
"""

import hashlib
import re
import string
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from gnothi.vision.reading.letters import ALPHABET

DICTIONARIES = Path("/usr/share/dict")
ENGLISH = ("american-english", "british-english")
SPANISH = ("spanish",)
_PLAIN = re.compile(r"[A-Za-z]{1,14}'?s?")
_SHOP = """
total subtotal cash change balance tax vat invoice receipt no. date time qty price amount
item items table due paid card visa discount member points tel fax thank you
welcome again please come the of and for with to in on at is are not only best before use by exp mfg
lot batch net weight ingredients sugar salt water milk flour oil contains may store cool dry place
keep out reach children open closed exit push pull sale street road avenue ltd
inc co. company page order number customer cashier 1 2 x @ usd eur kg ml each
""".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DOMAINS = "com net org de co.uk eu info io".split()
_SORTS = (
    string.ascii_uppercase,
    string.ascii_lowercase,
    string.digits,
    string.ascii_letters + string.digits,
    string.ascii_uppercase + string.digits,
    ALPHABET,
)
_FALLBACK = tuple(_SHOP)


def name(rng: np.random.Generator) -> str:
    """Return a word of a dictionary, an English one mostly."""
    return _any(dictionary(ENGLISH if rng.random() < 0.85 else SPANISH), rng)


@cache
def dictionary(names: tuple[str, ...] = ENGLISH) -> tuple[str, ...]:
    """Return the words of those dictionaries that are installed, ASCII only; else a few."""
    found: set[str] = set()
    for each in names:
        path = DICTIONARIES / each
        if path.exists():
            text = path.read_text(encoding="utf-8", errors="ignore")
            found.update(word for word in text.split() if _PLAIN.fullmatch(word))
    return tuple(sorted(found)) or _FALLBACK


def installed() -> tuple[str, ...]:
    """Return the names of the dictionaries that words are taken from."""
    return tuple(each for each in ENGLISH + SPANISH if (DICTIONARIES / each).exists())


def mark() -> str:
    """Return a hash of all words that may be drawn."""
    words = [*dictionary(ENGLISH), *dictionary(SPANISH), *_SHOP]
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def word(rng: np.random.Generator) -> str:
    """Return one thing that stands between two spaces; 24 characters at most."""
    kind = rng.random()
    if kind < 0.42:
        return _cased(str(rng.choice(_SHOP)) if rng.random() < 0.35 else name(rng), rng)
    if kind < 0.60:
        return amount(rng)
    if kind < 0.72:
        return date(rng)
    if kind < 0.82:
        return _code(rng)
    if kind < 0.85:
        return email(rng)
    return _marked(_cased(name(rng), rng), rng)


def jumble(rng: np.random.Generator) -> str:
    """Return up to 12 letters, digits and marks in no order: all of one sort, or of several."""
    some = _SORTS[int(rng.integers(len(_SORTS)))]
    return "".join(some[int(at)] for at in rng.integers(0, len(some), int(rng.integers(1, 13))))


def amount(rng: np.random.Generator) -> str:
    """Return an amount: 3.90, $1,234.50, 12,99€, 10%."""
    whole = int(10 ** rng.uniform(0, 4.2))
    cents = int(rng.integers(100))
    text = f"{whole:,}.{cents:02d}" if rng.random() < 0.8 else f"{whole},{cents:02d}"
    sign = rng.random()
    if sign < 0.12:
        return str(rng.choice(["$", "£", "€", "USD", "EUR", "-"])) + text
    if sign < 0.18:
        return text + str(rng.choice(["€", "kg", "%", "EUR"]))
    return text


def date(rng: np.random.Generator) -> str:
    """Return a date or a time of day, in one of many forms."""
    day, month, year = (
        int(rng.integers(1, 29)),
        int(rng.integers(1, 13)),
        int(rng.integers(1995, 2035)),
    )
    mark = str(rng.choice(["/", "-", "."]))
    said = _MONTHS[month - 1]
    forms = (
        f"{day:02d}{mark}{month:02d}{mark}{year}",
        f"{day:02d}{mark}{month:02d}{mark}{year % 100:02d}",
        f"{year}-{month:02d}-{day:02d}",
        f"{month:02d}/{year % 100:02d}",
        f"{day}{mark}{said}{mark}{year}",
        f"{int(rng.integers(24)):02d}:{int(rng.integers(60)):02d}",
        f"{int(rng.integers(24)):02d}:{int(rng.integers(60)):02d}:{int(rng.integers(60)):02d}",
        str(year),
    )
    return forms[int(rng.integers(len(forms)))]


def email(rng: np.random.Generator) -> str:
    """Return an address, 24 characters at most."""
    user, host = (name(rng).lower().replace("'", "")[:8] for _ in range(2))
    if rng.random() < 0.3:
        return f"www.{host}.{rng.choice(_DOMAINS)}"
    return f"{user}@{host}.{rng.choice(_DOMAINS)}"[:24]


def _code(rng: np.random.Generator) -> str:
    size = int(rng.integers(1, 12))
    letters = "0123456789" if rng.random() < 0.6 else "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    text = "".join(rng.choice(list(letters), size))
    if size > 5 and rng.random() < 0.4:
        at = int(rng.integers(2, size - 1))
        text = text[:at] + str(rng.choice(["-", "/", " "])).strip() + text[at:]
    return text


def _marked(text: str, rng: np.random.Generator) -> str:
    form = str(
        rng.choice(
            ["{}:", "{},", "{}.", "({})", "{}!", "#{}", "*{}*", "{}/", '"{}"', "&{}", "{}?", "{};"]
        )
    )
    return form.format(text)


def _cased(text: str, rng: np.random.Generator) -> str:
    way = rng.random()
    return text.upper() if way < 0.4 else text.capitalize() if way < 0.65 else text


def _any(some: Sequence[str], rng: np.random.Generator) -> str:
    return some[int(rng.integers(len(some)))]
