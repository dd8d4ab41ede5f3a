"""Readings that a household puts right: pages → candidate wordbook → gate → registry.

A wordbook (:mod:`gnothi.vision.reading.wordbook`) that knows one correction more is tried against
the one before, line by line, on every picture in which somebody put something right, each time
learned from the other pictures. Lines to which nobody objected are right as they were read. What
reads worse waits: it is kept, used for nothing, and tried again with the next correction.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gnothi.core.acting import Act
from gnothi.core.clock import Clock
from gnothi.core.errors import InputError
from gnothi.core.seeing import WrittenLine
from gnothi.learning.evidence import Comparison, Evidence, Outcome
from gnothi.learning.gate import Ruling, Verdict, find_harm
from gnothi.learning.teaching import HOUSEHOLD
from gnothi.learning.versions import OwnVersions
from gnothi.registry.registry import Registry
from gnothi.vision.reading.told import CUTS, NAME, TOLD, export, packed, unpacked
from gnothi.vision.reading.wordbook import ToldPage, Wordbook, learned

MOST = 200
"""Pages that are kept; the oldest go first."""
LONGEST = 500
"""Characters of a line."""
_OTHERWISE = "use gnothi see correct, or the page"
LEARNED, NOTED, WAITS = "sight-put-right-learned", "sight-put-right", "sight-put-right-waits"
"""Sentences of the skill that sees."""
_Pages = tuple[ToldPage, ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What came of putting a line right."""

    verdict: Verdict
    evidence: Evidence
    """Of the wordbook with it against the one before."""

    @property
    def is_used(self) -> bool:
        """Whether later readings may become other ones by it."""
        return self.told.key == LEARNED

    @property
    def told(self) -> Act:
        """What to say of it."""
        return self.verdict.reasons[-1]


class TaughtReadings:
    """What one household put right of what was read, in its registry."""

    def __init__(self, registry: Registry, clock: Clock, *, learns: bool = True) -> None:
        """Keep it in *registry*; what only answers never *learns*."""
        self._versions = OwnVersions(registry, NAME, clock, learns=learns)
        self._read: tuple[str, _Pages, _Pages, Wordbook] | None = None
        self._last: tuple[str, _Pages, _Pages] | None = None

    @property
    def pages(self) -> _Pages:
        """Pictures in which something was put right; those that wait are the last ones."""
        _, used, waiting, _ = self._now()
        waits = {one.picture for one in waiting}
        return *(one for one in used if one.picture not in waits), *waiting

    @property
    def wordbook(self) -> Wordbook:
        """What later readings are mended by."""
        return self._now()[3]

    def mended(self, lines: Iterable[WrittenLine]) -> tuple[WrittenLine, ...]:
        """Return *lines* as this household would have them; those that stay are the same objects.

        Raises:
            ArtifactError: what is kept is damaged.
        """
        return self.wordbook.mended(lines)

    def correct(self, page: ToldPage) -> Corrected:
        """Learn from a *page* in which a line was put right, besides what is known of it.

        Raises:
            InputError: a line is empty or too long, or nothing is learned here.
        """
        for line in page.lines:
            if line.is_told and not 0 < len(line.written.strip()) <= LONGEST:
                raise InputError(f"A line has 1 to {LONGEST} characters.")
        with self._versions.changing(_OTHERWISE):
            _, used, waiting, live = self._now()
            fresh = _joined(self.pages, page)
            candidates = (*_without(self.pages, fresh), fresh)[-MOST:]
            evidence = compared(used, candidates)
            verdict = _judged(evidence, changes=learned(candidates) != live)
            if verdict.ruling is Ruling.APPROVE:
                self._keep(candidates, (), "put right")
            else:
                self._keep(used, (*_without(waiting, fresh), fresh)[-MOST:], "waits")
            self._last = str(self._versions.serving), used, waiting
        return Corrected(verdict, evidence)

    def keep_cut(self, picture: str, read: str, cut: bytes) -> None:
        """Keep the small picture of the line that was *read* so in *picture*.

        Raises:
            InputError: nobody put that line right.
        """
        with self._versions.changing(_OTHERWISE):
            _, used, waiting, _ = self._now()
            if not any(one.picture == picture and _has(one, read) for one in (*used, *waiting)):
                raise InputError("Nothing was put right there.")
            before, last = self._versions.serving, self._last
            used, waiting = (
                tuple(_with_cut(one, picture, read, cut) for one in some)
                for some in (used, waiting)
            )
            self._keep(used, waiting, "picture kept")
            if last and last[0] == before:  # both are taken back together
                self._last = str(self._versions.serving), *last[1:]

    def take_back(self) -> None:
        """Take back what was put right last.

        Raises:
            InputError: something else was done since.
        """
        with self._versions.changing(_OTHERWISE):
            if self._last is None or self._last[0] != self._versions.serving:
                raise InputError("That can't be taken back any more.")
            _, used, waiting = self._last
            self._keep(used, waiting, "taken back")

    def forget(self, written: str) -> None:
        """Forget every line that was put right to *written*, and every version that knew it.

        Raises:
            InputError: there is none.
        """
        plain = written.casefold().strip()
        with self._versions.changing(_OTHERWISE):
            _, used, waiting, _ = self._now()
            kept, still = (tuple(_without_line(some, plain)) for some in (used, waiting))
            if (kept, still) == (used, waiting):
                raise InputError(f"Nobody told me that it says {written!r}.")
            self._keep(kept, still, "forgotten")
            self._versions.forget_earlier()

    def unlearn(self, person: str) -> None:
        """Forget the pictures in which *person* put something right, in every version."""
        with self._versions.changing(_OTHERWISE):
            _, used, waiting, _ = self._now()
            kept, still = (
                tuple(page for page in some if all(one.teacher != person for one in page.lines))
                for some in (used, waiting)
            )
            if (kept, still) != (used, waiting):
                self._keep(kept, still, "unlearned")
                self._versions.forget_earlier()

    def export(self, folder: Path) -> int:
        """Write what was put right to *folder* (:func:`gnothi.vision.reading.told.export`)."""
        return export(self.pages, folder)

    def _now(self) -> tuple[str, _Pages, _Pages, Wordbook]:
        """Return the version that answers, its pages, those that wait, and what is learned."""
        version = self._versions.serving
        if version is None:
            return "", (), (), Wordbook()
        if self._read is None or self._read[0] != version:
            used, waiting = unpacked(self._versions.read(version, (TOLD, CUTS)))
            self._read = version, used, waiting, learned(used)
        return self._read

    def _keep(self, used: _Pages, waiting: _Pages, reason: str) -> None:
        self._versions.keep(
            packed(used, waiting),
            reason,
            command="gnothi see correct",
            data="what was read in pictures that were shown",
            figures={"pages": float(len(used)), "waiting": float(len(waiting))},
        )


