"""Archives from strangers, unpacked into one folder and nowhere else.

Files are written one by one rather than by ``extractall``: what is not wanted is skipped, links and
devices are refused, and sizes are counted as bytes come out, not as the archive tells them.
"""

import bz2
import errno
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO, Self

from gnothi.core.errors import ArtifactError, InputError

ENDINGS = (".tar.bz2", ".tbz2", ".tar.gz", ".tgz", ".zip")
_BLOCK = 1 << 18
_DAMAGED = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError)
_CLASHES = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY, errno.ENAMETOOLONG}
"""What happens when an archive has a name twice, as file and as folder, or an endless one."""
_LONGEST_HEADER = 1 << 16
"""Bytes of what a tar file says of the next file: they are held in memory."""
_SPEAKING = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME,
             tarfile.GNUTYPE_LONGLINK)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond these, it is no model."""

    files: int = 2_000
    """Files in the archive, wanted or not."""
    bytes: int = 8 << 30
    """Bytes that come out of it."""


USUAL = Limits()


def is_archive(name: str) -> bool:
    """Whether a file called *name* is an archive that can be unpacked."""
    return name.lower().endswith(ENDINGS)


def unpack(archive: Path, into: Path, keep: Sequence[str] = (), limits: Limits = USUAL) -> None:
    """Write what is in *archive* into the folder *into*.

    A folder that holds everything in the archive is left out. With *keep*, only files whose names
    match one of these patterns are written.

    Raises:
        InputError: it is no archive of a known kind.
        ArtifactError: it is damaged, or wants to write elsewhere, or beyond *limits*.
    """
    if not is_archive(archive.name):
        raise InputError(f"{archive.name} is no archive: {', '.join(ENDINGS)} are.")
    into.mkdir(parents=True, exist_ok=True)
    room = limits.bytes
    try:
        for number, (name, content) in enumerate(_contents(archive)):
            if number >= limits.files:
                raise ArtifactError(f"{archive.name} holds more than {limits.files} files.")
            path = _inside(archive, name)
            if not keep or any(fnmatch(path.name, one) for one in keep):
                room -= _write(archive, content, into / path, room)
    except _DAMAGED as error:
        raise ArtifactError(f"{archive.name} is damaged: {error}") from error
    except RuntimeError as error:  # what zipfile says of passwords and of unknown compressions
        raise ArtifactError(f"{archive.name} can't be unpacked: {error}.") from error
    except OSError as error:
        if error.errno is None:  # what bz2 and gzip say of damaged data
            raise ArtifactError(f"{archive.name} is damaged: {error}") from error
        if error.errno in _CLASHES:
            raise ArtifactError(f"{archive.name} has names that can't be: {error}") from error
        raise
    _lift(into)


class _Member(tarfile.TarInfo):
    """What a tar file holds, refused where it has too much to say of itself."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Read a header."""
        member = super().frombuf(buf, encoding, errors)
        if member.type in _SPEAKING and member.size > _LONGEST_HEADER:
            raise ArtifactError("The archive has a name, or more to say of a file, without end.")
        return member


def _contents(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the name and the content of each file."""
    if archive.name.lower().endswith(".zip"):
        yield from _zipped(archive)
        return
    opened = bz2.open if archive.name.lower().endswith("bz2") else gzip.open
    with (
        opened(archive, "rb") as plain,
        tarfile.open(fileobj=plain, mode="r|", tarinfo=_Member) as tar,
    ):
        for member in tar:
            if member.isdir():
                continue
            content = tar.extractfile(member) if member.isfile() else None
            if content is None:
                raise ArtifactError(f"{archive.name} holds a link or a device ({member.name}).")
            yield member.name, content


def _zipped(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(archive) as file:
        for member in file.infolist():
            if member.is_dir():
                continue
            kind = member.external_attr >> 28
            if kind not in (0, 0o10):
                raise ArtifactError(f"{archive.name} holds a link or a device ({member.filename}).")
            with file.open(member) as content:
                yield member.filename, content


def _inside(archive: Path, name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not path.name:
        raise ArtifactError(f"{archive.name} wants to write to '{name}', outside of its folder.")
    return path


def _write(archive: Path, content: IO[bytes], target: Path, room: int) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with target.open("xb") as file:
        while block := content.read(_BLOCK):
            written += len(block)
            if written > room:
                raise ArtifactError(f"{archive.name} unpacks to more than it may.")
            file.write(block)
    return written


def _lift(folder: Path) -> None:
    """Move what lies in the only folder in *folder* up into it."""
    inside = list(folder.iterdir())
    if len(inside) != 1 or not inside[0].is_dir():
        return
    name = ".only"
    while (inside[0] / name).exists():
        name += "-"
    only = inside[0].rename(folder / name)
    for one in only.iterdir():
        one.rename(folder / one.name)
    only.rmdir()
