"""The few words of a language that the conversation looks for itself."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

WORD = re.compile("[^\\W_]+(?:['\u2019][^\\W_]+)*")
APOSTROPHES = str.maketrans("", "", "'\u2019")


def words(text: str) -> list[str]:
    """Return the words of *text*, without case and apostrophes."""
    return [match[0].lower().translate(APOSTROPHES) for match in WORD.finditer(text)]


_COMMAND = 3
"""Words that a command behind a remark has at least."""
_NAME = 2
"""So many words tell nothing, they only name: "the lawn"."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of one language."""

    pronouns: frozenset[str]
    """They stand for something said before."""
    thanks: frozenset[str]
    """A no with one of them is no complaint."""
    nods: frozenset[str]
    """Who says nothing else while others speak only shows that they listen."""

    remarks: frozenset[str]
    """Words with which people begin to tell, and not to ask for, something."""
    owners: frozenset[str]
    """Words before what a remark is about: "**the** lawn is dry"."""
    nouns_follow: frozenset[str]
    """Those of them that begin a name as well: "**the** sauna"."""
    linking: frozenset[str]
    """What follows one of them belongs to what stands before it: "the lights **in** the sauna"."""
    particles: frozenset[str]
    """The same, unless they end a verb"""
    splitting: frozenset[str]
    """such as one of these: "turn the sprinkler **on**"."""
    commands: frozenset[str]
    """Verbs with which a plain command begins."""
    deeds: frozenset[str]
    """Further verbs that may be forbidden;"""
    contrary: frozenset[str]
    """those that then ask for the contrary: "don't wake me" takes an alarm off;"""
    forbids: frozenset[str]
    """phrases that forbid what follows them: "**don't** turn on the fan","""
    wrapping: frozenset[str]
    """words that may stand before them,"""
    between: frozenset[str]
    """and between them and the verb: "never **ever** unlock it"."""
    everything: frozenset[str]
    """A yes with one of them is meant for all that was asked for in one breath."""
    returns: frozenset[str]
    """With a pronoun they ask for the way back: "take them off **again**"."""
    reservations: frozenset[str]
    """A yes with one of them may be no yes at all."""

    agreements: frozenset[str]
    """A yes has one of them,"""
    assents: frozenset[str]
    """or is made of these and of words of what was asked for."""
    harmless: frozenset[str]
    """Phrases with such a word that say yes all the same."""

    fillers: frozenset[str]
    """Words that may stand before a complaint or praise: "**oh that is** wrong"."""
    complaints: frozenset[str]
    """What begins so scolds the turn before."""
    praises: frozenset[str]
    """What begins so praises it."""

    def has_reservation(self, text: str) -> bool:
        """Whether *text* makes a condition or an exception ("why not" makes none)."""
        spoken = " ".join(words(text))
        for phrase in self.harmless:
            spoken = spoken.replace(phrase, "")
        return not self.reservations.isdisjoint(spoken.split())

    def says_yes(self, text: str, request: str) -> bool:
        """Whether the words of *text* themselves agree to *request* ("go on, unlock it")."""
        said = set(words(text))
        asked = set(words(request)) - self.owners
        own = self.assents | asked | self.owners | self.pronouns | self.everything
        return not said.isdisjoint(self.agreements) or (
            said <= own and not said.isdisjoint(self.assents | asked)
        )

    def commands_in(self, text: str) -> list[str]:
        """Return the ends of *text* that begin with a command, the longest first."""
        places = [match.start() for match in WORD.finditer(text) if match.start()]
        return [text[at:] for at in places if words(text[at:])[0] in self.commands]

    def is_deed(self, word: str) -> bool:
        """Whether *word* is a verb of something that can be forbidden."""
        return word in (self.commands | self.deeds) - self.contrary

    def is_command(self, text: str) -> bool:
        """Whether *text* begins with a command."""
        return bool(words(text)) and words(text)[0] in self.commands

    def after_remark(self, text: str) -> list[str]:
        """Return the commands of some words in *text*, if it begins by telling something."""
        if words(text)[:1] and words(text)[0] in self.remarks:
            return [tail for tail in self.commands_in(text) if len(words(tail)) >= _COMMAND]
        return []

    def before_remark(self, text: str, named: Sequence[str] = ()) -> list[str]:
        """Return the beginnings of *text* that a remark may follow, the longest first.

        A condition or an exception is no remark, and neither is what belongs to the words before
        it ("the lights in **the sauna**") or ends with something *named*: "all **the sauna
        lights**".
        """
        telling = self.remarks | self.owners
        places = [match.start() for match in WORD.finditer(text)][_COMMAND:]
        cuts = [at for at in reversed(places) if words(text[at:])[0] in telling]
        return [text[:at] for at in cuts if self._tells(text[:at], text[at:], named)]

    def _tells(self, head: str, tail: str, named: Sequence[str]) -> bool:
        """Whether *tail* may be a remark behind *head*, and no part of what is asked for."""
        before, said = words(head), words(tail)
        if self.has_reservation(tail) or before[-1] in self.linking or self._links(before):
            return False
        if said[0] not in self.nouns_follow:
            return True
        ends = any(said[-len(last) :] == last for one in named if (last := words(one)))
        return len(said) > _NAME and not ends

    def _links(self, before: Sequence[str]) -> bool:
        """Whether the last of *before* is no verb's end: "turn off the lights **on**"."""
        *others, last = before
        split = not self.splitting.isdisjoint(others) and self.particles.isdisjoint(others)
        return last in self.particles and not split

    def means_everything(self, text: str) -> bool:
        """Whether *text* speaks of all that was asked for."""
        return not self.everything.isdisjoint(words(text))

    def goes_back(self, text: str) -> bool:
        """Whether *text* asks for the way back."""
        return not self.returns.isdisjoint(words(text))

    def has_pronoun(self, text: str) -> bool:
        """Whether *text* speaks of something that was said before."""
        return not self.pronouns.isdisjoint(words(text))

    def is_polite(self, text: str) -> bool:
        """Whether *text* thanks."""
        return not self.thanks.isdisjoint(words(text))


@cache
def lexicon(language: str = "en") -> Lexicon:
    """Load the words of *language*."""
    file = resources.files("gnothi.dialogue").joinpath(f"{language}.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return Lexicon(**{name: frozenset(values) for name, values in table.items()})
