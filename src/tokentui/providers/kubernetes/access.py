"""What a context of a kubeconfig says: which server, whom to trust, how to sign in.

Files that it names are read here too, so this blocks. Sources: client-go 32ce75a
validation.go and client_config.go; experiments with kubectl 1.32.4 and 1.37.1.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tokentui.domain.errors import NotSignedIn
from tokentui.domain.kubeconfig import Section
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.http_check import is_proxy_url, url_fault
from tokentui.providers.http_tls import certificates_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tokentui.providers.kubernetes.kubeconfig_files import Found, Merged

CORRECT = "correct the kubeconfig, or name another context in the profile"
_SET_CA_FILE = "set `ca_file` to a PEM file with the authority's certificate"
_LARGEST_FILE = 1_000_000
_EXTENSION = "client.authentication.k8s.io/exec"


@dataclass(frozen=True, slots=True)
class Cluster:
    """The server of a context. `ca_pem` empty: the system's authorities.

    `also_trusted` are those of the profile, which are trusted beside them. `exec_config` is what
    its entry keeps for sign-in programs.
    """

    name: str
    server: str
    ca_pem: str = ""
    insecure: bool = False
    server_name: str = ""
    proxy: Secret | None = None
    exec_config: object = field(default=None, repr=False)
    also_trusted: str = ""

    @property
    def authorities(self) -> str:
        """Whom others are to trust too, in PEM form; empty: whom their system trusts."""
        return certificates_in(f"{self.ca_pem}\n{self.also_trusted}")

    @property
    def id(self) -> str:
        """The server's address, the same for each way to write it."""
        parts = urlsplit(self.server)
        host = (parts.hostname or "").rstrip(".")
        shown = f"[{host}]" if ":" in host else host
        port = "" if parts.port in (None, 443) else f":{parts.port}"
        return f"{parts.scheme}://{shown}{port}{parts.path.rstrip('/')}"


@dataclass(frozen=True, slots=True)
class Context:
    """A context with what it leads to."""

    name: str
    namespace: str
    cluster: Cluster
    user_name: str
    user: Found


def resolve(merged: Merged, wanted: str) -> Context:
    """Give the context of that name, or the current one. Raises `NotSignedIn`."""
    name = wanted or merged.current_context
    known = ", ".join(clean(one, 60) for one in merged.entries[Section.CONTEXTS]) or "none"
    if not name:
        raise NotSignedIn(
            "the kubeconfig has no current context", f"set `context` in the profile to: {known}"
        )
    found = merged.find(Section.CONTEXTS, name)
    if found is None:
        near = get_close_matches(name, merged.entries[Section.CONTEXTS], n=1)
        hint = f"did you mean {clean(near[0], 60)}? " if near else ""
        raise NotSignedIn(
            f"the kubeconfig has no context {clean(name, 80)}",
            f"{hint}contexts that it has: {known}",
        )
    where = f"the context {clean(name, 80)}"
    user_name = text(found, "user", where)
    user = merged.find(Section.USERS, user_name)
    if user is None:
        raise refused(f"{where} names the user {clean(user_name, 80) or '(none)'}, who is nowhere")
    return Context(
        name=name,
        namespace=text(found, "namespace", where) or "default",
        cluster=_cluster(merged, text(found, "cluster", where), where),
        user_name=user_name,
        user=user,
    )


def refused(message: str, next_step: str = CORRECT) -> NotSignedIn:
    """Say that a kubeconfig cannot be used as it is."""
    return NotSignedIn(message, next_step)


def text(found: Found, key: str, where: str) -> str:
    """Give a text of an entry, empty if there is none. Raises `NotSignedIn`."""
    value = found.body.get(key)
    if value is not None and not isinstance(value, str):
        raise refused(f"{where} has no text in {key}")
    return value or ""


