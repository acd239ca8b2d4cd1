"""The roles and bindings that every cluster is born with.

Source: kubernetes.io "Using RBAC authorization", read 2026-08-21, and kubernetes/kubernetes
0411cc70 plugin/pkg/auth/authorizer/rbac/bootstrappolicy; cut down to the resources served here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tokentui.simulator.kubernetes.identity import (
    AUTHENTICATED,
    MASTERS,
    SERVICE_ACCOUNTS_GROUP,
    UNAUTHENTICATED,
)
from tokentui.simulator.kubernetes.resources import (
    AUTHENTICATION,
    AUTHORIZATION,
    CLUSTER_ROLE_BINDINGS,
    CLUSTER_ROLES,
    RBAC,
    ROLE_BINDINGS,
    ROLES,
    SELF_REVIEWS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.simulator.kubernetes.store import Json, ObjectStore

READ: Final = ("get", "list", "watch")
WRITE: Final = ("create", "delete", "deletecollection", "patch", "update")
_PUBLIC_PATHS: Final = ("/healthz", "/livez", "/readyz", "/version", "/version/")
_DISCOVERY_PATHS: Final = ("/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*")
_ISSUER_PATHS: Final = ("/.well-known/openid-configuration", "/openid/v1/jwks")
_LABELS: Final = {"kubernetes.io/bootstrapping": "rbac-defaults"}


def rule(verbs: Sequence[str], *resources: str, group: str = "") -> Json:
    """Return a rule about resources of one group."""
    return {"verbs": list(verbs), "apiGroups": [group], "resources": list(resources)}


def subject(kind: str, name: str, namespace: str = "") -> Json:
    """Return a subject of a binding."""
    where = {"namespace": namespace} if kind == "ServiceAccount" else {"apiGroup": RBAC}
    return {"kind": kind, "name": name, **where}


def add_default_rbac(store: ObjectStore, minor: int) -> None:
    """Put the built-in roles and bindings in, or back in, for a server of that version."""
    for name, rules in _default_roles(minor).items():
        store.remove(CLUSTER_ROLES, ("", name))
        store.add(CLUSTER_ROLES, "", name, {"metadata": {"labels": _LABELS}, "rules": rules})
    for name, groups in _BOUND_GROUPS.items():
        store.remove(CLUSTER_ROLE_BINDINGS, ("", name))
        bind_cluster_role(store, name, name, *(subject("Group", group) for group in groups))


def bind_cluster_role(store: ObjectStore, name: str, role: str, *subjects: Json) -> None:
    """Bind a ClusterRole everywhere."""
    store.add(CLUSTER_ROLE_BINDINGS, "", name, _binding("ClusterRole", role, subjects))


def bind_role(store: ObjectStore, namespace: str, name: str, role: str, *subjects: Json) -> None:
    """Bind a Role, or else the ClusterRole of that name, in one namespace."""
    kind = "Role" if store.get(ROLES, namespace, role) else "ClusterRole"
    store.add(ROLE_BINDINGS, namespace, name, _binding(kind, role, subjects))


def _binding(kind: str, role: str, subjects: Sequence[Json]) -> Json:
    return {
        "subjects": list(subjects),
        "roleRef": {"apiGroup": RBAC, "kind": kind, "name": role},
    }


def _default_roles(minor: int) -> dict[str, list[Json]]:
    reviews = ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]
    basic = [rule(("create",), *reviews, group=AUTHORIZATION)]
    if minor >= SELF_REVIEWS.since_minor:
        basic.append(rule(("create",), SELF_REVIEWS.plural, group=AUTHENTICATION))
    view = [rule(READ, "namespaces", "pods", "serviceaccounts")]
    edit = [
        *view,
        rule((*READ, *WRITE), "secrets"),
        rule((*WRITE, "impersonate"), "serviceaccounts"),
        rule(("create",), "serviceaccounts/token"),
    ]
    admin = [
        *edit,
        rule((*READ, *WRITE), "rolebindings", "roles", group=RBAC),
        rule(("create",), "localsubjectaccessreviews", group=AUTHORIZATION),
    ]
    return {
        "admin": admin,
        "cluster-admin": [rule(("*",), "*", group="*"), _paths("*", verb="*")],
        "edit": edit,
        "system:basic-user": basic,
        "system:discovery": [_paths(*_PUBLIC_PATHS, *_DISCOVERY_PATHS)],
        "system:public-info-viewer": [_paths(*_PUBLIC_PATHS)],
        "system:service-account-issuer-discovery": [_paths(*_ISSUER_PATHS)],
        "view": view,
    }


def _paths(*paths: str, verb: str = "get") -> Json:
    return {"verbs": [verb], "nonResourceURLs": list(paths)}


_BOUND_GROUPS: Final = {
    "cluster-admin": (MASTERS,),
    "system:basic-user": (AUTHENTICATED,),
    "system:discovery": (AUTHENTICATED,),
    "system:public-info-viewer": (AUTHENTICATED, UNAUTHENTICATED),
    "system:service-account-issuer-discovery": (SERVICE_ACCOUNTS_GROUP,),
}
