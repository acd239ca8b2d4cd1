"""Tokens of an outside issuer that stand for workloads, as in workload identity federation.

Source: stackit-sdk-go core/oidcadapters/githubactions.go and core/clients/
workload_identity_flow.go, read 2026-11-22 (audience). Issuer and subject are free: here an invented
issuer, and a subject that names the one account it may act for.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import jwt

from tokentui.simulator.token_time import UNTIMED, is_over

if TYPE_CHECKING:
    from datetime import timedelta

    from tokentui.simulator.stackit.model import Identity
    from tokentui.simulator.stackit.world import StackitWorld

ISSUER = "https://issuer.simulator.invalid"
AUDIENCE = "sts.accounts.stackit.cloud"
_KEY_NAME = "stackit/workload-tokens"
_KEY_ID = "simulator-workload-tokens"
_ALGORITHM = "RS256"


class WorkloadTokens:
    """Signs and checks the tokens of the outside issuer."""

    def __init__(self, world: StackitWorld) -> None:
        self._world = world

    def sign(self, account: Identity, life: timedelta) -> str:
        """Return a token for a workload that is federated with the account."""
        now = self._world.ground.clock.now()
        claims = {
            "iss": ISSUER,
            "sub": _subject(account),
            "aud": AUDIENCE,
            "jti": str(uuid.uuid4()),
            "iat": now,
            "nbf": now,
            "exp": now + life,
        }
        key = self._world.ground.keys.get(_KEY_NAME)
        return jwt.encode(claims, key, algorithm=_ALGORITHM, headers={"kid": _KEY_ID})

    def stands_for(self, token: str, account: Identity) -> bool:
        """Whether the token is good and its workload is federated with the account."""
        key = self._world.ground.keys.get(_KEY_NAME).public_key()
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options=UNTIMED,
            )
        except jwt.InvalidTokenError:
            return False
        now = self._world.ground.clock.now()
        return claims.get("sub") == _subject(account) and not is_over(claims, now)


def _subject(account: Identity) -> str:
    return f"workload:{account.id}"
