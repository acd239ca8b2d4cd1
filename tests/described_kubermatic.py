"""KKP's API as the swagger files of its release branches describe it.

They are wrong or silent in places, which the departures say, each as the server's code has it
(kubermatic/dashboard c996f110, as of August 2026).
"""

from __future__ import annotations

from collections.abc import Mapping

from described_check import ANY, Departure, Described
from described_kubernetes import kubernetes_at

_FILE = Departure(
    "a file, where the description has an array of bytes", media="application/octet-stream"
)
_DONE = Departure(
    "the answer is {}, which every object without fields that must be there describes",
    schema="KubermaticVersions",
)
_DOWNLOADS = (
    "getClusterKubeconfig",
    "getClusterKubeconfigV2",
    "getClusterServiceAccountKubeconfig",
)
_ENDS = (
    "deleteServiceAccount",
    "deleteServiceAccountToken",
    "deleteClusterServiceAccount",
    "revokeClusterAdminToken",
    "revokeClusterViewerToken",
    "revokeClusterAdminTokenV2",
    "revokeClusterViewerTokenV2",
)
_DEPARTURES: Mapping[tuple[str, int], Departure] = {
    **{(name, 200): _FILE for name in _DOWNLOADS},
    **{(name, 200): _DONE for name in _ENDS},
    ("getClusterServiceAccountKubeconfig", 500): Departure(
        "an error is JSON, not a file", schema="errorResponse"
    ),
    **{
        (ANY, status): Departure("the form is that of other errors", schema="errorResponse")
        for status in (401, 403, 409)
    },
}
_OF_2_31: Mapping[tuple[str, int], Departure] = {
    ("getClusterKubeconfigV2", status): Departure("refused with a page", media="text/html")
    for status in (401, 403, 404)
}
_BODIES = {"patchServiceAccountToken": "PublicServiceAccountToken"}
"""An object, where the description has an array of bytes."""


def _without_versions(body: object) -> object:
    """Leave Semver out, at whatever depth."""
    if isinstance(body, list):
        return [_without_versions(one) for one in body]
    if not isinstance(body, dict):
        return body
    return {name: _without_versions(one) for name, one in body.items() if name != "version"}


_OF_2_17: Mapping[tuple[str, int], Departure] = {
    (name, 200): Departure("Semver is a text, not an object", as_described=_without_versions)
    for name in ("listClustersV2", "listClustersForProject", "getClusterV2")
}
_ONLY: Mapping[str, Mapping[tuple[str, int], Departure]] = {
    "2.16": _OF_2_17,
    "2.17": _OF_2_17,
    "2.31": _OF_2_31,
}
_TOO_OLD = {"GET .*/clusters/[^/]+/serviceaccount": "there since 2.22, an older server answers 404"}


def _at(path: str, version: str, not_described: Mapping[str, str] | None = None) -> Described:
    departures = {**_DEPARTURES, **_ONLY.get(version, {})}
    return Described(
        path,
        [f"kubermatic/kkp-v{version}-credentials-subset.json"],
        elsewhere="/kkp",
        bodies=_BODIES,
        departures=departures,
        not_described=not_described or {},
    )


KUBERMATIC = (
    _at("/imke", "2.31"),
    _at(r"/imke-2\.23", "2.23"),
    _at(r"/imke-2\.22", "2.22"),
    _at(r"/imke-2\.21", "2.21", not_described=_TOO_OLD),
    _at(r"/imke-2\.17", "2.17", not_described=_TOO_OLD),
    _at(r"/imke-2\.16", "2.16", not_described=_TOO_OLD),
    kubernetes_at("/imke-clusters/[^/]+"),
)
