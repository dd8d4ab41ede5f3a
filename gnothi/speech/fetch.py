"""Files from the network: in pieces that go on where they broke off, and checked before use.

What is fetched grows in ``NAME.part``; beside it, ``NAME.part.json`` tells of which version it is a
part. A later call goes on there if the server still has that version (``If-Range``), else it begins
anew. Nothing is called ``NAME`` before its size and its hash are right.
"""

import json
import shutil
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gnothi.core.errors import ArtifactError, InputError, ProviderError, StorageError
from gnothi.speech.catalogue import Download

if TYPE_CHECKING:
    import httpx

Told = Callable[[int, int | None], None]
"""Is told how many bytes there are, and how many there will be where that is known."""

MOST_BYTES = 8 << 30
"""What has no known size is given up beyond this."""
SPARE_BYTES = 64 << 20
"""Space that is left on the disk."""
_TRIES, _PAUSE_S = 5, 1.0
"""How often a broken connection is taken up again without anything new, and how soon."""
_TIMEOUT_S = 30.0
_GOES_ON, _DONE = 206, 416


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched as a whole, not yet in its place."""

    part: Path
    bytes: int
    sha256: str


class Fetcher:
    """Fetches files, one after the other."""

    def __init__(
        self, *, sleep: Callable[[float], None] = time.sleep, timeout_s: float = _TIMEOUT_S
    ) -> None:
        """Wait with *sleep* before a broken connection is taken up again."""
        self._sleep = sleep
        self._timeout_s = timeout_s

    def fetch(
        self, wanted: Download, target: Path, told: Told = lambda done, total: None
    ) -> Fetched:
        """Fetch *wanted* for *target*, and return the checked file, still under another name.

        Raises:
            ProviderError: there is no network, or the server does not give it.
            ArtifactError: it is not what it should be; nothing of it is kept.
            StorageError: there is not enough space, or it can't be written.
            InputError: this is no address of a file.
        """
        if wanted.scheme not in ("http", "https") or not wanted.name:
            raise InputError(f"'{wanted.url}' is no address of a file: it begins with https://")
        part = target.with_name(f"{target.name}.part")
        try:
            part.parent.mkdir(parents=True, exist_ok=True)
            self._complete(wanted, part, told)
            return _checked(wanted, part)
        except OSError as error:
            raise StorageError(f"{part} can't be written: {error}.") from error

    def _complete(self, wanted: Download, part: Path, told: Told) -> None:
        import httpx

        hopeless = (httpx.UnsupportedProtocol, httpx.TooManyRedirects)
        left, most = _TRIES, _part_of(wanted, part)
        with httpx.Client(
            timeout=self._timeout_s, follow_redirects=True, headers={"Accept-Encoding": "identity"}
        ) as client:
            while True:
                try:
                    self._go_on(client, wanted, part, told)
                    return
                except (httpx.InvalidURL, UnicodeError) as error:
                    raise InputError(f"'{wanted.url}' is no address of a file: {error}.") from error
                except (httpx.RequestError, _BrokenError) as error:
                    left = _TRIES if _size(part) > most else left - 1
                    most = max(most, _size(part))
                    if not left or isinstance(error, hopeless):
                        raise _unreachable(wanted, part, error) from error
                self._sleep(_PAUSE_S)

    def _go_on(self, client: "httpx.Client", wanted: Download, part: Path, told: Told) -> None:
        """Fetch what is still missing.

        Raises:
            _BrokenError: something is missing after that, too.
        """
        have = _part_of(wanted, part)
        if wanted.bytes is not None and have == wanted.bytes:
            return
        with _asked(client, wanted, part, have) as response:
            if response.status_code == _DONE:
                # There is nothing beyond what we have: it is complete, or of another version.
                part.unlink(missing_ok=True)
                raise _BrokenError(f"it answers {_DONE}")
            _require_found(wanted, response)
            begins = have if _goes_on(response, have) else 0
            total = _total(wanted, response, begins)
            _require_space(part, total, begins)
            _note(wanted, part, response)
            written = _write(response, part, begins, total, told)
        if total is not None and written < total:
            raise _BrokenError("it ended too early")


class _BrokenError(Exception):
    """A connection ended before everything came."""


@contextmanager
def _asked(
    client: "httpx.Client", wanted: Download, part: Path, have: int
) -> "Generator[httpx.Response]":
    headers: dict[str, str] = {}
    if have:
        headers["Range"] = f"bytes={have}-"
        if version := _noted(part).get("version"):
            headers["If-Range"] = version
    with client.stream("GET", wanted.url, headers=headers) as response:
        schemes = {one.url.scheme for one in (*response.history, response)}
        if wanted.url.startswith("https:") and schemes != {"https"}:
            raise ProviderError(f"{wanted.host} sends on to an address without encryption.")
        yield response


def _write(
    response: "httpx.Response", part: Path, begins: int, total: int | None, told: Told
) -> int:
    most = MOST_BYTES if total is None else total
    with part.open("r+b" if begins else "wb") as file:
        file.seek(begins)
        file.truncate()
        done = begins
        told(done, total)
        for block in response.iter_bytes():
            done += len(block)
            if done > most:
                part.unlink()
                raise ArtifactError(f"More than {most} bytes come from {response.url.host}.")
            file.write(block)
            told(done, total)
    return done


def _total(wanted: Download, response: "httpx.Response", begins: int) -> int | None:
    """Return the size of the whole file, where anybody says it.

    Raises:
        ArtifactError: it has another size than it should.
    """
    length = response.headers.get("Content-Length", "")
    told = begins + int(length) if length.isdecimal() else None
    if wanted.bytes is not None and told not in (None, wanted.bytes):
        raise ArtifactError(
            f"{wanted.url} has {told} bytes, {wanted.bytes} are expected: it was replaced. "
            "Nothing of it is kept."
        )
    if told is not None and told > MOST_BYTES:
        raise ArtifactError(f"{wanted.url} has {told} bytes: that is no model for this.")
    return told if wanted.bytes is None else wanted.bytes


def _checked(wanted: Download, part: Path) -> Fetched:
    size, found = _size(part), hash_of(part)
    _noted_at(part).unlink(missing_ok=True)
    if wanted.bytes is not None and size != wanted.bytes:
        part.unlink()
        raise ArtifactError(f"{wanted.url} has {size} bytes, {wanted.bytes} are expected.")
    if wanted.sha256 is not None and found != wanted.sha256:
        part.unlink()
        raise ArtifactError(
            f"{wanted.url} is not what it should be: it was damaged on its way, or replaced. Its "
            f"sha256 is {found}, {wanted.sha256} is expected. Nothing of it is kept."
        )
    return Fetched(part, size, found)


def hash_of(path: Path) -> str:
    """Return the sha256 of the file at *path*."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def require_space(folder: Path, wanted: int) -> None:
    """Do nothing where *wanted* bytes fit beside *folder*.

    Raises:
        StorageError: they don't.
    """
    free = shutil.disk_usage(folder).free
    if free < wanted + SPARE_BYTES:
        raise StorageError(
            f"There are {free / 1e6:.0f} MB free where {folder} lies, and "
            f"{(wanted + SPARE_BYTES) / 1e6:.0f} MB are needed: make room, or choose another place "
            "with GNOTHI_FOLDER."
        )


