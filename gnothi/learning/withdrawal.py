"""Taking back: what fails once it is live, what nobody wants, what only one voice has taught.

What is taken out of the live table is taken out of a candidate under way, too, which goes on
without it. What has failed is not learned again.
"""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias, cast

from gnothi.language.phrases import Phrase, Phrases
from gnothi.language.rewrites import NAME, Rewrite, RewriteTable
from gnothi.learning import phrases as phrasing
from gnothi.learning import rewrites as learner
from gnothi.learning.mining import Account, Aggregates, Scope
from gnothi.learning.parts import as_phrase, as_rewrite
from gnothi.learning.rollout import Phase
from gnothi.learning.tables import Tables, is_among, phrase_key, said, trusted
from gnothi.learning.turns import Log
from gnothi.learning.watch import PhraseUse, Use, concerned, failing, phrase_uses, uses
from gnothi.learning.workshop import Track, UnderWay, Workshop

Learns: TypeAlias = Callable[[Collection[Account]], Phrases]
"""Learns phrases where some accounts count as one voice."""
_BLOCKED = "withdrawn.json"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Takes rewrites and phrases back, and lets them be live again."""

    shop: Workshop
    tables: Tables
    track: Track
    everyone: learner.Limits
    """What a rewrite must show for everybody to have it."""
    phrases: phrasing.Limits | None
    """Likewise a phrase; ``None`` where none are learned."""

    def of_failing(self, log: Log) -> tuple[Use, ...]:
        """Take live rewrites back that fail more often than what they stand for."""
        live = self.tables.live()
        bad = tuple(failing(uses(concerned(log, live), live))) if len(live) else ()
        gone = {use.rewrite.id for use in bad}
        if gone:
            reason = "withdrawn: " + ", ".join(sorted(gone))
            self._take_out(lambda one: one.id in gone, lambda _: False, reason=reason)
            self._block(use.rewrite for use in bad)
        return bad

    def of_failing_phrases(self, log: Log) -> tuple[PhraseUse, ...]:
        """Take live phrases back that fail more often than not."""
        phrases = self.tables.live_phrases()
        if not (self.phrases and self.phrases.watched and len(phrases)):
            return ()
        turns = concerned(log, RewriteTable(()))
        bad = tuple(use for use in phrase_uses(phrases, turns) if use.fails)
        lost = {phrase_key(use.phrase) for use in bad}
        if lost:
            reason = "withdrawn: phrases that fail"
            self._take_out(lambda _: False, lambda one: phrase_key(one) in lost, reason=reason)
        return bad

    def of_colluding(self, together: Collection[Account], learn: Learns) -> frozenset[str]:
        """Take back what only accounts that push things *together* have taught everybody.

        Returns the ids of what answered until now.
        """
        before = {one.id for one in self.tables.learned()}
        lost = self._enough(()) - self._enough(together)
        gone = set(map(phrase_key, learn(()))) - set(map(phrase_key, learn(together)))
        self._take_out(
            lambda one: one.person is None and not lost.isdisjoint(pairwise(_way(one))),
            lambda one: one.person is None and phrase_key(one) in gone,
            reason="withdrawn: taught by accounts that push things together",
        )
        return frozenset(before - {one.id for one in self.tables.learned()})

    def forget(self, ids: Iterable[str], *, reason: str) -> list[Rewrite]:
        """Take what is called *ids* out; see :meth:`RewriteCycle.forget`."""
        gone = frozenset(ids)
        under_way = self.track.read()
        found = [one for one in self.tables.learned() if is_among(one, gone)]

        def is_unwanted(one: Phrase) -> bool:
            return is_among(as_rewrite(one), gone)

        if found:
            kept = [one for one in self.tables.live() if not is_among(one, gone)]
            left = self.tables.live_phrases().without(is_unwanted)
            self.tables.make_live(kept, phrases=left, reason=reason)
        if under_way is not None:
            tried = self.tables.table(under_way.state.version)
            left = self.tables.phrases(under_way.state.version).without(is_unwanted)
            self._go_on(under_way, [one for one in tried if not is_among(one, gone)], left)
        return found

    def put_back(self, rewrites: Iterable[Rewrite], *, reason: str) -> None:
        """Let *rewrites* that were live before be live again."""
        under_way, wanted = self.track.read(), list(rewrites)
        back = {one.id: one for one in wanted if not one.part}
        parts = [as_phrase(one) for one in wanted if one.part]
        live = {one.id: one for one in self.tables.live()} | back
        phrases = self._with(self.tables.live_phrases(), parts)
        self.tables.make_live(live.values(), phrases=phrases, reason=reason)
        if under_way is not None:
            version = under_way.state.version
            tried = {one.id: one for one in self.tables.table(version)} | back
            self._go_on(under_way, tried.values(), self._with(self.tables.phrases(version), parts))

    def failed(self) -> frozenset[tuple[str, str]]:
        """Return ids and targets of rewrites that have failed: they are not learned again."""
        path = self.shop.folder / _BLOCKED
        if not path.exists():
            return frozenset()
        rows: list[list[str]] = json.loads(path.read_text(encoding="utf-8"))
        return frozenset((str(name), str(target)) for name, target in rows)

    def _block(self, rewrites: Iterable[Rewrite]) -> None:
        rows = sorted({*self.failed(), *map(said, rewrites)})
        self.shop.folder.mkdir(parents=True, exist_ok=True)
        (self.shop.folder / _BLOCKED).write_text(json.dumps(rows), encoding="utf-8")

    def _enough(self, one_voice: Collection[Account]) -> set[tuple[str, str]]:
        """Return the steps that enough different people have taken to teach everybody."""
        counted = Aggregates(self.shop.engine(), self.shop.folder / Scope.EVERYONE)
        rows = counted.pairs(
            people=self.everyone.people,
            households=self.everyone.households,
            days=self.everyone.days,
            one_voice=one_voice,
        )
        return set(zip(rows["before"].to_pylist(), rows["after"].to_pylist(), strict=True))

    def _with(self, phrases: Phrases, more: Iterable[Phrase]) -> Phrases:
        """Return *phrases* and *more*, used as is usual here."""
        limits = self.phrases or phrasing.Limits()
        together = [*phrases, *more]
        return Phrases(together, threshold=limits.threshold, most=limits.most)

    def _go_on(self, under_way: UnderWay, left: Iterable[Rewrite], phrases: Phrases) -> None:
        """Go on with what is *left* of a candidate; its turns so far go on counting.

        One that serves already begins anew: what it has shown, it has shown as a whole.
        """
        table = RewriteTable(left)
        nothing = set(map(said, table)) <= set(map(said, self.tables.live()))
        nothing = nothing and trusted(phrases) <= trusted(self.tables.live_phrases())
        if nothing or under_way.state.phase is not Phase.SHADOW:
            self.track.forget()
            return
        state = replace(under_way.state, version=self.tables.put(table, phrases=phrases))
        self.track.keep(replace(under_way, state=state))

    def _take_out(
        self, bad: Callable[[Rewrite], bool], unwanted: Callable[[Phrase], bool], *, reason: str
    ) -> None:
        """Take *bad* rewrites and *unwanted* phrases out of what is live and of what is under way.

        A candidate goes on without them, with what the rest of it has shown so far.
        """
        tables, registry, under_way = self.tables, self.tables.registry, self.track.read()
        live, phrases = tables.live(), tables.live_phrases()
        kept, left = [one for one in live if not bad(one)], phrases.without(unwanted)
        changed = len(kept) < len(live) or len(left) < len(phrases)
        if changed:
            tables.make_live(kept, phrases=left, reason=reason)
        if under_way is None:
            return
        state = under_way.state
        tried = [one for one in tables.table(state.version) if not bad(one)]
        version = tables.put(tried, phrases=tables.phrases(state.version).without(unwanted))
        if version == state.version and not changed:
            return
        if version == tables.serving:
            registry.end_canary(NAME, reason=reason)
            self.track.forget()
            return
        if state.phase is Phase.CANARY:
            registry.start_canary(NAME, version, state.share, reason=reason)
        self.track.keep(replace(under_way, state=replace(state, version=version)))


def _way(one: Rewrite) -> list[str]:
    """Return the interpretations from what was said to what it became."""
    via = cast("list[str]", one.evidence.get("via", []))
    before, after = (str(one.evidence.get(name, "")) for name in ("before", "after"))
    return [before, *via, after]
