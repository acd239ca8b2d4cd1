"""KKP's JSON and files in our words.

Sources: kubermatic/dashboard c996f110 modules/api/pkg and the swagger files of the release
branches 2.12 to 2.31, as of August 2026.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.errors import DeliveryError
from tokentui.domain.jwt import end_of
from tokentui.domain.secret import Secret
from tokentui.kubeconfigs.read import as_json
from tokentui.providers.kubermatic import fields as f

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tokentui.providers.kubermatic.fields import Reply, Rows

_MAKERS = frozenset({"owners", "projectmanagers"})
_FILE_NAME = re.compile(r"kubeconfig-(admin|viewer)-")
DOWNLOAD_AGAIN = "a download makes nothing: try again, then ask the operator"
_BLOCKING = re.compile(r"sa-token-([A-Za-z0-9]{1,63})\b")


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in; `groups` are project ids and bare groups."""

    name: str
    email: str
    groups: tuple[tuple[str, str], ...]
    is_admin: bool

    @property
    def may_make_tokens(self) -> bool:
        """Whether tokens can be made in any project: admins, owners and project managers can."""
        return self.is_admin or any(group in _MAKERS for _, group in self.groups)


@dataclass(frozen=True, slots=True)
class Project:
    """A project; `name` is clean."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A project's service account; `name` is as the server has it, `group` without suffix."""

    id: str
    name: str
    group: str
    status: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token; `name` is as the server has it. `ends_at` None: it is not valid any more."""

    id: str
    name: str
    created_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A cluster; `name`, `version` and `url` are clean, `dc` is as the server has it."""

    id: str
    name: str
    dc: str
    version: str
    url: str
    created_at: datetime | None
    is_ending: bool


@dataclass(frozen=True, slots=True)
class ClusterAccountRow:
    """A service account of a cluster."""

    namespace: str
    name: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made or regenerated; `id` and `name` are empty where the answer lacks them."""

    id: str
    name: str
    secret: Secret
    ends_at: datetime | None
    end_is_in_it: bool


def error_text(payload: object) -> str:
    """Read the server's own words out of an error body, with its details."""
    error = payload.get("error") if isinstance(payload, dict) else None
    if not isinstance(error, dict):
        return ""
    details = error.get("details")
    words = [error.get("message"), *(details if isinstance(details, list) else ())]
    return "; ".join(word for word in words if isinstance(word, str) and word)


def blocking_tokens(words: str) -> tuple[str, ...]:
    """Read from the words of an old server which tokens keep it from listing the others."""
    return tuple(dict.fromkeys(_BLOCKING.findall(words)))


def version(reply: Reply) -> str:
    """Read the installation's version, as v2.31.0. Raises `BadAnswer`, as do all readers."""
    return f.read(reply, lambda one: f.label(f.text(one, "api"))[:40])


def me(reply: Reply) -> Me:
    """Read who is signed in."""
    return f.read(reply, _me)


def projects(reply: Reply) -> Rows[Project]:
    """Read the projects."""
    return f.rows(reply, reply.answer.payload, _project)


def accounts(reply: Reply) -> Rows[AccountRow]:
    """Read the service accounts of a project."""
    return f.rows(reply, reply.answer.payload, _account)


def tokens(reply: Reply) -> Rows[TokenRow]:
    """Read the tokens of a service account."""
    return f.rows(reply, reply.answer.payload, _token)


def cluster(reply: Reply) -> ClusterRow:
    """Read one cluster."""
    return f.read(reply, _cluster)


def clusters(reply: Reply) -> tuple[Rows[ClusterRow], str]:
    """Read clusters in either form, and what the server says is missing; empty: nothing.

    Since 2.23 v2 answers with an object, before and in v1 with a list.
    """
    listed, missing = reply.answer.payload, ""
    if isinstance(listed, dict):
        words = listed.get("errorMessage")
        missing = f.label(words) if isinstance(words, str) else ""
        listed = listed.get("clusters")
    return f.rows(reply, listed, _cluster), missing


def cluster_accounts(reply: Reply) -> Rows[ClusterAccountRow]:
    """Read the service accounts of a cluster."""
    return f.rows(reply, reply.answer.payload, _cluster_account)


def permissions(reply: Reply) -> Rows[tuple[str, str]]:
    """Read the roles that are bound to a cluster's service account, and their namespaces."""
    return f.rows(
        reply,
        reply.answer.payload,
        lambda one: (f.label(f.text(one, "roleRefName")), f.label(f.text(one, "namespace"))),
    )


