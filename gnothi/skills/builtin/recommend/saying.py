"""What is said in a conversation about what to choose, as acts; the words are in ``en.ftl``.

How well it goes sets which of several wordings is taken. It never sets what is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gnothi.core.acting import Act
from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.catalogue import Attribute
from gnothi.recommend.conversation import Conversation
from gnothi.recommend.course import LIKED, REFUSED, Turn
from gnothi.recommend.replies.company import GUEST
from gnothi.skills.builtin.recommend.shelves import Shelf

WORDINGS = 6
"""How many wordings a message has at most; each is taken before one comes again."""
SHOWN = {"genre": 2, "mood": 2, "decade": 1, "country": 1, "cuisine": 1, "ingredient": 2}
"""How many facts of a facet are told; one of any other."""
_PLACES = frozenset({"country"})
_BRILLIANT = 0.9


@dataclass(slots=True)
class Voice:
    """Says what a conversation means, never twice in the same words if there are others."""

    shelf: Shelf
    talk: Conversation
    names: dict[str, str]
    """Names of the people of the household, by id."""
    said: dict[str, int] = field(default_factory=dict[str, int])
    """How often each message was said."""
    start: int = 0
    """With which wording to begin; different from talk to talk."""

    def say(self, key: str, **values: object) -> Act:
        """Return the act *key* in the next of its wordings."""
        count = self.said.get(key, 0)
        self.said[key] = count + 1
        shared = {"kind": self.shelf.kind, "tone": self.talk.signs.tone.value}
        return Act(
            f"recommend-{key}", {**shared, "variant": (self.start + count) % WORDINGS, **values}
        )

    def prompt(self, prompt: Prompt) -> Act:
        """Return the act for a question or an offer."""
        if prompt.item is not None:
            return self._offer(prompt.ask, prompt.item)
        match prompt.ask, [self.value(one) for one in prompt.values]:
            case Ask.COMPANY, _:
                return self.say("company")
            case Ask.CHOICE, [one, other]:
                return self.say("choice", first=one, second=other)
            case _, [one, other]:
                return self.say("suggest-two", first=one, second=other)
            case _, [one]:
                return self.say("suggest", value=one)
            case _:
                is_new = not self.talk.turns and "open" not in self.said
                return self.say("open" if is_new else "open-again")

    def heard(self, turn: Turn) -> Act | None:
        """Return how it is shown that an answer was understood; ``None`` where it goes without."""
        answer = turn.answer
        taken = self._taken(turn)
        if answer.wish is Wish.SURPRISE:
            return self.say("surprise")
        named = (*answer.items, *answer.similar)
        if named and turn.prompt.item not in named:
            return self.say("noted-items", names=[self.title(one) for one in named[:2]])
        refused = self._refused(turn)
        if taken and refused:
            return self.say("noted-both", likes=taken, dislikes=refused)
        if refused:
            return self.say("noted-dislikes", dislikes=refused)
        if taken:
            return self.say("noted-likes", likes=taken)
        if turn.prompt.ask is Ask.COMPANY or answer.company is not None:
            return self._met(answer)
        return self._reacted(turn)

    def about(self, item: int) -> Act:
        """Return what is known of an item, in a sentence; what they asked for comes first."""
        found = self.shelf.catalogue.item(item)
        wanted = {self.shelf.catalogue.attributes[one] for one in wanted_of(self.talk)}
        facts = sorted(found.facts, key=lambda one: one not in wanted)
        known = {facet: self._told(facts, facet) for facet in self.shelf.catalogue.facets}
        names = ("genre", "mood", "decade", "country", "language", "cuisine", "ingredient")
        told = {name: known.get(name, []) for name in (*names, "effort", "season", "diet")}
        return Act(
            f"recommend-facts-{self.shelf.kind}",
            {
                "title": found.title,
                "creator": found.creator,
                "has_creator": bool(found.creator),
                **told,
            },
        )

    def tell(self, item: int) -> Act:
        """Return more and more of what is known of an item."""
        key = f"told {self.shelf.catalogue.ids[item]}"
        is_told = key in self.said
        self.said[key] = 1
        if not is_told:
            return self.about(item)
        facts = [label(one) for one in self.shelf.catalogue.item(item).facts]
        return self.say("all-facts", title=self.title(item), facts=facts)

    def why(self, item: int) -> Act:
        """Return why an item is suggested."""
        wanted = [one for one in wanted_of(self.talk) if one in self._facts(item)]
        liked = [one for one in self.talk.moment().course.liked if one != item]
        if wanted:
            return self.say("why-wanted", title=self.title(item), wanted=self._values(wanted[:3]))
        if liked:
            return self.say("why-alike", title=self.title(item), other=self.title(liked[0]))
        known = self.talk.recommender.knows(self.talk.person) and not self.talk.is_guest
        return self.say("why-history" if known else "why-popular", title=self.title(item))

    def value(self, value: int) -> Act:
        """Return an attribute the way it stands in a sentence: "something from the sixties"."""
        one = self.shelf.catalogue.attributes[value]
        return Act("recommend-value", {"facet": one.facet, "label": label(one)})

    def demand(self, values: Sequence[int], *, is_refused: bool) -> Act:
        """Return values of one facet that are wanted, or refused: "nothing with onions"."""
        [(facet, labels)] = self._by_facet(values)
        if is_refused:
            return Act("recommend-none", {"facet": facet, "choices": labels})
        return Act("recommend-value", {"facet": facet, "label": labels})

    def played(self, item: int) -> Act:
        """Return the end: something was played, or agreed to that can't be played here.

        Of an artist whom nobody here can play that is said, if it was not yet.
        """
        title, owned = self.title(item), item in self.shelf.owned
        if self.shelf.kind != "artist" or item in self.shelf.tracks or self._told_of(item):
            return self.say("enjoy", title=title)
        return self.say("enjoy-elsewhere", title=title, owned=owned)

    def _told_of(self, item: int, *, now: bool = False) -> bool:
        """Whether it was said of *item* that it can't be played here; *now* it is."""
        key = f"elsewhere {self.shelf.catalogue.ids[item]}"
        is_told = key in self.said
        if now:
            self.said[key] = 1
        return is_told

    def title(self, item: int) -> str:
        """Return what an item is called, without dots at the end: it stands in sentences."""
        return self.shelf.catalogue.titles[item].rstrip(".…")

    def _offer(self, ask: Ask, item: int) -> Act:
        values = {
            "title": self.title(item),
            "facts": self.about(item),
            "owned": item in self.shelf.owned,
        }
        if ask is Ask.SAMPLE:
            return self.say("sample" if item in self.shelf.tracks else "named", **values)
        if item in self.shelf.tracks:
            return self.say("play", **values)
        if self.is_agreed(item):
            self._told_of(item, now=True)
            return self.say("settled", **values)
        is_told = self.shelf.kind != "artist" or "pick-elsewhere" in self.said
        self._told_of(item, now=not is_told)
        return self.say("pick" if is_told else "pick-elsewhere", **values)

    def is_agreed(self, item: int) -> bool:
        """Whether they said that they want *item*: they liked it, or named it."""
        liked = any(turn.prompt.item == item and turn.is_liked for turn in self.talk.turns)
        return liked or bool(self.talk.turns and item in self.talk.turns[-1].answer.items)

    def _taken(self, turn: Turn) -> list[Act]:
        answer = turn.answer
        chosen = () if answer.chosen is None else (answer.chosen,)
        return self._values(dict.fromkeys((*chosen, *answer.likes)))

    def _refused(self, turn: Turn) -> list[Act]:
        """Return what they named to refuse it; what was offered needs no naming."""
        named = [one for one in turn.answer.dislikes if one not in turn.prompt.values]
        items = self._called([one for one in turn.answer.refused if one != turn.prompt.item])
        choices = [*self._by_facet(named), *([("item", items)] if items else [])]
        return [
            Act("recommend-none", {"facet": facet, "choices": labels}) for facet, labels in choices
        ]

    def _called(self, items: Sequence[int]) -> list[str]:
        """Return what *items* are called, several by one creator by that name."""
        creators = [self.shelf.catalogue.creators[one] for one in items]
        named = [
            creator if creator and creators.count(creator) > 1 else self.title(item)
            for item, creator in zip(items, creators, strict=True)
        ]
        return list(dict.fromkeys(named))

    def _values(self, values: Iterable[int]) -> list[Act]:
        """Return attributes as they stand in a sentence, those of one facet together."""
        return [
            Act("recommend-value", {"facet": facet, "label": labels})
            for facet, labels in self._by_facet(values)
        ]

    def _by_facet(self, values: Iterable[int]) -> list[tuple[str, list[str]]]:
        found: dict[str, list[str]] = {}
        for value in values:
            one = self.shelf.catalogue.attributes[value]
            found.setdefault(one.facet, []).append(label(one))
        return list(found.items())

    def _met(self, answer: Answer) -> Act:
        if not answer.company:
            return self.say("alone" if answer.company is not None else "unsure")
        known = [self.names[one] for one in answer.company if one in self.names]
        return self.say("together", names=known) if known else self.say("with-guests")

    def _reacted(self, turn: Turn) -> Act | None:
        answer = turn.answer
        if answer.wish is Wish.MORE:
            return self.say("more")
        if answer.wish is Wish.PLAY:
            return None
        if answer.is_unsure or answer.degree is None:
            return self.say("unsure") if answer.is_unsure else None
        if answer.degree < REFUSED:
            return self.say("refused-strongly" if answer.degree < -_BRILLIANT else "refused")
        if answer.degree < LIKED:
            return self.say("lukewarm")
        return self.say("loved" if answer.degree >= _BRILLIANT else "liked")

    def _told(self, facts: Sequence[Attribute], facet: str) -> list[str]:
        return [label(one) for one in facts if one.facet == facet][: SHOWN.get(facet, 1)]

    def _facts(self, item: int) -> set[int]:
        return set(self.shelf.catalogue.facts(item).tolist())


def wanted_of(talk: Conversation) -> list[int]:
    """Return the attributes that they asked for or agreed to, the last ones first."""
    found: dict[int, None] = {}
    for turn in reversed(talk.turns):
        answer = turn.answer
        chosen = () if answer.chosen is None else (answer.chosen,)
        agreed = turn.prompt.values if turn.is_liked and not (chosen or answer.likes) else ()
        found.update(dict.fromkeys((*chosen, *answer.likes, *agreed)))
    return list(found)


def label(one: Attribute) -> str:
    """Return how an attribute is written: countries and languages with capitals."""
    if one.facet in _PLACES:
        return " ".join(
            word if word in ("the", "of", "and") else word.capitalize()
            for word in one.label.split()
        )
    if one.facet == "cuisine" or (one.facet == "language" and one.label == one.value):
        return one.label.title()
    return one.label


def is_guest_company(company: Sequence[str] | None) -> bool:
    """Whether somebody is there of whom nothing is known."""
    return bool(company) and GUEST in (company or ())
