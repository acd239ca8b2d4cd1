"""New RSA keys of service accounts: generated here, or taken from a certificate."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from tokentui.simulator.keys import certificate_pem
from tokentui.simulator.stackit.model import GENERATED, USER_PROVIDED

if TYPE_CHECKING:
    from datetime import datetime

_BITS: Final = {"RSA_2048": 2048, "RSA_4096": 4096}


class KeyRefusedError(Exception):
    """No key can be made of what was sent; the text says why."""


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A public key as an X.509 certificate in PEM, and the private one if it is ours."""

    certificate: str
    algorithm: str
    origin: str
    private_key: rsa.RSAPrivateKey | None = None


async def make_key(
    common_name: str, now: datetime, public_key: object, algorithm: object
) -> MadeKey:
    """Return a key; `algorithm` counts only without `public_key`. Raises KeyRefusedError."""
    if public_key is not None:
        return _provided(public_key)
    name = "RSA_2048" if algorithm is None else str(algorithm)
    if name not in _BITS:
        raise KeyRefusedError("Validation of algorithm failed")
    private_key = await asyncio.to_thread(rsa.generate_private_key, 65537, _BITS[name])
    certificate = certificate_pem(private_key, common_name, now)
    return MadeKey(certificate, name, GENERATED, private_key)


def _provided(public_key: object) -> MadeKey:
    refusal = KeyRefusedError("publicKey must be an X.509 certificate of an RSA key in PEM")
    if not isinstance(public_key, str):
        raise refusal
    try:
        certificate = x509.load_pem_x509_certificate(public_key.encode("ascii", "replace"))
        key = certificate.public_key()
    except ValueError:
        raise refusal from None
    names = {bits: name for name, bits in _BITS.items()}
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in names:
        raise refusal
    return MadeKey(public_key, names[key.key_size], USER_PROVIDED)
