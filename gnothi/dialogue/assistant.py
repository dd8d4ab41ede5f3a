"""One turn of conversation, from what was said to what is answered."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import TypedDict, cast

from gnothi.core.acting import Act, Reply
from gnothi.core.clock import Clock
from gnothi.core.errors import StorageError
from gnothi.core.identity import time_ordered_id
from gnothi.core.interaction import Interaction, Signal
from gnothi.core.protocols import Understander
from gnothi.core.understanding import Understanding, Utterance
from gnothi.dialogue.conversation import Conversation
from gnothi.dialogue.echo import echo
from gnothi.dialogue.lexicon import lexicon, words
from gnothi.dialogue.looking import Looking
from gnothi.dialogue.performer import Performer
from gnothi.dialogue.progress import Progress
from gnothi.dialogue.reactions import reaction
from gnothi.dialogue.repairing import Repairs
from gnothi.dialogue.rewriting import Retriever, Rewriter
from gnothi.dialogue.session import Session, Sessions
from gnothi.dialogue.wording import Wording
from gnothi.home.house import House, Snapshot
from gnothi.language.endings import Endings
from gnothi.skills.turn import HEARD, SAID

LONGEST = 2_000
"""Characters of an utterance that are looked at; nobody says more in one breath."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who understands a session, and how probable that choice was."""

    understander: Understander
    propensity: float = 1.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What an assistant is made of; the composition root joins them."""

    understanders: Callable[[str], Chosen]
    """Who understands the session of this name: the live version, or a canary's share."""
    performer: Performer
    wording: Wording
    house: House
    clock: Clock
    journal: Callable[[Interaction], None] | None = None
    """Writes a turn down; returns when it is durable."""
    rewriter: Rewriter | None = None
    retriever: Retriever | None = None
    signals: Callable[[str, Signal], None] | None = None
    """Attaches a signal to the turn with this id."""
    endings: Endings | None = None
    """Judges whether an utterance was cut off; without them every one is taken for whole."""
    looking: Looking | None = None
    """Finds out whether something is asked about a picture."""


@dataclass(frozen=True, slots=True)
class _Reacted:
    """What an utterance said about the turn before it."""

    turn: str
    signal: Signal

    @classmethod
    def read(cls, progress: Progress) -> "_Reacted | None":
        name = reaction(progress.steps, progress.situation)
        before = progress.session.previous
        return cls(before, Signal(name, progress.now)) if name and before else None


