"""The resources that the simulated API servers know.

Source: Kubernetes API reference v1.34 and kubernetes/api 10b39a39, read 2026-08-21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AUTHENTICATION: Final = "authentication.k8s.io"
AUTHORIZATION: Final = "authorization.k8s.io"
RBAC: Final = "rbac.authorization.k8s.io"
GROUPS: Final = (AUTHENTICATION, AUTHORIZATION, RBAC)
VERSION: Final = "v1"

_FULL: Final = ("create", "delete", "get", "list", "patch", "update")
_READ: Final = ("get", "list")
_REVIEW: Final = ("create",)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource; `since_minor` is the first minor version that serves it."""

    group: str
    plural: str
    kind: str
    namespaced: bool = True
    verbs: tuple[str, ...] = _FULL
    short_names: tuple[str, ...] = ()
    selectable: tuple[str, ...] = ()
    since_minor: int = 0

    @property
    def api_version(self) -> str:
        """The group and version as bodies name them."""
        return f"{self.group}/{VERSION}" if self.group else VERSION

    @property
    def qualified(self) -> str:
        """The plural name with the group, as messages name it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def singular(self) -> str:
        """The name in lower case."""
        return self.kind.lower()

    @property
    def is_review(self) -> bool:
        """Whether the resource answers questions and keeps nothing."""
        return self.verbs == _REVIEW


NAMESPACES: Final = Resource(
    "",
    "namespaces",
    "Namespace",
    namespaced=False,
    verbs=("create", "delete", "get", "list"),
    short_names=("ns",),
    selectable=("status.phase",),
)
SERVICE_ACCOUNTS: Final = Resource("", "serviceaccounts", "ServiceAccount", short_names=("sa",))
SECRETS: Final = Resource("", "secrets", "Secret", selectable=("type",))
PODS: Final = Resource("", "pods", "Pod", verbs=_READ, short_names=("po",))
NODES: Final = Resource("", "nodes", "Node", namespaced=False, verbs=_READ, short_names=("no",))
ROLES: Final = Resource(RBAC, "roles", "Role")
ROLE_BINDINGS: Final = Resource(RBAC, "rolebindings", "RoleBinding")
CLUSTER_ROLES: Final = Resource(RBAC, "clusterroles", "ClusterRole", namespaced=False)
CLUSTER_ROLE_BINDINGS: Final = Resource(
    RBAC, "clusterrolebindings", "ClusterRoleBinding", namespaced=False
)

TOKEN_REVIEWS: Final = Resource(
    AUTHENTICATION, "tokenreviews", "TokenReview", namespaced=False, verbs=_REVIEW
)
SELF_REVIEWS: Final = Resource(
    AUTHENTICATION,
    "selfsubjectreviews",
    "SelfSubjectReview",
    namespaced=False,
    verbs=_REVIEW,
    since_minor=28,
)
SELF_ACCESS_REVIEWS: Final = Resource(
    AUTHORIZATION,
    "selfsubjectaccessreviews",
    "SelfSubjectAccessReview",
    namespaced=False,
    verbs=_REVIEW,
)
SELF_RULES_REVIEWS: Final = Resource(
    AUTHORIZATION,
    "selfsubjectrulesreviews",
    "SelfSubjectRulesReview",
    namespaced=False,
    verbs=_REVIEW,
)
ACCESS_REVIEWS: Final = Resource(
    AUTHORIZATION, "subjectaccessreviews", "SubjectAccessReview", namespaced=False, verbs=_REVIEW
)
LOCAL_ACCESS_REVIEWS: Final = Resource(
    AUTHORIZATION, "localsubjectaccessreviews", "LocalSubjectAccessReview", verbs=_REVIEW
)

RESOURCES: Final = (
    NAMESPACES,
    NODES,
    PODS,
    SECRETS,
    SERVICE_ACCOUNTS,
    SELF_REVIEWS,
    TOKEN_REVIEWS,
    LOCAL_ACCESS_REVIEWS,
    SELF_ACCESS_REVIEWS,
    SELF_RULES_REVIEWS,
    ACCESS_REVIEWS,
    CLUSTER_ROLE_BINDINGS,
    CLUSTER_ROLES,
    ROLE_BINDINGS,
    ROLES,
)


def find_resource(group: str, plural: str, minor: int) -> Resource | None:
    """Return the resource that a server of that minor version has by this name."""
    for one in RESOURCES:
        if (one.group, one.plural) == (group, plural) and one.since_minor <= minor:
            return one
    return None
