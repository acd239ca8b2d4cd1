"""Who sends a request, and whether that user may."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from tokentui.simulator.kubernetes.errors import ApiError, unauthorized
from tokentui.simulator.kubernetes.identity import (
    ANONYMOUS,
    AUTHENTICATED,
    Identity,
    service_account_groups,
)
from tokentui.simulator.kubernetes.target import Target

if TYPE_CHECKING:
    from starlette.requests import Request

    from tokentui.simulator.kubernetes.cluster import KubernetesCluster

_ACCOUNT_PREFIX: Final = "system:serviceaccount:"


def caller_of(cluster: KubernetesCluster, request: Request) -> Identity:
    """Return who sends a request, after impersonation; raises ApiError."""
    user = _authenticated(cluster, request)
    acted_as = request.headers.get("impersonate-user")
    if acted_as is None:
        return user
    groups = tuple(request.headers.getlist("impersonate-group"))
    authorize(cluster, user, _impersonation(acted_as))
    for group in groups:
        authorize(cluster, user, Target("impersonate", resource="groups", name=group))
    if not groups and acted_as.startswith(_ACCOUNT_PREFIX):
        groups = service_account_groups(acted_as.split(":")[2])
    uid = request.headers.get("impersonate-uid", "")
    return Identity(acted_as, tuple(dict.fromkeys((*groups, AUTHENTICATED))), uid)


def authorize(cluster: KubernetesCluster, user: Identity, target: Target) -> None:
    """Let pass who may; raises ApiError."""
    if not cluster.rbac.decide(user, target).allowed:
        raise _forbidden(user, target)


def _authenticated(cluster: KubernetesCluster, request: Request) -> Identity:
    certified = _certificate_user(request)
    if certified is not None:
        return certified
    scheme, _, token = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        user = cluster.user_of(token.strip())
        if user is None:
            raise unauthorized()
        return user
    if not cluster.switches.anonymous:
        raise unauthorized()
    return ANONYMOUS


def _certificate_user(request: Request) -> Identity | None:
    """Return the user of the client certificate that the TLS handshake has checked."""
    transport = request.scope["state"]["connection"].transport
    secured = transport.get_extra_info("ssl_object")
    certificate = secured.getpeercert() if secured is not None else None
    if not certificate:
        return None
    names: dict[str, list[str]] = {}
    for (part, value), *_ in certificate["subject"]:
        names.setdefault(part, []).append(value)
    groups = names.get("organizationName", [])
    return Identity(names["commonName"][0], (*groups, AUTHENTICATED))


def _impersonation(name: str) -> Target:
    parts = name.removeprefix(_ACCOUNT_PREFIX).split(":")
    if name.startswith(_ACCOUNT_PREFIX) and len(parts) == 2:
        return Target("impersonate", resource="serviceaccounts", namespace=parts[0], name=parts[1])
    return Target("impersonate", resource="users", name=name)


def _forbidden(user: Identity, target: Target) -> ApiError:
    details: dict[str, Any] = {}
    if not target.resource:
        message = f'forbidden: User "{user.name}" cannot {target.verb} path "{target.path}"'
        return ApiError(HTTPStatus.FORBIDDEN, "Forbidden", message, details)
    qualified = f"{target.resource}.{target.group}" if target.group else target.resource
    where = f'in the namespace "{target.namespace}"' if target.namespace else "at the cluster scope"
    named = f' "{target.name}"' if target.name else ""
    message = (
        f'{qualified}{named} is forbidden: User "{user.name}" cannot {target.verb} resource '
        f'"{target.full_resource}" in API group "{target.group}" {where}'
    )
    if target.name:
        details["name"] = target.name
    if target.group:
        details["group"] = target.group
    details["kind"] = target.resource
    return ApiError(HTTPStatus.FORBIDDEN, "Forbidden", message, details)
