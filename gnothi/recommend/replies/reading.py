"""What somebody says after a prompt, understood: text in, an :class:`Answer` out.

>>> from gnothi.recommend.acts import Ask, Prompt
>>> from gnothi.recommend.catalogue_file import shipped
>>> replies = Replies(shipped("music"))
>>> answer = replies.read("hmm, ok, but nothing sad", Prompt(Ask.SUGGEST))
>>> answer.degree, [replies.catalogue.attributes[one].value for one in answer.dislikes]
(0.0, ['melancholic'])

Three things are read and joined: names of the catalogue, wanted or refused (``spotting``); how much
is liked what was prompted, and what is wanted of the conversation (``responses``); and, where two
things were offered, which one is taken. What a reply means for the prompt is decided last, by
rules: "no" refuses a suggestion, but is no opinion on "anything in mind?".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.replies import company, phrasing, responses
from gnothi.recommend.replies.choosing import Pick, picked, placed
from gnothi.recommend.replies.comparing import compared
from gnothi.recommend.replies.naming import ATTRIBUTE, Ear, Mention
from gnothi.recommend.replies.pointing import NOTHING, Pointed, neighbour, pointed
from gnothi.recommend.replies.polarity import Scope
from gnothi.recommend.replies.responses import (
    DEGREES,
    Direction,
    Encode,
    Reaction,
    Response,
    ResponseModel,
)
from gnothi.recommend.replies.spotting import (
    MAX_CHARACTERS,
    Kind,
    Spotted,
    Spotter,
    names_of,
    tokens_of,
)
from gnothi.text.normalise import fold
from gnothi.text.spelling import ORDINARY

LIKED, REFUSED = DEGREES[Reaction.YES], DEGREES[Reaction.NO]
"""The degree of what is taken or refused by its name."""
_STAND_INS = (phrasing.ATTRIBUTE, phrasing.ITEM)
_KEPT = 16_384
"""Replies that are remembered: simulated people repeat themselves."""
_FUZZY_CHARACTERS, _FUZZY_WORDS = 60, 8
"""Longest reply in which names are sought that only sound or look alike."""
_SURE = 0.7
"""How surely a reaction is read, for no names to be sought beyond exact ones."""
_SURE_YES = 0.7
"""How surely a yes is read, for it to be one in words that refuse: "I don't eat that" is none.

Of 2,517 replies to learn from, 4 of the 6 that refuse and are read as a yes less surely are a no;
more surely, none of 45."""
_SURE_NAME = 0.75
"""Score from which a name that only sounds or looks alike counts."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A reply, before it is known what it replies to."""

    spotted: Spotted
    response: Response
    pointed: Pointed = NOTHING
    """What is said of the thing that is offered, without its name."""
    guessed: tuple[int, ...] = ()
    """Attributes that only sound or look like what was said."""
    guessed_items: tuple[int, ...] = ()
    guessed_similar: tuple[int, ...] = ()
    """Items that are gone by, likewise."""
    sureness: float = 1.0
    """Of what was guessed."""