def _require_space(part: Path, total: int | None, begins: int) -> None:
    if total is not None:
        require_space(part.parent, total - begins)


def _goes_on(response: "httpx.Response", have: int) -> bool:
    if response.status_code != _GOES_ON:
        return False
    if not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        raise ProviderError(
            f"{response.url.host} gives another part of the file than was asked for."
        )
    return True


def _require_found(wanted: Download, response: "httpx.Response") -> None:
    if response.is_success:
        return
    if response.status_code in (404, 410):
        raise ProviderError(f"{wanted.host} does not have {wanted.url} (any more).")
    if response.status_code >= 500 or response.status_code == 429:
        raise _BrokenError(f"it answers {response.status_code}")
    raise ProviderError(f"{wanted.host} does not give {wanted.url}: {response.status_code}.")


def _unreachable(wanted: Download, part: Path, error: Exception) -> ProviderError:
    have = _size(part)
    kept = f" {have / 1e6:.1f} MB are kept: the same command goes on there." if have else ""
    return ProviderError(
        f"{wanted.host} can't be reached, or breaks off: {error}. Is this machine in the network? "
        f"A model may also be fetched elsewhere and taken from a folder (--from).{kept}"
    )


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def _part_of(wanted: Download, part: Path) -> int:
    """Return how much of *wanted* there is already, and can be gone on with.

    Without a version that the server knows again, only the hash tells whether parts fit together.
    """
    noted = _noted(part)
    fits = noted.get("url") == wanted.url and (noted.get("version") or wanted.sha256)
    return _size(part) if fits else 0


def _note(wanted: Download, part: Path, response: "httpx.Response") -> None:
    tag = response.headers.get("ETag", "")
    # A weak tag promises the same meaning, not the same bytes.
    version = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")
    _noted_at(part).write_text(json.dumps({"url": wanted.url, "version": version}))


def _noted(part: Path) -> dict[str, Any]:
    try:
        found = json.loads(_noted_at(part).read_text())
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _noted_at(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")
