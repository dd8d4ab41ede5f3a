"""Joins the parts of an assistant; the one place that knows all of them."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from gnothi.core.clock import Clock
from gnothi.core.errors import ArtifactError, GnothiError
from gnothi.core.interaction import Interaction, Signal
from gnothi.core.protocols import Player, Store
from gnothi.core.settings import Settings
from gnothi.core.understanding import Understanding
from gnothi.dialogue.assistant import Assistant, Chosen, Parts
from gnothi.dialogue.looking import Looking
from gnothi.dialogue.packs import dialogue_pack
from gnothi.dialogue.performer import Performer
from gnothi.dialogue.rewriting import Retriever, Rewriter
from gnothi.dialogue.wording import Wording
from gnothi.home.alarms import Alarms
from gnothi.home.house import House
from gnothi.journal.memory import MemoryStore
from gnothi.language.endings import Endings
from gnothi.registry.registry import Registry
from gnothi.skills.builtin.sight.correcting import is_about_reading
from gnothi.skills.builtin.sight.finding import asked, is_meant
from gnothi.skills.builtin.sight.teaching import wanted_name
from gnothi.skills.skillset import SkillSet
from gnothi.skills.turn import Served, Services
from gnothi.text.encoder import SharedEncoder

if TYPE_CHECKING:
    from gnothi.learning.readings import TaughtReadings
    from gnothi.learning.things import TaughtThings
    from gnothi.vision.eyes import Eyes

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an assistant works with."""

    house: House
    alarms: Alarms
    player: Player
    stores: Callable[[str], Store]
    """Gives each skill, by name, its own memory."""
    settings: Settings
    clock: Clock
    listening: Callable[[str], Store] = lambda person: MemoryStore()
    """What each person, by id, listened to."""
    registry: Registry | None = None
    """What was learned, for skills that decide by it."""
    encoder: Callable[[], SharedEncoder | None] = lambda: None
    """The encoder that understanding uses anyway, for skills that read more than a request."""
    sight: "Eyes | None" = None
    """What is shown to the assistant, and the camera that it may look through."""
    things: "TaughtThings | None" = None
    """What its camera was taught."""
    readings: "TaughtReadings | None" = None
    """What was put right of what it read."""


def assemble(
    surroundings: Surroundings,
    understanders: Callable[[str], Chosen],
    skills: SkillSet,
    wording: Wording,
    *,
    rng: Random,
    journal: Callable[[Interaction], None] | None = None,
    signals: Callable[[str, Signal], None] | None = None,
    rewriter: Rewriter | None = None,
    retriever: Retriever | None = None,
    endings: Endings | None = None,
) -> Assistant:
    """Return an assistant that works in *surroundings*.

    *understanders* says who understands a session; *endings*, by default the shipped ones,
    judge whether an utterance was cut off.
    """

    @cache
    def services(skill: str) -> Services:
        return Services(
            house=surroundings.house,
            alarms=surroundings.alarms,
            player=surroundings.player,
            store=surroundings.stores(skill),
            settings=surroundings.settings,
            listening=surroundings.listening,
            serving=partial(_serving, surroundings.registry),
            artifact=partial(_folder, surroundings.registry),
            topics=tuple(one.manifest for one in skills),
            encoder=surroundings.encoder,
            sight=surroundings.sight,
            things=surroundings.things,
            readings=surroundings.readings,
        )

    parts = Parts(
        understanders=understanders,
        performer=Performer(skills, services, wording),
        wording=wording,
        house=surroundings.house,
        clock=surroundings.clock,
        journal=journal,
        signals=signals,
        rewriter=rewriter,
        retriever=retriever,
        endings=endings or _shipped_endings(),
        looking=Looking(
            skills,
            has_camera=_has_camera(surroundings),
            finds=partial(_finds, surroundings),
            corrects=is_about_reading,
            prepare=partial(_prepare, surroundings),
        ),
    )
    return Assistant(parts, rng=rng)


def _finds(surroundings: Surroundings, text: str, understood: Understanding) -> bool:
    eyes = surroundings.sight
    try:
        return eyes is not None and (
            wanted_name(text) is not None or is_meant(text, understood, eyes, surroundings.things)
        )
    except GnothiError as error:  # eyes that can't be opened must not keep the house from answering
        _log.error("Nothing can be looked for: %s", error)
        return False


def _prepare(surroundings: Surroundings, text: str) -> None:
    """Open the eyes where *text* will be looked for."""
    eyes, things = surroundings.sight, surroundings.things
    if eyes is None or not (asked(text) or wanted_name(text)):
        return
    with suppress(GnothiError):  # whoever looks finds out as well, and says it
        _ = eyes.finder, things and things.names


def _has_camera(surroundings: Surroundings) -> bool:
    return surroundings.sight is not None and surroundings.sight.has_camera


@cache
def _shipped_endings() -> Endings:
    return Endings()


def _serving(registry: Registry | None, name: str, key: str) -> Served | None:
    if registry is None or registry.serving(name) is None:
        return None
    chosen = registry.choose(name, key)
    return Served(f"{name}@{chosen.version}", chosen.propensity)


def _folder(registry: Registry | None, label: str) -> Path | None:
    name, _, version = label.partition("@")
    try:
        return registry.get(name, version).folder if registry else None
    except ArtifactError as error:
        _log.error("%s can't be used: %s", label, error)
        return None


def open_wording(skills: SkillSet, *, locale: str = "en-US", rng: Random) -> Wording:
    """Return the wording of the conversation and of *skills*."""
    language = locale.partition("-")[0]
    return Wording([dialogue_pack(language), *skills.packs(language)], locale=locale, rng=rng)
