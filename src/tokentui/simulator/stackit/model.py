"""What exists in the simulated STACKIT.

Source: STACKIT edge API description v1beta1 and service-account API description v2,
both read 2026-08-21.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric import rsa

REGIONS = ("eu01", "eu02")

MIN_EXPIRATION = timedelta(seconds=600)
MAX_EXPIRATION = timedelta(seconds=15_552_000)
DEFAULT_EXPIRATION = timedelta(seconds=3600)

ACTIVE = "active"
RECONCILING = "reconciling"
DELETING = "deleting"

USER_MANAGED = "USER_MANAGED"
SYSTEM_MANAGED = "SYSTEM_MANAGED"
GENERATED = "GENERATED"
USER_PROVIDED = "USER_PROVIDED"

MintKind = Literal["token", "kubeconfig"]


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the portal; Edge answers only where the service is enabled."""

    id: str
    name: str
    edge_enabled: bool = True
    folder: str | None = None
    """Name of the folder it is in; None: directly in the organization."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A size of Edge instances."""

    id: str
    name: str
    description: str
    min_edge_hosts: int
    max_edge_hosts: int


@dataclass(frozen=True, slots=True)
class AclEntry:
    """A network that may reach an instance."""

    uuid: str
    ip_range: str
    description: str


@dataclass(slots=True)
class EdgeInstance:
    """An Edge instance; `ready_at` and `gone_at` are when the platform finishes its work."""

    id: str
    display_name: str
    project_id: str
    region: str
    plan_id: str
    status: str
    frontend_url: str
    created: datetime
    description: str | None = None
    acl: tuple[AclEntry, ...] = ()
    ready_at: datetime | None = None
    gone_at: datetime | None = None
    kubeconfig_user: Mapping[str, object] | None = None
    """Replaces the user entry of kubeconfigs, as a hostile server would."""


@dataclass(slots=True)
class Identity:
    """A service account; its rights hold for every project.

    `may_read` stands for a reader's roles (edge.reader ...), `may_write` for an admin's.
    """

    id: str
    email: str
    email_claim: str
    project_id: str
    may_write: bool = False
    may_read: bool = True
    internal: bool = False


@dataclass(slots=True)
class ServiceAccountKey:
    """An RSA key with which an identity signs its assertions.

    `certificate` is X.509 in PEM; `valid_until` None: until deleted. The private key stays here
    for the keys of a new world alone, so that key files can be written.
    """

    id: str
    identity: Identity
    certificate: str
    created: datetime
    valid_until: datetime | None = None
    active: bool = True
    key_type: str = USER_MANAGED
    origin: str = GENERATED
    algorithm: str = "RSA_2048"
    private_key: rsa.RSAPrivateKey | None = None


@dataclass(slots=True)
class LegacyToken:
    """A retired long-lived access token, without its text."""

    id: str
    identity: Identity
    created: datetime
    valid_until: datetime
    active: bool = True


@dataclass(frozen=True, slots=True)
class Mint:
    """A credential of an Edge instance that was made, with its secret for the tests."""

    at: datetime
    ends_at: datetime
    kind: MintKind
    instance_id: str
    identity: Identity
    jti: str
    token: str
