"""Leads a conversation over several turns: state in, what to say and to play out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self, cast

import numpy as np

from gnothi.core.acting import Act, Decided, Outcome, Status, Talk
from gnothi.core.errors import InputError
from gnothi.core.plain import Json
from gnothi.core.protocols import Track
from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.closeness import usefulness
from gnothi.recommend.conversation import Conversation, End, Recommender
from gnothi.recommend.course import LIKED
from gnothi.recommend.course import Turn as Exchange
from gnothi.recommend.decisions import Decision, decision
from gnothi.recommend.journalled import END, PROMPT, write_decision, write_end
from gnothi.recommend.library.history import History, Listen
from gnothi.recommend.noise import Singles
from gnothi.recommend.policies.fresh import Fresh
from gnothi.recommend.prior import personal
from gnothi.recommend.saved import resume, save
from gnothi.recommend.tastes import by_facts
from gnothi.skills.builtin.recommend.piloting import Pilot
from gnothi.skills.builtin.recommend.saying import Voice, wanted_of
from gnothi.skills.builtin.recommend.shelves import Shelf, open_shelf
from gnothi.skills.builtin.recommend.steering import steer
from gnothi.skills.turn import Turn

GO_ON = "go_on"
SAMPLE_SECONDS = 30.0
_INTRO = 60.0
"""Longer pieces are sampled from behind their beginning."""
_LEAD_IN = 20.0
QUEUE = 50
UNCLEAR = 0.4
"""A reaction that is read less surely than this is asked for again."""
LOST = 2
"""After so many replies in a row that were not understood, something else is asked."""


@dataclass(slots=True)
class Lead:
    """One conversation, at work on one turn."""

    turn: Turn
    shelf: Shelf
    talk: Conversation
    voice: Voice
    rng: np.random.Generator
    pilot: Pilot
    """Who chooses what is asked."""
    lost: int = 0
    """Replies in a row that were not understood."""
    track: str = ""
    """The track that was sampled last."""
    listened: str = ""
    """The artist whose play entered the history, to be taken back when it was not right."""
    question: Act | None = None
    """What is asked now, where it is put in other words than such a prompt usually is."""
    is_answered: bool = False
    """Whether what is said already shows that the answer was understood."""
    acts: list[Act] = field(default_factory=list[Act])
    decided: list[Decided] = field(default_factory=list[Decided])

    @classmethod
    def begin(cls, turn: Turn, shelf: Shelf, first: Answer | None) -> Self:
        """Begin a conversation; *first* is what they said right away."""
        pilot = Pilot.of(turn, shelf)
        shelf = pilot.aboard(shelf)
        recommender = _for_people(shelf.recommender, turn)
        people = {one.id: one.name for one in turn.services.house.home.people}
        guest = turn.user not in people
        household = () if guest else tuple(one for one in people if one != turn.user)
        talk = Conversation(recommender, None if guest else turn.user, household, is_guest=guest)
        rng = _rng(turn)
        return cls(turn, shelf, talk, Voice(shelf, talk, people, start=_start(rng)), rng, pilot)

    @classmethod
    def resume(cls, turn: Turn) -> Self:
        """Take up the conversation that *turn* goes on with.

        Raises:
            InputError: there is none.
        """
        if not isinstance(turn.talk, dict):
            raise InputError("There is no conversation to go on with.")
        told = cast("Mapping[str, Any]", turn.talk)
        shelf = open_shelf(str(told["shelf"]), turn.services, again=True)
        pilot = Pilot.resume(told, turn.services, shelf)
        shelf = pilot.aboard(shelf)
        talk = resume(_for_people(shelf.recommender, turn), told["conversation"])
        people = {one.id: one.name for one in turn.services.house.home.people}
        voice = Voice(shelf, talk, people, dict(told["said"]), int(told["start"]))
        return cls(
            turn,
            shelf,
            talk,
            voice,
            _rng(turn),
            pilot,
            lost=int(told["lost"]),
            track=str(told["track"]),
            listened=str(told["listened"]),
        )

    async def open(self, first: Answer | None) -> Outcome:
        """Ask the first question, or answer at once what was asked for."""
        if first is None:
            if self.talk.ask(self.rng).ask is not Ask.OPEN:
                self.acts.append(self.voice.say("begin"))
        else:
            self._reply(first)
            self._acknowledge(self.talk.turns[-1] if self.talk.turns else None)
        return await self.lead()

    async def take(self, answer: Answer, *, offers: bool = False) -> Outcome:
        """Take in an answer, and lead on.

        What it names is offered at once where it *offers* itself.

        What was poorly understood is asked again with a hint, once; then something else is asked.
        """
        is_lost = _is_lost(answer)
        if is_lost and self.lost + 1 < LOST:
            self.lost += 1
            return self.ask_again("lost", hint=True)
        self.lost = self.lost + 1 if is_lost else 0
        await self._hush()
        if is_lost:
            answer = Answer()
        if self._is_shrugged(answer):
            answer = replace(answer, wish=Wish.MORE)
        before = len(self.talk.turns)
        if offers and self._is_new(answer):
            self._lead_to(Prompt(Ask.SAMPLE, item=answer.items[0]), answer)
        elif self._is_accepted(answer):
            self._lead_to(Prompt(Ask.PLAY, item=self.item), answer)
        else:
            self._reply(answer)
        if is_lost:
            self.acts.append(self.voice.say("lost-again"))
        elif len(self.talk.turns) > before:
            self._acknowledge(self.talk.turns[-1])
        elif answer.wish is Wish.BACK:
            self.acts.append(self.voice.say("back"))
        self._take_back()
        return await self.lead()

    def _is_accepted(self, answer: Answer) -> bool:
        """Whether they said yes to a sample, and nothing else: that is what they want."""
        if self.talk.prompt is None or self.talk.prompt.ask is not Ask.SAMPLE:
            return False
        more = answer.is_named or answer.wish
        return not more and answer.degree is not None and answer.degree >= LIKED

    def _lead_to(self, prompt: Prompt, answer: Answer) -> None:
        """Go where their *answer* leads, with nothing left to choose."""
        self.talk.take(answer)
        self.talk.prompt, self.talk.choice = prompt, None

    def _reply(self, answer: Answer) -> None:
        """Take in an *answer*; ask what it makes necessary, or what the policy chooses."""
        way = steer(self.talk, self.voice, answer)
        if way.prompt is None:
            self.talk.reply(answer, self.rng)
        else:
            self._lead_to(way.prompt, answer)
        self.acts.extend(way.acts)
        self.question, self.is_answered = way.question, way.is_answered

    def _is_shrugged(self, answer: Answer) -> bool:
        """Whether something is proposed for good, and the *answer* is no opinion: that is no yes.

        An empty one was not understood a second time.
        """
        if self.talk.prompt is None or self.talk.prompt.ask is not Ask.PLAY:
            return False
        is_liked = answer.degree is not None and answer.degree >= LIKED
        return answer.is_empty or (answer.is_unsure and not (is_liked or answer.wish))

    def _is_new(self, answer: Answer) -> bool:
        """Whether an item is named that was not offered yet."""
        heard = {turn.prompt.item for turn in self.talk.turns} | {self.item}
        return bool(answer.items) and answer.items[0] not in heard and self.talk.end is None

    async def lead(self) -> Outcome:
        """Say and play what comes next."""
        if self.talk.end is not None:
            return self._ended(self.talk.end)
        prompt = self.talk.prompt or self.talk.ask(self.rng)
        if made := decision(self.talk):
            self.decided.append(_decided(made, self))
        if prompt.item is not None:
            await self._sound(prompt, prompt.item)
        question = self.question or self.voice.prompt(prompt)
        return self._outcome([*self.acts, question], question, prompt)

    def ask_again(self, key: str, *, hint: bool = False) -> Outcome:
        """Say something, and put the same question again."""
        self.acts.append(self.voice.say(key))
        prompt = self.talk.prompt
        if hint or prompt is None:
            self.acts.append(self.voice.say("hint", ask=prompt.ask.value if prompt else "open"))
        question = self.voice.prompt(prompt) if prompt else self.voice.say("open")
        return self._outcome([*self.acts, question], question, prompt)

    def tell(self, *acts: Act) -> Outcome:
        """Say something besides; the question stays open and is not repeated word for word."""
        prompt = self.talk.prompt
        if prompt is not None and prompt.item is None:
            question = self.voice.prompt(prompt)
        else:
            question = self.voice.say("so")
        if prompt is not None and self._is_settled(prompt):
            return self._outcome([*acts], question, prompt)
        return self._outcome([*acts, question], question, prompt)

    def wait(self) -> Outcome:
        """Give them time; what was asked stays open."""
        prompt = self.talk.prompt
        question = self.voice.prompt(prompt) if prompt else self.voice.say("open")
        return self._outcome([self.voice.say("time")], question, prompt)

    @property
    def item(self) -> int | None:
        """What the talk is about now: the item that is offered."""
        return self.talk.prompt.item if self.talk.prompt else None

    def _acknowledge(self, exchange: Exchange | None) -> None:
        is_said = self.is_answered or self.question is not None
        if exchange is None or is_said or self.talk.end is not None:
            return
        if self.item is not None and self.item in exchange.answer.items:
            return  # it is named anyway
        plays = self.talk.prompt is not None and self.talk.prompt.ask is Ask.PLAY
        if plays and self.item == exchange.prompt.item:
            return  # what follows is the answer to their yes
        if act := self.voice.heard(exchange):
            self.acts.append(act)

    def _outcome(self, acts: list[Act], question: Act, prompt: Prompt | None) -> Outcome:
        quiet = prompt is not None and self._is_settled(prompt)
        if prompt is not None and prompt.item is not None:
            question = self.voice.say("so-about", title=self.voice.title(prompt.item))
        return Outcome(
            Status.DONE,
            tuple(acts),
            display=self._card(prompt),
            talk=Talk(GO_ON, self._state(), None if quiet else question),
            decided=tuple(self.decided),
            warmth=self.talk.signs.score,
        )

    def _is_settled(self, prompt: Prompt) -> bool:
        """Whether nothing need be asked: it plays, or they said that they want it."""
        if prompt.ask is not Ask.PLAY or prompt.item is None:
            return False
        return prompt.item in self.shelf.tracks or self.voice.is_agreed(prompt.item)

    def _ended(self, end: End) -> Outcome:
        key = {End.PLAYED: "enjoy", End.LEFT: "left", End.TIRED: "tired"}[end]
        item = self.talk.played
        title = "" if item is None else self.voice.title(item)
        act = self.voice.say(key) if item is None else self.voice.played(item)
        record = _end_record(self, end)
        return Outcome(
            Status.DONE,
            (*self.acts, act),
            display={"kind": "recommend", "end": end.value, "title": title},
            decided=(*self.decided, Decided(END, 1.0, record)),
            warmth=self.talk.signs.score,
        )

    def _state(self) -> Json:
        return {
            "shelf": self.shelf.name,
            "conversation": save(self.talk),
            "said": dict(self.voice.said),
            "start": self.voice.start,
            "lost": self.lost,
            "track": self.track,
            "listened": self.listened,
            "pilot": self.pilot.state(),
        }

    def _card(self, prompt: Prompt | None) -> Mapping[str, object]:
        """Return what a page shows: what is suggested, and what can be answered."""
        if prompt is None:
            return {}
        card: dict[str, object] = {
            "kind": "recommend",
            "shelf": self.shelf.name,
            "ask": prompt.ask.value,
            "values": [self._shown(value) for value in prompt.values],
        }
        if prompt.item is not None:
            found = self.shelf.catalogue.item(prompt.item)
            wanted = set(wanted_of(self.talk))
            facts: list[int] = self.shelf.catalogue.facts(prompt.item).tolist()
            card["item"] = {
                "title": found.title,
                "creator": found.creator,
                "facts": [self._shown(one) for one in facts],
                "wanted": [self._shown(one) for one in facts if one in wanted],
                "is_here": prompt.item in self.shelf.tracks,
                "is_owned": prompt.item in self.shelf.owned,
            }
        return card

    def _shown(self, value: int) -> str:
        from gnothi.skills.builtin.recommend.saying import label

        return label(self.shelf.catalogue.attributes[value])

    async def _sound(self, prompt: Prompt, item: int) -> None:
        """Play what is offered: thirty seconds of a piece, or all there is of it."""
        tracks = self.shelf.tracks.get(item, ())
        if not tracks:
            return
        player = self.turn.services.player
        if prompt.ask is Ask.SAMPLE:
            piece = tracks[int(self.rng.integers(len(tracks)))]
            self.track = piece.id
            begin = _LEAD_IN if piece.seconds > _INTRO else 0.0
            await player.play([replace(piece, begin=begin, limit=SAMPLE_SECONDS)])
            return
        await player.play(_in_order(tracks, self.track, self.rng)[:QUEUE])
        self._remember(self.voice.title(item))

    async def _hush(self) -> None:
        """Stop a sample that is still heard: nobody talks over music."""
        playing = cast("Mapping[str, Any] | None", self.turn.services.player.state().get("track"))
        if playing and playing.get("limit"):
            await self.turn.services.player.command("stop")

    def _remember(self, artist: str) -> None:
        """Let a play enter the history of who speaks; a guest has none."""
        if self.talk.is_guest or self.talk.person is None:
            return
        history = History(self.turn.services.listening(self.talk.person))
        history.add([Listen(artist, at=self.turn.now)])
        self.listened = artist

    def _take_back(self) -> None:
        """Take back from the history what was played and not wanted."""
        if not self.listened:
            return
        artist, self.listened = self.listened, ""
        wanted = self.talk.end is End.PLAYED or self.talk.end is End.LEFT
        if not wanted and self.talk.person is not None:
            History(self.turn.services.listening(self.talk.person)).take_back(artist)


def _is_lost(answer: Answer) -> bool:
    """Whether an answer is empty, or a mere reaction that may have been read quite wrong."""
    return answer.is_empty or (not answer.is_named and answer.sureness < UNCLEAR)


def _for_people(recommender: Recommender, turn: Turn) -> Recommender:
    """Return *recommender* with the tastes of this household, never asking the same twice."""
    known: dict[str, Singles | None] = {}
    people = {one.id for one in turn.services.house.home.people}

    def taste(person: str) -> Singles | None:
        if person not in known:
            known[person] = _taste(recommender, turn, person) if person in people else None
        return known[person]

    return replace(recommender, policy=Fresh(recommender.policy), taste=taste, heeds=True)


def _taste(recommender: Recommender, turn: Turn, person: str) -> Singles | None:
    if recommender.catalogue.kind != "artist":
        return None
    items, counts = History(turn.services.listening(person)).on(recommender.catalogue)
    if not len(items):
        return None
    scores = by_facts(recommender.likeness, items, counts)
    return personal(recommender.catalogue, scores, recommender.outlook)


def _in_order(tracks: tuple[Track, ...], first: str, rng: np.random.Generator) -> list[Track]:
    """Return *tracks* in any order, but the one that was sampled first."""
    order: list[int] = rng.permutation(len(tracks)).tolist()
    mixed = [tracks[at] for at in order]
    return sorted(mixed, key=lambda track: track.id != first)


def _rng(turn: Turn) -> np.random.Generator:
    """Return chance for this turn: the same turn at the same moment goes the same way."""
    return np.random.default_rng([int(turn.now.timestamp() * 1e6), *turn.session.encode()])


def _start(rng: np.random.Generator) -> int:
    return int(rng.integers(60))


def _decided(made: Decision, lead: Lead) -> Decided:
    return Decided(
        PROMPT,
        made.propensity,
        write_decision(
            lead.pilot.compared(made, lead.talk.choice),
            kind=lead.shelf.kind,
            turn=len(lead.talk.turns),
            policy=lead.pilot.label,
            share=lead.pilot.share,
            tries=lead.pilot.tries,
        ),
    )


def _end_record(lead: Lead, end: End) -> Mapping[str, Json]:
    """Return how it ended, and how much each turn helped: nobody has to judge anything."""
    talk = lead.talk
    if talk.played is None:
        return write_end(end, [], kind=lead.shelf.kind)
    useful = usefulness(talk.start, talk.turns, talk.played)
    return write_end(end, useful, kind=lead.shelf.kind, is_here=talk.played in lead.shelf.tracks)
