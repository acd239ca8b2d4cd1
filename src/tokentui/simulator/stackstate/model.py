"""What exists on a simulated StackState server.

Source: StackVista/stackstate-openapi 4d7c254 and StackVista/stackstate-cli e31157a, both read
2026-08-21.
"""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SYSTEM: Final = "system"
"""The resource of permissions that hold for the whole server."""

_PERSONAL_LENGTH = 32
_ALPHANUMERIC = string.ascii_letters + string.digits


class ServerAge(StrEnum):
    """How much of the API a server has."""

    CURRENT = "current"
    OLD = "old"  # as of 2024: no dedicated subjects, no rights check, ingestion keys
    VERY_OLD = "very-old"  # as of 2022: no list of the caller's roles either


class SubjectSource(StrEnum):
    """Where a subject is kept; only those of the server itself can be edited by its API."""

    STATIC = "Static"
    OBSERVABILITY = "Observability"
    KUBERNETES = "Kubernetes"


@dataclass(frozen=True, slots=True)
class ServiceToken:
    """A service token; instants are in epoch milliseconds, no end: it never expires."""

    id: int
    name: str
    roles: tuple[str, ...]
    secret: str
    updated_ms: int
    expires_ms: int | None = None
    description: str | None = None
    dedicated_subject: str | None = None


@dataclass(frozen=True, slots=True)
class IngestionKey:
    """An ingestion API key, which servers before 2025-06 made; instants as in `ServiceToken`."""

    id: int
    name: str
    secret: str
    updated_ms: int
    expires_ms: int | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    """A person with the one API token that the server shows them."""

    id: int
    name: str
    display_name: str
    roles: tuple[str, ...]
    api_token: str
    updated_ms: int


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """An account of the cluster that the server runs in; `token` is a JWT of that cluster."""

    name: str
    roles: tuple[str, ...]
    token: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; `user` is None unless it is a person."""

    name: str
    roles: tuple[str, ...]
    user: User | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A name that permissions are granted to; a role is one."""

    handle: str
    source: SubjectSource


def new_service_secret() -> str:
    """Return the text of a new service token."""
    return f"svctok-{secrets.token_urlsafe(24)}"


def new_ingestion_secret() -> str:
    """Return the text of a new ingestion key."""
    return f"iapikeyok-{secrets.token_urlsafe(24)}"


def new_personal_secret() -> str:
    """Return the text of a new personal API token."""
    return "".join(secrets.choice(_ALPHANUMERIC) for _ in range(_PERSONAL_LENGTH))


def has_ended(expires_ms: int | None, now_ms: int) -> bool:
    """Whether the end has come."""
    return expires_ms is not None and expires_ms <= now_ms
