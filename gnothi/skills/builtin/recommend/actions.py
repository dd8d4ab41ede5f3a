"""Help somebody choose, over as many turns as it takes."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from gnothi.core.acting import Act, Call, Outcome, Question
from gnothi.core.plain import Json
from gnothi.core.risk import Risk
from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.replies import LIKED
from gnothi.recommend.saved import read_answer, write_answer
from gnothi.skills.builtin.recommend import seeking
from gnothi.skills.builtin.recommend.leading import Lead
from gnothi.skills.builtin.recommend.shelves import DINNER, FILMS, MUSIC, RADIO, open_shelf
from gnothi.skills.builtin.recommend.spelling import spelt
from gnothi.skills.fill import carried
from gnothi.skills.turn import Proposal, Reading, Turn
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text import spelling

SKILL = "recommend"
ABOUT, WHY, OPTIONS, AGAIN, WAIT = "about", "why", "options", "again", "wait"
CAST = "cast"
"""What people ask in between, without answering."""
BETWEEN = (WHY, ABOUT, OPTIONS, AGAIN, WAIT)
SURE_TO_ASK = 0.95
NEARLY = 0.99
"""No reply is read so surely that a request could not stand against it."""
LIKELY = 0.5
"""An intent must be as probable as this to say what is sought."""

__all__ = ["go_on", "is_kind", "is_open", "is_sought", "propose_start", "read", "start"]

_WORDS = Vocabulary.beside(__file__)
_SHELVES: Mapping[str, str] = {
    "play_music": MUSIC,
    "music_query": MUSIC,
    "play_radio": RADIO,
    "recommendation_movies": FILMS,
    "cooking_recipe": DINNER,
    "cooking_query": DINNER,
}


def is_sought(text: str) -> bool:
    """Return whether *text* asks for something that there is to choose from, or does not say."""
    return seeking.is_sought(spelt(text))


def is_kind(text: str) -> bool:
    """Return whether *text* asks for something of a kind that it names: "help me find musik"."""
    return _WORDS.meaning("shelves", spelt(text)) is not None and is_sought(text)


def is_open(text: str) -> bool:
    """Return whether *text* leaves open what they want to hear: "I want to hear something"."""
    around = _WORDS["noise"].cut(_WORDS["open"].cut(text))
    return not _WORDS["plain"].strip(around)


async def propose_start(turn: Turn) -> Proposal:
    """Find out what kind of thing is sought; ask where nobody says."""
    text = spelt(turn.text)
    shelf = _WORDS.meaning("shelves", text) or _by_intent(turn) or seeking.shelf_of(text)
    words = str(carried(turn, "start").get("words") or text)
    call = Call(SKILL, "start", {"shelf": shelf or "", "words": words})
    if shelf:
        return Proposal(call, Risk.FREE)
    return Proposal(call, Risk.FREE, Question("shelf", Act("recommend-what")))


async def start(turn: Turn, *, shelf: str, words: str) -> Outcome:
    """Begin a conversation about what to choose."""
    opened = await asyncio.to_thread(open_shelf, shelf, turn.services)
    said = _WORDS["noise"].cut(words)
    first = opened.replies.read(said, Prompt(Ask.OPEN)) if said else None
    told = first if first and _tells(first) else None
    if told is None and words in _WORDS["surprise"]:
        told = Answer(wish=Wish.SURPRISE)
    return await Lead.begin(turn, opened, told).open(told)


async def read(turn: Turn) -> Reading:
    """Say what a text means in the conversation that goes on."""
    lead = await asyncio.to_thread(Lead.resume, turn)
    prompt = lead.talk.prompt or Prompt(Ask.OPEN)
    if wants := _between(turn.text):
        return Reading(1.0, {"wants": wants})
    if _is_for_other(turn.text, lead.shelf.name):
        return Reading(0.0)
    answer = lead.shelf.replies.read(turn.text, prompt)
    if lead.shelf.name == FILMS and _names_actor(turn.text, answer):
        return Reading(SURE_TO_ASK, {"wants": CAST})
    if _asks_about(turn.text, answer):
        return Reading(SURE_TO_ASK, {"wants": ABOUT})
    if answer.items and _WORDS["play"].starts(turn.text):
        answer = replace(answer, wish=Wish.PLAY)
    elif _WORDS["known"].are(turn.text) and prompt.item is not None:
        answer = Answer(wish=Wish.MORE)
    elif _WORDS["more_alike"].are(turn.text) and prompt.ask not in (Ask.OPEN, Ask.COMPANY):
        answer = Answer(degree=LIKED, wish=Wish.MORE)
    arguments: dict[str, object] = {"answer": write_answer(lead.shelf.catalogue, answer)}
    is_taste = turn.text in _WORDS["tastes"]
    if answer.items and answer.wish is Wish.NONE and not is_taste:
        arguments["offers"] = True
    return Reading(
        min(answer.sureness, NEARLY),
        arguments,
        leaves=answer.wish is Wish.LEAVE,
        names=answer.is_named,
    )


async def go_on(
    turn: Turn,
    *,
    answer: Mapping[str, Json] | None = None,
    wants: str = "",
    offers: bool = False,
) -> Outcome:
    """Take what was said, and lead on."""
    lead = await asyncio.to_thread(Lead.resume, turn)
    if wants:
        return _told(lead, wants)
    found = read_answer(lead.shelf.catalogue, answer or {"sureness": 0.0})
    return await lead.take(found, offers=offers)


def _told(lead: Lead, wants: str) -> Outcome:
    """Answer what was asked in between."""
    if wants == AGAIN:
        return lead.ask_again("again")
    if wants == WAIT:
        return lead.wait()
    if wants == CAST:
        return lead.tell(lead.voice.say("no-cast"))
    if wants == OPTIONS or lead.item is None:
        ask = lead.talk.prompt.ask.value if lead.talk.prompt else "open"
        if wants == WHY:
            return lead.tell(lead.voice.say("why-question"))
        if wants == ABOUT:
            return lead.tell(lead.voice.say("what-question", ask=ask))
        return lead.tell(lead.voice.say("hint", ask=ask))
    if wants == WHY:
        return lead.tell(lead.voice.why(lead.item))
    return lead.tell(lead.voice.tell(lead.item))


def _between(text: str) -> str:
    """Return what is asked in between, if *text* as a whole asks for it."""
    return next((one for one in BETWEEN if _WORDS[one].are(text)), "")


def _is_for_other(text: str, shelf: str) -> bool:
    """Whether *text* asks for help with something else: a film, in a talk about dinner."""
    asks = text in _WORDS["verbs"] or text in _WORDS["requests"]
    if asks and not is_sought(text):
        return True
    return asks and _WORDS.meaning("shelves", spelt(text)) not in (shelf, None)


def _asks_about(text: str, answer: Answer) -> bool:
    """Whether *text* asks something of what is offered: "who directed it"."""
    return _WORDS["asks"].starts(text) and not answer.is_named and answer.wish is Wish.NONE


def _names_actor(text: str, answer: Answer) -> bool:
    """Whether *text* asks for nothing that is known, but for somebody who acts."""
    if answer.is_named:
        return False
    words = [word.form for word in spelling.words(text)]
    named = words[words.index("with") + 1 :] if "with" in words else []
    is_name = len(named) in (2, 3) and spelling.ORDINARY.isdisjoint(named)
    return text in _WORDS["cast"] or (is_name and answer.is_empty)


def _by_intent(turn: Turn) -> str:
    if _WORDS["whole"].are(turn.text):
        return ""
    heard = turn.interpretation
    for one in heard.alternatives:
        if one.intent in _SHELVES and one.score >= LIKELY:
            return _SHELVES[one.intent]
    return ""


def _tells(answer: Answer) -> bool:
    """Whether the first words say anything about what is wanted."""
    return answer.is_named or answer.wish is Wish.SURPRISE or answer.company is not None
