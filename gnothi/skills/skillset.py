"""The skills of one installation: loaded, and found by what they understand."""

import importlib
import importlib.util
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from gnothi.core.acting import Call, Outcome
from gnothi.core.errors import SkillError
from gnothi.skills.fill import fill
from gnothi.skills.format import (
    ACTIONS,
    Api,
    Claim,
    EntityType,
    Manifest,
    language_packs,
    read_manifest,
)
from gnothi.skills.turn import Proposal, Reading, Turn
from gnothi.skills.vocabulary import Phrases, Vocabulary

BUILTIN = Path(__file__).parent / "builtin"
LANGUAGE = "en"
"""The language in which every skill can speak."""
_HOUSEHOLD = "gnothi_household_skills"

_log = logging.getLogger(__name__)

Action = Callable[..., Awaitable[Outcome]]
Filler = Callable[[Turn], Awaitable[Proposal]]
Reader = Callable[[Turn], Awaitable[Reading]]
Check = Callable[[str], bool]


class Skill:
    """A skill that is ready to be used."""

    def __init__(self, manifest: Manifest, actions: ModuleType) -> None:
        """Join what ``skill.toml`` says with the functions of ``actions.py``."""
        self.manifest = manifest
        self.module = actions
        self._apis = {api.name: api for api in manifest.apis}
        self._actions: dict[str, Action] = {api.name: self._function(api.name) for api in self.apis}
        self._fillers: dict[str, Filler] = {
            api.name: self._function(api.fill) for api in self.apis if api.fill
        }
        self._readers: dict[str, Reader] = {
            api.name: self._function(api.reads) for api in self.apis if api.reads
        }
        checks = {claim.check for api in self.apis for claim in api.claims if claim.check}
        self._checks: dict[str, Check] = {
            name: cast("Check", self._function(name)) for name in checks
        }

    @property
    def name(self) -> str:
        """The name in calls and in the trace."""
        return self.manifest.name

    @property
    def title(self) -> str:
        """The name for people."""
        return self.manifest.title

    @property
    def apis(self) -> tuple[Api, ...]:
        """Everything that the skill can do."""
        return self.manifest.apis

    @property
    def types(self) -> Mapping[str, EntityType]:
        """The skill's own entity types."""
        return self.manifest.types

    def api(self, name: str) -> Api:
        """Return the API called *name*.

        Raises:
            SkillError: the skill has no such API.
        """
        if name not in self._apis:
            raise SkillError(f"The skill '{self.name}' has no API '{name}'.")
        return self._apis[name]

    async def propose(self, turn: Turn, api: Api) -> Proposal:
        """Fill the arguments of *api* from *turn*; nothing is done yet."""
        if filler := self._fillers.get(api.name):
            return await filler(turn)
        return fill(turn, self.name, api, self.types)

    async def act(self, turn: Turn, call: Call) -> Outcome:
        """Carry *call* out. Errors of the skill pass; the dialogue turns them into sentences."""
        api = self.api(call.api)
        return await self._actions[api.name](turn, **call.arguments)

    async def read(self, turn: Turn, api: str) -> Reading:
        """Return what the text of *turn* means in the talk that *api* leads."""
        return await self._readers[api](turn)

    def claimed(self, intents: Iterable[str], text: str, after: str = "") -> Api | None:
        """Return the API that claims a request with one of *intents* by the words of *text*.

        *after* is the intent of the request that the words point back to.
        """
        considered = set(intents)
        for api, claim, phrases in self._claims:
            taken = after in api.intents if claim.follows else considered & set(claim.intents)
            if taken and self._is_meant(claim, phrases, text):
                return api
        return None

    def claims_always(self, text: str) -> Api | None:
        """Return the API that *text* is for, whatever it may be taken for."""
        always = (one for one in self._claims if one[1].always)
        found = (api for api, claim, phrases in always if self._is_meant(claim, phrases, text))
        return next(found, None)

    def _is_meant(self, claim: Claim, phrases: Phrases, text: str) -> bool:
        said = phrases.are(text) if claim.whole else text in phrases
        check = self._checks.get(claim.check)
        return said and (check is None or check(text))

    @cached_property
    def _claims(self) -> list[tuple[Api, Claim, Phrases]]:
        claims = [(api, claim) for api in self.apis for claim in api.claims]
        if not claims:
            return []
        words = Vocabulary.beside(str(self.manifest.folder / ACTIONS))
        return [(api, claim, words[claim.phrases]) for api, claim in claims]

    def packs(self, language: str) -> tuple[str, ...]:
        """Return the Fluent sources with everything that the skill says."""
        return language_packs(self.manifest.folder, language)

    def _function(self, name: str) -> Callable[..., Awaitable[Any]]:
        function = getattr(self.module, name, None)
        if not callable(function):
            raise SkillError(f"{self.name}/{ACTIONS}: there is no function '{name}'; write it.")
        return cast("Callable[..., Awaitable[Any]]", function)


