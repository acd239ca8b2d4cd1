"""The JSON forms of the Kubernetes API.

Source: Kubernetes API reference v1.33, read 2026-08-21.
"""

from __future__ import annotations

import re
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_AUTHENTICATION = "authentication.k8s.io"
SELF_SUBJECT_REVIEWS = f"/apis/{_AUTHENTICATION}/v1/selfsubjectreviews"

# Status reasons that differ from the HTTP phrase without its blanks.
_REASONS = {405: "MethodNotAllowed", 409: "Conflict", 500: "InternalError"}

_Json = dict[str, object]


def version(git_version: str) -> _Json:
    """Return the answer of /version."""
    numbers = re.match(r"v(\d+)\.(\d+)", git_version)
    major, minor = numbers.groups() if numbers else ("1", "33")
    return {
        "major": major,
        "minor": minor,
        "gitVersion": git_version,
        "gitCommit": "0" * 40,
        "gitTreeState": "clean",
        "buildDate": "2025-08-13T00:00:00Z",
        "goVersion": "go1.24.5",
        "compiler": "gc",
        "platform": "linux/amd64",
    }


def status(code: int, message: str) -> _Json:
    """Return the body of a refusal."""
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": _REASONS.get(code, HTTPStatus(code).phrase.replace(" ", "")),
        "code": code,
    }


def api_versions(address: str) -> _Json:
    """Return the answer of /api."""
    return {
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}],
    }


def api_groups() -> _Json:
    """Return the answer of /apis."""
    v1 = {"groupVersion": f"{_AUTHENTICATION}/v1", "version": "v1"}
    group = {"name": _AUTHENTICATION, "versions": [v1], "preferredVersion": v1}
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [group]}


def core_resources() -> _Json:
    """Return the resources of the core group."""
    namespaces = _resource("namespaces", "namespace", "Namespace", ("get", "list"), "ns")
    accounts = _resource("serviceaccounts", "serviceaccount", "ServiceAccount", ("list",), "sa")
    return {
        "kind": "APIResourceList",
        "groupVersion": "v1",
        "resources": [namespaces | {"namespaced": False}, accounts],
    }


def authentication_resources() -> _Json:
    """Return the resources of the group authentication.k8s.io."""
    review = _resource(
        "selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview", ("create",), ""
    )
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{_AUTHENTICATION}/v1",
        "resources": [review | {"namespaced": False}],
    }


def self_subject_review(user_name: str, groups: Sequence[str]) -> _Json:
    """Return a SelfSubjectReview that names the caller."""
    return {
        "kind": "SelfSubjectReview",
        "apiVersion": f"{_AUTHENTICATION}/v1",
        "metadata": {},
        "status": {"userInfo": {"username": user_name, "groups": list(groups)}},
    }


def object_list(kind: str, items: Sequence[Mapping[str, object]]) -> _Json:
    """Return a list of core objects."""
    return {
        "kind": kind,
        "apiVersion": "v1",
        "metadata": {"resourceVersion": "1"},
        "items": list(items),
    }


def namespace(name: str, created: datetime) -> _Json:
    """Return a namespace without its kind, as it stands in a list."""
    return {
        "metadata": _metadata(name, created),
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def service_account(namespace_name: str, name: str, created: datetime) -> _Json:
    """Return a service account without its kind, as it stands in a list."""
    return {"metadata": _metadata(name, created) | {"namespace": namespace_name}}


def _metadata(name: str, created: datetime) -> _Json:
    return {
        "name": name,
        "uid": str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        "resourceVersion": "1",
        "creationTimestamp": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _resource(
    plural: str, singular: str, kind: str, verbs: Sequence[str], short_name: str
) -> _Json:
    return {
        "name": plural,
        "singularName": singular,
        "namespaced": True,
        "kind": kind,
        "verbs": list(verbs),
        **({"shortNames": [short_name]} if short_name else {}),
    }
