"""RSA keys of the simulated parties and their text forms."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

KEY_BITS = 2048


class KeySource:
    """Makes one RSA key a name and keeps it; share it to start many simulators quickly."""

    def __init__(self) -> None:
        self._keys: dict[str, rsa.RSAPrivateKey] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> rsa.RSAPrivateKey:
        """Return the key of that name; the first call makes it, in about 50 ms."""
        with self._lock:
            if name not in self._keys:
                self._keys[name] = rsa.generate_private_key(
                    public_exponent=65537, key_size=KEY_BITS
                )
            return self._keys[name]


def private_pem(key: rsa.RSAPrivateKey) -> str:
    """Return the key as PKCS#8 PEM text."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")


def certificate_pem(key: rsa.RSAPrivateKey, common_name: str, start: datetime) -> str:
    """Return a self-signed X.509 certificate of the public key, valid for ten years."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    start = start.astimezone(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
