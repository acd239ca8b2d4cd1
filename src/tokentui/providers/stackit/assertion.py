"""Signs the assertion that a service-account key is exchanged with for an access token."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from tokentui.domain.errors import NotSignedIn
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from tokentui.providers.stackit.key_file import ServiceAccountKey

LIFE = timedelta(minutes=10)
"""As in STACKIT's Python SDK (stackit-core 0.4.0); the server's own limit is not published."""


def sign(key: ServiceAccountKey, now: datetime) -> Secret:
    """Sign an assertion with RS512. Raises `NotSignedIn` for a private key that cannot be used.

    Takes milliseconds, and more the first time: cryptography is imported here.
    """
    import jwt
    from cryptography.exceptions import UnsupportedAlgorithm

    claims = {
        "iss": key.issuer,
        "sub": key.subject,
        "aud": key.audience,
        "jti": str(uuid4()),
        "iat": now,
        "exp": now + LIFE,
    }
    try:
        return Secret(
            jwt.encode(claims, key.private_key.reveal(), "RS512", headers={"kid": key.key_id})
        )
    except (jwt.PyJWTError, UnsupportedAlgorithm, ValueError, TypeError):
        raise NotSignedIn(
            f"the private key of {clean(key.issuer, 120)} cannot be used: it is no RSA key in PEM "
            "form",
            "put the key file there as STACKIT gave it",
        ) from None