class Replies:
    """Understands replies about one catalogue; make it once and keep it."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        model: ResponseModel | None = None,
        encode: Encode | None = None,
        people: Mapping[str, str] | None = None,
        is_fuzzy: bool = True,
    ) -> None:
        """Get ready for the names of *catalogue*.

        *encode* is the shared encoder's: with it, reactions are right more often, and a reply
        takes milliseconds instead of a tenth of one. *people* are names of the household with their
        ids, for who else is there. *is_fuzzy* also finds names that only sound or look like what
        was said, where nothing else is understood; simulations go without.
        """
        self.catalogue = catalogue
        self._model = model or responses.shipped()
        self._encode = encode
        self._people = {name.casefold(): one for name, one in (people or {}).items()}
        self._ear = Ear(catalogue) if is_fuzzy else None
        self._spotter = Spotter(
            catalogue,
            ordinary=(name for name in self._model.features if name.isalpha()),
            feelings=self._model.lexicon,
            stand_ins=_STAND_INS,
        )
        self._read = lru_cache(_KEPT)(self._answer)
        self._understood = lru_cache(_KEPT)(self._understand)
        self._telling_words = lru_cache(_KEPT)(self._find_telling_words)

    def prepare(self) -> None:
        """Build what misheard names are looked up in: seconds for ten thousand titles."""
        if self._ear is not None:
            self._ear.attributes("?")
            self._ear.best_titles("?")

    def read(self, text: str, prompt: Prompt) -> Answer:
        """Return what *text* answers to *prompt*; an empty answer for what isn't understood."""
        return self._read(text[:MAX_CHARACTERS], prompt)

    def _answer(self, text: str, prompt: Prompt) -> Answer:
        found = self._understood(text, prompt.values)
        answer = self._about(self._reacting(found), found, text, prompt)
        return replace(answer, sureness=_sureness(answer, found, prompt))

    def _about(self, answer: Answer, found: Understood, text: str, prompt: Prompt) -> Answer:
        """Return what *answer* means after *prompt*."""
        if prompt.ask is Ask.COMPANY:
            others = company.answered(text, self._people, answer.degree)
            is_unsure = answer.is_unsure and others is None
            return replace(answer, degree=None, company=others, is_unsure=is_unsure)
        others = company.told(text, self._people)
        if others is not None:
            answer = replace(answer, company=others)
        answer = self._pointing(answer, found.pointed, prompt)
        if len(prompt.values) > 1:
            answer = self._choosing(answer, found, text, prompt.values)
        if prompt.ask is Ask.OPEN:
            return _unasked(answer, is_unknown=found.spotted.refuses_unknown)
        return _liking(answer, prompt)

    def _reacting(self, found: Understood) -> Answer:
        """Return the answer as far as it does not depend on the prompt."""
        spotted, response = found.spotted, found.response
        likes = (*spotted.numbers(Scope.WANTED), *found.guessed)
        dislikes = tuple(one for one in spotted.numbers(Scope.REFUSED) if one not in likes)
        items = (*spotted.items, *found.guessed_items)
        similar = (*spotted.similar, *found.guessed_similar)
        wish = response.wish
        if (likes or items or similar) and (wish is not Wish.PLAY or (similar and not items)):
            wish = Wish.NONE  # "more jazz", "stop that, play Queen": what is named goes on
        is_unsure = response.reaction is Reaction.UNSURE and not (wish or likes or items or similar)
        return Answer(
            degree=REFUSED if _is_no_yes(found) else response.degree,
            likes=likes,
            dislikes=dislikes,
            items=items,
            similar=similar,
            refused=tuple(dict.fromkeys(n for n in self._refused(spotted) if n not in items)),
            wish=wish,
            is_unsure=is_unsure,
        )

    def _refused(self, spotted: Spotted) -> Iterator[int]:
        """Yield the items that are refused: of who made them, all."""
        creators = self.catalogue.creators
        for one in spotted.mentions:
            if one.kind is Kind.CREATOR and one.scope is Scope.REFUSED:
                creator = creators[one.number]
                yield from (at for at, other in enumerate(creators) if other == creator)
            elif one.kind is Kind.ITEM and one.scope is Scope.REFUSED:
                yield one.number

    def _understand(self, text: str, expected: tuple[int, ...]) -> Understood:
        spotted = self._spotter.spot(text, expected)
        about, masked = pointed(spotted.text, _STAND_INS)
        response = self._model.read(masked, self._encode)
        plain = Understood(spotted, response, about)
        is_settled = spotted.mentions or spotted.refuses or not _is_open(response)
        if self._ear is None or is_settled or len(text) > _FUZZY_CHARACTERS:
            return plain
        words = sum(token.form.isalnum() for token in spotted.tokens)
        return self._guess(plain, self._ear, text) if 0 < words <= _FUZZY_WORDS else plain

    def _guess(self, plain: Understood, ear: Ear, text: str) -> Understood:
        """Look for names that sound or look like what was said; attributes come first."""
        heard = [one for one in ear.attributes(text) if one.score >= _SURE_NAME]
        heard = heard or [one for one in ear.titles(text) if one.score >= _SURE_NAME]
        heard = heard or [one for one in ear.best_titles(text, 1) if one.score >= _SURE_NAME]
        named = [one for one in heard if not self._spotter.is_ordinary(text[one.start : one.end])]
        if not named:
            return plain
        facts = tuple(dict.fromkeys(one.number for one in named if one.kind == ATTRIBUTE))
        items = dict.fromkeys(one.number for one in named if one.kind != ATTRIBUTE)
        similar = dict.fromkeys(_gone_by(plain.spotted, named))
        return replace(
            plain,
            guessed=facts,
            guessed_items=tuple(one for one in items if one not in similar),
            guessed_similar=tuple(similar),
            sureness=min(one.score for one in named),
        )

    def _pointing(self, answer: Answer, about: Pointed, prompt: Prompt) -> Answer:
        """Read what is said of the thing that is offered as if it were named."""
        if about.is_refused and answer.is_unsure:
            return replace(answer, degree=REFUSED, is_unsure=False)
        if prompt.item is None:
            return answer
        if about.is_likened and not (answer.items or answer.similar):
            return replace(
                answer,
                degree=max(answer.degree or 0.0, LIKED),
                similar=(prompt.item,),
                wish=Wish.MORE,
                is_unsure=False,
            )
        decade = neighbour(self.catalogue, prompt.item, about.age) if about.age else None
        if decade is None:
            return answer
        return replace(answer, likes=(*answer.likes, decade), is_unsure=False)

    def _choosing(
        self, answer: Answer, found: Understood, text: str, values: tuple[int, ...]
    ) -> Answer:
        """Read which of several values is taken: by name, place, or part of a name."""
        pick = picked(text)
        if pick is Pick.NONE:
            refused = tuple(dict.fromkeys((*answer.dislikes, *values)))
            return replace(answer, degree=REFUSED, dislikes=refused, is_unsure=False)
        liked = [one for one in values if one in answer.likes]
        if len(liked) == 1:
            return _taken(answer, liked[0])
        if pick is Pick.ANY and not liked:
            return replace(answer, degree=None, is_unsure=not answer.wish)
        if pick is Pick.ALL and not (answer.degree is not None and answer.degree < 0):
            likes = tuple(dict.fromkeys((*values, *answer.likes)))
            return replace(answer, degree=LIKED, likes=likes, is_unsure=False)
        if place := placed(text, len(values)):
            return _placed(answer, values[place[0]], is_refused=place[1])
        if answer.dislikes:
            return _partly(answer, values)
        named = self._named_in_part(found, values)
        if named is None:
            return answer
        return _taken(replace(answer, likes=()), named)

    def _named_in_part(self, found: Understood, values: tuple[int, ...]) -> int | None:
        """Return the value whose own words were said: "alternative" of "alternative rock"."""
        words, tokens = self._telling_words(values), found.spotted.tokens
        for one in found.spotted.mentions:
            if any(token.form not in words for token in tokens[one.first : one.last]):
                return None
        said = {words[token.form] for token in tokens if token.form in words}
        return said.pop() if len(said) == 1 else None

    def _find_telling_words(self, values: tuple[int, ...]) -> Mapping[str, int]:
        """Return words that occur in the names of one of *values* only."""
        words: dict[str, set[int]] = {}
        for value in values:
            for name in names_of(self.catalogue.attributes[value]):
                for token in tokens_of(fold(name)):
                    words.setdefault(token.form, set()).add(value)
        return {
            word: min(of)
            for word, of in words.items()
            if len(of) == 1 and len(word) > 2 and word not in ORDINARY
        }


