"""Which list and which items the words of a request mean."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from gnothi.core.protocols import Name
from gnothi.home.house import House
from gnothi.home.model import Item, TodoList
from gnothi.skills.vocabulary import Phrases, Vocabulary
from gnothi.text.fuzzy import How, Match, NameIndex, find_names
from gnothi.text.normalise import FILLERS, fold

WORDS = Vocabulary.beside(__file__)
LONGEST_ITEM = 80
"""Characters of one item; a list is no diary."""

GLUE = "\u02d1"
"""Holds words together that are one thing; a letter that nobody types."""

_QUOTED = re.compile(r"[\"“„](?P<text>[^\"“”„]*\w[^\"“”„]*)[\"”“]")
_COMMA = re.compile(r"\s*[,;\n]\s*")


@dataclass(frozen=True, slots=True)
class Mention:
    """The place where a text speaks of a list."""

    name: str
    """Its name as said, empty for "the list"."""
    start: int
    end: int


def mention(text: str) -> Mention | None:
    """Return where *text* speaks of a list: "to my party list", "from groceries"."""
    found = next(iter(deque(_mention().finditer(fold(text)), maxlen=1)), None)
    if found is None:
        return None
    name = next((found[group] for group in ("name", "plain", "after", "kind") if found[group]), "")
    return Mention(WORDS["determiners"].strip(name.strip()), found.start(), found.end())


def quoted(text: str) -> list[str]:
    """Return what stands in quotation marks: each is one thing, as it is written."""
    return [match["text"].strip()[:LONGEST_ITEM] for match in _quotes(text)]


def unquoted(text: str) -> str:
    """Return *text* with commas for what is in quotation marks, so that nobody reads it."""
    for match in _quotes(text):
        text = text[: match.start()] + "," * len(match.group()) + text[match.end() :]
    return text


def _quotes(text: str) -> list[re.Match[str]]:
    """Find quotations within *text*; the name of a list (the "party" list) is none."""
    found = [match for match in _QUOTED.finditer(text) if match.group() != text.strip()]
    return [one for one in found if not WORDS["list_words"].starts(text[one.end() :].lstrip())]


def mention_by_name(text: str, house: House) -> Mention | None:
    """Return where *text* ends with a list of *house* that it does not call one: "to camping"."""
    lead = WORDS["prepositions"].last(text)
    said = WORDS["determiners"].strip(text[lead.end() :]) if lead else ""
    bare = (_bare(name) for todo in house.lists() for name in _names(todo))
    if lead is None or said.casefold() not in {name.casefold() for name in bare}:
        return None
    return Mention(said, lead.start(), len(text))


def items(text: str, found: Mention | None) -> list[str]:
    """Return the things that *text* names besides the list *found*."""
    rest = f"{text[: found.start]} , {text[found.end :]}" if found else text
    rest = _without_remark(rest)
    parts = [WORDS["noise"].strip(part) for part in _parts(rest)]
    return [part[:LONGEST_ITEM] for part in parts if part and not _is_nothing(part)]


def known(name: str, house: House) -> TodoList | None:
    """Return the list of *house* that is called *name*."""
    if kind := WORDS.meaning("kinds", name):
        same = (todo for todo in house.lists() if todo.name in WORDS.table("kinds")[kind])
        if first := next(same, None):
            return first
    names = [Name(_bare(one), todo.id, "list") for todo in house.lists() for one in _names(todo)]
    ids = [one.name.target for one in find_names(name, names)]
    return next((todo for todo in house.lists() if todo.id in ids), None)


def default(house: House) -> TodoList | None:
    """Return the list that "the list" means: the shopping list, else the first."""
    return known(WORDS.table("kinds")["shopping"].all[0], house) or next(iter(house.lists()), None)


def among(wanted: Sequence[str], present: Sequence[Item]) -> tuple[list[str], list[str]]:
    """Part what is *wanted* into the texts of *present* items and what is not there."""
    index = NameIndex(Name(item.text, item.text, "item") for item in present)
    there: list[str] = []
    absent: list[str] = []
    for one in wanted:
        match = next((best.name.target for best in index.best(one) if _same(one, best)), None)
        (there if match else absent).append(match or one)
    return list(dict.fromkeys(there)), absent


ALIKE = 80.0
"""Per cent of equal letters of a thing and the one on the list that it may mean."""
CONTAINED = 0.6
"""Score of a name of which the thing says only a part ("milk" for "oat milk")."""


def _same(wanted: str, match: Match) -> bool:
    if match.how is How.PART:
        return match.score >= CONTAINED and _contains(wanted, match.name.text)
    return fuzz.ratio(wanted.casefold(), match.name.text.casefold()) >= ALIKE


def _contains(wanted: str, name: str) -> bool:
    """Whether one has all words of the other: "milk", "oat milk"; not "soy milk"."""
    one, other = ({word.rstrip("s") for word in text.casefold().split()} for text in (wanted, name))
    return one <= other or other <= one


def _names(todo: TodoList) -> Iterator[str]:
    yield todo.name
    yield from todo.aliases


def _bare(name: str) -> str:
    return WORDS["list_words"].cut(name) or name


def _parts(text: str) -> Iterator[str]:
    kept = _shield(text)
    for part in _COMMA.split(kept):
        for piece in _split(part, WORDS["and"]):
            yield _without_fillers(piece.replace(GLUE, " "))


def _without_remark(text: str) -> str:
    """Cut what is said about the things: "pasta, that was the last packet"."""
    remark = next(
        (one for one in WORDS["remarks"].every(text) if _names_things(text[: one.start()])), None
    )
    return text[: remark.start()] if remark else text


def _names_things(text: str) -> bool:
    return any(WORDS["noise"].strip(part).strip() for part in _COMMA.split(text))


def _without_fillers(text: str) -> str:
    return " ".join(word for word in text.split() if word.lower().strip(",.") not in FILLERS)


def _shield(text: str) -> str:
    """Glue the words of things whose name has an "and"."""
    for match in reversed(list(WORDS["joined"].every(text))):
        glued = match.group().replace(" ", GLUE)
        text = text[: match.start()] + glued + text[match.end() :]
    return text


def _split(text: str, separators: Phrases) -> Iterator[str]:
    end = 0
    for match in separators.every(text):
        yield text[end : match.start()]
        end = match.end()
    yield text[end:]


def _is_nothing(part: str) -> bool:
    match = WORDS["nothing"].find(part)
    return match is not None and match.group() == part.lower()


@cache
def _mention() -> re.Pattern[str]:
    def one_of(*names: str) -> str:
        phrases = [phrase for name in names for phrase in WORDS[name].all]
        return "|".join(re.escape(one) for one in sorted(phrases, key=len, reverse=True))

    kinds = [phrase for words in WORDS.table("kinds").values() for phrase in words.all]
    kind = "|".join(re.escape(one) for one in sorted(kinds, key=len, reverse=True))
    lists, prepositions = one_of("list_words"), one_of("prepositions")
    determiner = rf"(?:{one_of('determiners')})\s+"
    word = rf"(?!(?:{prepositions}|{one_of('determiners', 'and')})\b)[\w'&-]+\s+"
    led = rf"(?:(?:{prepositions})\s+(?:{determiner})*|(?:{determiner})+)"
    names = rf"(?:{led})?(?P<plain>{kind})\s+|{led}(?P<name>(?:{word}){{0,3}})"
    named = rf"(?:{names})?(?:{lists})(?:\s+(?:of\s+|for\s+)?(?P<after>{kind}))?"
    bare = rf"(?:{prepositions})\s+(?:{determiner})*(?P<kind>{kind})"
    return re.compile(rf"(?<!\w)(?:{named}|{bare})(?!\w)", re.IGNORECASE)
