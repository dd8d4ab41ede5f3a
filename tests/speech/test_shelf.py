"""Models are fetched, checked, remembered, and checked again before they are opened."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gnothi.core.errors import ArtifactError, InputError, ProviderError
from gnothi.core.settings import Settings
from gnothi.speech.backends import open_recogniser, ready
from gnothi.speech.catalogue import Download, Model, catalogue, find
from gnothi.speech.fetch import Fetcher
from gnothi.speech.shelf import FOLDER, LOCK, Shelf
from tests.speech.networks import SOUND, write_moonshine
from tests.speech.shop import Shop, open_shop
from tests.speech.test_unpack import pack

FETCHER = Fetcher(sleep=lambda seconds: None, timeout_s=5)


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Open a server of files."""
    with open_shop() as opened:
        yield opened


@pytest.fixture
def shelf() -> Shelf:
    """Return the shelf of this test's installation."""
    return Shelf()


def _model(*files: Download, name: str = "small-en", keep: tuple[str, ...] = ()) -> Model:
    return Model(name, "moonshine", files, licence="MIT", keep=keep)


def test_what_is_fetched_can_be_opened_by_name(shop: Shop, shelf: Shelf, tmp_path: Path) -> None:
    """From a server through an archive to words: nothing but what is wanted is kept."""
    pytest.importorskip("sherpa_onnx")
    (tmp_path / "made").mkdir()
    write_moonshine(tmp_path / "made")
    files = {f"any/{one.name}": one.read_bytes() for one in (tmp_path / "made").iterdir()}
    archive = pack(tmp_path / "small.tar.bz2", {**files, "any/test_wavs/0.wav": b"RIFF"})
    wanted = shop.offer("small.tar.bz2", archive.read_bytes())
    kept = shelf.get(_model(wanted, keep=("*.ort", "tokens.txt")), fetcher=FETCHER)
    assert kept.choice == "moonshine:small-en"
    assert sorted(kept.files) == ["decoder_model_merged.ort", "encoder_model.ort", "tokens.txt"]
    assert sorted(one.name for one in shelf.folder.iterdir()) == [LOCK, "small-en"]
    assert kept.choice in ready()
    stream = open_recogniser(kept.choice).open()
    stream.accept(SOUND)
    assert stream.finish()[0].text


def test_a_model_is_checked_before_it_is_opened(shop: Shop, shelf: Shelf) -> None:
    """Of what changed, or went away, nothing is loaded; the sentence says what to do."""
    shelf.get(_model(shop.offer("a.bin", b"weights")), fetcher=FETCHER)
    assert shelf.place("small-en") == shelf.folder / "small-en"
    (shelf.folder / "small-en" / "a.bin").write_bytes(b"Weights")
    with pytest.raises(ArtifactError, match="--remove small-en"):
        open_recogniser("moonshine:small-en")
    (shelf.folder / "small-en" / "a.bin").unlink()
    with pytest.raises(ArtifactError, match="not what was fetched"):
        shelf.place("small-en")
    (shelf.folder / "small-en").rmdir()
    shelf.remove("small-en")
    with pytest.raises(InputError, match="no model 'small-en' here"):
        shelf.remove("small-en")
    assert shelf.models() == ()
    with pytest.raises(InputError, match="gnothi speech setup --list"):
        open_recogniser("moonshine:small-en")


def test_a_hash_that_nobody_published_is_agreed_to_once(shop: Shop, shelf: Shelf) -> None:
    """Without a yes nothing is kept; after it, the same address must give the same file."""
    model = _model(shop.offer("a.bin", b"weights", is_known=False))
    shown: list[str] = []
    with pytest.raises(InputError, match="not agreed to"):
        shelf.get(model, fetcher=FETCHER)
    assert shelf.models() == ()
    shelf.get(model, agree=lambda file, found: not shown.append(found.sha256), fetcher=FETCHER)
    assert len(shown[0]) == 64
    shelf.remove("small-en")
    shelf.get(model, fetcher=FETCHER)
    shop.files["/a.bin"] = b"Weights"
    with pytest.raises(ArtifactError, match="or replaced"):
        shelf.get(model, agree=lambda file, found: True, fetcher=FETCHER)
    assert (shelf.place("small-en") / "a.bin").read_bytes() == b"weights"


