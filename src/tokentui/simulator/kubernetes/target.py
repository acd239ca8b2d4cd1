"""What a request is about: verb and resource, or a path alone.

Source: kubernetes/apiserver pkg/endpoints/request/requestinfo.go, read 2026-08-21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_VERBS: Final = {"POST": "create", "PUT": "update", "PATCH": "patch"}


@dataclass(frozen=True, slots=True)
class Target:
    """Attributes that the rights are asked for; without a resource the path counts."""

    verb: str
    path: str = ""
    group: str = ""
    version: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""

    @property
    def full_resource(self) -> str:
        """The resource with its subresource, as rules name them."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


def read_target(method: str, path: str, *, watch: bool) -> Target:
    """Return what a request is about."""
    parts = [part for part in path.split("/") if part]
    if parts[:1] == ["api"] and len(parts) > 2:
        return _resource_target(method, path, "", parts[1], parts[2:], watch=watch)
    if parts[:1] == ["apis"] and len(parts) > 3:
        return _resource_target(method, path, parts[1], parts[2], parts[3:], watch=watch)
    return Target(method.lower(), path)


def _resource_target(
    method: str, path: str, group: str, version: str, parts: list[str], *, watch: bool
) -> Target:
    namespace = ""
    if parts[0] == "namespaces" and len(parts) > 1:
        namespace = parts[1]
        # A namespace itself is an object in itself: its own name is the namespace asked about.
        parts = parts[2:] if len(parts) > 2 else parts
    resource, name, subresource = (*parts, "", "")[:3]
    return Target(
        _verb(method, name, watch=watch),
        path,
        group,
        version,
        resource,
        "/".join([subresource, *parts[3:]]),
        namespace,
        name,
    )


def _verb(method: str, name: str, *, watch: bool) -> str:
    if method in _VERBS:
        return _VERBS[method]
    if method == "DELETE":
        return "delete" if name else "deletecollection"
    if watch:
        return "watch"
    return "get" if name else "list"
