"""The tokens with which accounts and persons call the API.

Source: kubermatic/dashboard c996f110 modules/api/pkg/serviceaccount/jwt.go and handler/auth, as
of August 2026. A token regenerated within the second in which it was made would keep its text; here
the later one is dated a second back, so that regeneration always kills the old one.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import jwt

from tokentui.simulator.token_time import UNTIMED, is_over

if TYPE_CHECKING:
    from tokentui.simulator.ground import Ground

_YEARS: Final = 3
_SECOND: Final = timedelta(seconds=1)
_KEY_BYTES: Final = 32
_AUDIENCE: Final = "kubermatic"
_ISSUER_KEY: Final = "kubermatic/dex"


class AccountSigner:
    """Signs and checks the tokens of service accounts with a secret of the server."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._key = secrets.token_bytes(_KEY_BYTES)
        self._made: set[str] = set()

    def change_key(self) -> None:
        """Take another secret; what was signed before is worth nothing afterwards."""
        self._key = secrets.token_bytes(_KEY_BYTES)

    def sign(
        self, email: str, project_id: str, token_id: str, issued: datetime | None = None
    ) -> str:
        """Return a token that ends three calendar years after `issued`, None: now."""
        at = (issued or self._ground.clock.now()).replace(microsecond=0)
        text = self._text(email, project_id, token_id, at)
        while text in self._made:
            at -= _SECOND
            text = self._text(email, project_id, token_id, at)
        self._made.add(text)
        return text

    def claims(self, text: str) -> dict[str, Any] | None:
        """Return the claims of a token with a good signature that has not ended."""
        try:
            claims: dict[str, Any] = jwt.decode(
                text, self._key, algorithms=["HS256"], options=UNTIMED
            )
        except jwt.InvalidTokenError:
            return None
        return None if is_over(claims, self._ground.clock.now()) else claims

    def _text(self, email: str, project_id: str, token_id: str, issued: datetime) -> str:
        start = int(issued.timestamp())
        claims = {
            "email": email,
            "exp": int(three_years_after(issued).timestamp()),
            "iat": start,
            "nbf": start,
            "project_id": project_id,
            "token_id": token_id,
        }
        return jwt.encode(claims, self._key, algorithm="HS256", headers={"typ": None})


class PersonSigner:
    """Signs and checks the ID tokens of persons as the installation's Dex does."""

    def __init__(self, ground: Ground, issuer: str) -> None:
        self._ground = ground
        self._issuer = issuer

    def sign(self, email: str, name: str, life: timedelta) -> str:
        """Return an ID token."""
        now = self._ground.clock.now()
        claims = {
            "iss": self._issuer,
            "sub": email,
            "aud": _AUDIENCE,
            "exp": int((now + life).timestamp()),
            "iat": int(now.timestamp()),
            "email": email,
            "email_verified": True,
            "name": name,
        }
        return jwt.encode(claims, self._ground.keys.get(_ISSUER_KEY), algorithm="RS256")

    def email_of(self, text: str) -> str | None:
        """Return whose ID token this is, None if it is none of ours or has ended."""
        try:
            claims = jwt.decode(
                text,
                self._ground.keys.get(_ISSUER_KEY).public_key(),
                algorithms=["RS256"],
                audience=_AUDIENCE,
                issuer=self._issuer,
                options=UNTIMED,
            )
        except jwt.InvalidTokenError:
            return None
        return None if is_over(claims, self._ground.clock.now()) else str(claims.get("email"))


def three_years_after(instant: datetime) -> datetime:
    """Return the instant three calendar years later; 29 February becomes 1 March."""
    year = instant.year + _YEARS
    try:
        return instant.replace(year=year)
    except ValueError:
        return instant.replace(year=year, month=3, day=1)


def end_of(claims: dict[str, Any]) -> datetime:
    """Return the instant at which a token ends."""
    return datetime.fromtimestamp(claims["exp"], UTC)
