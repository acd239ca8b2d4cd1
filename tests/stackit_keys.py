"""Service-account keys for tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

if TYPE_CHECKING:
    from pathlib import Path

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """Give a private key as key files hold it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


CREDENTIALS: dict[str, object] = {
    "kid": "d4e5f607-1829-4a3b-8c4d-5e6f70819203",
    "iss": "ci-bot-x7k2m9qa@sa.stackit.cloud",
    "sub": "3c9e1d2f-6a7b-4c8d-9e0f-112233445566",
    "aud": "https://service-account.example",
    "privateKey": pem_of(KEY),
}


def write_key(
    folder: Path, credentials: dict[str, object] | None = None, **document: object
) -> Path:
    """Write a key file with other credentials or other fields."""
    path = folder / "key.json"
    own = CREDENTIALS if credentials is None else credentials
    path.write_text(json.dumps({"id": "x", "active": True, "credentials": own, **document}))
    path.chmod(0o600)
    return path
