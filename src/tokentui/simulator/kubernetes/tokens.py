"""Tokens of service accounts: signed, and checked against the objects that they are bound to.

Source: kubernetes/kubernetes 0411cc70 pkg/serviceaccount, read 2026-08-21; claims seen on a
kube-apiserver v1.20.2.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import TYPE_CHECKING, Any, Final

import jwt
from cryptography.hazmat.primitives import serialization

from tokentui.simulator.kubernetes.identity import (
    Identity,
    service_account_groups,
    service_account_name,
)
from tokentui.simulator.kubernetes.resources import NODES, PODS, SECRETS, SERVICE_ACCOUNTS
from tokentui.simulator.kubernetes.store import encoded
from tokentui.simulator.token_time import UNTIMED, is_over

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from tokentui.simulator.kubernetes.store import Json, ObjectStore

ALGORITHM: Final = "RS256"
ISSUER: Final = "https://kubernetes.default.svc.cluster.local"
LEGACY_ISSUER: Final = "kubernetes/serviceaccount"
TOKEN_TYPE: Final = "kubernetes.io/service-account-token"  # noqa: S105 - a type of Secrets
NAME_ANNOTATION: Final = "kubernetes.io/service-account.name"
UID_ANNOTATION: Final = "kubernetes.io/service-account.uid"
LAST_USED_LABEL: Final = "kubernetes.io/legacy-token-last-used"
INVALID_LABEL: Final = "kubernetes.io/legacy-token-invalid-since"
BINDABLE: Final = {one.kind: one for one in (PODS, SECRETS, NODES)}

_LEGACY: Final = "kubernetes.io/serviceaccount/"
_CREDENTIAL_ID: Final = "authentication.kubernetes.io/credential-id"
_MINOR_WITH_ID: Final = 30
_MINOR_WITH_TRACKING: Final = 28


class ServiceAccountTokens:
    """Makes and reads the tokens of one cluster; `minor` tells the server's version."""

    def __init__(
        self,
        store: ObjectStore,
        key: Callable[[], RSAPrivateKey],
        now: Callable[[], datetime],
        minor: Callable[[], int],
    ) -> None:
        self._store = store
        self._key = key
        self._now = now
        self._minor = minor

    def sign_bound(
        self, account: Json, audiences: Sequence[str], ends: datetime, bound: Json | None
    ) -> str:
        """Make a token with an end, bound to its account and maybe to one object more."""
        metadata = account["metadata"]
        about: Json = {
            "namespace": metadata["namespace"],
            "serviceaccount": {"name": metadata["name"], "uid": metadata["uid"]},
        }
        if bound is not None:
            about[bound["kind"].lower()] = {"name": bound["name"], "uid": bound["uid"]}
        now = self._now()
        claims: Json = {
            "aud": list(audiences),
            "exp": int(ends.timestamp()),
            "iat": int(now.timestamp()),
            "iss": ISSUER,
            "kubernetes.io": about,
            "nbf": int(now.timestamp()),
            "sub": service_account_name(metadata["namespace"], metadata["name"]),
        }
        if self._minor() >= _MINOR_WITH_ID:
            claims["jti"] = str(uuid.uuid4())
        return self._sign(claims)

    def sign_legacy(self, secret_name: str, account: Json) -> str:
        """Make the token without an end that a Secret holds."""
        metadata = account["metadata"]
        return self._sign(
            {
                "iss": LEGACY_ISSUER,
                f"{_LEGACY}namespace": metadata["namespace"],
                f"{_LEGACY}secret.name": secret_name,
                f"{_LEGACY}service-account.name": metadata["name"],
                f"{_LEGACY}service-account.uid": metadata["uid"],
                "sub": service_account_name(metadata["namespace"], metadata["name"]),
            }
        )

    def read(self, token: str, audiences: Sequence[str]) -> Identity | None:
        """Return whose token this is, None if it is worth nothing to these audiences."""
        try:
            claims = jwt.decode(
                token,
                self._key().public_key(),
                algorithms=[ALGORITHM],
                options={**UNTIMED, "verify_aud": False},
            )
        except (jwt.InvalidTokenError, UnicodeEncodeError):
            return None
        if claims.get("iss") == LEGACY_ISSUER:
            return self._read_legacy(token, claims) if ISSUER in audiences else None
        if is_over(claims, self._now()) or not set(claims["aud"]) & set(audiences):
            return None
        return self._read_bound(claims)

    def key_set(self) -> Json:
        """Return the public key as a JSON Web Key Set."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self._key().public_key(), as_dict=True)
        shown = {name: public[name] for name in ("kty", "n", "e")}
        return {"keys": [{"use": "sig", "kid": self._key_id(), "alg": ALGORITHM, **shown}]}

    def _read_bound(self, claims: Mapping[str, Any]) -> Identity | None:
        about = claims["kubernetes.io"]
        namespace, ref = about["namespace"], about["serviceaccount"]
        if not self._is_alive(SERVICE_ACCOUNTS.kind, namespace, ref):
            return None
        extra: dict[str, tuple[str, ...]] = {}
        if "jti" in claims:
            extra[_CREDENTIAL_ID] = (f"JTI={claims['jti']}",)
        for kind in BINDABLE:
            bound = about.get(kind.lower())
            if bound is not None and not self._is_alive(kind, namespace, bound):
                return None
            if bound is not None and kind != SECRETS.kind:
                extra[f"authentication.kubernetes.io/{kind.lower()}-name"] = (bound["name"],)
                extra[f"authentication.kubernetes.io/{kind.lower()}-uid"] = (bound["uid"],)
        return _identity(namespace, ref["name"], ref["uid"], extra)

    def _is_alive(self, kind: str, namespace: str, ref: Json) -> bool:
        resource = BINDABLE.get(kind, SERVICE_ACCOUNTS)
        home = namespace if resource.namespaced else ""
        found = self._store.get(resource, home, ref["name"])
        return found is not None and found["metadata"]["uid"] == ref["uid"]

    def _read_legacy(self, token: str, claims: Mapping[str, Any]) -> Identity | None:
        namespace, name = claims[f"{_LEGACY}namespace"], claims[f"{_LEGACY}service-account.name"]
        uid = claims[f"{_LEGACY}service-account.uid"]
        if not self._is_alive(SERVICE_ACCOUNTS.kind, namespace, {"name": name, "uid": uid}):
            return None
        secret = self._store.get(SECRETS, namespace, claims[f"{_LEGACY}secret.name"])
        if secret is None or secret.get("data", {}).get("token") != encoded(token):
            return None
        if self._minor() >= _MINOR_WITH_TRACKING:
            labels = secret["metadata"].setdefault("labels", {})
            if INVALID_LABEL in labels:
                return None
            labels[LAST_USED_LABEL] = self._now().date().isoformat()
        return _identity(namespace, name, uid, {})

    def _sign(self, claims: Json) -> str:
        return jwt.encode(claims, self._key(), algorithm=ALGORITHM, headers={"kid": self._key_id()})

    def _key_id(self) -> str:
        public = self._key().public_key()
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        digest = hashlib.sha256(public.public_bytes(serialization.Encoding.DER, form)).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _identity(
    namespace: str, name: str, uid: str, extra: Mapping[str, tuple[str, ...]]
) -> Identity:
    groups = service_account_groups(namespace)
    return Identity(service_account_name(namespace, name), groups, uid, extra)
