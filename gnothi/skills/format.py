"""The format of a skill: a folder with ``skill.toml``, ``actions.py`` and language packs.

``docs/reference/skill-format.md`` describes it for authors. Errors name the file, the key and
what to do.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gnothi.core.errors import SkillError
from gnothi.core.risk import Risk
from gnothi.skills.samples import Dialogue, Exchange, Sample
from gnothi.skills.table import Table
from gnothi.skills.types import TYPES

MANIFEST = "skill.toml"
ACTIONS = "actions.py"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entity:
    """One value of an entity type, and other ways to say it."""

    value: str
    synonyms: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every way to say it; the first is the value itself."""
        return (self.value, *self.synonyms)


@dataclass(frozen=True, slots=True)
class EntityType:
    """A kind of thing that a skill talks about, with a catalogue of values."""

    name: str
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an API, and where its value comes from."""

    name: str
    type: str
    """A built-in type (``gnothi.skills.types.TYPES``) or an entity type of the skill."""
    slots: tuple[str, ...] = ()
    """Slots whose words fill it, best first."""
    required: bool = False
    ask: str = ""
    """The act that asks for it, when it is required and missing."""
    only_slots: bool = False
    """Never look for it in the rest of the sentence."""
    spoken: bool = False
    """Its values are words as they were said, so that a correction may put one for another."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Words by which requests with intents of other skills are for an API."""

    phrases: str
    """The name of a list of phrases in the skill's words."""
    intents: tuple[str, ...]
    """What such requests are taken for."""
    whole: bool = False
    """Whether a phrase must be all that is said."""
    check: str = ""
    """A function of ``actions.py`` that says of a text whether it is claimed at all."""
    follows: bool = False
    """It claims only what points back to a call of its API, whatever that is taken for."""
    always: bool = False
    """It claims the whole utterance, whatever that is taken for and whatever has been asked."""


