"""The shapes that Cloudfleet's unpublished wire format may have.

The vendor's API reference (cloudfleet.ai/docs/reference/api-reference, read 2026-08-21) shows no
operations. So every path, method, field name, status and form of answer is a switch. `guess` holds
the shapes that the command line of the vendor makes most probable, `other` differs from it
wherever a client can be told so, `odd` hides new secrets below keys that no client expects, and
`basic` takes id and secret on each call instead of a JWT.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DISCOVERY: Final = "/.well-known/openid-configuration"


class Operation(StrEnum):
    """What a client can ask of the API."""

    ORGANIZATION = "organization"
    LIST_TOKENS = "list_tokens"
    GET_TOKEN = "get_token"  # noqa: S105 - an operation
    CREATE_TOKEN = "create_token"  # noqa: S105 - an operation
    UPDATE_TOKEN = "update_token"  # noqa: S105 - an operation
    REGENERATE_TOKEN = "regenerate_token"  # noqa: S105 - an operation
    DELETE_TOKEN = "delete_token"  # noqa: S105 - an operation
    LIST_CLUSTERS = "list_clusters"
    GET_CLUSTER = "get_cluster"
    WORKLOAD_ISSUER = "workload_issuer"


class SecretAnswer(StrEnum):
    """What a new secret comes in: the token, a bare JSON string, or what no client expects."""

    OBJECT = "object"
    BARE = "bare"
    ODD = "odd"


class ErrorShape(StrEnum):
    """The key that holds the message of a refusal, or plain text."""

    MESSAGE = "message"
    ERROR = "error"
    DETAIL = "detail"
    TITLE = "title"
    ERRORS = "errors"
    TEXT = "text"


class ClientAuth(StrEnum):
    """How a client names itself to the token endpoint."""

    POST = "post"
    BASIC = "basic"


class CallAuth(StrEnum):
    """How a client names itself to the API."""

    BEARER = "bearer"
    BASIC = "basic"


@dataclass(frozen=True, slots=True)
class Call:
    """Method and path of an operation; the path may hold `{token_id}` or `{cluster_id}`."""

    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """One whole wire format.

    The `..._fields` give the wire's name of a field, an empty one leaves it out of answers; the
    names of token fields hold in request bodies too. `envelope` names the key that holds a list,
    an empty one stands for a bare array. Without `client_auth` there is no token endpoint.
    """

    name: str
    calls: Mapping[Operation, Call]
    token_path: str
    token_fields: Mapping[str, str]
    cluster_fields: Mapping[str, str]
    organization_fields: Mapping[str, str]
    create_answer: SecretAnswer
    regenerate_answer: SecretAnswer
    envelope: str
    create_status: int
    regenerate_status: int
    update_status: int
    delete_status: int
    login_refusal_status: int
    error_shape: ErrorShape
    client_auth: frozenset[ClientAuth]
    call_auth: frozenset[CallAuth]


GUESS: Final = Dialect(
    name="guess",
    calls={
        Operation.ORGANIZATION: Call("GET", "/organization"),
        Operation.LIST_TOKENS: Call("GET", "/tokens"),
        Operation.GET_TOKEN: Call("GET", "/tokens/{token_id}"),
        Operation.CREATE_TOKEN: Call("POST", "/tokens"),
        Operation.UPDATE_TOKEN: Call("PUT", "/tokens/{token_id}"),
        Operation.REGENERATE_TOKEN: Call("POST", "/tokens/{token_id}/regenerate"),
        Operation.DELETE_TOKEN: Call("DELETE", "/tokens/{token_id}"),
        Operation.LIST_CLUSTERS: Call("GET", "/clusters"),
        Operation.GET_CLUSTER: Call("GET", "/clusters/{cluster_id}"),
        Operation.WORKLOAD_ISSUER: Call("GET", "/clusters/{cluster_id}" + DISCOVERY),
    },
    token_path="/realms/{organization_id}/protocol/openid-connect/token",  # noqa: S106 - a path
    token_fields={
        "id": "id",
        "name": "name",
        "role": "role",
        "secret": "secret",
        "created": "date_created",
        "last_used": "",
    },
    cluster_fields={
        "certificate_authority": "certificate_authority",
        "kubernetes_version": "kubernetes_version",
        "created": "created_at",
        "updated": "updated_at",
    },
    organization_fields={"id": "id", "name": "display_name", "created": "date_created"},
    create_answer=SecretAnswer.OBJECT,
    regenerate_answer=SecretAnswer.OBJECT,
    envelope="",
    create_status=HTTPStatus.CREATED,
    regenerate_status=HTTPStatus.OK,
    update_status=HTTPStatus.OK,
    delete_status=HTTPStatus.NO_CONTENT,
    login_refusal_status=HTTPStatus.UNAUTHORIZED,
    error_shape=ErrorShape.MESSAGE,
    client_auth=frozenset(ClientAuth),
    call_auth=frozenset({CallAuth.BEARER}),
)

OTHER: Final = Dialect(
    name="other",
    calls={
        Operation.ORGANIZATION: Call("POST", "/organizations/describe"),
        Operation.LIST_TOKENS: Call("POST", "/access-tokens/list"),
        Operation.GET_TOKEN: Call("POST", "/access-tokens/{token_id}/describe"),
        Operation.CREATE_TOKEN: Call("PUT", "/access-tokens"),
        Operation.UPDATE_TOKEN: Call("PATCH", "/access-tokens/{token_id}"),
        Operation.REGENERATE_TOKEN: Call("PUT", "/access-tokens/{token_id}/secret"),
        Operation.DELETE_TOKEN: Call("POST", "/access-tokens/{token_id}/delete"),
        Operation.LIST_CLUSTERS: Call("POST", "/kubernetes-clusters/list"),
        Operation.GET_CLUSTER: Call("POST", "/kubernetes-clusters/{cluster_id}/describe"),
        # Discovery is read by clouds, so its method and final segments are those of the standard.
        Operation.WORKLOAD_ISSUER: Call("GET", "/workloads/{cluster_id}" + DISCOVERY),
    },
    token_path="/oauth2/{organization_id}/token",  # noqa: S106 - a path
    token_fields={
        "id": "access_token_id",
        "name": "display_name",
        "role": "role",
        "secret": "access_token_secret",
        "created": "created_at",
        "last_used": "last_used_at",
    },
    cluster_fields={
        "certificate_authority": "ca_certificate",
        "kubernetes_version": "version",
        "created": "date_created",
        "updated": "date_updated",
    },
    organization_fields={"id": "organization_id", "name": "name", "created": "created_at"},
    create_answer=SecretAnswer.BARE,
    regenerate_answer=SecretAnswer.BARE,
    envelope="items",
    create_status=HTTPStatus.OK,
    regenerate_status=HTTPStatus.CREATED,
    update_status=HTTPStatus.NO_CONTENT,
    delete_status=HTTPStatus.OK,
    login_refusal_status=HTTPStatus.BAD_REQUEST,
    error_shape=ErrorShape.ERRORS,
    client_auth=frozenset({ClientAuth.BASIC}),
    call_auth=frozenset({CallAuth.BEARER}),
)

ODD: Final = replace(
    GUESS, name="odd", create_answer=SecretAnswer.ODD, regenerate_answer=SecretAnswer.ODD
)
BASIC: Final = replace(
    GUESS, name="basic", client_auth=frozenset(), call_auth=frozenset({CallAuth.BASIC})
)

DIALECTS: Final[Mapping[str, Dialect]] = {one.name: one for one in (GUESS, OTHER, ODD, BASIC)}
