"""Which ways to sign in a user of a kubeconfig has, and which of them exclude each other.

Sources: client-go 32ce75a validation.go, client_config.go and exec.go; experiments with
kubectl 1.32.4 and 1.37.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from tokentui.domain.text import clean
from tokentui.providers.auth_sources import one_line
from tokentui.providers.kubernetes.access import material, refused, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.secret import Secret
    from tokentui.providers.http_call import HeaderValue
    from tokentui.providers.kubernetes.access import Context

_EXTRA_PREFIX = "Impersonate-Extra-"
_HEADER_MARKS = "!#$&'*+-.^_`|~"


@dataclass(frozen=True, slots=True)
class User:
    """What signs in. `token_file` goes before `token`, both before `exec`.

    `headers` are sent with every call, so that the server counts it as another's.
    """

    where: str
    token: Secret | None = None
    token_file: str = ""
    certificate: Secret | None = None
    key: Secret | None = None
    exec: Mapping[str, object] | None = field(default=None, repr=False)
    headers: Mapping[str, HeaderValue] = field(default_factory=dict)


def read_user(context: Context) -> User:
    """Read the user of a context. Blocks; raises `NotSignedIn`."""
    found, where = context.user, f"the user {clean(context.user_name, 80)}"
    token, token_file = text(found, "token", where), text(found, "tokenFile", where)
    is_basic = bool(text(found, "username", where) or text(found, "password", where))
    if is_basic and (token or token_file):
        raise refused(f"{where} has more than one way to sign in: a token and a password")
    if is_basic:
        raise refused(f"{where} has a user name and a password, which API servers take no more")
    if found.body.get("auth-provider") is not None:
        raise refused(
            f"{where} signs in with an auth-provider, which is not supported here",
            "use an exec plugin or a token instead",
        )
    certificate = material(found, "client-certificate", where)
    key = material(found, "client-key", where) if certificate else None
    if certificate and not key:
        raise refused(f"{where} has a client certificate without its key")
    plugin = found.body.get("exec")
    if plugin is not None and not isinstance(plugin, dict):
        raise refused(f"{where} has an exec that is no mapping")
    if not (token or token_file or certificate or plugin):
        raise refused(f"{where} has no credentials")
    return User(
        where=where,
        token=one_line(token, f"the token of {where}") if token else None,
        token_file=token_file,
        certificate=certificate,
        key=key,
        exec=plugin if not (token or token_file or certificate) else None,
        headers=_impersonation(found.body, where),
    )


def _impersonation(body: Mapping[str, object], where: str) -> Mapping[str, HeaderValue]:
    """Give the headers that make the server count a call as another's."""
    name, uid = body.get("as"), body.get("as-uid")
    groups, extra = body.get("as-groups"), body.get("as-user-extra")
    if not name:
        if uid or groups or extra:
            raise refused(f"{where} has as-uid, as-groups or as-user-extra without as")
        return {}
    headers: dict[str, HeaderValue] = {"Impersonate-User": str(name)}
    if uid:
        headers["Impersonate-Uid"] = str(uid)
    if groups:
        headers["Impersonate-Group"] = _texts(groups, f"as-groups of {where}")
    if extra and not isinstance(extra, dict):
        raise refused(f"as-user-extra of {where} is no mapping")
    for key, values in (extra if isinstance(extra, dict) else {}).items():
        escaped = quote(str(key), safe=_HEADER_MARKS)
        headers[_EXTRA_PREFIX + escaped] = _texts(values, f"as-user-extra of {where}")
    return headers


def _texts(values: object, what: str) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise refused(f"{what} is no list of texts")
    return tuple(values)
