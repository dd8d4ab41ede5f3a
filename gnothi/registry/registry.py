"""The registry: every version of every artifact, and which one answers."""

import fcntl
import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Self

from gnothi.core.artifact import CARD, Card, read_card
from gnothi.core.clock import Clock, SystemClock
from gnothi.core.errors import ArtifactError, StorageError
from gnothi.registry.admission import check_card, inspect, write_card
from gnothi.registry.assignments import (
    Assignment,
    Assignments,
    Canary,
    Switch,
    made_live,
    rolled_back,
    with_canary,
    without_canary,
)

SHIPPED = Path(__file__).parent.parent / "models"
"""The artifacts that come with Gnothi."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A verified artifact: what its card says is what its folder holds."""

    card: Card
    folder: Path

    @property
    def label(self) -> str:
        """``name@version``, as traces and the journal write it."""
        return self.card.label

    def file(self, name: str) -> Path:
        """Return where the file *name* of the card lies.

        Raises:
            ArtifactError: the card names no such file.
        """
        if name not in self.card.files:
            raise ArtifactError(f"{self.label} has no file {name!r}.")
        return self.folder / name


@dataclass(frozen=True, slots=True)
class Choice:
    """The version that serves one key, and how probable that was."""

    version: str
    propensity: float
    """Share of all keys that this version serves: what off-policy evaluation needs."""


