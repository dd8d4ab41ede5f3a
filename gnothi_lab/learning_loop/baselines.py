"""What anybody would try first."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from gnothi.language.rewrites import Rewrite, RewriteTable
from gnothi.learning.outcomes import SOON, Turn
from gnothi.learning.rewrites import Limits
from gnothi.text.tokenise import request_key


def most_frequent_rephrase(turns: Sequence[Turn], limits: Limits | None) -> RewriteTable:
    """Rewrite what failed to what was most often said next, with the same support.

    *turns* come session by session, in order of time.
    """
    limits = limits or Limits()
    said: defaultdict[str, Counter[str]] = defaultdict(Counter)
    people: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for turn, following in pairwise(turns):
        soon = following.session == turn.session and following.at - turn.at <= SOON
        before, after = request_key(turn.heard), request_key(following.heard)
        if turn.failed and soon and before != after:
            said[before][after] += 1
            people[before, after].add(turn.person)
    found: list[Rewrite] = []
    for before, counts in said.items():
        after, number = min(counts.items(), key=lambda one: (-one[1], one[0]))
        if number >= limits.support and len(people[before, after] - {""}) >= limits.people:
            found.append(Rewrite(before, after))
    return RewriteTable(found)
