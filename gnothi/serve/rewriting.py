"""Rewrites by whatever table and index are live, and the few conversations that get none.

Conversations of a day in the hold-out are not rewritten: they keep showing what would have
happened without, and so keep the journal honest.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256

from gnothi.core.errors import ArtifactError
from gnothi.core.protocols import Understander
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation
from gnothi.dialogue.rewriting import Rewriting
from gnothi.language import retrieval
from gnothi.language.phrases import NO_PHRASES, Phrases, Reading
from gnothi.language.retrieval import Question, RequestIndex
from gnothi.language.rewrites import NAME, Rewrite, RewriteTable
from gnothi.learning.turns import interpretation_key
from gnothi.learning.unseen import HOME
from gnothi.registry.registry import Registry
from gnothi.serve.reading import read
from gnothi.serve.risks import risk_of
from gnothi.skills.skillset import SkillSet

HOLD_OUT = 0.05
"""Share of sessions of a day that are not rewritten."""

_log = logging.getLogger(__name__)


class LiveRewrites:
    """Asks the registry, each turn, which table serves a session; each is loaded once."""

    def __init__(self, registry: Registry, *, hold_out: float = HOLD_OUT) -> None:
        """Rewrite with what *registry* says; nothing is loaded before it is needed."""
        self._registry = registry
        self._hold_out = hold_out
        self._loaded: dict[str, RewriteTable] = {}

    def rewrite(self, text: str, person: str | None, session: str, day: date) -> Rewriting | None:
        """Return what becomes of *text*; ``None`` while nothing has been learned."""
        if self._registry.serving(NAME) is None:
            return None
        choice = self._registry.choose(NAME, session)
        if is_held_out(session, day, self._hold_out):
            return Rewriting(None, f"{NAME}@{choice.version}", self._hold_out)
        found = self._open(choice.version).look_up(text, person)
        propensity = (1 - self._hold_out) * choice.propensity
        return Rewriting(found, f"{NAME}@{choice.version}", propensity)

    def table(self) -> RewriteTable:
        """Return the rewrites that serve everybody, canaries aside."""
        live = self._registry.serving(NAME)
        return self._open(live) if live else RewriteTable(())

    def _open(self, version: str) -> RewriteTable:
        if version not in self._loaded:
            try:
                folder = self._registry.get(NAME, version).folder
                self._loaded[version] = RewriteTable.load(folder)
            except ArtifactError as error:
                _log.error("%s %s can't be used: %s", NAME, version, error)
                self._loaded[version] = RewriteTable(())
        return self._loaded[version]


def open_rewriting(
    registry: Registry,
    skills: SkillSet,
    understanders: Callable[[str], Understander],
    *,
    refused: Callable[[], frozenset[str]],
    hold_out: float = HOLD_OUT,
) -> "tuple[LiveRewrites, LiveRequests]":
    """Return what is asked before understanding, and what is asked where that led to nothing.

    *understanders* tells who understands a session.
    """
    risks = partial(risk_of, skills=skills)
    phrases = LivePhrases(
        registry,
        reads=lambda words, session: read(words, understanders(session), skills, risks),
        hold_out=hold_out,
    )
    requests = LiveRequests(
        registry, risk_of=risks, refused=refused, phrases=phrases, hold_out=hold_out
    )
    return LiveRewrites(registry, hold_out=hold_out), requests


class LivePhrases:
    """Puts words that led to nothing in other words, by the phrases that serve a session.

    They are part of the table's artifact: the same version answers before and after understanding.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        reads: Callable[[str, str], Reading | None],
        hold_out: float = HOLD_OUT,
    ) -> None:
        """Rephrase with what *registry* says; nothing is loaded before it is needed.

        *reads* tells what some words are taken for in a session.
        """
        self._registry, self._reads, self._hold_out = registry, reads, hold_out
        self._loaded: dict[str, Phrases] = {}

    def rephrase(
        self, text: str, person: str | None, session: str, day: date, risk: Risk
    ) -> Rewriting | None:
        """Return what *text*, taken for something of the class *risk*, may have been.

        ``None`` while no phrases have been learned.
        """
        if self._registry.serving(NAME) is None:
            return None
        choice = self._registry.choose(NAME, session)
        phrases = self._open(choice.version)
        if not len(phrases):
            return None
        label = f"{NAME}@{choice.version}"
        if is_held_out(session, day, self._hold_out):
            return Rewriting(None, label, self._hold_out)
        found = phrases.look_up(text, person, lambda words: self._reads(words, session), risk=risk)
        return Rewriting(found, label, (1 - self._hold_out) * choice.propensity)

    def _open(self, version: str) -> Phrases:
        if version not in self._loaded:
            self._loaded.clear()
            try:
                folder = self._registry.get(NAME, version).folder
                self._loaded[version] = Phrases.load(folder)
            except ArtifactError as error:
                _log.error("phrases of %s %s can't be used: %s", NAME, version, error)
                self._loaded[version] = NO_PHRASES
        return self._loaded[version]


