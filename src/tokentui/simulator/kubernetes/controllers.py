"""What the controller manager does after the API server has answered.

Source: kubernetes/kubernetes 0411cc70 pkg/controller/serviceaccount, read 2026-08-21; timing and
outcome seen with v1.20.2.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tokentui.simulator.kubernetes.resources import SECRETS, SERVICE_ACCOUNTS
from tokentui.simulator.kubernetes.store import encoded
from tokentui.simulator.kubernetes.tokens import (
    NAME_ANNOTATION,
    TOKEN_TYPE,
    UID_ANNOTATION,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tokentui.simulator.kubernetes.store import Json, Key, ObjectStore
    from tokentui.simulator.kubernetes.tokens import ServiceAccountTokens

DEFAULT_ACCOUNT: Final = "default"
_LAST_MINOR_WITH_AUTO_SECRETS: Final = 23
_SUFFIX_LETTERS: Final = "bcdfghjklmnpqrstvwxz2456789"


class Controllers:
    """The service account controller and the token controller; work waits for the next request."""

    def __init__(
        self,
        store: ObjectStore,
        tokens: ServiceAccountTokens,
        ca_pem: str,
        now: Callable[[], datetime],
        minor: Callable[[], int],
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._ca_pem = ca_pem
        self._now = now
        self._minor = minor
        self._pending: list[tuple[datetime, Callable[[], None]]] = []
        self.delay = timedelta()
        self.minted = 0

    def run(self) -> None:
        """Do what is due; work that follows from it waits for the next run."""
        due = [work for at, work in self._pending if at <= self._now()]
        self._pending = [one for one in self._pending if one[0] > self._now()]
        for work in due:
            work()

    def namespace_made(self, name: str) -> None:
        """Let a new namespace get its service account `default`."""
        self._later(lambda: self._add_default_account(name))

    def account_made(self, key: Key, *, is_counted: bool = True) -> None:
        """Let a new service account get a Secret with a token, as up to 1.23."""
        if self._minor() <= _LAST_MINOR_WITH_AUTO_SECRETS:
            self._later(lambda: self._add_token_secret(key, is_counted=is_counted))

    def account_gone(self, namespace: str, uid: str) -> None:
        """Let the Secrets with tokens of a deleted service account go too."""
        self._later(lambda: self._drop_secrets(namespace, uid))

    def secret_made(self, key: Key, *, is_counted: bool = True) -> None:
        """Let a new Secret of the token type be filled, or removed if its account is missing."""
        self._later(lambda: self._fill(key, is_counted=is_counted))

    def _later(self, work: Callable[[], None]) -> None:
        self._pending.append((self._now() + self.delay, work))

    def _add_default_account(self, namespace: str) -> None:
        if self._store.get(SERVICE_ACCOUNTS, namespace, DEFAULT_ACCOUNT) is None:
            self._store.add(SERVICE_ACCOUNTS, namespace, DEFAULT_ACCOUNT, {})
            self.account_made((namespace, DEFAULT_ACCOUNT), is_counted=False)

    def _add_token_secret(self, key: Key, *, is_counted: bool) -> None:
        account = self._store.get(SERVICE_ACCOUNTS, *key)
        if account is None:
            return
        namespace, account_name = key
        name = f"{account_name}-token-{random_suffix()}"
        secret = self._store.add(SECRETS, namespace, name, token_secret(account_name))
        secret["metadata"]["creationTimestamp"] = account["metadata"]["creationTimestamp"]
        account.setdefault("secrets", []).append({"name": name})
        self._fill((namespace, name), is_counted=is_counted)

    def _fill(self, key: Key, *, is_counted: bool) -> None:
        namespace, name = key
        secret = self._store.get(SECRETS, *key)
        if secret is None:
            return
        annotations = secret["metadata"]["annotations"]
        account = self._store.get(SERVICE_ACCOUNTS, namespace, annotations[NAME_ANNOTATION])
        if account is None or not _fits(annotations, account):
            self._store.remove(SECRETS, key)
            return
        annotations[UID_ANNOTATION] = account["metadata"]["uid"]
        secret["data"] = {
            **secret.get("data", {}),
            "ca.crt": encoded(self._ca_pem),
            "namespace": encoded(namespace),
            "token": encoded(self._tokens.sign_legacy(name, account)),
        }
        self._store.replace(SECRETS, key, secret)
        self.minted += is_counted

    def _drop_secrets(self, namespace: str, uid: str) -> None:
        for secret in list(self._store.all(SECRETS, namespace)):
            metadata = secret["metadata"]
            is_token = secret.get("type") == TOKEN_TYPE
            if is_token and metadata.get("annotations", {}).get(UID_ANNOTATION) == uid:
                self._store.remove(SECRETS, (namespace, metadata["name"]))


def token_secret(account_name: str) -> Json:
    """Return the body of a Secret that asks for a token."""
    annotations = {NAME_ANNOTATION: account_name}
    return {"metadata": {"annotations": annotations}, "type": TOKEN_TYPE}


def random_suffix() -> str:
    """Return the five letters that Kubernetes puts after a generated name."""
    return "".join(secrets.choice(_SUFFIX_LETTERS) for _ in range(5))


def _fits(annotations: Json, account: Json) -> bool:
    return annotations.get(UID_ANNOTATION) in (None, "", account["metadata"]["uid"])
