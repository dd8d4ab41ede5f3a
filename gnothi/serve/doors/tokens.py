"""Paired devices and their tokens, of which only hashes are kept.

A token has 256 random bits, so that a plain SHA-256 is enough: there is nothing to guess that a
slow hash would protect (NIST SP 800-63B, section 5.1.2.2, look-up secrets).
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from gnothi.core.clock import Clock
from gnothi.core.errors import StorageError


@dataclass(frozen=True, slots=True)
class PairedDevice:
    """A phone, tablet or program that was let in."""

    id: str
    name: str
    user: str | None
    """The person whose device it is; a guest's when ``None``."""
    in_charge: bool
    """Whether it may do what changes the household."""
    paired_at: datetime


class Tokens:
    """The devices that were let in, kept in one file that only the owner can read."""

    def __init__(self, file: Path, clock: Clock) -> None:
        """Read *file* when it exists."""
        self._file = file
        self._clock = clock
        self._devices: dict[str, PairedDevice] = _read(file)

    def devices(self) -> tuple[PairedDevice, ...]:
        """Return every paired device, oldest first."""
        return tuple(sorted(self._devices.values(), key=lambda device: device.paired_at))

    def device_of(self, token: str) -> PairedDevice | None:
        """Return the device that *token* belongs to, in a time that tells nothing about it."""
        digest = _digest(token)
        found = None
        for known, device in self._devices.items():
            if hmac.compare_digest(known, digest):
                found = device
        return found

    def issue(self, name: str, user: str | None, *, in_charge: bool) -> tuple[PairedDevice, str]:
        """Let a device in; return it with its token, which is shown this once only."""
        token = secrets.token_urlsafe(32)
        device = PairedDevice(
            secrets.token_hex(8), name, user, in_charge=in_charge, paired_at=self._clock.now()
        )
        self._devices[_digest(token)] = device
        self._write()
        return device, token

    def revoke(self, device_id: str) -> bool:
        """Take the token of a device away at once; false when there is no such device."""
        kept = {key: device for key, device in self._devices.items() if device.id != device_id}
        if len(kept) == len(self._devices):
            return False
        self._devices = kept
        self._write()
        return True

    def _write(self) -> None:
        entries = [
            {**asdict(device), "paired_at": device.paired_at.isoformat(), "sha256": digest}
            for digest, device in self._devices.items()
        ]
        write_private(self._file, json.dumps(entries, indent=1).encode())


def write_private(file: Path, content: bytes) -> None:
    """Replace *file* at once with *content*, readable by its owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _read(file: Path) -> dict[str, PairedDevice]:
    if not file.exists():
        return {}
    try:
        return {
            str(entry["sha256"]): _device(entry)
            for entry in json.loads(file.read_text(encoding="utf-8"))
        }
    except (ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"{file} is damaged. Delete it to forget every paired device, then pair again."
        ) from error


def _device(entry: Mapping[str, object]) -> PairedDevice:
    user = entry["user"]
    return PairedDevice(
        id=str(entry["id"]),
        name=str(entry["name"]),
        user=None if user is None else str(user),
        in_charge=entry["in_charge"] is True,
        paired_at=datetime.fromisoformat(str(entry["paired_at"])),
    )
