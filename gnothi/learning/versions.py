"""The versions of one artifact that a household makes itself, by what it teaches and puts right."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256

from gnothi.core.artifact import Card
from gnothi.core.clock import Clock
from gnothi.core.errors import InputError
from gnothi.registry.registry import Registry

_KEPT = 8
"""Kept beside the one that answers; then the earlier ones are let go."""


class OwnVersions:
    """Keeps one version after another of an artifact, and lets the newest answer."""

    def __init__(self, registry: Registry, name: str, clock: Clock, *, learns: bool = True) -> None:
        """Keep versions of *name* in *registry*; what only answers never *learns*."""
        self._registry, self._name, self._clock, self._learns = registry, name, clock, learns

    @property
    def serving(self) -> str | None:
        """The version that answers."""
        return self._registry.serving(self._name)

    def read(self, version: str, files: Sequence[str]) -> dict[str, bytes]:
        """Return the *files* of a *version*.

        Raises:
            ArtifactError: it is gone, or damaged.
        """
        artifact = self._registry.get(self._name, version)
        return {name: artifact.file(name).read_bytes() for name in files}

    @contextmanager
    def changing(self, otherwise: str) -> Generator[None]:
        """Let nobody else change what is known, meanwhile.

        Raises:
            InputError: nothing is learned here; *otherwise* says where it is.
        """
        if not self._learns:
            raise InputError(f"Nothing is learned here: {otherwise}.")
        with self._registry.alone(self._name):
            yield

    def keep(
        self,
        contents: Mapping[str, bytes],
        reason: str,
        *,
        command: str,
        data: str,
        parents: tuple[str, ...] = (),
        figures: Mapping[str, float] | None = None,
    ) -> str:
        """Keep *contents* as the version that answers; return which one that is."""
        version = self._next()
        card = Card(
            name=self._name,
            version=version,
            kind="npz",
            files={name: sha256(content).hexdigest() for name, content in contents.items()},
            parents=parents,
            command=command,
            data=({"name": data, "sha256": "", "licence": "private"},),
            figures=dict(figures or {}),
            licence="private",
        )
        self._registry.put(contents, card)
        self._registry.make_live(self._name, version, reason=reason)
        self._registry.discard_earlier(self._name, keep=_KEPT)
        return version

    @property
    def earlier(self) -> tuple[str, ...]:
        """The versions that are kept beside the one that answers."""
        known = (card.version for card in self._registry.versions(self._name))
        return tuple(version for version in known if version != self.serving)

    def forget_earlier(self) -> None:
        """Let every version go but the one that answers."""
        self._registry.discard_earlier(self._name)

    def _next(self) -> str:
        """Return the day, and a number above those of all versions that are kept."""
        known = [_number(card.version) for card in self._registry.versions(self._name)]
        return f"{self._clock.now():%Y-%m-%d}.{max(known, default=0) + 1}"


def _number(version: str) -> int:
    return int(version.rpartition(".")[2])
