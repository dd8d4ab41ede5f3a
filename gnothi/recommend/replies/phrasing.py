"""What a reply is made of, for the model of responses: clauses, words, pieces, emphasis."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

ATTRIBUTE, ITEM = "{a}", "{i}"
"""Stand for names of the catalogue, so that a band called Love is not liked for it."""
_SPOKEN = {ATTRIBUTE: "jazz", ITEM: "Nina Simone"}
"""What the encoder reads for a stand-in."""

MAX_WORDS = 40
"""Of one clause; the rest is not read."""
MAX_CLAUSES = 8
_LONGEST_WORD = 24
REMEMBERED = 32_768
"""Words whose features are kept."""
_TOKEN = re.compile(r"\{[ai]\}|[^\W_]+(?:'[^\W_]+)*|[!?]+|\.{2,}|…|[^\w\s,.;:'\"()\-]")
_DRAWN = re.compile(r"(.)\1{2,}")
_CLAUSE = re.compile(
    r"(?<=[.!?;…])\s+|\n+|,?\s+(?=(?:but|however|though)\b)"
    r"|,\s*(?=(?:can|could|may|would) (?:you|i|we)\b|how about|what about|let'?s (?:add|have|try)"
    r"|do you have|add|please (?:add|play)|any(?:thing)? (?:by|from)|some(?:thing)? (?:by|from))",
    re.IGNORECASE,
)
_NEGATORS = frozenset("not no never nor without hardly cannot nothing neither nt none".split())
_REACH = 3
"""Words that a negation reaches."""
_JOINED = {
    **{f"{verb}nt": (verb, "nt") for verb in "do does did is are was were would could".split()},
    "cant": ("can", "nt"),
    "wont": ("will", "nt"),
    "aint": ("is", "nt"),
    "cannot": ("can", "nt"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gimme": ("give", "me"),
    "im": ("i", "m"),
    "ive": ("i", "ve"),
    "its": ("it", "s"),
    "thats": ("that", "s"),
    "whats": ("what", "s"),
    "theyre": ("they", "re"),
    "youre": ("you", "re"),
    "lets": ("let", "s"),
}


def clauses(text: str) -> list[str]:
    """Return the parts of *text* that may react differently: "Great! Can I get more {i}?"."""
    parts = (part.strip() for part in _CLAUSE.split(text))
    return [part for part in parts if part][:MAX_CLAUSES]


def spoken(clause: str) -> str:
    """Return *clause* as the encoder reads it: with a name for each stand-in."""
    for stand_in, name in _SPOKEN.items():
        clause = clause.replace(stand_in, name)
    return clause


def features(clause: str, lexicon: Mapping[str, int]) -> list[str]:
    """Return the names of what is in a *clause*; training and serving see the same."""
    raw, words = words_of(clause)
    return [*phrases(raw, words, lexicon), *(piece for word in words for piece in pieces_of(word))]


def words_of(clause: str) -> tuple[list[str], list[str]]:
    """Return the words of a *clause*, as written and in one spelling."""
    raw = _TOKEN.findall(clause)[:MAX_WORDS]
    return raw, [word for token in raw for word in _spelt(token)]


def phrases(raw: Sequence[str], words: Sequence[str], lexicon: Mapping[str, int]) -> list[str]:
    """Return what is more than single words."""
    found = [f"{one} {other}" for one, other in pairwise(("^", *words, "$"))]
    found += _negated(words, lexicon)
    found += _signs(raw, len(words))
    if 1 < len(words) <= _REACH + 1:
        found.append(f"={' '.join(words)}")
    return found


@lru_cache(maxsize=REMEMBERED)
def _spelt(token: str) -> Sequence[str]:
    word = token.lower()[:_LONGEST_WORD]
    if not (word[0].isalnum() or word[0] == "{"):
        return (word[0],)
    if "'" in word:
        return _parted(word)
    word = _DRAWN.sub(r"\1\1", word)
    return _JOINED.get(word, (word,))


def _parted(word: str) -> Sequence[str]:
    head, _, tail = word.partition("'")
    if tail == "t" and head.endswith("n"):
        return _JOINED.get(f"{head}t", (head[:-1], "nt"))
    return (head, tail)


def _negated(words: Sequence[str], lexicon: Mapping[str, int]) -> list[str]:
    """Return words of liking, and all words that a negation reaches."""
    reach, found = 0, list[str]()
    for word in words:
        before = "~" if reach else ""
        if before:
            found.append(f"~{word}")
        if value := lexicon.get(word):
            found += (f"{before}§like{value}", f"{before}§{'good' if value > 0 else 'bad'}")
        reach = _REACH if word in _NEGATORS else max(0, reach - 1)
    return found


def _signs(raw: Sequence[str], size: int) -> list[str]:
    """Return emphasis: capitals, signs repeated, letters drawn out; and the length."""
    found = [f"§size{min(size.bit_length(), 5)}"]
    marks = {mark for token in raw for mark in _marks(token)}
    return [*found, *marks]


@lru_cache(maxsize=REMEMBERED)
def _marks(token: str) -> tuple[str, ...]:
    if token[0] in "!?.…":
        return (f"§{token[:2]}",)
    if not token[0].isalpha():
        return ()
    is_loud = len(token) > 1 and token.isupper() and token.isalpha()
    is_drawn = _DRAWN.search(token) is not None
    return ("§capitals",) * is_loud + ("§drawn",) * is_drawn


@lru_cache(maxsize=REMEMBERED)
def pieces_of(word: str) -> tuple[str, ...]:
    """Return a word and its pieces of three and four letters: what a misspelling leaves."""
    framed = f"<{word}>"
    sizes = (3, 4) if len(word) > 2 and word[0] != "{" else ()
    pieces = (framed[at : at + size] for size in sizes for at in range(len(framed) - size + 1))
    return (word, *(f"+{piece}" for piece in pieces))
