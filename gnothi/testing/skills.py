"""Checks that every skill passes, ours or a stranger's: ``gnothi skill check FOLDER``.

Every message exists and can be said, every argument is used, sample sentences fill what they
claim, and the sample dialogues lead to the calls and answers that they show.
"""

import ast
import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from gnothi.core.acting import Act, Call
from gnothi.core.clock import FixedClock
from gnothi.core.errors import GnothiError
from gnothi.core.plain import plain
from gnothi.core.protocols import Store
from gnothi.core.settings import Settings
from gnothi.core.understanding import Interpretation, Utterance
from gnothi.dialogue.packs import dialogue_pack
from gnothi.dialogue.wording import Wording
from gnothi.home.alarms import Alarms
from gnothi.home.house import STARTER, House
from gnothi.journal.memory import MemoryStore
from gnothi.skills.fill import value_type
from gnothi.skills.format import Api
from gnothi.skills.samples import Dialogue, Exchange, Filled, Sample
from gnothi.skills.skillset import Skill, SkillSet, load_skill
from gnothi.skills.turn import Proposal, Services, Turn
from gnothi.testing.players import StillPlayer

MOMENT = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
"""When samples are said: a Friday morning, in the starter home."""
NOWHERE = "http://127.0.0.1:9/"
"""Checks never reach a network: nothing listens here."""
LANGUAGE = "en"


def check(folder: Path) -> tuple[str, ...]:
    """Check the skill in *folder*, among the built-in ones; return its problems as sentences.

    The code of the skill runs: check only what you would run yourself.
    """
    try:
        skill = load_skill(folder.resolve())
        skills = SkillSet([skill, *(one for one in SkillSet.load() if one.name != skill.name)])
        skills.packs(LANGUAGE)
    except GnothiError as error:
        return (str(error),)
    signatures = tuple(_arguments(skill))
    played = () if signatures else asyncio.run(_played(skill, skills))
    return (*_messages(skill, skills), *signatures, *played)


def wording(skills: SkillSet) -> Wording:
    """Return the wording of *skills*, with choices that never change."""
    return Wording([dialogue_pack(LANGUAGE), *skills.packs(LANGUAGE)], rng=Random(0))


@dataclass(slots=True)
class Stage:
    """The starter home on a Friday morning, with empty memories; where samples are played."""

    skills: SkillSet
    moment: datetime = MOMENT
    player: StillPlayer = field(default_factory=StillPlayer)
    settings: Settings = field(
        default_factory=lambda: Settings(
            folder=Path("nowhere"),
            journal_url="sqlite://",
            weather_url=NOWHERE,
            places_url=NOWHERE,
        )
    )
    house: House = field(init=False)
    alarms: Alarms = field(init=False)
    clock: FixedClock = field(init=False)
    stores: dict[str, Store] = field(default_factory=dict[str, Store])

    def __post_init__(self) -> None:
        """Set the stage."""
        self.clock = FixedClock(self.moment)
        self.house = House.from_file(STARTER, clock=self.clock)
        zone = self.house.time_zone
        self.alarms = Alarms(MemoryStore(), self.clock, zone, rng=Random(0))

    def turn(self, said: Filled, intent: str, skill: str) -> Turn:
        """Return what a skill sees when *said* is heard."""
        return Turn(
            text=said.text,
            interpretation=Interpretation("", intent, 1.0, said.slots, end=len(said.text)),
            utterance=Utterance(said.text),
            now=self.clock.now(),
            services=self.services(skill),
        )

    def services(self, skill: str) -> Services:
        """Return what *skill* may use here."""
        store = self.stores.setdefault(skill, MemoryStore())
        topics = tuple(one.manifest for one in self.skills)
        return Services(self.house, self.alarms, self.player, store, self.settings, topics=topics)


@dataclass(slots=True)
class Played:
    """What a line of a dialogue led to."""

    proposal: Proposal
    acts: tuple[Act, ...]
    acted: bool
    undo: Call | None = None

    @property
    def keys(self) -> list[str]:
        """The keys of what was said."""
        return [act.key for act in self.acts]


class Rehearsal:
    """Plays the lines of one dialogue, one after the other."""

    def __init__(self, skills: SkillSet, stage: Stage | None = None) -> None:
        """Begin on an empty *stage*."""
        self.skills = skills
        self.stage = stage or Stage(skills)
        self._call: Call | None = None
        self._asked: str | None = None
        self._intent = ""
        self._focus: dict[str, object] = {}

    async def say(self, said: Filled, intent: str = "") -> Played:
        """Say a line; one without *intent* answers or changes what was said before."""
        call = None if intent else self._call
        self._intent = intent or self._intent
        skill, api = self._found(call)
        turn = self._turn(said, skill.name, call)
        proposal = await skill.propose(turn, api)
        self._call = proposal.call
        self._asked = proposal.question.argument if proposal.question else None
        if proposal.problem:
            return Played(proposal, proposal.problem, acted=False)
        if proposal.question:
            return Played(proposal, (proposal.question.act,), acted=False)
        actor = self.skills.get(proposal.call.skill)
        turn = replace(turn, services=self.stage.services(actor.name))
        outcome = await actor.act(turn, proposal.call)
        self._focus |= outcome.entities
        confirmation = (proposal.confirmation,) if proposal.confirmation else ()
        return Played(proposal, (*confirmation, *outcome.acts), True, outcome.undo)

    def _found(self, call: Call | None) -> tuple[Skill, Api]:
        if call:
            skill = self.skills.get(call.skill)
            return skill, skill.api(call.api)
        found = self.skills.for_intent(self._intent)
        if found is None:
            raise GnothiError(f"No skill serves the intent '{self._intent}'.")
        return found

    def _turn(self, said: Filled, skill: str, call: Call | None) -> Turn:
        turn = self.stage.turn(said, self._intent, skill)
        return replace(turn, carried=call, answers=self._asked if call else None, focus=self._focus)


