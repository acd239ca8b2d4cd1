"""Refusals as Status objects.

Source: kubernetes/apimachinery eed236ce pkg/api/errors and pkg/apis/meta/v1/types.go, read
2026-08-21; texts seen on a kube-apiserver v1.20.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.simulator.kubernetes.resources import Resource


class ApiError(Exception):
    """A refusal; without a reason the answer is plain text and no Status."""

    def __init__(
        self, code: int, reason: str, message: str, details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details


@dataclass(frozen=True, slots=True)
class Cause:
    """One field that is wrong; `kind` is the reason of the cause without `FieldValue`."""

    field: str
    kind: str
    message: str


def unauthorized() -> ApiError:
    """Return the answer to credentials that are wrong."""
    return ApiError(HTTPStatus.UNAUTHORIZED, "Unauthorized", "Unauthorized")


def bad_request(message: str) -> ApiError:
    """Return the answer to a request that cannot be read."""
    return ApiError(HTTPStatus.BAD_REQUEST, "BadRequest", message)


def not_found(resource: Resource, name: str) -> ApiError:
    """Return the answer about an object that is not there."""
    message = f'{resource.qualified} "{name}" not found'
    return ApiError(HTTPStatus.NOT_FOUND, "NotFound", message, details_of(resource, name))


def already_exists(resource: Resource, name: str) -> ApiError:
    """Return the answer to a name that is taken."""
    message = f'{resource.qualified} "{name}" already exists'
    return ApiError(HTTPStatus.CONFLICT, "AlreadyExists", message, details_of(resource, name))


def conflict(what: str, name: str, why: str, details: dict[str, Any]) -> ApiError:
    """Return the answer to a precondition that does not hold."""
    message = f'Operation cannot be fulfilled on {what} "{name}": {why}'
    return ApiError(HTTPStatus.CONFLICT, "Conflict", message, details)


def invalid(group: str, kind: str, name: str, causes: Sequence[Cause]) -> ApiError:
    """Return the answer to an object with fields that break the rules."""
    texts = [f"{cause.field}: {cause.message}" for cause in causes]
    told = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    qualified = f"{kind}.{group}" if group else kind
    details: dict[str, Any] = {
        **({"name": name} if name else {}),
        **({"group": group} if group else {}),
        "kind": kind,
        "causes": [
            {
                "reason": f"FieldValue{cause.kind}",
                "message": cause.message,
                "field": cause.field,
            }
            for cause in causes
        ],
    }
    message = f'{qualified} "{name}" is invalid: {told}'
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid", message, details)


def method_not_allowed() -> ApiError:
    """Return the answer to a verb that a known resource does not have."""
    message = "the server does not allow this method on the requested resource"
    return ApiError(HTTPStatus.METHOD_NOT_ALLOWED, "MethodNotAllowed", message, {})


def unknown_path() -> ApiError:
    """Return the answer of a group that has no such resource, in plain text."""
    return ApiError(HTTPStatus.NOT_FOUND, "", "404 page not found\n")


def expired() -> ApiError:
    """Return the answer to a list that is continued too late."""
    message = (
        "The provided continue parameter is too old to display a consistent list result. "
        "You must start a new list without the continue parameter."
    )
    return ApiError(HTTPStatus.GONE, "Expired", message)


def details_of(resource: Resource, name: str = "") -> dict[str, Any]:
    """Return the details that name an object."""
    return {
        **({"name": name} if name else {}),
        **({"group": resource.group} if resource.group else {}),
        "kind": resource.plural,
    }


def status_body(error: ApiError, message: str) -> dict[str, Any]:
    """Return the Status object of a refusal."""
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": error.reason,
        **({} if error.details is None else {"details": error.details}),
        "code": int(error.code),
    }