class LiveRequests:
    """Finds what was meant by words that led to nothing, in whatever serves a session.

    Phrases are asked first, then the index of successful requests.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        risk_of: Callable[[str], Risk],
        refused: Callable[[], frozenset[str]] = frozenset,
        phrases: LivePhrases | None = None,
        hold_out: float = HOLD_OUT,
    ) -> None:
        """Find with what *registry* says; nothing is loaded before it is needed.

        *risk_of* tells the class of an interpretation; *refused* has the ids of rewrites that
        people don't want; *phrases* are asked before the index.
        """
        self._registry, self._risk_of, self._refused = registry, risk_of, refused
        self._phrases = phrases
        self._hold_out = hold_out
        self._loaded: dict[str, RequestIndex | None] = {}

    def retrieve(
        self,
        text: str,
        person: str | None,
        session: str,
        day: date,
        requests: Sequence[Interpretation],
    ) -> Rewriting | None:
        """Return what *text* may have been; ``None`` while nothing has been learned."""
        question = self._question(text, person, requests)
        rephrased = self._rephrase(question, session, day)
        if rephrased and rephrased.found:
            return rephrased
        return self._search(question, session, day) or rephrased

    def _rephrase(self, question: Question, session: str, day: date) -> Rewriting | None:
        if self._phrases is None:
            return None
        said = self._phrases.rephrase(question.text, question.person, session, day, question.risk)
        return replace(said, found=self._wanted(said.found)) if said else None

    def _search(self, question: Question, session: str, day: date) -> Rewriting | None:
        if self._registry.serving(retrieval.NAME) is None:
            return None
        choice = self._registry.choose(retrieval.NAME, session)
        label = f"{retrieval.NAME}@{choice.version}"
        if is_held_out(session, day, self._hold_out):
            return Rewriting(None, label, self._hold_out)
        index = self._open(choice.version)
        found = self._wanted(index.look_up(question)) if index else None
        return Rewriting(found, label, (1 - self._hold_out) * choice.propensity)

    def _wanted(self, found: Rewrite | None) -> Rewrite | None:
        """Return *found* unless people don't want it."""
        if found and not self._refused().isdisjoint({found.id, f"*/{found.source}"}):
            return None
        return found

    def _question(
        self, text: str, person: str | None, requests: Sequence[Interpretation]
    ) -> Question:
        keys = [
            interpretation_key(one.intent, [(slot.name, slot.value) for slot in one.slots], text)
            for one in requests
        ]
        risk = max(map(self._risk_of, keys), key=lambda one: one.rank, default=Risk.REVERSIBLE)
        return Question(text, person, HOME, "&".join(keys), risk)

    def _open(self, version: str) -> RequestIndex | None:
        if version not in self._loaded:
            self._loaded.clear()
            try:
                folder = self._registry.get(retrieval.NAME, version).folder
                self._loaded[version] = RequestIndex.load(folder)
            except ArtifactError as error:
                _log.error("%s %s can't be used: %s", retrieval.NAME, version, error)
                self._loaded[version] = None
        return self._loaded[version]


def is_held_out(session: str, day: date, share: float) -> bool:
    """Whether a *share* of conversations without rewrites holds this one."""
    return _place(f"{session} {day}") < share


def _place(key: str) -> float:
    """Return where *key* falls between 0 and 1, the same for every table."""
    mark = sha256(f"hold-out\0{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(mark[:8], "big") / 2**64
