"""The credentials of Edge instances.

Source: STACKIT edge API description v1beta1, operations for token and kubeconfig, read 2026-08-21.
The claims and the inner form of the kubeconfig are not published; they follow the Kubernetes
TokenRequest API, whose limits the description repeats.
"""

from __future__ import annotations

import base64
import re
import uuid
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

import jwt

from tokentui.simulator.stackit.edge_errors import EdgeError
from tokentui.simulator.stackit.model import (
    DEFAULT_EXPIRATION,
    MAX_EXPIRATION,
    MIN_EXPIRATION,
    Mint,
)
from tokentui.simulator.token_time import UNTIMED, is_over

if TYPE_CHECKING:
    from starlette.requests import Request

    from tokentui.simulator.stackit.model import EdgeInstance, Identity, MintKind
    from tokentui.simulator.stackit.world import StackitWorld

SUBJECT = "system:serviceaccount:stec:edge-admin"
AUDIENCE = "https://kubernetes.default.svc"
_KEY_NAME = "stackit/edge-tokens"
_KEY_ID = "simulator-edge-tokens"
_ALGORITHM = "RS256"


class EdgeMint:
    """Makes tokens for Edge instances and recognises them."""

    def __init__(self, world: StackitWorld) -> None:
        self._world = world

    def make(
        self, instance: EdgeInstance, identity: Identity, life: timedelta, kind: MintKind
    ) -> Mint:
        """Make one credential and remember it."""
        now = self._world.ground.clock.now().replace(microsecond=0)
        token_id = str(uuid.uuid4())
        claims = {
            "iss": AUDIENCE,
            "sub": SUBJECT,
            "aud": [AUDIENCE],
            "iat": now,
            "nbf": now,
            "exp": now + life,
            "jti": token_id,
        }
        key = self._world.ground.keys.get(_KEY_NAME)
        token = jwt.encode(claims, key, algorithm=_ALGORITHM, headers={"kid": _KEY_ID})
        mint = Mint(now, now + life, kind, instance.id, identity, token_id, token)
        self._world.mints.append(mint)
        return mint

    def opens(self, instance_id: str, token: str) -> bool:
        """Whether the token was made for this instance and is not past its end."""
        key = self._world.ground.keys.get(_KEY_NAME).public_key()
        try:
            claims = jwt.decode(
                token, key, algorithms=[_ALGORITHM], audience=AUDIENCE, options=UNTIMED
            )
        except jwt.InvalidTokenError:
            return False
        if is_over(claims, self._world.ground.clock.now()):
            return False
        token_id = claims["jti"]
        return any(
            mint.jti == token_id and mint.instance_id == instance_id
            for mint in reversed(self._world.mints)
        )

    def kubeconfig(self, instance: EdgeInstance, mint: Mint) -> dict[str, object]:
        """Return a kubeconfig object that opens the instance's Kubernetes API with the token."""
        name = self._world.text(instance.id)
        ca_data = base64.b64encode(self._world.ground.ca_pem.encode()).decode("ascii")
        cluster = {
            "server": self._world.cluster_url(instance.id),
            "certificate-authority-data": ca_data,
        }
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "clusters": [{"name": name, "cluster": cluster}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "users": [{"name": name, "user": instance.kubeconfig_user or {"token": mint.token}}],
        }


def expiration_of(request: Request) -> timedelta:
    """Return the life asked for by `expirationSeconds`, or refuse it."""
    text = request.query_params.get("expirationSeconds")
    if text is None:
        return DEFAULT_EXPIRATION
    if re.fullmatch(r"-?[0-9]{1,18}", text) is None:
        raise EdgeError(HTTPStatus.BAD_REQUEST, "expirationSeconds must be an integer")
    seconds = int(text)
    if not MIN_EXPIRATION.total_seconds() <= seconds <= MAX_EXPIRATION.total_seconds():
        raise EdgeError(
            HTTPStatus.BAD_REQUEST, "expirationSeconds must be between 600 and 15552000"
        )
    return timedelta(seconds=seconds)
