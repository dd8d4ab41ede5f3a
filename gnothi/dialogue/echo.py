"""Says a sentence that was cut off back as a question about what is missing.

People ask so, too, about cut-off sentences (SLUICE-CR, Addlesee 2024): with a question word where
the sentence broke off, after its last words ("Given to whom?").
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from gnothi.core.acting import Act
from gnothi.dialogue.lexicon import words

REPEATED = 9
"""Words that are said back at most: the last ones."""
_SHORT = 2
"""Words of a request that say too little for a question of their own."""


@dataclass(frozen=True, slots=True)
class Echo:
    """Words of one language."""

    polite: tuple[tuple[str, ...], ...]
    """Said before a request, and not repeated; the longest first."""
    flips: Mapping[str, str]
    """Who is who in a question: "my" is "your"."""
    articles: frozenset[str]
    leading: frozenset[str]
    """Words that something surely follows."""
    enough: frozenset[str]
    """Answers that say that nothing was missing."""
    asking: Mapping[str, Mapping[str, str]]
    """What stands for a role, by the word before it; ``what`` behind any other."""

    def question(self, text: str, role: str | None, choices: Sequence[str] = ()) -> Act:
        """Return how to ask for the *role* that *text* lacks, one of few *choices* perhaps."""
        heard = self.plain(text)
        before = heard[:-1] if heard and heard[-1].lower() in self.articles else heard
        asked = self.asking.get(role or "", {})
        last = before[-1].lower() if before else ""
        if len(before) < _SHORT or not (asked or self.is_open(text)):
            return Act("dialogue-cut-open", {"heard": self._said(heard)})
        what = asked.get(last) or asked.get("what", "what")
        act = "dialogue-cut-which" if choices else "dialogue-cut"
        return Act(act, {"heard": self._said(before), "what": what, "choices": list(choices)})

    def is_open(self, text: str) -> bool:
        """Whether *text* ends with a word that something surely follows."""
        last = words(text)[-1:]
        return bool(last) and (last[0] in self.leading or last[0] in self.articles)

    def goes_on(self, text: str) -> bool:
        """Whether *text* begins with a word that leads to a value."""
        first = words(text)[:1]
        return bool(first) and (first[0] in self.leading or first[0] in self.articles)

    def is_enough(self, text: str) -> bool:
        """Whether *text* says that nothing was missing."""
        return " ".join(words(text)) in self.enough

    def plain(self, text: str) -> list[str]:
        """Return the words of *text* without what is only polite."""
        found = [word.strip(',;:\u2026-.\u2013\u2014"') for word in text.split()]
        found = [word for word in found if word]
        while lead := next((one for one in self.polite if _begins(found, one)), None):
            found = found[len(lead) :]
        return found

    def _said(self, heard: Sequence[str]) -> str:
        flipped = [self.flips.get(word.lower(), word) for word in heard]
        return " ".join(flipped[-REPEATED:])


def _begins(found: Sequence[str], lead: Sequence[str]) -> bool:
    return [word.lower() for word in found[: len(lead)]] == list(lead) and len(found) > len(lead)


@cache
def echo(language: str = "en") -> Echo:
    """Load the words of *language*."""
    file = resources.files("gnothi.dialogue").joinpath(f"echo_{language}.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return Echo(
        polite=tuple(
            sorted((tuple(one.split()) for one in table["polite"]), key=len, reverse=True)
        ),
        flips=table["flips"],
        articles=frozenset(table["articles"]),
        leading=frozenset(table["leading"]),
        enough=frozenset(" ".join(words(one)) for one in table["enough"]),
        asking=table["asking"],
    )
