"""The certificate for the home network."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gnothi.serve.certificate import LIFETIME, certificate

NOW = datetime(2026, 11, 20, tzinfo=UTC)
NAMES = ["localhost", "127.0.0.1", "hub.local"]


def test_a_certificate_is_made_once(tmp_path: Path) -> None:
    """Phones that trusted it are not asked again after a restart."""
    made = certificate(tmp_path, NAMES, NOW)
    assert certificate(tmp_path, NAMES[:2], NOW + timedelta(days=300)) == made
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(made.chain, made.key)
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600


def test_it_is_renewed_when_it_has_to(tmp_path: Path) -> None:
    """An old certificate, one for other names and a damaged one are replaced."""
    made = certificate(tmp_path, NAMES, NOW)
    renewed = certificate(tmp_path, NAMES, NOW + LIFETIME - timedelta(days=10))
    assert renewed.fingerprint != made.fingerprint
    moved = certificate(tmp_path, ["192.168.1.7"], NOW)
    assert moved.fingerprint != renewed.fingerprint
    moved.chain.write_text("damaged")
    assert certificate(tmp_path, ["192.168.1.7"], NOW).fingerprint != moved.fingerprint
