"""Readings that a household puts right: pages → candidate wordbook → gate → registry.

A wordbook (:mod:`gnothi.vision.reading.wordbook`) that knows one correction more is tried against
the one before, line by line, on every picture in which somebody put something right, each time
learned from the other pictures. Lines to which nobody objected are right as they were shown. What
reads worse waits: it is kept, used in its own picture only, and tried again with the next
correction, by itself as well as together with all that wait.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gnothi.core.acting import Act
from gnothi.core.clock import Clock
from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.seeing import WrittenLine
from gnothi.learning.evidence import Comparison, Evidence, Outcome
from gnothi.learning.gate import Ruling, Verdict, find_harm
from gnothi.learning.teaching import HOUSEHOLD
from gnothi.learning.versions import OwnVersions
from gnothi.registry.registry import Registry
from gnothi.vision.reading.told import CUTS, NAME, TOLD, export, packed, unpacked
from gnothi.vision.reading.wordbook import ToldLine, ToldPage, Wordbook, learned

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

    def told(self, picture: str, read: Sequence[str]) -> Mapping[int, str]:
        """Return what was put right in *picture*, by the number of the line that was *read* so."""
        page = next((one for one in self.pages if one.picture == picture), None)
        lines = zip(page.lines, read, strict=False) if page else ()
        return {
            at: known.written
            for at, (known, text) in enumerate(lines)
            if known.is_told and known.read == " ".join(text.split())
        }

    def correct(self, page: ToldPage) -> Corrected:
        """Learn from a *page* in which a line was put right, besides what is known of it.

        Raises:
            InputError: a line is empty or too long, or nothing is learned here.
        """
        for line in page.lines:
            if line.is_told and not 0 < len(line.written) <= LONGEST:
                raise InputError(f"A line has 1 to {LONGEST} characters.")
        with self._versions.changing(_OTHERWISE):
            _, used, waiting, live = self._now()
            tried = _tried(used, waiting, _joined(self.pages, page), page, live)
            self._keep(tried.used, tried.waiting, "waits" if tried.waits else "put right")
            self._last = str(self._versions.serving), used, waiting
        return Corrected(tried.verdict, tried.evidence)

    def keep_cut(self, picture: str, line: int, cut: bytes) -> None:
        """Keep the small picture of *line*, by its number in *picture*.

        Raises:
            InputError: nobody put that line right.
        """
        with self._versions.changing(_OTHERWISE):
            _, used, waiting, _ = self._now()
            if not any(one.picture == picture and _is_told(one, line) for one in self.pages):
                raise InputError("Nothing was put right there.")
            before, last = self._versions.serving, self._last
            used, waiting = (
                tuple(_with_cut(one, line, cut) if one.picture == picture else one for one in some)
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
        if not self._forget(lambda line: line.written.casefold() == plain, "forgotten"):
            raise InputError(f"Nobody told me that it says {written!r}.")

    def unlearn(self, person: str) -> None:
        """Forget the lines that *person* put right, in every version."""
        self._forget(lambda line: line.teacher == person, "unlearned")

    def _forget(self, is_meant: Callable[[ToldLine], bool], reason: str) -> bool:
        """Forget the lines that are meant; return whether any version knew one."""
        with self._versions.changing(_OTHERWISE):
            _, used, waiting, _ = self._now()
            kept, still = (tuple(_without_lines(some, is_meant)) for some in (used, waiting))
            is_known = (kept, still) != (used, waiting)
            if is_known:
                self._keep(kept, still, reason)
            is_known |= any(self._knew(one, is_meant) for one in self._versions.earlier)
            if is_known:
                self._versions.forget_earlier()
                self._last = None
        return is_known

    def _knew(self, version: str, is_meant: Callable[[ToldLine], bool]) -> bool:
        """Whether an earlier *version* has a line that is meant; one that is damaged may have."""
        try:
            pages = unpacked(self._versions.read(version, (TOLD, CUTS)))
        except ArtifactError:
            return True
        lines = (line for some in pages for page in some for line in page.lines)
        return any(line.is_told and is_meant(line) for line in lines)

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


@dataclass(frozen=True, slots=True)
class _Tried:
    """What becomes of a correction, and of those that waited."""

    used: _Pages
    waiting: _Pages
    verdict: Verdict
    evidence: Evidence
    waits: bool


def _tried(
    used: _Pages, waiting: _Pages, fresh: ToldPage, page: ToldPage, live: Wordbook
) -> _Tried:
    """Try *fresh* with all that wait, then without them, then each of them alone.

    *page* is what *fresh* was joined from: the line that is put right now.
    """
    base, waiting = _without(used, fresh), _without(waiting, fresh)
    together = (*_without(base, *waiting), *waiting, fresh)[-MOST:]
    alone = (*base, fresh)[-MOST:]
    evidence, verdict = _ruled(used, together, live, page)
    if verdict.ruling is Ruling.APPROVE:
        return _Tried(together, (), verdict, evidence, waits=False)
    evidence, verdict = _ruled(used, alone, live, page)
    if verdict.ruling is not Ruling.APPROVE:
        return _Tried(used, (*waiting, fresh)[-MOST:], verdict, evidence, waits=True)
    kept = alone
    for one in waiting:
        more = (*_without(kept, one), one)[-MOST:]
        if _ruled(kept, more, live, page)[1].ruling is Ruling.APPROVE:
            kept = more
    still = tuple(one for one in waiting if one not in kept)
    return _Tried(kept, still, verdict, evidence, waits=False)


def _ruled(
    used: _Pages, candidates: _Pages, live: Wordbook, page: ToldPage
) -> tuple[Evidence, Verdict]:
    """Return what is found of *candidates* beside *used*, and what follows for *page*."""
    evidence = compared(used, candidates)
    return evidence, _judged(evidence, teaches=_teaches(learned(candidates), live, page))


def _teaches(book: Wordbook, live: Wordbook, page: ToldPage) -> bool:
    """Whether what is put right on *page* is learned: read so by *book* where it is read again."""
    return all(
        book.text(one.read, one.sure) == one.written
        and not one.written == one.read == live.text(one.read, one.sure)
        for one in page.lines
        if one.is_told
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
            if line.written
        )
    return comparison.evidence()


def _judged(evidence: Evidence, *, teaches: bool) -> Verdict:
    """Rule on a wordbook: of few lines nobody can prove a gain, so it must read no line worse."""
    if harm := find_harm(evidence, HOUSEHOLD):
        return Verdict(Ruling.REJECT, (harm, Act(WAITS)))
    if evidence.turns and evidence.gain < 0:
        return Verdict(Ruling.WAIT, (Act(WAITS),))
    return Verdict(Ruling.APPROVE, (Act(LEARNED if teaches else NOTED),))


def _joined(pages: Sequence[ToldPage], fresh: ToldPage) -> ToldPage:
    """Return *fresh* with what was put right in the same picture before, on other lines."""
    before = next((one for one in pages if one.picture == fresh.picture), None)
    if before is None or len(before.lines) != len(fresh.lines):  # another reader sees other lines
        return fresh
    lines = (
        known if known.is_told and known.read == line.read and not line.is_told else line
        for known, line in zip(before.lines, fresh.lines, strict=True)
    )
    return replace(fresh, lines=tuple(lines))


def _without(pages: Iterable[ToldPage], *others: ToldPage) -> _Pages:
    gone = {one.picture for one in others}
    return tuple(one for one in pages if one.picture not in gone)


def _is_told(page: ToldPage, line: int) -> bool:
    return 0 <= line < len(page.lines) and page.lines[line].is_told


def _with_cut(page: ToldPage, line: int, cut: bytes) -> ToldPage:
    if not _is_told(page, line):
        return page
    lines = list(page.lines)
    lines[line] = replace(lines[line], cut=cut)
    return replace(page, lines=tuple(lines))


def _without_lines(
    pages: Iterable[ToldPage], is_meant: Callable[[ToldLine], bool]
) -> Iterator[ToldPage]:
    """Yield *pages* without what was put right in lines that are meant: nobody knows those.

    A page in which nothing else was put right is left out.
    """
    for page in pages:
        kept = tuple(
            ToldLine(one.read, "") if one.is_told and is_meant(one) else one for one in page.lines
        )
        if any(one.is_told for one in kept):
            yield page if kept == page.lines else replace(page, lines=kept)
