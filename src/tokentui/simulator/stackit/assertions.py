"""The check of the assertions that service accounts sign with their keys.

Source: STACKIT service-account API description v2, operation CreateShortLivedAccessToken, and
stackit-core 0.4.0 key_auth.py, both read 2026-08-21. The limit of one hour is the longest life
that a vendor's client has used; the server's own limit is not published.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from tokentui.simulator.token_time import UNTIMED, is_over

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.simulator.stackit.model import Identity, ServiceAccountKey
    from tokentui.simulator.stackit.world import StackitWorld

MAX_LIFE = timedelta(hours=1)
_CLOCK_SKEW = timedelta(seconds=60)


class AssertionRefusedError(Exception):
    """The assertion proves nothing; the text says why."""


class Assertions:
    """Checks each assertion once; a second use of the same one is refused."""

    def __init__(self, world: StackitWorld) -> None:
        self._world = world
        self._used: set[str] = set()

    def check(self, assertion: str) -> Identity:
        """Return who signed it; raises AssertionRefusedError."""
        key = self._signing_key(assertion)
        claims = _verified_claims(assertion, key, self._world.service_account_audience)
        if claims.get("iss") != key.identity.email or claims.get("sub") != key.identity.id:
            raise AssertionRefusedError("Issuer or subject does not belong to the key")
        self._check_life(claims)
        token_id = claims.get("jti")
        if not isinstance(token_id, str) or not token_id:
            raise AssertionRefusedError("Claim jti is missing")
        if token_id in self._used:
            raise AssertionRefusedError("Assertion was used before")
        self._used.add(token_id)
        return key.identity

    def _signing_key(self, assertion: str) -> ServiceAccountKey:
        try:
            key_id = jwt.get_unverified_header(assertion).get("kid")
        except jwt.InvalidTokenError:
            raise AssertionRefusedError("Assertion is not a signed token") from None
        key = self._world.accounts.keys.get(str(key_id))
        if key is None:
            raise AssertionRefusedError(f"Key with kid {key_id} was not found")
        if not key.active:
            raise AssertionRefusedError(f"Key with kid {key_id} is not active")
        if key.valid_until is not None and key.valid_until <= self._world.ground.clock.now():
            raise AssertionRefusedError(f"Key with kid {key_id} has expired")
        return key

    def _check_life(self, claims: Mapping[str, object]) -> None:
        now = self._world.ground.clock.now()
        if is_over(claims, now):
            raise AssertionRefusedError("Assertion has expired")
        begins, ends = claims.get("iat", now.timestamp()), claims.get("exp")
        if not isinstance(begins, int | float) or not isinstance(ends, int | float):
            raise AssertionRefusedError("Claims iat and exp must be numbers")
        if begins > (now + _CLOCK_SKEW).timestamp():
            raise AssertionRefusedError("Assertion is not valid yet")
        if ends - begins > MAX_LIFE.total_seconds():
            raise AssertionRefusedError("Assertion lives longer than one hour")


def _verified_claims(assertion: str, key: ServiceAccountKey, audience: str) -> Mapping[str, object]:
    try:
        return jwt.decode(
            assertion,
            _public_key(key),
            algorithms=["RS512"],
            audience=audience,
            options=UNTIMED,
        )
    except jwt.InvalidAudienceError:
        raise AssertionRefusedError("Audience is wrong") from None
    except jwt.InvalidTokenError:
        raise AssertionRefusedError("Signature is wrong") from None


def _public_key(key: ServiceAccountKey) -> rsa.RSAPublicKey:
    public_key = x509.load_pem_x509_certificate(key.certificate.encode("ascii")).public_key()
    if not isinstance(public_key, rsa.RSAPublicKey):
        raise AssertionRefusedError("Signature is wrong")
    return public_key