def _is_open(response: Response) -> bool:
    """Return whether a reply may yet hold a name: it neither surely reacts nor wishes."""
    return response.sureness < _SURE or (response.reaction is Reaction.NONE and not response.wish)


def _gone_by(spotted: Spotted, named: Sequence[Mention]) -> Iterator[int]:
    """Yield the items that are only gone by, of those that sound or look like what was said."""
    spans = {
        (at, at + 1): one.number
        for one in named
        for at, token in enumerate(spotted.tokens)
        if one.kind != ATTRIBUTE and one.start <= token.start < one.end
    }
    forms = [token.form for token in spotted.tokens]
    for number, is_compared in zip(spans.values(), compared(forms, [*spans]), strict=True):
        if is_compared:
            yield number


def _is_no_yes(found: Understood) -> bool:
    """Return whether what is read as a yes hardly is one: something is refused."""
    response = found.response
    is_yes = response.direction is Direction.FOR and response.sureness < _SURE_YES
    return is_yes and found.spotted.refuses


def _sureness(answer: Answer, found: Understood, prompt: Prompt) -> float:
    """Return the probability that all of an answer is right: 0 for an empty one.

    Where names decide (of a choice, after an open question, or where nothing else was said), how
    they are liked doesn't matter.
    """
    if answer.is_empty:
        return 0.0
    response = found.response
    is_plain = prompt.ask is Ask.OPEN or response.reaction is Reaction.NONE
    is_decided = answer.chosen is not None or answer.company is not None
    is_named = is_decided or (is_plain and answer.is_named)
    wished = response.wish_sureness if is_named else response.sureness
    return round(wished * found.sureness, 4)


def _unasked(answer: Answer, *, is_unknown: bool) -> Answer:
    """Read the answer to an open question: there is nothing to like, and "no" is no opinion.

    Who refuses something *unknown* ("allergic to nuts") has an opinion, but was not understood.
    """
    is_told = answer.is_named or answer.wish or is_unknown
    is_no = answer.degree is not None and answer.degree < 0
    return replace(answer, degree=None, is_unsure=not is_told and (answer.is_unsure or is_no))


def _liking(answer: Answer, prompt: Prompt) -> Answer:
    """Read names of what was prompted as liking or refusing it."""
    if answer.degree is not None:
        return answer
    if prompt.item is not None and prompt.item in (*answer.items, *answer.similar):
        return replace(answer, degree=LIKED)
    if prompt.item in answer.refused:
        return replace(answer, degree=REFUSED)
    if prompt.values and set(prompt.values) <= set(answer.dislikes):
        return replace(answer, degree=REFUSED)
    if not set(prompt.values).isdisjoint(answer.likes):
        return replace(answer, degree=LIKED)
    return answer


def _taken(answer: Answer, value: int) -> Answer:
    """Return *answer* with *value* chosen; a degree against it would contradict."""
    likes = tuple(one for one in answer.likes if one != value)
    is_for = answer.degree is not None and answer.degree > 0
    degree = answer.degree if is_for else None
    return replace(answer, chosen=value, likes=likes, degree=degree, is_unsure=False)


def _partly(answer: Answer, values: tuple[int, ...]) -> Answer:
    """Return *answer* without a no to all *values* where it names the one that is refused."""
    refused = set(values) & set(answer.dislikes)
    is_no = answer.degree is not None and answer.degree < 0
    if is_no and refused and len(refused) < len(values):
        return replace(answer, degree=None)
    return answer


def _placed(answer: Answer, value: int, *, is_refused: bool) -> Answer:
    if is_refused:
        return replace(answer, degree=None, dislikes=(*answer.dislikes, value))
    return _taken(answer, value)
