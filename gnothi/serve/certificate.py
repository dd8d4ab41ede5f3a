"""A certificate for the home network, signed by itself and kept in the data folder.

Nobody vouches for it: a phone shows a warning once. Whoever wants certainty compares the
fingerprint with the one in the terminal.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gnothi.serve.doors.tokens import write_private

LIFETIME = timedelta(days=397)
"""The longest that browsers accept."""
_RENEW_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where a certificate and its key lie."""

    chain: Path
    key: Path
    fingerprint: str
    """SHA-256 in pairs of hexadecimal digits, as browsers show it."""


def certificate(folder: Path, names: Sequence[str], now: datetime) -> Certificate:
    """Return the certificate in *folder*; make one when it is missing, old or for other names."""
    chain, key = folder / "gnothi.crt", folder / "gnothi.key"
    if not _still_good(chain, key, names, now):
        _make(chain, key, names, now)
    made = x509.load_pem_x509_certificate(chain.read_bytes())
    digest = made.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificate(chain, key, digest)


def _still_good(chain: Path, key: Path, names: Sequence[str], now: datetime) -> bool:
    if not (chain.exists() and key.exists()):
        return False
    try:
        found = x509.load_pem_x509_certificate(chain.read_bytes())
        held = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    return found.not_valid_after_utc - now > _RENEW_BEFORE and set(_alternatives(names)) <= set(
        held
    )


def _make(chain: Path, key: Path, names: Sequence[str], now: datetime) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    write_private(
        key,
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    write_private(chain, _signed(private, names, now).public_bytes(serialization.Encoding.PEM))


def _signed(
    private: ec.EllipticCurvePrivateKey, names: Sequence[str], now: datetime
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gnothi")])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(int.from_bytes(os.urandom(19)))
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(private, hashes.SHA256())
    )


def _alternatives(names: Sequence[str]) -> list[x509.GeneralName]:
    return [_alternative(name) for name in names]


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
