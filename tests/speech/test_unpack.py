"""Archives are unpacked into their folder, and nowhere else."""

import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gnothi.core.errors import ArtifactError, InputError
from gnothi.speech.unpack import Limits, unpack

FILES = {"model/tokens.txt": b"on 3", "model/deep/encoder.onnx": random.Random(0).randbytes(9000)}


def pack(path: Path, files: Mapping[str, bytes], *, links: Mapping[str, str] | None = None) -> Path:
    """Write an archive of the kind that its name says."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
            for name, target in (links or {}).items():
                link = zipfile.ZipInfo(name)
                link.external_attr = 0o120777 << 16
                archive.writestr(link, target)
        return path
    with tarfile.open(path, f"w:{path.suffix[1:].replace('t', '', 1)}") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for name, target in (links or {}).items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return path


@pytest.fixture(params=["model.tar.bz2", "model.tar.gz", "model.tgz", "model.zip"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return where an archive of each kind will be."""
    return tmp_path / request.param


def _inside(folder: Path) -> dict[str, bytes]:
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file()
    }


def test_the_folder_that_holds_everything_is_left_out(place: Path, tmp_path: Path) -> None:
    """What is in it lies in the new folder itself; folders in it stay."""
    unpack(pack(place, FILES), tmp_path / "new")
    wanted = {name.removeprefix("model/"): content for name, content in FILES.items()}
    assert _inside(tmp_path / "new") == wanted


def test_only_what_is_wanted_is_written(place: Path, tmp_path: Path) -> None:
    """Recordings to try a model out are not kept."""
    more = {**FILES, "model/test_wavs/0.wav": b"x" * 5000}
    unpack(pack(place, more), tmp_path / "new", keep=("*.onnx", "tokens.txt"))
    assert sorted(_inside(tmp_path / "new")) == ["deep/encoder.onnx", "tokens.txt"]


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "a\\..\\evil", "C:evil"])
def test_nothing_is_written_outside(place: Path, tmp_path: Path, name: str) -> None:
    """A forged name is refused, and said."""
    with pytest.raises(ArtifactError, match="outside of its folder"):
        unpack(pack(place, {"good": b"", name: b"evil"}), tmp_path / "deep" / "new")
    written = {one.name for one in tmp_path.rglob("*") if one.is_file()}
    assert written <= {place.name, "good"}


def test_links_are_refused(place: Path, tmp_path: Path) -> None:
    """They could lead what comes next to another place."""
    with pytest.raises(ArtifactError, match="a link or a device"):
        unpack(pack(place, {"good": b""}, links={"link": "/etc"}), tmp_path / "new")


@pytest.mark.parametrize(
    ("limits", "told"),
    [(Limits(files=1), "more than 1 files"), (Limits(bytes=100_000), "more than it may")],
)
def test_there_is_an_end(place: Path, tmp_path: Path, limits: Limits, told: str) -> None:
    """Too many files, or bytes that come out of few."""
    bomb = pack(place, {"a": b"0" * 60_000, "b": b"0" * 60_000})
    assert place.stat().st_size < 2_000
    with pytest.raises(ArtifactError, match=told):
        unpack(bomb, tmp_path / "new", limits=limits)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:100] + bytes(200) + content[300:],
        lambda content: b"no archive at all",
    ],
)
def test_damaged_archives_are_told(
    place: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    """In a sentence with the archive's name."""
    pack(place, FILES).write_bytes(spoil(place.read_bytes()))
    with pytest.raises(ArtifactError, match=f"{place.name} is damaged"):
        unpack(place, tmp_path / "new")


@pytest.mark.parametrize(("flag", "method"), [(1, 8), (0, 99)])
def test_locked_archives_are_told(tmp_path: Path, flag: int, method: int) -> None:
    """Those that need a password, and those that are packed in a way that nobody knows here."""
    place = pack(tmp_path / "model.zip", {"model.bin": b"x" * 5000})
    content = bytearray(place.read_bytes())
    for begin, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place_of = content.index(begin) + at
        content[place_of : place_of + 4] = bytes([flag, 0, method, 0])
    place.write_bytes(content)
    with pytest.raises(ArtifactError, match=r"model\.zip can't be unpacked"):
        unpack(place, tmp_path / "new")


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    """The sentence says which kinds are known."""
    with pytest.raises(InputError, match=r"\.tar\.bz2"):
        unpack(tmp_path / "model.7z", tmp_path / "new")


@pytest.mark.parametrize("files", [("a", "a/b"), ("x" * 300,)])
def test_names_that_can_t_be_are_told(place: Path, tmp_path: Path, files: tuple[str, ...]) -> None:
    """A file in a file, and names that no folder takes."""
    with pytest.raises(ArtifactError, match="names that can't be"):
        unpack(pack(place, dict.fromkeys(files, b"x")), tmp_path / "new")


def test_a_file_called_as_the_passage_is_lifted_as_well(place: Path, tmp_path: Path) -> None:
    """Nothing of an archive is lost to a name of ours."""
    unpack(pack(place, {"model/.only": b"1", "model/b": b"2"}), tmp_path / "new")
    assert _inside(tmp_path / "new") == {".only": b"1", "b": b"2"}


def test_what_a_tar_file_says_of_itself_has_an_end(tmp_path: Path) -> None:
    """It would be held in memory as a whole."""
    place = tmp_path / "model.tar.gz"
    header = tarfile.TarInfo("././@PaxHeader")
    header.type, header.size = tarfile.XHDTYPE, 1 << 30
    with gzip.open(place, "wb") as file:
        file.write(header.tobuf(tarfile.USTAR_FORMAT) + bytes(1 << 20))
    with pytest.raises(ArtifactError, match="without end"):
        unpack(place, tmp_path / "new")


def test_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    """With a nought in it, or in no encoding."""
    place = pack(tmp_path / "model.zip", {"é": b"x"})
    place.write_bytes(place.read_bytes().replace("é".encode(), b"\xff\xfe"))
    with pytest.raises(ArtifactError, match="is damaged"):
        unpack(place, tmp_path / "new")
