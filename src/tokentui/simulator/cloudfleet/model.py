"""What a Cloudfleet organization consists of.

Source: cloudfleet.ai/docs/organization/api-tokens and cloudfleet.ai/docs/terraform/data-sources,
read 2026-08-21. That token ids are 128 bits in base 58 is an assumption from their look.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ID_LENGTH: Final = 22
_ID_BITS: Final = 128
_SECRET_BYTES: Final = 30


class Role(StrEnum):
    """What a token may do; the API spells the roles so."""

    ADMINISTRATOR = "Administrator"
    USER = "User"


class ClusterStatus(StrEnum):
    """Where a cluster is in its life."""

    CREATING = "creating"
    DEPLOYED = "deployed"
    UPDATING = "updating"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token; `role`, `created` and `last_used` are written to answers as they are."""

    id: str
    name: str
    role: str
    secret: str
    created: str
    last_used: str | None = None

    @property
    def user_name(self) -> str:
        """The user that the API servers of the clusters see."""
        return f"service-account-{self.id.lower()}"

    @property
    def is_administrator(self) -> bool:
        """Whether the token has full access; a role unknown here has none."""
        return self.role == Role.ADMINISTRATOR


@dataclass(slots=True)
class CfkeCluster:
    """A cluster; every text but its id is written to answers as it is."""

    id: str
    name: str
    region: str
    tier: str
    status: str
    endpoint: str
    kubernetes_version: str
    created: str
    updated: str

    @property
    def is_running(self) -> bool:
        """Whether its Kubernetes API answers."""
        return self.status in (ClusterStatus.DEPLOYED, ClusterStatus.UPDATING)


@dataclass(frozen=True, slots=True)
class Organization:
    """The owner of tokens and clusters; `versions` are pairs of id and label."""

    id: str
    name: str
    created: str
    regions: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    tiers: tuple[str, ...]


def new_token_id() -> str:
    """Return an id that no token has."""
    return _base58(secrets.randbits(_ID_BITS))


def token_id_of(name: str) -> str:
    """Return the same id for the same name in every run."""
    return _base58(uuid_of(f"token/{name}").int)


def new_secret() -> str:
    """Return the secret of a token, 40 characters of the URL-safe base 64 alphabet."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def uuid_of(name: str) -> uuid.UUID:
    """Return the same UUID for the same name in every run."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://simulator.invalid/cloudfleet/{name}")


def timestamp(instant: datetime) -> str:
    """Return an aware UTC instant as the API writes it, to the second."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _base58(number: int) -> str:
    digits = []
    for _ in range(_ID_LENGTH):
        number, digit = divmod(number, len(_BASE58))
        digits.append(_BASE58[digit])
    return "".join(reversed(digits))