def _messages(skill: Skill, skills: SkillSet) -> Iterator[str]:
    """Find messages that the skill may say and that no pack has."""
    words = wording(skills)
    packs = "\n".join(skill.packs(LANGUAGE))
    for key in sorted(set(_declared_keys(skill)) | set(_coded_keys(skill))):
        known = words.has(key) if not key.endswith("*") else f"\n{key[:-1]}" in f"\n{packs}"
        if not known:
            yield f"{skill.name}/{LANGUAGE}.ftl: the message '{key}' is missing; write it."


def _declared_keys(skill: Skill) -> Iterator[str]:
    for api in skill.apis:
        yield from (argument.ask for argument in api.arguments if argument.ask)
    for dialogue in skill.manifest.dialogues:
        for exchange in dialogue.exchanges:
            yield from exchange.assistant


def _coded_keys(skill: Skill) -> Iterator[str]:
    """Return the keys in ``Act("…")`` of the code; ``prefix*`` where one is put together."""
    for path in sorted(skill.manifest.folder.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_act(node.func) and node.args:
                yield from _keys(node.args[0])


def _is_act(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id == "Act"


def _keys(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_keys(node.body), *_keys(node.orelse))
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield f"{node.values[0].value}*"


def _arguments(skill: Skill) -> Iterator[str]:
    """Find arguments that the function does not take, and parameters that no argument fills."""
    for api in skill.apis:
        parameters = dict(inspect.signature(getattr(skill.module, api.name)).parameters)
        taken = {one.name for one in parameters.values() if one.kind is one.KEYWORD_ONLY}
        declared = {argument.name for argument in api.arguments}
        where = f"{skill.name}/actions.py, {api.name}"
        for name in sorted(declared - taken):
            yield f"{where}: the argument '{name}' is not used; take it after the '*'."
        for name in sorted(taken - declared):
            if parameters[name].default is inspect.Parameter.empty:
                yield f"{where}: nothing fills '{name}'; declare it in skill.toml."


async def _played(skill: Skill, skills: SkillSet) -> list[str]:
    problems: list[str] = []
    for api in skill.apis:
        for sample in api.samples:
            problems += [p async for p in _sample(skill, api, sample, skills)]
    for dialogue in skill.manifest.dialogues:
        problems += [p async for p in _dialogue(skill, dialogue, skills)]
    return problems


async def _sample(skill: Skill, api: Api, sample: Sample, skills: SkillSet) -> AsyncIterator[str]:
    """Find marked slots of *sample* that reach no argument."""
    where = f"{skill.name}, {api.name}, '{sample.source}'"
    said = sample.fill(_examples(skill, api))
    intent = api.intents[0] if api.intents else ""
    try:
        stage = Stage(skills)
        proposal = await skill.propose(stage.turn(said, intent, skill.name), api)
    except GnothiError as error:
        yield f"{where}: {error}"
        return
    if proposal.problem or proposal.call.api != api.name:
        return
    for argument in api.arguments:
        marked = set(argument.slots) & set(sample.slots)
        if marked and not api.fill and proposal.call.arguments.get(argument.name) is None:
            yield f"{where}: {{{marked.pop()}}} does not fill '{argument.name}'."


def _examples(skill: Skill, api: Api) -> Mapping[str, str]:
    return {
        slot: value_type(argument.type, skill.types).examples[0]
        for argument in api.arguments
        for slot in argument.slots
    }


async def _dialogue(skill: Skill, dialogue: Dialogue, skills: SkillSet) -> AsyncIterator[str]:
    """Find lines of *dialogue* that lead elsewhere than it shows."""
    rehearsal, words = Rehearsal(skills), wording(skills)
    for exchange in dialogue.exchanges:
        said = exchange.user.fill()
        where = f"{skill.name}, dialogue '{dialogue.title}', '{said.text}'"
        try:
            played = await rehearsal.say(said, exchange.intent)
            faults = [fault for act in played.acts for fault in words.faults(act, MOMENT)]
        except GnothiError as error:
            yield f"{where}: {error}"
            return
        if faults:
            yield f"{where}: {', '.join(played.keys)} can't be said whole: {faults[0]}."
        for problem in _differences(exchange, played):
            yield f"{where}: {problem}"


def _differences(exchange: Exchange, played: Played) -> Iterator[str]:
    call = played.proposal.call
    if exchange.call and (not played.acted or call.api != exchange.call):
        done = f"{call.api} is called" if played.acted else f"it says {played.keys}"
        yield f"{exchange.call} should be called, but {done}."
        return
    for name, wanted in exchange.arguments.items():
        found = plain(call.arguments.get(name))
        if found != wanted:
            yield f"'{name}' should be {wanted!r}, but is {found!r}."
    missing = [key for key in exchange.assistant if key not in played.keys]
    if missing:
        yield f"it should say {', '.join(missing)}, but says {', '.join(played.keys)}."