def new_account(reply: Reply) -> AccountRow:
    """Read a service account just made. Raises `BadAnswer` that says that it may exist."""
    try:
        return _account(f.mapping(reply.answer.payload, "the answer"))
    except f.Misfit as error:
        raise f.bad_make(reply, str(error)) from None


def new_cluster_account(reply: Reply) -> ClusterAccountRow:
    """Read a cluster's service account just made. Raises as `new_account` does."""
    try:
        return _cluster_account(f.mapping(reply.answer.payload, "the answer"))
    except f.Misfit as error:
        raise f.bad_make(reply, str(error)) from None


def new_token(reply: Reply) -> NewToken:
    """Read a new secret. Raises `BadAnswer` that keeps the answer: the secret comes once."""
    try:
        fields = f.mapping(reply.answer.payload, "the answer")
        value = f.text(fields, "token")
    except f.Misfit as error:
        raise f.bad_make(reply, str(error)) from None
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise f.bad_make(reply, "has no token in the field token")
    own_end = end_of(value)
    try:
        row = _token(fields)
    except f.Misfit:
        # The secret is worth more than what the list tells too.
        return NewToken("", "", Secret(value), own_end, own_end is not None)
    return NewToken(row.id, row.name, Secret(value), own_end or row.ends_at, own_end is not None)


def kubeconfig(reply: Reply) -> Secret:
    """Read a downloaded file as JSON text. Raises `BadAnswer` that keeps it."""
    try:
        return as_json(reply.answer.body)
    except DeliveryError as error:
        bad = f.bad_make(reply, f"is no kubeconfig: {error.message}")
        bad.next_step = DOWNLOAD_AGAIN
        raise bad from None


def role_of(reply: Reply) -> str:
    """Read from a download's file name whose it is, `admin` or `viewer`; empty: not told."""
    found = _FILE_NAME.search(reply.answer.headers.get("content-disposition", ""))
    return found[1] if found else ""


def _me(one: Mapping[str, object]) -> Me:
    listed = one.get("projects")
    if listed is not None and not isinstance(listed, list):
        raise f.Misfit("has no list in the field projects")
    groups = [f.mapping(each, "a project") for each in listed or ()]
    return Me(
        name=f.label(f.text(one, "name")),
        email=f.label(f.text(one, "email")),
        groups=tuple((f.text(each, "id"), f.text(each, "group")) for each in groups),
        is_admin=f.flag(one, "isAdmin"),
    )


def _project(one: Mapping[str, object]) -> Project:
    project_id = f.identifier(one, "id")
    return Project(project_id, f.label(f.text(one, "name")) or f.label(project_id))


def _account(one: Mapping[str, object]) -> AccountRow:
    return AccountRow(
        id=f.identifier(one, "id"),
        name=f.text(one, "name"),
        group=f.text(one, "group").partition("-")[0],
        status=f.label(f.text(one, "status"))[:40],
        created_at=f.instant(one, "creationTimestamp"),
    )


def _token(one: Mapping[str, object]) -> TokenRow:
    ends_at = f.instant(one, "expiry")
    return TokenRow(
        id=f.identifier(one, "id"),
        name=f.text(one, "name"),
        created_at=f.instant(one, "creationTimestamp"),
        ends_at=None if f.flag(one, "invalidated") else ends_at,
    )


def _cluster(one: Mapping[str, object]) -> ClusterRow:
    cluster_id = f.identifier(one, "id")
    spec, status = (f.mapping(one.get(name) or {}, name) for name in ("spec", "status"))
    cloud = f.mapping(spec.get("cloud") or {}, "cloud")
    return ClusterRow(
        id=cluster_id,
        name=f.label(f.text(one, "name")) or f.label(cluster_id),
        dc=f.text(cloud, "dc"),
        version=f.label(_version(status) or _version(spec))[:40],
        url=f.label(f.text(status, "url")),
        created_at=f.instant(one, "creationTimestamp"),
        is_ending=f.instant(one, "deletionTimestamp") is not None,
    )


def _version(fields: Mapping[str, object]) -> str:
    """Take a version; 2.17's description calls it an object, and the server sends text."""
    value = fields.get("version")
    return value if isinstance(value, str) else ""


def _cluster_account(one: Mapping[str, object]) -> ClusterAccountRow:
    return ClusterAccountRow(
        namespace=f.identifier(one, "namespace"),
        name=f.identifier(one, "name"),
        created_at=f.instant(one, "creationTimestamp"),
    )
