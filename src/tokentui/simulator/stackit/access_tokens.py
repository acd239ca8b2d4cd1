"""Access and refresh tokens of the simulated service accounts.

Source: STACKIT service-account API description v2, operation CreateShortLivedAccessToken, read
2026-08-21; the `email` claim is what stackit-cli v0.71.0 reads.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jwt

from tokentui.simulator.token_time import UNTIMED, is_over

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from starlette.requests import Request

    from tokentui.simulator.stackit.model import Identity, LegacyToken
    from tokentui.simulator.stackit.world import StackitWorld

ISSUER = "stackit/serviceaccount"
AUDIENCE = "stackit"
_KEY_NAME = "stackit/access-tokens"
_KEY_ID = "simulator-access-tokens"
_ALGORITHM = "RS256"


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What the token endpoint hands out."""

    access_token: str
    refresh_token: str
    expires_in: timedelta


class AccessTokens:
    """Signs, checks and rotates the tokens with which identities call the APIs."""

    def __init__(self, world: StackitWorld) -> None:
        self._world = world
        self._refresh_ids: dict[str, Identity] = {}

    def issue(self, identity: Identity) -> TokenPair:
        """Make an access token and the refresh token that replaces it once."""
        refresh_id = str(uuid.uuid4())
        self._refresh_ids[refresh_id] = identity
        life = self._world.access_token_life
        now = self._world.ground.clock.now()
        return TokenPair(
            self._sign(identity, str(uuid.uuid4()), now + life, "access"),
            self._sign(identity, refresh_id, now + self._world.refresh_token_life, "refresh"),
            life,
        )

    def identity_of(self, access_token: str) -> Identity | None:
        """Return who holds this access token, None if it is unknown or past its end."""
        claims = self._claims(access_token, "access")
        if claims is None:
            return None
        legacy = self._world.accounts.legacy_tokens.get(str(claims["jti"]))
        if legacy is not None and not legacy.active:
            return None
        return self._world.accounts.get(claims["sub"])

    def caller(self, request: Request) -> Identity | None:
        """Return who sent a request, None without a good bearer token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self.identity_of(token.strip()) if scheme.lower() == "bearer" else None

    def redeem(self, refresh_token: str) -> TokenPair | None:
        """Return a new pair for a refresh token, which is worth nothing afterwards."""
        claims = self._claims(refresh_token, "refresh")
        identity = self._refresh_ids.pop(str(claims["jti"]), None) if claims else None
        if identity is None or self._world.accounts.get(identity.id) is None:
            return None
        return self.issue(identity)

    def sign_legacy(self, token: LegacyToken) -> str:
        """Return the text of a long-lived token."""
        return self._sign(token.identity, token.id, token.valid_until, "access")

    def _sign(self, identity: Identity, token_id: str, end: datetime, use: str) -> str:
        now = self._world.ground.clock.now()
        claims = {
            "iss": ISSUER,
            "sub": identity.id,
            "aud": AUDIENCE,
            "email": identity.email_claim,
            "use": use,
            "jti": token_id,
            "iat": now,
            "nbf": now,
            "exp": end,
        }
        key = self._world.ground.keys.get(_KEY_NAME)
        return jwt.encode(claims, key, algorithm=_ALGORITHM, headers={"kid": _KEY_ID})

    def _claims(self, token: str, use: str) -> Mapping[str, object] | None:
        key = self._world.ground.keys.get(_KEY_NAME).public_key()
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],
                audience=AUDIENCE,
                options=UNTIMED,
            )
        except jwt.InvalidTokenError:
            return None
        if claims.get("use") != use or is_over(claims, self._world.ground.clock.now()):
            return None
        return claims