def material(found: Found, key: str, where: str) -> Secret | None:
    """Give what stands in `<key>-data` or in the file `<key>`, as PEM text; None: neither.

    Both at once are refused. Raises `NotSignedIn`.
    """
    data, path = text(found, f"{key}-data", where), text(found, key, where)
    if data and path:
        raise refused(f"{where} has both {key} and {key}-data")
    if data:
        return _decoded(data, f"{key}-data of {where}")
    return read_beside(found, path, f"{key} of {where}") if path else None


def read_beside(found: Found, path: str, what: str) -> Secret:
    """Read a file that an entry names, from the kubeconfig's folder on. Raises `NotSignedIn`."""
    place = beside(found, path)
    try:
        with open(place, "rb") as file:
            content = file.read(_LARGEST_FILE + 1)
        if len(content) > _LARGEST_FILE:
            raise refused(f"{what} names the file {clean(str(place), 160)}, which is too large")
        return Secret(content.decode())
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise refused(
            f"{what} names the file {clean(str(place), 160)}, which cannot be read ({why})"
        ) from None


def authorities_of(ca_file: Path) -> str:
    """Read the certificates of the profile's own authorities. Raises `NotSignedIn`."""
    shown = clean(str(ca_file), 160)
    try:
        found = certificates_in(ca_file.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise refused(f"the file {shown} cannot be used: {why}", _SET_CA_FILE) from None
    if not found:
        raise refused(f"the file {shown} holds no certificate", _SET_CA_FILE)
    return found


def beside(found: Found, path: str) -> Path:
    """Give a path that is relative to the folder of the entry's file."""
    return found.file.absolute().parent / path


def _cluster(merged: Merged, name: str, where: str) -> Cluster:
    found = merged.find(Section.CLUSTERS, name)
    if found is None:
        raise refused(f"{where} names the cluster {clean(name, 80) or '(none)'}, which is nowhere")
    where = f"the cluster {clean(name, 80)}"
    insecure = found.body.get("insecure-skip-tls-verify") is True
    authority = material(found, "certificate-authority", where)
    if insecure and authority:
        raise refused(f"{where} has an authority and insecure-skip-tls-verify, which exclude it")
    return Cluster(
        name=name,
        server=_server(text(found, "server", where), where),
        ca_pem=authority.reveal() if authority else "",
        insecure=insecure,
        server_name=text(found, "tls-server-name", where),
        proxy=_proxy(text(found, "proxy-url", where), where),
        exec_config=_exec_config(found.body),
    )


def _server(server: str, where: str) -> str:
    """Check the address; a missing one is no localhost here, and http gets no credentials."""
    parts = urlsplit(server) if not url_fault(server) else None
    shown = clean(server.rpartition("@")[2], 120)
    if parts is None or parts.query or parts.fragment:
        raise refused(f"{where} has no usable address of its server ({shown or 'none'})")
    if parts.scheme != "https":
        raise refused(f"{where} has the address {shown}: without TLS no credentials are sent there")
    return server.rstrip("/")


def _proxy(proxy: str, where: str) -> Secret | None:
    if not proxy:
        return None
    scheme = proxy.partition(":")[0].lower()
    if scheme.startswith("socks"):
        raise refused(
            f"{where} has a SOCKS proxy, which is not supported here",
            "set proxy-url to an http:// or https:// proxy",
        )
    if scheme not in ("http", "https") or not is_proxy_url(proxy):
        raise refused(f"the proxy-url of {where} is no address of a proxy")
    return Secret(proxy)


def _exec_config(body: Mapping[str, object]) -> object:
    listed = body.get("extensions")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and one.get("name") == _EXTENSION:
            return one.get("extension")
    return None


def _decoded(data: str, what: str) -> Secret:
    try:
        plain = base64.b64decode(data.replace("\r", "").replace("\n", ""), validate=True)
        return Secret(plain.decode())
    except (binascii.Error, ValueError):
        raise refused(f"{what} is not base64 of a text") from None
