"""The versions of what rewrites: what answers now, and what is kept beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from gnothi.core.artifact import Card
from gnothi.language.phrases import FILE as PHRASES
from gnothi.language.phrases import NO_PHRASES, Phrase, Phrases
from gnothi.language.rewrites import FILE, NAME, Rewrite, RewriteTable, write_table
from gnothi.learning.parts import as_rewrite
from gnothi.learning.turns import Log
from gnothi.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Tables:
    """Rewrites and phrases in a registry; the same ones are the same version."""

    registry: Registry

    @property
    def serving(self) -> str | None:
        """The version that answers, if one does."""
        return self.registry.serving(NAME)

    def live(self) -> RewriteTable:
        """Return the table that answers."""
        return self.table(version) if (version := self.serving) else RewriteTable(())

    def live_phrases(self) -> Phrases:
        """Return the phrases that answer."""
        return self.phrases(version) if (version := self.serving) else NO_PHRASES

    def learned(self) -> list[Rewrite]:
        """Return everything that answers, phrases as rewrites of a part."""
        return [*self.live(), *map(as_rewrite, self.live_phrases())]

    def table(self, version: str) -> RewriteTable:
        """Return the rewrites of a *version*."""
        return RewriteTable.load(self.registry.get(NAME, version).folder)

    def phrases(self, version: str) -> Phrases:
        """Return the phrases of a *version*."""
        return Phrases.load(self.registry.get(NAME, version).folder)

    def fresh(self, phrases: Iterable[Phrase]) -> tuple[Phrase, ...]:
        """Return those of *phrases* that do not answer yet."""
        known = set(map(phrase_key, self.live_phrases()))
        return tuple(one for one in phrases if phrase_key(one) not in known)

    def make_live(
        self, rewrites: Iterable[Rewrite], *, reason: str, phrases: Phrases | None = None
    ) -> None:
        """Let *rewrites* answer, with *phrases* or those that answer already."""
        version = self.put(rewrites, phrases=self.live_phrases() if phrases is None else phrases)
        self.registry.make_live(NAME, version, reason=reason)

    def put(self, rewrites: Iterable[Rewrite], log: Log | None = None, *, phrases: Phrases) -> str:
        """Keep *rewrites* and *phrases*, learned from *log*, and return their version."""
        files = {FILE: write_table(rewrites)}
        if len(phrases):
            files[PHRASES] = phrases.dump()
        digests = {name: sha256(content).hexdigest() for name, content in files.items()}
        digest = sha256("".join(digests.values()).encode()).hexdigest()
        version = f"1.{(digest if len(files) > 1 else digests[FILE])[:12]}"
        marks = [one.fingerprint for one in log.days.values()] if log else []
        data = {"name": "journal", "sha256": sha256("".join(marks).encode()).hexdigest()}
        card = Card(
            NAME,
            version,
            "json",
            digests,
            command="gnothi learn now",
            data=({**data, "licence": "private"},) if marks else (),
            licence="private",
        )
        if version not in {known.version for known in self.registry.versions(NAME)}:
            self.registry.put(files, card)
        return version


def said(one: Rewrite) -> tuple[str, str]:
    """Return what makes a rewrite this one: whose words, and what for."""
    return one.id, one.target


def phrase_key(one: Phrase) -> tuple[str | None, str, str]:
    """Return what makes a phrase this one."""
    return one.person, one.before, one.after


def trusted(phrases: Phrases) -> set[tuple[str | None, str, str]]:
    """Return which of *phrases* are enough by themselves; their counts change every day."""
    return {phrase_key(one) for one in phrases if one.times / (one.of + 1.0) >= phrases.threshold}


def is_among(one: Rewrite, ids: frozenset[str]) -> bool:
    """Whether *one* or the same for everybody is called so: what nobody has, no person gets."""
    return not ids.isdisjoint({one.id, replace(one, person=None).id})
