"""Where turns come in, through whichever door: who speaks, in which session, and who is told."""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from gnothi.core.errors import GnothiError
from gnothi.core.interaction import Interaction
from gnothi.core.plain import Json
from gnothi.core.understanding import Heard, Utterance
from gnothi.serve.answer import answer_json
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.hub import Hub
from gnothi.serve.metrics import Metrics
from gnothi.serve.premises import Premises
from gnothi.serve.witness import Witness
from gnothi.skills.builtin.sight.finding import is_quick

GUEST = "guest"
"""Stands for anybody we don't know."""


@dataclass(frozen=True, slots=True)
class Request:
    """One turn as a visitor asks for it."""

    text: str
    user: str | None = None
    """Id or name of the person who speaks."""
    session: str | None = None
    """Opened when it is unknown, named by us when it is missing."""
    device: str | None = None
    """The device that heard it: its area is context."""
    language: str = "en"
    now: datetime | None = None
    confirm: bool = False
    """Guarded actions of this turn are confirmed beforehand."""
    interrupts: bool = False
    """It was said while the answer before it could be heard."""
    hypotheses: tuple[tuple[str, float], ...] = ()
    """What else a recogniser makes of it, best first, with its scores."""
    heard: Heard | None = None
    """How it was heard, when it was spoken."""
    picture: str = ""
    """Id of the picture that is shown with it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn that was taken."""

    interaction: Interaction
    session: str
    """The session by the visitor's name for it."""

    def json(self) -> dict[str, Json]:
        """Return the turn as CONTRACTS, section 5, has it."""
        return {**answer_json(self.interaction), "session": self.session}


class Reception:
    """Takes turns in and tells everybody who listens."""

    def __init__(
        self, household: Premises, hub: Hub, metrics: Metrics, witness: Witness | None = None
    ) -> None:
        """Receive for *household*; a *witness* watches what becomes of turns."""
        self._household = household
        self._hub = hub
        self._metrics = metrics
        self.witness = witness or Witness(household)
        self._looking = asyncio.Semaphore(2)

    async def take(self, request: Request, visitor: Visitor) -> Answered:
        """Answer *request*.

        A visitor can't pick up somebody else's session, and so not confirm what they left open:
        sessions are kept apart by device and person.
        """
        speaker = self.speaker(request.user, visitor)
        session = request.session or secrets.token_hex(8)
        utterance = Utterance(
            request.text,
            hypotheses=request.hypotheses,
            language=request.language,
            device=request.device,
            speaker=speaker,
            heard=request.heard,
            picture=request.picture,
        )
        if request.picture and not is_quick(request.text):
            await self._look(request.picture)
        private = private_session(session, speaker, visitor)
        with self._metrics.turn() as seen, self.witness.hearing(private) as heard:
            interaction = await self._household.assistant.turn(
                utterance,
                session=private,
                now=self._moment(request.now),
                confirm=request.confirm,
            )
            seen(interaction)
        self.witness.answered(heard, interaction, interrupts=request.interrupts)
        answered = Answered(interaction, session)
        self._hub.publish("turn", brief(interaction), interaction.user or GUEST)
        return answered

    async def _look(self, picture: str) -> None:
        """Read *picture* before the turn: it may take longer than the action of a skill may.

        What goes wrong the skill finds out as well, and says it.
        """
        async with self._looking:
            with suppress(GnothiError):
                await asyncio.to_thread(self._household.eyes.read, picture)

    def speaker(self, claimed: str | None, visitor: Visitor) -> str | None:
        """Return the id of the person who speaks, ``None`` for a guest.

        A paired device speaks for its own person; only one in charge may speak for others.
        """
        own = visitor.device.user if visitor.device and not visitor.local else None
        if claimed is None or not visitor.in_charge:
            return own
        return person_id(self._household, claimed)

    def _moment(self, moment: datetime | None) -> datetime | None:
        """Read a moment without an offset in the home's time zone."""
        if moment is None or moment.tzinfo is not None:
            return moment
        return moment.replace(tzinfo=self._household.house.time_zone).astimezone(UTC)


def person_id(household: Premises, claimed: str) -> str | None:
    """Return the id of the person whose id or name is *claimed*."""
    wanted = claimed.casefold()
    for person in household.house.people():
        if wanted in (person.id.casefold(), person.name.casefold()):
            return person.id
    return None


def brief(interaction: Interaction) -> dict[str, Json]:
    """Return what a list of turns shows of one."""
    return {
        "id": interaction.id,
        "at": interaction.at.isoformat(),
        "user": interaction.user,
        "session": interaction.session,
        "device": interaction.utterance.device,
        "text": interaction.utterance.text,
        "reply": interaction.reply.text,
        "intents": [request.intent for request in interaction.understanding.requests],
        "statuses": [action.status.value for action in interaction.actions],
    }


def private_session(session: str, speaker: str | None, visitor: Visitor) -> str:
    """Name the session so that forgetting a person finds it, and nobody elsewhere takes it up."""
    owner = speaker or GUEST
    if visitor.device:
        return f"{owner}/{visitor.device.id}/{session}"
    return f"{owner}/{session}" if visitor.local else f"{owner}/{visitor.key}/{session}"