class Assistant:
    """Answers what a household says, one turn at a time."""

    def __init__(self, parts: Parts, *, rng: Random, language: str = "en") -> None:
        """Join *parts*; *rng* makes identifiers."""
        self._parts = parts
        self._rng = rng
        self._sessions = Sessions()
        lexicon_ = lexicon(language)
        repairs = parts.endings and Repairs(
            parts.endings,
            parts.performer,
            parts.house.names,
            parts.wording,
            echo(language),
            lexicon_,
        )
        self._conversation = Conversation(parts.performer, parts.wording, lexicon_, repairs)

    async def turn(
        self,
        utterance: Utterance,
        *,
        session: str,
        now: datetime | None = None,
        confirm: bool = False,
    ) -> Interaction:
        """Answer *utterance* as the next turn of *session*.

        *now* stands in for the clock, in the home's time zone unless it names another;
        *confirm* confirms the guarded actions of this turn.
        Never raises for what was said; a journal that can't be written to is said in the answer.
        """
        moment = self._local(now or self._parts.clock.now())
        conversation = self._sessions.open(session, moment)
        async with conversation.lock:
            conversation.begin_turn(moment)
            chosen = self._parts.understanders(session)
            said = self._worded(_sane(utterance), moment)
            who = await self._who(chosen, said, conversation)
            progress = Progress(said, conversation, moment, who, confirmed=confirm)
            self._rewrite(progress)
            before = self._parts.house.snapshot()
            asked = bool(conversation.pending or conversation.talking)
            await self._conversation.advance(progress)
            if not asked and progress.led_to_nothing and not progress.rewritten:
                progress = await self._once_more(progress)
            with progress.stage("say"):
                reply = self._reply(progress)
            interaction = self._interaction(progress, reply, before, chosen.propensity)
            reacted = _Reacted.read(progress)
            conversation.previous = interaction.id
            return await self._written_down(interaction, reacted)

    def _worded(self, utterance: Utterance, moment: datetime) -> Utterance:
        """Return *utterance*; who shows a picture without a word wants to know what it says."""
        if not utterance.picture or words(utterance.text):
            return utterance
        return replace(utterance, text=self._parts.wording.say(Act("dialogue-shown"), moment))

    async def _who(self, chosen: Chosen, said: Utterance, session: Session) -> Understander:
        """Return who understands what was *said*."""
        looking = self._parts.looking
        if looking is None:
            return chosen.understander
        await looking.ready(said, session.focus)
        return looking.over(chosen.understander, said, session.focus)

    def _rewrite(self, progress: Progress) -> None:
        """Put words that are known to work in the place of words that are known to fail.

        An answer to a question is left alone: it stands for nothing by itself.
        """
        session = progress.session
        if self._parts.rewriter is None or session.asked or session.talking:
            return
        if progress.utterance.picture:
            return
        heard, day = progress.utterance, progress.now.date()
        with progress.stage("rewrite") as stage:
            rewriting = self._parts.rewriter.rewrite(
                heard.text, heard.speaker, progress.session.id, day
            )
            progress.rewriting = rewriting
            stage.artifact = rewriting.artifact if rewriting else ""
            if rewriting and rewriting.found:
                progress.heard = heard
                progress.utterance = replace(heard, text=rewriting.found.target)
                stage.note = f"{heard.text} → {rewriting.found.target}"

    async def _once_more(self, progress: Progress) -> Progress:
        """Try again what led to nothing, in words that have worked and were probably meant."""
        if self._parts.retriever is None:
            return progress
        heard, day = progress.utterance, progress.now.date()
        with progress.stage("retrieve") as stage:
            progress.retrieved = self._parts.retriever.retrieve(
                heard.text, heard.speaker, progress.session.id, day, progress.requests
            )
            stage.artifact = progress.retrieved.artifact if progress.retrieved else ""
            found = progress.retrieved.found if progress.retrieved else None
            stage.note = f"{heard.text} → {found.target}" if found else ""
        if found is None:
            return progress
        progress.session.pending.clear()
        again = Progress(
            replace(heard, text=found.target),
            progress.session,
            progress.now,
            progress.understander,
            heard=heard,
            rewriting=progress.rewriting,
            retrieved=progress.retrieved,
            stages=progress.stages,
        )
        await self._conversation.advance(again)
        return again

    def forget_person(self, user: str) -> None:
        """Drop what conversations with *user* remember."""
        self._sessions.forget_person(user)

    def _local(self, moment: datetime) -> datetime:
        zone = self._parts.house.time_zone
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)

    def _reply(self, progress: Progress) -> Reply:
        wording, session = self._parts.wording, progress.session
        text = wording.say_all(progress.acts, progress.now)
        session.focus[HEARD] = (progress.heard or progress.utterance).text
        session.focus[SAID] = text or session.focus.get(SAID, "")
        return Reply(
            text=text,
            acts=tuple(progress.acts),
            ssml=wording.ssml(text, progress.warmth),
            display=tuple(progress.display),
            expects=session.awaits,
        )

    def _interaction(
        self, progress: Progress, reply: Reply, before: Snapshot, propensity: float
    ) -> Interaction:
        return Interaction(
            id=time_ordered_id(progress.now, self._rng),
            at=progress.now,
            session=progress.session.id,
            user=progress.utterance.speaker,
            utterance=progress.heard or progress.utterance,
            understanding=Understanding(
                progress.utterance.text,
                tuple(progress.requests),
                progress.out_of_scope,
                progress.artifact,
                progress.moves,
            ),
            actions=tuple(progress.actions),
            reply=reply,
            changes=self._parts.house.changes_since(before),
            trace=tuple(progress.stages),
            decisions=tuple(progress.decisions),
            **_artifacts(progress, propensity),
        )

    async def _written_down(
        self, interaction: Interaction, reacted: "_Reacted | None"
    ) -> Interaction:
        """Journal *interaction*; when that fails, say so rather than lose the answer."""
        if not self._parts.journal:
            return interaction
        try:
            await asyncio.to_thread(self._parts.journal, interaction)
            if reacted and self._parts.signals:
                await asyncio.to_thread(self._parts.signals, reacted.turn, reacted.signal)
        except StorageError as error:
            _log.error("A turn could not be journalled: %s", error)
            notice = Act("dialogue-not-journalled", {"reason": str(error)})
            sentence = self._parts.wording.say(notice, interaction.at)
            reply = replace(interaction.reply, text=f"{interaction.reply.text} {sentence}")
            return replace(interaction, reply=reply)
        return interaction


def _sane(utterance: Utterance) -> Utterance:
    """Cut what no person says: lone surrogates, control characters, endless text."""
    head = utterance.text[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    text = "".join(char if char.isprintable() else " " for char in head)
    return replace(utterance, text=text)


class _Artifacts(TypedDict):
    artifacts: dict[str, str]
    propensities: dict[str, float]


def _artifacts(progress: Progress, propensity: float) -> _Artifacts:
    """Return which versions took part, and how probable it was that they did."""
    used = [(label, propensity) for label in progress.artifact.split()]
    asked = filter(None, (progress.rewriting, progress.retrieved))
    used += [(one.artifact, one.propensity) for one in asked]
    used += [
        (str(one.record["policy"]), float(cast("float", one.record.get("share", 1.0))))
        for one in progress.decisions
        if "policy" in one.record
    ]
    named = [(label.partition("@"), probability) for label, probability in used if "@" in label]
    drawn = {one.what: one.propensity for one in progress.decisions}
    return {
        "artifacts": {name: version for (name, _, version), _ in named},
        "propensities": {**{name: share for (name, _, _), share in named}, **drawn},
    }
