"""Files come from a server on this machine, whole or not at all."""

import random
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from gnothi.core.errors import ArtifactError, InputError, ProviderError, StorageError
from gnothi.speech import fetch
from gnothi.speech.catalogue import Download
from gnothi.speech.fetch import Fetcher
from tests.speech.shop import Shop, open_shop

MODEL = random.Random(0).randbytes(3_000_000)


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Open a server of files."""
    with open_shop() as opened:
        yield opened


@pytest.fixture
def fetcher() -> Fetcher:
    """Wait for nothing."""
    return Fetcher(sleep=lambda seconds: None, timeout_s=5)


def test_a_file_comes_with_its_hash(shop: Shop, fetcher: Fetcher, tmp_path: Path) -> None:
    """Progress is told from nothing to the whole; what was fetched waits under another name."""
    told: list[tuple[int, int | None]] = []
    found = fetcher.fetch(
        shop.offer("model.bin", MODEL),
        tmp_path / "deep" / "model.bin",
        lambda done, total: told.append((done, total)),
    )
    assert found.part.read_bytes() == MODEL
    assert found.sha256 == sha256(MODEL).hexdigest()
    assert told[0] == (0, len(MODEL))
    assert told[-1] == (len(MODEL), len(MODEL))
    assert told == sorted(told)
    assert [one.name for one in found.part.parent.iterdir()] == ["model.bin.part"]


def test_a_broken_download_goes_on_where_it_was(
    shop: Shop, fetcher: Fetcher, tmp_path: Path
) -> None:
    """Within one call, however often it breaks as long as something new comes, and in a later."""
    wanted = shop.offer("model.bin", MODEL)
    shop.breaks = [300_000] * 8
    assert fetcher.fetch(wanted, tmp_path / "model.bin").part.read_bytes() == MODEL
    assert len(shop.asked) == 9
    assert shop.asked[-1][1] not in (None, "bytes=0-")

    (tmp_path / "model.bin.part").unlink()
    shop.breaks = [1_000_000, *[0] * 10]
    with pytest.raises(ProviderError, match=r"1\.0 MB are kept"):
        fetcher.fetch(wanted, tmp_path / "model.bin")
    shop.breaks, shop.asked = [], []
    assert fetcher.fetch(wanted, tmp_path / "model.bin").part.read_bytes() == MODEL
    assert shop.asked == [("/model.bin", "bytes=1000000-")]


@pytest.mark.parametrize("knows_versions", [True, False])
def test_parts_of_two_versions_are_never_joined(
    shop: Shop, fetcher: Fetcher, tmp_path: Path, knows_versions: bool
) -> None:
    """What changed on the server meanwhile is fetched anew, also where nobody knows its hash."""
    shop.knows_versions = knows_versions
    wanted = shop.offer("model.bin", MODEL, is_known=False)
    shop.breaks = [1_000_000, *[0] * 10]
    with pytest.raises(ProviderError):
        fetcher.fetch(wanted, tmp_path / "model.bin")
    newer = MODEL[::-1]
    shop.breaks, shop.files["/model.bin"] = [], newer
    assert fetcher.fetch(wanted, tmp_path / "model.bin").part.read_bytes() == newer


def test_a_server_without_ranges_gives_it_again(
    shop: Shop, fetcher: Fetcher, tmp_path: Path
) -> None:
    """It begins anew, and is right in the end."""
    shop.knows_ranges = False
    shop.breaks = [1_000_000]
    found = fetcher.fetch(shop.offer("model.bin", MODEL), tmp_path / "model.bin")
    assert found.part.read_bytes() == MODEL


def test_a_busy_server_is_asked_again(shop: Shop, fetcher: Fetcher, tmp_path: Path) -> None:
    """A few times."""
    wanted = shop.offer("model.bin", MODEL[:1000])
    shop.busy = 3
    assert fetcher.fetch(wanted, tmp_path / "model.bin").bytes == 1000
    shop.busy = 100
    with pytest.raises(ProviderError, match="503"):
        fetcher.fetch(wanted, tmp_path / "other.bin")


@pytest.mark.parametrize("tells_sizes", [True, False])
def test_what_is_not_what_it_should_be_is_not_kept(
    shop: Shop, fetcher: Fetcher, tmp_path: Path, tells_sizes: bool
) -> None:
    """Another hash, another size, more than was told: nothing stays that could be taken for it."""
    shop.tells_sizes = tells_sizes
    wanted = shop.offer("model.bin", MODEL[:5000])
    for content, told in (
        (MODEL[1:5001], "damaged on its way, or replaced"),
        (MODEL[:5001], "5001 bytes|More than 5000 bytes"),
    ):
        shop.files["/model.bin"] = content
        with pytest.raises(ArtifactError, match=told):
            fetcher.fetch(wanted, tmp_path / "model.bin")
        assert not (tmp_path / "model.bin.part").exists()


def test_a_whole_part_is_not_asked_for_again(shop: Shop, fetcher: Fetcher, tmp_path: Path) -> None:
    """What came to its end before it could be checked is checked; without its size, asked for."""
    for is_known, requests in ((True, 0), (False, 2)):
        wanted = shop.offer(f"{is_known}.bin", MODEL[:5000], is_known=is_known)
        target = tmp_path / wanted.name
        found = fetcher.fetch(wanted, target)
        shop.breaks = [0] * 10
        found.part.write_bytes(MODEL[:5000])
        (tmp_path / f"{wanted.name}.part.json").write_text(
            f'{{"url": "{wanted.url}", "version": "\\"{found.sha256[:8]}\\""}}'
        )
        shop.breaks, shop.asked = [], []
        assert fetcher.fetch(wanted, target).sha256 == found.sha256
        assert len(shop.asked) == requests


def test_mistakes_are_told(
    shop: Shop, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No network, no such file, no address, no space: each is a sentence."""
    target = tmp_path / "model.bin"
    with pytest.raises(ProviderError, match=r"Is this machine in the network\?"):
        fetcher.fetch(Download("http://127.0.0.1:9/model.bin"), target)
    with pytest.raises(ProviderError, match="does not have"):
        fetcher.fetch(Download(f"{shop.address}/nothing.bin"), target)
    for url in ("file:///etc/passwd", "model.bin", "http://127.0.0.1/"):
        with pytest.raises(InputError, match="no address of a file"):
            fetcher.fetch(Download(url), target)
    wanted = shop.offer("model.bin", MODEL[:5000])
    monkeypatch.setattr(fetch, "SPARE_BYTES", 1 << 60)
    with pytest.raises(StorageError, match="MB are needed"):
        fetcher.fetch(wanted, target)
    monkeypatch.undo()
    with pytest.raises(ArtifactError, match="it was replaced"):
        fetcher.fetch(replace(wanted, bytes=4000), target)


