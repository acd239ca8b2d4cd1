"""One cluster, user and context as received from a server: checked, and nothing else kept."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from tokentui.domain.errors import DeliveryError
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from tokentui.domain.model import InstanceId, ProfileName

# What runs programs, reads or sends local files, or weakens TLS when a stranger chose it.
_REFUSED_OF_CLUSTER = ("certificate-authority", "proxy-url", "insecure-skip-tls-verify")
_REFUSED_OF_USER = ("exec", "auth-provider", "tokenFile", "client-certificate", "client-key")
_TAKEN_OF_CLUSTER = ("server", "certificate-authority-data", "tls-server-name")
_TAKEN_OF_USER = ("token", "client-certificate-data", "client-key-data")
_TAKEN_OF_CONTEXT = ("cluster", "user", "namespace")

_LONGEST_NAME = 80
_TOKEN = re.compile(r"[\x21-\x7e]+")
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Origin:
    """What an entry was made for; written beside it, so that a renewal finds it again."""

    profile: ProfileName
    instance: InstanceId


@dataclass(frozen=True, slots=True)
class Entry:
    """A cluster with one credential; `name` is what its cluster, user and context are called.

    The user holds `token`, or `certificate` with `key` as base64 of PEM, or both. `left_out`
    are the paths of fields that the server sent and that are not taken over.
    """

    name: str
    origin: Origin
    server: str
    authority: str = ""
    tls_name: str = ""
    namespace: str = ""
    token: Secret | None = None
    certificate: Secret | None = None
    key: Secret | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A mapping of the document and the path that leads to it."""

    path: str
    fields: Mapping[object, object]

    def text(self, key: str) -> str:
        value = self.fields.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            _refuse(f"{self.path}.{key} is not text")
        return value

    def part(self, key: str) -> _Part:
        value = self.fields.get(key)
        if not isinstance(value, Mapping):
            _refuse(f"{self.path}.{key} is not a mapping")
        return _Part(f"{self.path}.{key}", value)

    def refuse_any(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            if self.fields.get(key):
                _refuse(f"it uses {self.path}.{key}, which is not taken from a server")

    def besides(self, *known: tuple[str, ...]) -> tuple[str, ...]:
        keys = {key for part in known for key in part}
        return tuple(
            f"{self.path}.{clean(str(key), _LONGEST_NAME)}"
            for key, value in self.fields.items()
            if key not in keys and value
        )


def from_server(document: object, *, name: str, origin: Origin) -> Entry:
    """Take the current (or only) context of a kubeconfig that a server sent.

    `document` is the parsed JSON or YAML. Programs, file paths, proxies and switched-off TLS
    checks are refused; other unknown fields are left out. Raises `DeliveryError`, which names
    the field and never its value.
    """
    if not isinstance(document, Mapping):
        _refuse("it is not a mapping")
    context = _chosen_context(document)
    cluster = _named(document, "clusters", context, "cluster").part("cluster")
    user = _named(document, "users", context, "user").part("user")
    cluster.refuse_any(_REFUSED_OF_CLUSTER)
    user.refuse_any(_REFUSED_OF_USER)
    left_out = (
        *cluster.besides(_TAKEN_OF_CLUSTER, _REFUSED_OF_CLUSTER),
        *user.besides(_TAKEN_OF_USER, _REFUSED_OF_USER),
        *context.besides(_TAKEN_OF_CONTEXT),
    )
    token, certificate, key = _credential(user)
    return Entry(
        name=entry_name(name),
        origin=origin,
        server=_server(cluster),
        authority=_base64(cluster, "certificate-authority-data"),
        tls_name=_matching(cluster, "tls-server-name", _HOST_NAME, "a host name"),
        namespace=_matching(context, "namespace", _NAMESPACE, "a namespace name"),
        token=token,
        certificate=certificate,
        key=key,
        left_out=left_out,
    )


def entry_name(name: str) -> str:
    """Make a name that is safe to show and to type; raises `DeliveryError` if nothing is left."""
    tidy = clean(name, _LONGEST_NAME).strip()
    if not tidy:
        raise DeliveryError("The kubeconfig entry has no name", "give it one with --name")
    return tidy


def _chosen_context(document: Mapping[object, object]) -> _Part:
    top = _Part("kubeconfig", document)
    if top.text("current-context"):
        return _named(document, "contexts", top, "current-context").part("context")
    contexts = _list(document, "contexts")
    if len(contexts) != 1:
        _refuse(f"it has {len(contexts)} contexts and none of them is current")
    return contexts[0].part("context")


def _named(document: Mapping[object, object], section: str, wanting: _Part, key: str) -> _Part:
    name = wanting.text(key)
    matching = [part for part in _list(document, section) if part.text("name") == name]
    if len(matching) != 1:
        _refuse(f"{wanting.path}.{key} fits {len(matching)} entries of {section}")
    return matching[0]


def _list(document: Mapping[object, object], section: str) -> list[_Part]:
    items = document.get(section)
    if not isinstance(items, list):
        _refuse(f"{section} is not a list")
    parts = []
    for number, item in enumerate(items):
        if not isinstance(item, Mapping):
            _refuse(f"{section}[{number}] is not a mapping")
        parts.append(_Part(f"{section}[{number}]", item))
    return parts


def _server(cluster: _Part) -> str:
    server = cluster.text("server")
    try:
        url = urlsplit(server)
        usable = url.scheme == "https" and bool(url.hostname) and (url.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or "@" in server or not _TOKEN.fullmatch(server):
        _refuse(f"{cluster.path}.server is not an https address without user name")
    return server


def _credential(user: _Part) -> tuple[Secret | None, Secret | None, Secret | None]:
    token = Secret(_matching(user, "token", _TOKEN, "printable text without blanks"))
    certificate = Secret(_base64(user, "client-certificate-data"))
    key = Secret(_base64(user, "client-key-data"))
    if bool(certificate) != bool(key):
        _refuse(f"{user.path} has a client certificate or its key, but not both")
    if not token and not key:
        _refuse(f"{user.path} has neither a token nor a client certificate")
    return token or None, certificate or None, key or None


def _matching(part: _Part, key: str, pattern: re.Pattern[str], what: str) -> str:
    value = part.text(key)
    if value and not pattern.fullmatch(value):
        _refuse(f"{part.path}.{key} is not {what}")
    return value


def _base64(part: _Part, key: str) -> str:
    value = part.text(key).replace("\r", "").replace("\n", "")
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        _refuse(f"{part.path}.{key} is not base64")
    return value


def _refuse(why: str) -> NoReturn:
    raise DeliveryError(
        f"The server's kubeconfig cannot be used: {why}", "ask for a token instead"
    ) from None
