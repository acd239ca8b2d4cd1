"""The wire format that is shipped: data alone, and none of it confirmed by the vendor.

The API reference (cloudfleet.ai/docs/reference/api-reference, read 2026-08-21) shows no operations.
The requests follow the nouns and verbs of the vendor's command line, which is generated from the
API's description; the fields follow its flags and output (cloudfleetai/cloudfleet-plugin-claude
94912b0) and the attributes of the Terraform provider (cloudfleet.ai/docs/terraform).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_CONFIRMED = "not confirmed by the vendor's documentation"
"""Holds for every value in this module."""

ID = "id"
ORGANIZATION_ID = "organization_id"


class Operation(StrEnum):
    """What is asked of the API; the keys of `wire` for requests."""

    ORGANIZATION = "organization"
    LIST_TOKENS = "list_tokens"
    CREATE_TOKEN = "create_token"  # noqa: S105  # an operation
    UPDATE_TOKEN = "update_token"  # noqa: S105  # an operation
    REGENERATE_TOKEN = "regenerate_token"  # noqa: S105  # an operation
    DELETE_TOKEN = "delete_token"  # noqa: S105  # an operation
    LIST_CLUSTERS = "list_clusters"
    GET_CLUSTER = "get_cluster"


class Field(StrEnum):
    """What is read in answers; the keys of `wire` for field names."""

    TOKEN_ID = "token.id"  # noqa: S105  # a field
    TOKEN_NAME = "token.name"  # noqa: S105  # a field
    TOKEN_ROLE = "token.role"  # noqa: S105  # a field
    TOKEN_SECRET = "token.secret"  # noqa: S105  # a field
    TOKEN_CREATED = "token.created"  # noqa: S105  # a field
    TOKEN_LAST_USED = "token.last_used"  # noqa: S105  # a field
    CLUSTER_ID = "cluster.id"
    CLUSTER_NAME = "cluster.name"
    CLUSTER_REGION = "cluster.region"
    CLUSTER_TIER = "cluster.tier"
    CLUSTER_STATUS = "cluster.status"
    CLUSTER_ENDPOINT = "cluster.endpoint"
    CLUSTER_VERSION = "cluster.kubernetes_version"
    CLUSTER_CHANNEL = "cluster.version_channel"
    CLUSTER_CREATED = "cluster.created"
    CLUSTER_UPDATED = "cluster.updated"
    ORGANIZATION_NAME = "organization.name"
    ORGANIZATION_CREATED = "organization.created"
    ORGANIZATION_QUOTA = "organization.quota"


@dataclass(frozen=True, slots=True)
class Request:
    """How an operation is written. `shipped` empty: it is not known, and not offered.

    `methods` are those that it may have; `has_id`: its path names one token or cluster; `example`
    shows how to write one.
    """

    shipped: str
    methods: tuple[str, ...]
    has_id: bool = False
    example: str = ""


_READING = ("GET", "POST")
_MAKING = ("POST", "PUT", "PATCH")
_ENDING = ("DELETE", "POST", "PUT")

REQUESTS: Mapping[Operation, Request] = {
    Operation.ORGANIZATION: Request("GET /organization", _READING),
    Operation.LIST_TOKENS: Request("GET /tokens", _READING),
    Operation.CREATE_TOKEN: Request("POST /tokens", _MAKING),
    Operation.UPDATE_TOKEN: Request("", _MAKING, has_id=True, example="PUT /tokens/{id}"),
    Operation.REGENERATE_TOKEN: Request("POST /tokens/{id}/regenerate", _MAKING, has_id=True),
    Operation.DELETE_TOKEN: Request("DELETE /tokens/{id}", _ENDING, has_id=True),
    Operation.LIST_CLUSTERS: Request("GET /clusters", _READING),
    Operation.GET_CLUSTER: Request("GET /clusters/{id}", _READING, has_id=True),
}
"""Method and path below the API's address."""

ALIASES: Mapping[Field, str] = {
    Field.TOKEN_ID: "id, token_id, access_token_id",
    Field.TOKEN_NAME: "name, display_name",
    Field.TOKEN_ROLE: "role",
    Field.TOKEN_SECRET: "secret, token_secret, access_token_secret, client_secret",
    Field.TOKEN_CREATED: "date_created, created_at, creation_date",
    Field.TOKEN_LAST_USED: "date_last_used, last_used_at",
    Field.CLUSTER_ID: "id",
    Field.CLUSTER_NAME: "name",
    Field.CLUSTER_REGION: "region",
    Field.CLUSTER_TIER: "tier",
    Field.CLUSTER_STATUS: "status",
    Field.CLUSTER_ENDPOINT: "endpoint",
    Field.CLUSTER_VERSION: "kubernetes_version, version",
    Field.CLUSTER_CHANNEL: "version_channel",
    Field.CLUSTER_CREATED: "created_at, date_created",
    Field.CLUSTER_UPDATED: "updated_at, date_updated",
    Field.ORGANIZATION_NAME: "display_name, name",
    Field.ORGANIZATION_CREATED: "date_created, created_at",
    Field.ORGANIZATION_QUOTA: "quota",
}
"""Names of a field in the order in which they are tried; the first is the one that is sent."""

READ_ONLY = frozenset({"status", "updated_at", "date_updated"})
"""Fields of a token that an update does not take, beside id, secret and times: as of clusters."""
