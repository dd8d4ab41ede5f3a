"""What somebody says after a prompt, understood: text in, an :class:`Answer` out.

>>> from gnothi.recommend.acts import Ask, Prompt
>>> from gnothi.recommend.catalogue_file import shipped
>>> replies = Replies(shipped("music"))
>>> answer = replies.read("hmm, ok, but nothing sad", Prompt(Ask.SUGGEST))
>>> answer.degree, [replies.catalogue.attributes[one].value for one in answer.dislikes]
(0.0, ['melancholic'])

Three things are read and joined: names of the catalogue, wanted or refused
(:mod:`~gnothi.recommend.spotting`); how much is liked what was prompted, and what is wanted of the
conversation (:mod:`~gnothi.recommend.responses`); and, where two things were offered, which one
is taken. What a reply means for the prompt is decided last, by rules: "no" refuses a suggestion,
but is no opinion on "anything in mind?".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gnothi.recommend import responses
from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.naming import ATTRIBUTE, Ear
from gnothi.recommend.polarity import Scope
from gnothi.recommend.responses import DEGREES, Encode, Reaction, Response, ResponseModel
from gnothi.recommend.spotting import MAX_CHARACTERS, Spotted, Spotter, names_of, tokens_of
from gnothi.text.normalise import fold

LIKED, REFUSED = DEGREES[Reaction.YES], DEGREES[Reaction.NO]
"""The degree of what is taken or refused by its name."""
ALONE, IN_COMPANY = -1.0, 1.0
"""The degree of an answer to "is anybody listening with you?"."""
_KEPT = 16_384
"""Replies that are remembered: simulated people repeat themselves."""
_FUZZY_WORDS = 8
"""Longest reply in which names are sought that sound or look alike."""
_SURE = 0.7
"""How surely a reaction is read, for no names to be sought beyond exact ones."""
_SURE_NAME = 0.75
"""Score from which a name that only sounds or looks alike counts."""
_ORDER: Mapping[str, int] = {
    **dict.fromkeys(("first", "1st", "former", "one"), 0),
    **dict.fromkeys(("second", "2nd", "latter", "last", "two", "other"), 1),
}
_PICKS = re.compile(
    r"\b(?:(not|no|nah|never|anything but|don'?t (?:want|like))\s+)?"
    r"(?:the\s+(first|1st|former|second|2nd|latter|last|other)(?:\s+(?:one|option|choice|thing))?"
    r"|(?:number|option|choice)\s+(one|two))\s*(?:$|[,.!]|please\b|then\b|i\b|sounds|is\b|would)"
    r"|^(first|1st|former|second|2nd|latter)(?:\s+one)?(?:\s+please)?\W*$",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\bboth\b(?!.*\b(?:same|hate|awful|terrible|mind)\b)", re.IGNORECASE)
_NEITHER = re.compile(
    r"\b(?:neither|none of (?:them|these|those)|not either|nor the other)\b"
    r"|\bdon'?t (?:like|want) (?:either|any of)\b",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"\b(?:either|whichever|any of them|both (?:are )?(?:fine|ok|okay|good|work)"
    r"|(?:doesn'?t|don'?t) (?:matter|mind)(?: which)?|no preference|same to me)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?:alone|(?:just|only) me|by myself|on my own|nobody|no ?one|only myself|just myself"
    r"|not right now|solo|me and myself)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:we|us|everybody|everyone|all of us|family|wife|husband|partner|girlfriend|boyfriend"
    r"|kids?|children|son|daughter|friends?|mates?|guests?|mum|mom|dad|parents|grandchildren"
    r"|brother|sister|colleagues?|baby|the boys|the girls|(?:two|three|four|five) of us)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Understood:
    """A reply, before it is known what it replies to."""

    spotted: Spotted
    response: Response
    guessed: tuple[int, ...] = ()
    """Attributes that only sound or look like what was said."""
    guessed_items: tuple[int, ...] = ()
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
        is_fuzzy: bool = True,
    ) -> None:
        """Get ready for the names of *catalogue*.

        *encode* is the shared encoder's: with it, reactions are right more often, and a reply
        takes milliseconds instead of a tenth of one. *is_fuzzy* also finds names that only sound or
        look like what was said, where nothing else is understood; simulations go without.
        """
        self.catalogue = catalogue
        self._model = model or responses.shipped()
        self._encode = encode
        self._ear = Ear(catalogue) if is_fuzzy else None
        self._spotter = Spotter(
            catalogue,
            ordinary=(name for name in self._model.features if name.isalpha()),
            feelings=self._model.lexicon,
            stand_ins=(responses.ATTRIBUTE, responses.ITEM),
        )
        self._known: dict[tuple[str, tuple[int, ...]], Understood] = {}
        self._choices: dict[tuple[int, ...], Mapping[str, int]] = {}

    def read(self, text: str, prompt: Prompt) -> Answer:
        """Return what *text* answers to *prompt*; an empty answer for what isn't understood."""
        text = text[:MAX_CHARACTERS]
        found = self._understood(text, prompt.values)
        answer = self._answer(found, text, prompt)
        return replace(answer, sureness=_sureness(answer, found, prompt))

    def _answer(self, found: Understood, text: str, prompt: Prompt) -> Answer:
        answer = _reacting(found)
        if prompt.ask is Ask.COMPANY:
            return _company(answer, text)
        if len(prompt.values) > 1:
            answer = self._choosing(answer, found, text, prompt)
        if prompt.ask is Ask.OPEN:
            return _unasked(answer)
        return _about(answer, prompt)

    def _understood(self, text: str, expected: tuple[int, ...]) -> Understood:
        key = (text, expected)
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = self._understand(text, expected)
        return self._known[key]

    def _understand(self, text: str, expected: Sequence[int]) -> Understood:
        spotted = self._spotter.spot(text, expected)
        response = self._model.read(spotted.text, self._encode)
        plain = Understood(spotted, response)
        is_settled = spotted.mentions or spotted.refuses or not _is_open(response)
        if self._ear is None or is_settled:
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
        items = tuple(dict.fromkeys(one.number for one in named if one.kind != ATTRIBUTE))
        score = min(one.score for one in named)
        return replace(plain, guessed=facts, guessed_items=items, sureness=score)

    def _choosing(self, answer: Answer, found: Understood, text: str, prompt: Prompt) -> Answer:
        """Read which of several values is taken: by name, part of a name, or place."""
        values = prompt.values
        if _NEITHER.search(text):
            refused = tuple(dict.fromkeys((*answer.dislikes, *values)))
            return replace(answer, degree=REFUSED, dislikes=refused, is_unsure=False)
        liked = [one for one in values if one in answer.likes]
        if len(liked) == 1:
            return _taken(answer, liked[0])
        if _EITHER.search(text) and not liked:
            return replace(answer, degree=None, is_unsure=not answer.wish)
        if _BOTH.search(text) and not (answer.degree is not None and answer.degree < 0):
            likes = tuple(dict.fromkeys((*values, *answer.likes)))
            return replace(answer, degree=LIKED, likes=likes, is_unsure=False)
        placed = _placed(text, values)
        if placed is not None:
            chosen, is_refused = placed
            if is_refused:
                return replace(answer, degree=None, dislikes=(*answer.dislikes, chosen))
            return _taken(answer, chosen)
        named = self._named_in_part(found, values)
        if named is None or answer.dislikes:
            return answer
        return _taken(replace(answer, likes=()), named)

    def _named_in_part(self, found: Understood, values: tuple[int, ...]) -> int | None:
        """Return the value whose own words were said: "alternative" of "alternative rock"."""
        if values not in self._choices:
            self._choices[values] = self._telling_words(values)
        words, tokens = self._choices[values], found.spotted.tokens
        for one in found.spotted.mentions:
            if any(token.form not in words for token in tokens[one.first : one.last]):
                return None
        said = {words[token.form] for token in tokens if token.form in words}
        return said.pop() if len(said) == 1 else None

    def _telling_words(self, values: tuple[int, ...]) -> Mapping[str, int]:
        words: dict[str, set[int]] = {}
        for value in values:
            for name in names_of(self.catalogue.attributes[value]):
                for token in tokens_of(fold(name)):
                    words.setdefault(token.form, set()).add(value)
        return {
            word: min(of)
            for word, of in words.items()
            if len(of) == 1 and len(word) > 2 and not self._spotter.is_ordinary(word)
        }