@dataclass(frozen=True, slots=True)
class Api:
    """Something a skill can do."""

    name: str
    """Also the name of its function in ``actions.py``."""
    intents: tuple[str, ...] = ()
    risk: Risk = Risk.FREE
    arguments: tuple[Argument, ...] = ()
    fill: str = ""
    """A function of ``actions.py`` that proposes the call instead of the argument filler."""
    undo: str = ""
    """The API that takes this one back, for the reader; the outcome carries the actual call."""
    samples: tuple[Sample, ...] = ()
    idle: bool = False
    """It does nothing but talk: where understanding is unsure, what does something goes first."""
    claims: tuple[Claim, ...] = ()
    """Requests that are for this API by their words, whatever else they may be taken for."""
    reads: str = ""
    """A function of ``actions.py`` that says what a text means in the talk that this API leads."""
    keeps: tuple[str, ...] = ()
    """Intents that are no digression from that talk: "skip" is no request to the player there …"""
    yields: tuple[str, ...] = ()
    """… except that these may be, once the talk asks nothing."""

    def argument(self, name: str) -> Argument | None:
        """Return the argument called *name*."""
        return next((one for one in self.arguments if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``skill.toml`` says."""

    name: str
    title: str
    folder: Path
    apis: tuple[Api, ...]
    types: Mapping[str, EntityType]
    dialogues: tuple[Dialogue, ...] = ()
    examples: tuple[str, ...] = ()
    """Sentences that show what the skill is good for, for help."""


def read_manifest(folder: Path) -> Manifest:
    """Read ``skill.toml`` in *folder*.

    Raises:
        SkillError: the file is missing or does not keep the format.
    """
    path = folder / MANIFEST
    table = Table(_toml(path), f"{folder.name}/{MANIFEST}")
    types = {name: _entity_type(name, entry, folder) for name, entry in table.named("types")}
    manifest = Manifest(
        name=table.required("name"),
        title=table.required("title"),
        folder=folder,
        types=types,
        apis=tuple(_api(entry, types) for entry in table.tables("api")),
        dialogues=tuple(_dialogue(entry) for entry in table.tables("dialogues")),
        examples=table.texts("examples"),
    )
    table.close()
    if not manifest.apis:
        raise SkillError(f"{table.where}: there is no [[api]]; a skill needs at least one.")
    return manifest


def language_packs(folder: Path, language: str) -> tuple[str, ...]:
    """Return the Fluent sources of the skill in *folder* for *language*.

    Raises:
        SkillError: there is no pack for the language, or it can't be read.
    """
    path = folder / f"{language}.ftl"
    if not path.exists():
        raise SkillError(f"{folder.name}: {path.name} is missing; write what the skill says there.")
    try:
        return (path.read_text(encoding="utf-8"),)
    except (OSError, UnicodeDecodeError) as error:
        raise SkillError(f"{folder.name}/{path.name} can't be read: {error}") from error


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path.parent.name}: {path.name} can't be read ({error.strerror})."
        raise SkillError(message) from error
    except ValueError as error:
        raise SkillError(f"{path.parent.name}/{path.name} is no TOML: {error}") from error


def _entity_type(name: str, table: Table, folder: Path) -> EntityType:
    listed = table.texts("values")
    synonyms = table.mapping("synonyms")
    if table.has("file"):
        listed += _catalogue(table, folder)
    table.close()
    if name in TYPES:
        raise SkillError(f"{table.where}: '{name}' is a built-in type; choose another name.")
    if not listed:
        raise table.wrong("values", "is missing; list the values, or name a file with one a line.")
    return EntityType(name, tuple(_entity(value, synonyms, table) for value in listed))


def _entity(value: str, synonyms: Mapping[str, object], table: Table) -> Entity:
    names = Table({value: synonyms.get(value, [])}, f"{table.where}.synonyms").texts(value)
    return Entity(value, names)


def _catalogue(table: Table, folder: Path) -> tuple[str, ...]:
    path = folder / table.required("file")
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise table.wrong("file", f"names {path.name}, which is not in the skill's folder.")
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def _api(table: Table, types: Mapping[str, EntityType]) -> Api:
    name = table.required("name")
    table.where += f" ({name})"
    if not name.isidentifier():
        raise table.wrong("name", "must be a Python name: it names a function in actions.py.")
    api = Api(
        name=name,
        intents=table.texts("intents"),
        risk=_risk(table),
        fill=table.text("fill"),
        undo=table.text("undo"),
        idle=table.flag("idle"),
        claims=tuple(_claim(entry) for entry in table.tables("claims")),
        reads=table.text("reads"),
        keeps=table.texts("keeps"),
        yields=table.texts("yields"),
        samples=tuple(_sample(source, table) for source in table.texts("samples")),
        arguments=tuple(_argument(key, entry, types) for key, entry in table.named("arguments")),
    )
    table.close()
    if api.claims and not api.intents:
        raise table.wrong("intents", "is missing; name an intent of its own for what it claims.")
    if api.reads and api.risk is Risk.GUARDED:
        raise table.wrong("risk", "is 'guarded'; what leads a talk acts without being confirmed.")
    return api


def _claim(table: Table) -> Claim:
    claim = Claim(
        table.required("phrases"),
        table.texts("intents"),
        table.flag("whole"),
        table.text("check"),
        follows=table.flag("follows"),
        always=table.flag("always"),
    )
    table.close()
    if [bool(claim.intents), claim.follows, claim.always].count(True) != 1:
        raise table.wrong(
            "intents", "or 'follows' or 'always' must say what is claimed: one of them."
        )
    return claim


def _risk(table: Table) -> Risk:
    risk = table.text("risk", Risk.FREE.value)
    try:
        return Risk(risk)
    except ValueError as error:
        known = ", ".join(Risk)
        raise table.wrong("risk", f"is '{risk}'; choose one of {known}.") from error


def _argument(name: str, table: Table, types: Mapping[str, EntityType]) -> Argument:
    argument = Argument(
        name=name,
        type=table.required("type"),
        slots=table.texts("slots"),
        required=table.flag("required"),
        ask=table.text("ask"),
        only_slots=table.flag("only_slots"),
        spoken=table.flag("spoken"),
    )
    table.close()
    if argument.type not in TYPES and argument.type not in types:
        known = ", ".join([*TYPES, *types])
        raise table.wrong("type", f"is '{argument.type}'; choose one of {known}.")
    if argument.required and not argument.ask:
        raise table.wrong("ask", "is missing; name the message that asks for this value.")
    return argument


def _sample(source: str, table: Table) -> Sample:
    try:
        return Sample.read(source)
    except SkillError as error:
        raise SkillError(f"{table.where}: {error}") from error


def _dialogue(table: Table) -> Dialogue:
    dialogue = Dialogue(
        title=table.required("title"),
        exchanges=tuple(_exchange(entry) for entry in table.tables("turns")),
    )
    table.close()
    return dialogue


def _exchange(table: Table) -> Exchange:
    exchange = Exchange(
        user=_sample(table.required("user"), table),
        intent=table.text("intent"),
        call=table.text("call"),
        arguments=table.mapping("arguments"),
        assistant=table.texts("assistant"),
    )
    table.close()
    return exchange