class Registry:
    """Artifacts under ``folder/artifacts/NAME/VERSION``, assignments in ``assignments.json``.

    What Gnothi ships is there from the beginning, read-only, and live until something better is
    assigned. A running server sees an assignment by any process at its next :meth:`choose`.
    """

    def __init__(
        self, folder: Path, *, shipped: Path = SHIPPED, clock: Clock | None = None
    ) -> None:
        """Keep artifacts in *folder*; those in *shipped* are there from the beginning."""
        self._artifacts = folder / "artifacts"
        self._assignments = Assignments(folder / "assignments.json")
        self._shipped = _shipped_in(shipped)
        self._clock = clock or SystemClock()

    @classmethod
    def open(cls, folder: Path, *, shipped: Path = SHIPPED, clock: Clock | None = None) -> Self:
        """Open the registry in *folder*, which is made when it is not there.

        Raises:
            StorageError: the folder can't be made, or its assignments can't be read.
        """
        try:
            (folder / "artifacts").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{folder} can't be made: {error.strerror}.") from error
        registry = cls(folder, shipped=shipped, clock=clock)
        registry._assignments.all()
        return registry

    def names(self) -> list[str]:
        """Return the names of all artifacts, in order."""
        kept = {
            card.parent.parent.relative_to(self._artifacts).as_posix()
            for card in self._artifacts.rglob(CARD)
        }
        # A copy in the making is not an artifact yet.
        kept = {name for name in kept if not name.startswith(".")}
        return sorted(kept | self._shipped.keys())

    def versions(self, name: str) -> list[Card]:
        """Return the cards of all versions of *name*: the shipped one first, then by version."""
        shipped = [self._shipped[name].card] if name in self._shipped else []
        folders = sorted((self._artifacts / name).glob(f"*/{CARD}"))
        return shipped + [read_card(card.parent) for card in folders]

    def put(self, source: Path | Mapping[str, bytes], card: Card) -> Artifact:
        """Keep a copy of an artifact, after checking it against its *card*.

        *source* is its folder, or its files by name. Putting the same again changes nothing.

        Raises:
            ArtifactError: the files are not what the card says, or the version is taken by others.
            StorageError: there is no room, or the folder can't be written.
        """
        check_card(card)
        if card.version in {known.version for known in self.versions(card.name)}:
            return self._same(card)
        place = self._artifacts / card.name / card.version
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._artifacts, prefix=".new-") as fresh:
                _copy(source, card, Path(fresh) / "copy")
                (Path(fresh) / "copy").replace(place)
        except OSError as error:
            raise StorageError(f"{place} can't be written: {error.strerror}.") from error
        return Artifact(card, place)

    def get(self, name: str, version: str | None = None) -> Artifact:
        """Return an artifact, every file of it verified; without *version*, the live one.

        Raises:
            ArtifactError: it is not there, or not what its card says.
        """
        wanted = version or self.live(name)
        folder = self._folder(name, wanted)
        card = read_card(folder)
        if (card.name, card.version) != (name, wanted):
            raise ArtifactError(f"The card in {folder} is that of {card.label}.")
        inspect(folder, card)
        return Artifact(card, folder)

    def live(self, name: str) -> str:
        """Return the version of *name* that answers, canaries aside.

        Raises:
            ArtifactError: no version is live and none is shipped.
        """
        return self._assignments.of(name).live or self._shipped_version(name)

    def serving(self, name: str) -> str | None:
        """Return the version of *name* that answers; ``None`` while none does."""
        assigned = self._assignments.of(name).live
        return assigned or (self._shipped_version(name) if name in self._shipped else None)

    def choose(self, name: str, key: str) -> Choice:
        """Return which version serves *key* (a session, a person): the same key, the same version.

        While a canary runs, its share of all keys gets it, chosen by a hash of the key. Cheap
        enough to be asked each turn.
        """
        assignment = self._assignments.of(name)
        live = assignment.live or self._shipped_version(name)
        canary = assignment.canary
        if canary is None:
            return Choice(live, 1.0)
        if _place(name, canary.version, key) < canary.share:
            return Choice(canary.version, canary.share)
        return Choice(live, 1.0 - canary.share)

    def assignment(self, name: str) -> Assignment:
        """Return what is assigned for *name*, with its history."""
        return self._assignments.of(name)

    def make_live(self, name: str, version: str, *, reason: str = "") -> None:
        """Let *version* answer from now on; a running canary ends.

        Raises:
            ArtifactError: the version is not there, or damaged.
        """
        self.get(name, version)
        at = self._clock.now()
        self._assignments.change(name, lambda now: made_live(now, version, at, reason))

    def start_canary(self, name: str, version: str, share: float, *, reason: str = "") -> None:
        """Let *version* serve a *share* of all keys, between 0 and 1.

        Raises:
            ArtifactError: the version is not there or damaged, is live already, or the share is
                none.
        """
        if not 0 < share < 1:
            raise ArtifactError(f"A canary serves a share between 0 and 1, not {share}.")
        if version == self.live(name):
            raise ArtifactError(f"{name}@{version} is live already.")
        self.get(name, version)
        at, canary = self._clock.now(), Canary(version, share)
        self._assignments.change(name, lambda now: with_canary(now, canary, at, reason))

    def end_canary(self, name: str, *, reason: str = "") -> None:
        """Let the live version serve everybody again."""
        at = self._clock.now()
        self._assignments.change(name, lambda now: without_canary(now, at, reason))

    def discard_earlier(self, name: str, *, keep: int = 0) -> None:
        """Delete every kept version of *name* but those that serve; there is no way back to them.

        For what may no longer be kept: it was learned from somebody who is erased. The newest
        *keep* of those that served before stay.
        """
        at = self._clock.now()

        def without(now: Assignment) -> Assignment:
            earlier = now.earlier[max(0, len(now.earlier) - keep) :]
            done = Switch(at, "discard", None)
            return replace(now, earlier=earlier, history=(*now.history, done))

        if keep and len(self.assignment(name).earlier) <= keep:
            return
        now = self._assignments.change(name, without)
        serving = {now.live, now.canary.version if now.canary else None, *now.earlier}
        for card in (self._artifacts / name).glob(f"*/{CARD}"):
            if card.parent.name not in serving:
                shutil.rmtree(card.parent)

    @contextmanager
    def alone(self, name: str) -> Generator[None]:
        """Hold back every other thread and process that changes *name* alone, meanwhile.

        Raises:
            StorageError: the lock can't be made.
        """
        place = self._artifacts / f".{name.replace('/', '-')}.lock"
        try:
            lock = place.open("w")
        except OSError as error:
            raise StorageError(f"{place} can't be made: {error.strerror}.") from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def roll_back(self, name: str, *, reason: str = "") -> str:
        """Return to the version before; return which one that is. A running canary ends.

        Versions that are gone or damaged are passed over; the last resort is the shipped one.

        Raises:
            ArtifactError: there is none to return to.
        """
        at = self._clock.now()

        def back(now: Assignment) -> Assignment:
            earlier = list(now.earlier)
            while earlier and not self._is_sound(name, earlier[-1]):
                earlier.pop()
            if not earlier:
                # The last resort; raises where there is none, before anything has changed.
                self._shipped_version(name)
            return rolled_back(replace(now, earlier=tuple(earlier)), at, reason)

        self._assignments.change(name, back)
        return self.live(name)

    def _is_sound(self, name: str, version: str | None) -> bool:
        if version is None:
            return name in self._shipped
        try:
            self.get(name, version)
        except ArtifactError:
            return False
        return True

    def _same(self, card: Card) -> Artifact:
        known = self.get(card.name, card.version)
        if known.card.files != card.files:
            raise ArtifactError(f"{known.label} is kept already, with other files.")
        return known

    def _folder(self, name: str, version: str) -> Path:
        if name in self._shipped and version == self._shipped_version(name):
            return self._shipped[name].folder
        check_card(Card(name, version, "json", {"any.json": ""}))
        folder = self._artifacts / name / version
        if not (folder / CARD).is_file():
            raise ArtifactError(f"The registry has no {name}@{version}.")
        return folder

    def _shipped_version(self, name: str) -> str:
        if name not in self._shipped:
            raise ArtifactError(f"No version of {name!r} is live, and Gnothi ships none.")
        return self._shipped[name].card.version


def _shipped_in(folder: Path) -> dict[str, Artifact]:
    """Return what Gnothi ships by name; its files are verified when they are asked for."""
    found = [Artifact(read_card(card.parent), card.parent) for card in sorted(folder.rglob(CARD))]
    return {artifact.card.name: artifact for artifact in found}


def _copy(source: Path | Mapping[str, bytes], card: Card, place: Path) -> None:
    if isinstance(source, Path):
        inspect(source, card)
        shutil.copytree(source, place)
    else:
        _write(source, place)
    write_card(place, card)
    # The copy is what will be loaded: it is the copy that has to be right.
    inspect(place, card)


def _write(files: Mapping[str, bytes], place: Path) -> None:
    place.mkdir()
    for name, content in files.items():
        file = place / name
        if not file.resolve().is_relative_to(place.resolve()):
            raise ArtifactError(f"{name!r} would be written outside of the artifact.")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _place(name: str, version: str, key: str) -> float:
    """Return where *key* falls between 0 and 1; each canary draws anew."""
    mark = sha256(f"{name}\0{version}\0{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(mark[:8], "big") / 2**64