def _is_open(response: Response) -> bool:
    """Return whether a reply may yet hold a name: it neither surely reacts nor wishes."""
    return response.sureness < _SURE or (response.reaction is Reaction.NONE and not response.wish)


def _reacting(found: Understood) -> Answer:
    """Return the answer as far as it does not depend on the prompt."""
    spotted, response = found.spotted, found.response
    likes = (*spotted.numbers(Scope.WANTED), *found.guessed)
    dislikes = tuple(one for one in spotted.numbers(Scope.REFUSED) if one not in likes)
    items = (*spotted.numbers(Scope.WANTED, items=True), *found.guessed_items)
    wish = response.wish
    if (likes or items) and wish is not Wish.PLAY:
        wish = Wish.NONE  # "more jazz", "stop that, play Queen": what is named goes on
    is_unsure = response.reaction is Reaction.UNSURE and not (wish or likes or items)
    return Answer(
        degree=response.degree,
        likes=likes,
        dislikes=dislikes,
        items=items,
        wish=wish,
        is_unsure=is_unsure,
    )


def _sureness(answer: Answer, found: Understood, prompt: Prompt) -> float:
    """Return the probability that all of an answer is right: 0 for an empty one.

    Where names decide (of a choice, or after an open question), how they are liked doesn't matter.
    """
    if answer.is_empty:
        return 0.0
    is_named = answer.chosen is not None or (
        prompt.ask is Ask.OPEN and bool(answer.likes or answer.dislikes or answer.items)
    )
    response = found.response
    wished = response.wish_sureness if is_named else response.sureness
    return round(wished * found.sureness, 4)


def _company(answer: Answer, text: str) -> Answer:
    """Read who else is there, as a degree: nobody, or somebody."""
    if _ALONE.search(text):
        return replace(answer, degree=ALONE, is_unsure=False)
    if _TOGETHER.search(text) and not (answer.degree is not None and answer.degree < 0):
        return replace(answer, degree=IN_COMPANY, is_unsure=False)
    return answer


def _unasked(answer: Answer) -> Answer:
    """Read the answer to an open question: there is nothing to like, and "no" is no opinion."""
    is_named = answer.likes or answer.dislikes or answer.items or answer.wish
    is_no = answer.degree is not None and answer.degree < 0
    return replace(answer, degree=None, is_unsure=not is_named and (answer.is_unsure or is_no))


def _about(answer: Answer, prompt: Prompt) -> Answer:
    """Read names of what was prompted as liking or refusing it."""
    if answer.degree is not None:
        return answer
    if prompt.item is not None and prompt.item in answer.items:
        return replace(answer, degree=LIKED)
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


def _placed(text: str, values: Sequence[int]) -> tuple[int, bool] | None:
    """Return the value that *text* points to ("the second one"), and whether it is refused."""
    pick = _PICKS.search(text)
    if pick is None:
        return None
    word = next(filter(None, pick.groups()[1:])).lower()
    return values[min(_ORDER[word], len(values) - 1)], pick[1] is not None
