"""What exists in a simulated installation of KKP.

Source: kubermatic/dashboard c996f110 modules/api/pkg and kubermatic/kubermatic 2974df5b, both as
of August 2026.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

_ALPHABET: Final = "bcdfghjklmnpqrstvwxz2456789"
_ID_LENGTH: Final = 10

ACCOUNT_PREFIX: Final = "serviceaccount-"
TOKEN_PREFIX: Final = "sa-token-"  # noqa: S105 - the beginning of an internal name


class Group(StrEnum):
    """The roles in a project."""

    OWNERS = "owners"
    MANAGERS = "projectmanagers"
    EDITORS = "editors"
    VIEWERS = "viewers"


@dataclass(slots=True)
class Project:
    """A project; `members` maps the mail of a person to their group."""

    id: str
    name: str
    created: datetime
    status: str = "Active"
    members: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Account:
    """A service account of a project; it is usable by others from `ready_at` on.

    `inactive_answers` is how many lists still call it inactive whatever the time.
    """

    id: str
    project_id: str
    name: str
    group: str
    created: datetime
    ready_at: datetime
    inactive_answers: int = 0


@dataclass(slots=True)
class Token:
    """A token of a service account; `secret` is the whole JWT."""

    id: str
    account_id: str
    project_id: str
    name: str
    created: datetime
    ready_at: datetime
    secret: str


@dataclass(frozen=True, slots=True)
class Served:
    """A static token that downloads still hand out until an instant."""

    secret: str
    until: datetime


@dataclass(slots=True)
class ClusterAccount:
    """A service account inside a cluster; `managed` is whether it was made by this API."""

    namespace: str
    name: str
    created: datetime
    secret: str
    secret_at: datetime
    managed: bool = True


@dataclass(slots=True)
class Cluster:
    """A user cluster.

    `bindings` maps namespace (empty: the whole cluster) and role to its subjects as the API shows
    them. `served` holds what downloads hand out after a revocation, by the role of the token.
    `kubeconfig_user` replaces the user in downloads.
    """

    id: str
    project_id: str
    name: str
    dc: str
    seed: str
    version: str
    created: datetime
    url: str
    admin_token: str
    viewer_token: str
    labels: dict[str, str] = field(default_factory=dict)
    accounts: dict[tuple[str, str], ClusterAccount] = field(default_factory=dict)
    bindings: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    served: dict[str, Served] = field(default_factory=dict)
    kubeconfig_user: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class User:
    """A person."""

    id: str
    name: str
    email: str
    created: datetime
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person or, if `account` is not None, a service account."""

    email: str
    user: User | None = None
    account: Account | None = None

    @property
    def is_admin(self) -> bool:
        """Whether every project is theirs."""
        return self.user is not None and self.user.is_admin


def new_id() -> str:
    """Return a random id."""
    return _random(_ID_LENGTH)


def id_of(name: str) -> str:
    """Return the same id for the same name."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_ID_LENGTH])


def new_static_token() -> str:
    """Return a token of a cluster in Kubernetes' bootstrap form."""
    return f"{_random(6)}.{_random(16)}"


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
