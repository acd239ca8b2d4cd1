"""Kubernetes' API as its project describes it; its description names no form of errors."""

from __future__ import annotations

from described_check import ANY, Departure, Described

_STATUS = "io.k8s.apimachinery.pkg.apis.meta.v1.Status"
_WHY = "the description names no form of errors; the project's API conventions have Status"
_NULLS = "Go writes nulls for pointers, which the description does not know"
_NO_GROUP = "a path that the server does not know is answered in plain text"


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value


_CREATED = (
    "createAuthorizationV1SelfSubjectAccessReview",
    "createAuthorizationV1SelfSubjectRulesReview",
    "createAuthenticationV1SelfSubjectReview",
    "createCoreV1NamespacedServiceAccountToken",
)


def kubernetes_at(simulated: str, elsewhere: str | None = None) -> Described:
    """Describe the clusters whose paths begin so."""
    return Described(
        simulated,
        ["kubernetes/kubernetes-credentials-subset.json"],
        elsewhere,
        departures={
            (ANY, status): Departure(_WHY, schema=_STATUS)
            for status in (400, 401, 403, 404, 405, 409, 410, 415, 422)
        }
        | {(name, 201): Departure(_NULLS, as_described=_without_nulls) for name in _CREATED}
        | {
            ("createAuthenticationV1SelfSubjectReview", 404): Departure(
                _NO_GROUP, media="text/plain"
            )
        },
    )


KUBERNETES = (kubernetes_at("/edge/[^/]+"), kubernetes_at("/kubernetes/[^/]+"))
