"""Tokens of paired devices."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gnothi.core.clock import FixedClock
from gnothi.core.errors import StorageError
from gnothi.serve.doors.tokens import Tokens

CLOCK = FixedClock(datetime(2026, 11, 20, tzinfo=UTC))


def test_a_token_opens_until_it_is_revoked(tmp_path: Path) -> None:
    """A device gets in after a restart, and no more once it was removed."""
    file = tmp_path / "devices.json"
    device, token = Tokens(file, CLOCK).issue("phone", "ana", in_charge=True)
    again = Tokens(file, CLOCK)
    assert again.device_of(token) == device
    assert again.revoke(device.id)
    assert again.device_of(token) is None
    assert Tokens(file, CLOCK).device_of(token) is None
    assert not again.revoke(device.id)


def test_tokens_are_not_written_down(tmp_path: Path) -> None:
    """Whoever reads the file learns no token, and nobody but the owner reads it."""
    file = tmp_path / "devices.json"
    _, token = Tokens(file, CLOCK).issue("phone", None, in_charge=False)
    assert token not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@given(some.text())
def test_nobody_gets_in_by_guessing(guess: str) -> None:
    """No text that somebody makes up is a token, whatever it holds."""
    tokens = Tokens(Path("never-written"), CLOCK)
    assert tokens.device_of(guess) is None


@pytest.mark.parametrize("content", ["{", "[1]", '[{"sha256": "x"}]'])
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    """Nobody is let in by mistake when the file is damaged; the error says what to do."""
    file = tmp_path / "devices.json"
    file.write_text(content)
    with pytest.raises(StorageError, match="pair again"):
        Tokens(file, CLOCK)