def test_who_has_no_such_part_is_not_asked_for_ever(
    shop: Shop, fetcher: Fetcher, tmp_path: Path
) -> None:
    """After a few times, it is said."""
    wanted = shop.offer("model.bin", MODEL[:1000])
    shop.is_done = True
    with pytest.raises(ProviderError, match="416"):
        fetcher.fetch(wanted, tmp_path / "model.bin")
    assert len(shop.asked) == 5


@pytest.mark.parametrize("host", ["[bad", "a..b", "a:b", "xn--", "\0"])
def test_broken_addresses_are_told(fetcher: Fetcher, tmp_path: Path, host: str) -> None:
    """Whatever is wrong with them."""
    with pytest.raises(InputError, match="no address of a file"):
        fetcher.fetch(Download(f"http://{host}/model.bin"), tmp_path / "model.bin")
    with pytest.raises(InputError, match="no address of a file"):
        Download("http://[bad/model.bin").name  # noqa: B018 - it is worked out


def test_who_sends_on_and_on_is_given_up(shop: Shop, fetcher: Fetcher, tmp_path: Path) -> None:
    """Also by way of an address that is broken."""
    shop.moved = {"/model.bin": "/other.bin", "/other.bin": "/model.bin"}
    with pytest.raises(ProviderError, match="redirects"):
        fetcher.fetch(Download(f"{shop.address}/model.bin"), tmp_path / "model.bin")
    assert len(shop.asked) < 30
    for place in ("http://[bad/x", "http://a..b/x"):
        shop.moved = {"/model.bin": place}
        with pytest.raises((InputError, ProviderError)):
            fetcher.fetch(Download(f"{shop.address}/model.bin"), tmp_path / "model.bin")