def compared(used: Sequence[ToldPage], candidates: Sequence[ToldPage]) -> Evidence:
    """Return how two wordbooks, from *used* and from *candidates*, read each of the latter.

    For each page both are learned from the other pages: neither knows what it says.
    """
    comparison = Comparison(NAME, alpha=HOUSEHOLD.alpha)
    for page in candidates:
        live, candidate = (learned(_without(some, page)) for some in (used, candidates))
        comparison.add(
            Outcome(
                live_right=live.text(line.read, line.sure) == line.written,
                candidate_right=candidate.text(line.read, line.sure) == line.written,
                session=page.picture,
            )
            for line in page.lines
        )
    return comparison.evidence()


def _judged(evidence: Evidence, *, changes: bool) -> Verdict:
    """Rule on a wordbook: of few lines nobody can prove a gain, so it must read no line worse."""
    if harm := find_harm(evidence, HOUSEHOLD):
        return Verdict(Ruling.REJECT, (harm, Act(WAITS)))
    if evidence.turns and evidence.gain < 0:
        return Verdict(Ruling.WAIT, (Act(WAITS),))
    return Verdict(Ruling.APPROVE, (Act(LEARNED if changes else NOTED),))


def _joined(pages: Sequence[ToldPage], fresh: ToldPage) -> ToldPage:
    """Return *fresh* with what was put right in the same picture before, on other lines."""
    before = next((one for one in pages if one.picture == fresh.picture), None)
    if before is None:
        return fresh
    known = {line.read: line for line in before.lines if line.is_told}
    lines = (line if line.is_told else known.get(line.read, line) for line in fresh.lines)
    return replace(fresh, lines=tuple(lines))


def _without(pages: Iterable[ToldPage], page: ToldPage) -> _Pages:
    return tuple(one for one in pages if one.picture != page.picture)


def _has(page: ToldPage, read: str) -> bool:
    return any(line.is_told and line.read == read for line in page.lines)


def _with_cut(page: ToldPage, picture: str, read: str, cut: bytes) -> ToldPage:
    if page.picture != picture:
        return page
    lines = (replace(one, cut=cut) if one.is_told and one.read == read else one
             for one in page.lines)  # fmt: skip
    return replace(page, lines=tuple(lines))


def _without_line(pages: Iterable[ToldPage], plain: str) -> Iterator[ToldPage]:
    """Yield *pages* without lines that were put right to what is *plain*.

    A page in which nothing else was put right is left out.
    """
    for page in pages:
        kept = tuple(
            one for one in page.lines if not (one.is_told and one.written.casefold() == plain)
        )
        if any(one.is_told for one in kept):
            yield replace(page, lines=kept)
