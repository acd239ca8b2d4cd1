"""Asks a Kubernetes API server whether it accepts a new credential."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, NotSignedIn, ProviderError
from tokentui.domain.model import Verification
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.http_call import Call
from tokentui.providers.http_check import host_of, is_safe_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.providers.http import Http


@dataclass(frozen=True, slots=True)
class KubeAccess:
    """What a kubeconfig's current context uses. `ca_pem` empty: the system's authorities."""

    server: str
    ca_pem: str
    token: Secret


def access_of(kubeconfig: Secret) -> KubeAccess | None:
    """Read a kubeconfig in JSON; None unless its current context signs in with a token."""
    try:
        document: object = json.loads(kubeconfig.reveal())
        current = _member(document, "current-context")
        context = _named(document, "contexts", current, "context")
        cluster = _named(document, "clusters", _member(context, "cluster"), "cluster")
        user = _named(document, "users", _member(context, "user"), "user")
        ca = _member(cluster, "certificate-authority-data") or ""
        server, token = _member(cluster, "server"), _member(user, "token")
        if not isinstance(server, str) or not isinstance(token, str) or not token:
            return None
        return KubeAccess(server, base64.b64decode(str(ca)).decode("ascii"), Secret(token))
    except (ValueError, RecursionError, binascii.Error):
        return None


async def check_token(http: Http, server: str, token: Secret) -> Verification:
    """Ask for the server's version with a token; a failed call is an answer, not an error."""
    host = host_of(server)
    call = Call(
        "GET",
        f"{server.rstrip('/')}/version",
        f"check the credential at {host}",
        headers={"Authorization": Secret(f"Bearer {token.reveal()}")},
    )
    try:
        answer = await http.read(call, attempts=1)
    except NotSignedIn:
        return Verification(False, f"its API server {host} does not accept it (401)")
    except Forbidden:
        return Verification(False, f"its API server {host} accepts it, but forbids all use (403)")
    except ProviderError as error:
        return Verification(None, f"it could not be checked from here: {error.sentence}")
    version = _member(answer.payload, "gitVersion")
    if not isinstance(version, str):
        return Verification(None, f"{host} does not answer as a Kubernetes API server does")
    return Verification(
        True,
        f"its API server {host} accepts it (Kubernetes {clean(version, 40)})",
        answer.took,
        answer.clock_off,
    )


async def check_kubeconfig(http: Http, kubeconfig: Secret) -> Verification:
    """Ask the kubeconfig's own API server, trusting its own authority alone if it has one."""
    access = access_of(kubeconfig)
    if access is None:
        return Verification(None, "it could not be checked: it signs in without a token")
    if not is_safe_url(access.server):
        return Verification(None, "it could not be checked: its API server is not under https")
    if not access.ca_pem:
        return await check_token(http, access.server, access.token)
    try:
        own = http.trusting(access.ca_pem)
    except ValueError:
        return Verification(False, "its certificate authority is no certificate")
    try:
        return await check_token(own, access.server, access.token)
    finally:
        await own.aclose()


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _named(document: object, section: str, name: object, member: str) -> Mapping[str, object]:
    """Find an entry of a section by its name and give the part that is not the name."""
    entries = _member(document, section)
    for entry in entries if isinstance(entries, list) else ():
        found = _member(entry, member)
        if _member(entry, "name") == name and isinstance(found, dict):
            return found
    return {}