def test_a_model_of_several_files_is_there_as_a_whole_or_not(shop: Shop, shelf: Shelf) -> None:
    """A file that does not come leaves nothing in the place; what was there before stays."""
    first = shelf.get(_model(shop.offer("a.bin", b"one")), fetcher=FETCHER)
    missing = Download(f"{shop.address}/b.bin")
    with pytest.raises(ProviderError, match="does not have"):
        shelf.get(_model(shop.offer("a.bin", b"two"), missing), fetcher=FETCHER)
    assert shelf.models() == (first,)
    assert (shelf.place("small-en") / "a.bin").read_bytes() == b"one"
    both = _model(shop.offer("a.bin", b"two"), shop.offer("b.bin", b"three"))
    assert sorted(shelf.get(both, fetcher=FETCHER).files) == ["a.bin", "b.bin"]


def test_what_is_here_already_is_taken_from_its_place(shelf: Shelf, tmp_path: Path) -> None:
    """A file, a folder, an archive; a link in a folder is followed, so that nothing hangs on it."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.bin").write_bytes(b"weights")
    (tmp_path / "own" / "b.bin").symlink_to(tmp_path / "own" / "a.bin")
    archive = pack(tmp_path / "own.zip", {"any/a.bin": b"weights"})
    for place, files in (
        (tmp_path / "own", ["a.bin", "b.bin"]),
        (tmp_path / "own" / "a.bin", ["a.bin"]),
        (archive, ["a.bin"]),
    ):
        kept = shelf.take(place, _model())
        assert sorted(kept.files) == files
        assert kept.source == str(place)
    with pytest.raises(InputError, match="There is no "):
        shelf.take(tmp_path / "nothing", _model())
    empty = pack(tmp_path / "empty.zip", {})
    with pytest.raises(ArtifactError, match="holds nothing"):
        shelf.take(empty, _model())


@pytest.mark.parametrize("name", ["", "..", "../x", ".hidden", "a/b", "Größe", "-x"])
def test_names_stay_in_the_folder(shelf: Shelf, tmp_path: Path, name: str) -> None:
    """A name is a folder's, and nothing else."""
    with pytest.raises(InputError, match="can't be the name"):
        shelf.take(tmp_path, _model(name=name))


def test_a_damaged_lock_is_told(shelf: Shelf) -> None:
    """It is not taken for an empty one: then nothing would be checked any more."""
    shelf.folder.mkdir(parents=True)
    (shelf.folder / LOCK).write_text("{")
    with pytest.raises(ArtifactError, match=r"lock\.json can't be read"):
        shelf.models()


def test_models_lie_in_the_installation() -> None:
    """Backups leave this folder out by its name."""
    assert Shelf().folder == Settings.from_environment().folder / FOLDER
    assert FOLDER.parts[0] == "models"


def test_the_catalogue_is_whole() -> None:
    """Each has a recogniser, a licence, an address that does not change, a size, a hash, a source.

    None of them was downloaded here: this is about the list, not about what lies there.
    """
    from gnothi.speech.backends import backends

    names = [one.name for one in catalogue()]
    assert len(set(names)) == len(names)
    models = {one.name for one in backends() if one.where == "MODEL"}
    for one in catalogue():
        assert one.backend in models
        assert one.about.endswith(".")
        assert one.source.endswith(".")
        assert one.licence in ("MIT", "Apache-2.0", "CC BY-SA 4.0")
        assert one.languages[0] == "en"
        assert one.speed in ("quick", "moderate", "slow", "very slow")
        assert one.bytes == sum(file.bytes or 0 for file in one.files) > 1e7
        for file in one.files:
            assert file.url.startswith("https://")
            assert "/main/" not in file.url
            assert file.sha256 is not None
            assert set(file.sha256) <= set("0123456789abcdef")
            assert len(file.sha256) == 64
    assert find("moonshine-tiny-en").choice == "moonshine:moonshine-tiny-en"
    with pytest.raises(InputError, match="There are: moonshine-tiny-en"):
        find("nothing")


def test_a_published_hash_is_not_asked_about(shop: Shop, shelf: Shelf) -> None:
    """Nobody is asked to agree to what can be checked, and nobody's yes makes it right."""
    wanted = shop.offer("a.bin", b"weights")

    def never(file: Download, found: object) -> bool:
        raise AssertionError(file)

    shelf.get(_model(wanted), agree=never, fetcher=FETCHER)
    forged = _model(replace(wanted, sha256="0" * 64), name="forged")
    with pytest.raises(ArtifactError, match="is expected"):
        shelf.get(forged, agree=lambda file, found: True, fetcher=FETCHER)
    assert json.loads((shelf.folder / LOCK).read_text())["models"].keys() == {"small-en"}
