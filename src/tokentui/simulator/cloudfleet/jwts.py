"""The short-lived JWTs with which tokens call the API and the clusters.

Source: the claims of Keycloak's service accounts (Keycloak ServiceAccountConstants, read
2026-08-21), whose naming rule cloudfleet.ai/docs/organization/api-tokens shows; that Cloudfleet
issues such JWTs is an inference. Assumption: a JWT outlives the secret that it was made with and
stays valid until its end; with its token it dies at once, and it holds what the token's role is
now.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

import jwt

from tokentui.simulator.cloudfleet.model import uuid_of
from tokentui.simulator.token_time import UNTIMED, is_over

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from tokentui.simulator.cloudfleet.model import ApiToken
    from tokentui.simulator.cloudfleet.world import CloudfleetWorld

ALGORITHM: Final = "RS256"
KEY_ID: Final = "simulator-cloudfleet"
AUDIENCE: Final = "account"
SCOPE: Final = "profile"
_KEY_NAME: Final = "cloudfleet/realm"


class Jwts:
    """Signs and checks the JWTs of an organization."""

    def __init__(self, world: CloudfleetWorld) -> None:
        self._world = world

    def issue(self, token: ApiToken, *, is_tls: bool = False) -> str:
        """Make a JWT for a token, as the token endpoint of that listener does."""
        now = self._world.ground.clock.now()
        claims = {
            "iss": self._world.issuer(is_tls=is_tls),
            "sub": str(uuid_of(f"user/{token.id}")),
            "aud": AUDIENCE,
            "typ": "Bearer",
            "azp": token.id,
            "client_id": token.id,
            "preferred_username": self._world.text(token.user_name),
            "scope": SCOPE,
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": now + self._world.jwt_life,
        }
        key = self._world.ground.keys.get(_KEY_NAME)
        return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": KEY_ID})

    def token_of(self, text: str) -> ApiToken | None:
        """Return the token that a JWT stands for, None if the JWT is not valid now."""
        try:
            claims = jwt.decode(
                text,
                self.public_key(),
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=[self._world.issuer(is_tls=False), self._world.issuer(is_tls=True)],
                options=UNTIMED,
            )
        except jwt.InvalidTokenError:
            return None
        if is_over(claims, self._world.ground.clock.now()):
            return None
        return self._world.token(str(claims.get("azp")))

    def public_key(self) -> RSAPublicKey:
        """Return the key that checks the signatures."""
        return self._world.ground.keys.get(_KEY_NAME).public_key()