class SkillSet:
    """All skills; earlier ones win where two declare the same intent."""

    def __init__(self, skills: Iterable[Skill], problems: Iterable[str] = ()) -> None:
        """Take *skills*; a later one of the same name replaces an earlier one."""
        self._skills = {skill.name: skill for skill in skills}
        self.problems = tuple(problems)
        """Why skills of the household were left out, one sentence for each."""

    @classmethod
    def load(cls, own: Path | None = None) -> "SkillSet":
        """Load the built-in skills and, before them, the household's *own*.

        ``actions.py`` of an own skill runs with all the rights of the assistant: put only code
        there that you would run yourself. An own skill that can't be used is left out and stands
        in ``problems``: a slip in one skill must not leave the house without its assistant.
        """
        household, problems = _usable(_folders(own)) if own else ([], [])
        for problem in problems:
            _log.error("A skill of the household is left out: %s", problem)
        taken = {skill.name for skill in household}
        builtin = [load_skill(folder) for folder in _folders(BUILTIN)]
        return cls([*household, *(one for one in builtin if one.name not in taken)], problems)

    def __iter__(self) -> Iterator[Skill]:
        """Return the skills in their order."""
        return iter(self._skills.values())

    def get(self, name: str) -> Skill:
        """Return the skill called *name*.

        Raises:
            SkillError: there is none.
        """
        if name not in self._skills:
            raise SkillError(f"There is no skill '{name}'.")
        return self._skills[name]

    def for_intent(self, intent: str) -> tuple[Skill, Api] | None:
        """Return the skill and the API that serve *intent*."""
        return self._by_intent.get(intent)

    def claimed(
        self, intents: Iterable[str], text: str, after: str = ""
    ) -> tuple[Skill, Api] | None:
        """Return who claims a request by its words, whatever its intent is taken for.

        *after* is the intent of the request that the words point back to.
        """
        considered = tuple(intents)
        for skill in self:
            if api := skill.claimed(considered, text, after):
                return skill, api
        return None

    def claims_always(self, text: str) -> tuple[Skill, Api] | None:
        """Return who takes *text* whatever has been asked: "there is a fire"."""
        for skill in self:
            if api := skill.claims_always(text):
                return skill, api
        return None

    def packs(self, language: str = "en") -> list[str]:
        """Return the language packs of all skills; the household's own come last and win."""
        shared = Path(__file__).with_name(f"{language}.ftl").read_text(encoding="utf-8")
        return [shared, *self._own_packs(language)]

    def _own_packs(self, language: str) -> list[str]:
        return [pack for skill in reversed(list(self)) for pack in skill.packs(language)]

    @cached_property
    def _by_intent(self) -> Mapping[str, tuple[Skill, Api]]:
        found: dict[str, tuple[Skill, Api]] = {}
        for skill in self:
            for api in skill.apis:
                for intent in api.intents:
                    found.setdefault(intent, (skill, api))
        return found


def load_skill(folder: Path) -> Skill:
    """Load the skill in *folder*.

    Raises:
        SkillError: the folder does not keep the format, or its code can't be imported.
    """
    manifest = read_manifest(folder)
    if folder.parent == BUILTIN:
        return Skill(
            manifest, importlib.import_module(f"{__package__}.builtin.{folder.name}.actions")
        )
    return Skill(manifest, _household_actions(folder))


def _usable(folders: Iterable[Path]) -> tuple[list[Skill], list[str]]:
    """Return the skills in *folders* that can be used, and what is wrong with the others."""
    skills: list[Skill] = []
    problems: list[str] = []
    for folder in folders:
        try:
            skill = load_skill(folder)
            skill.packs(LANGUAGE)
        except SkillError as error:
            problems.append(str(error))
        else:
            skills.append(skill)
    return skills, problems


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(path.parent for path in parent.glob("*/skill.toml"))


def _household_actions(folder: Path) -> ModuleType:
    """Import ``actions.py`` of *folder* as part of a package, so that it may have siblings."""
    package = f"{_HOUSEHOLD}.{folder.name}"
    _add_package(_HOUSEHOLD, folder.parent)
    _add_package(package, folder)
    spec = importlib.util.spec_from_file_location(f"{package}.actions", folder / ACTIONS)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # strangers' code may raise anything while it is imported
        del sys.modules[spec.name]
        raise SkillError(f"{folder.name}/{ACTIONS} can't be imported: {error}") from error
    return module


def _add_package(name: str, folder: Path) -> None:
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
