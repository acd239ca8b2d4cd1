"""The objects of one cluster, as the API server keeps them."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from tokentui.simulator.kubernetes.resources import Resource

Json = dict[str, Any]
Key = tuple[str, str]
"""Namespace (empty for cluster-wide objects) and name."""


class ObjectStore:
    """Objects by resource and key, without kind and apiVersion as they stand in lists."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._objects: dict[str, dict[Key, Json]] = {}
        self._sorted: dict[str, list[Key]] = {}
        self.version = 1000

    def add(self, resource: Resource, namespace: str, name: str, body: Json) -> Json:
        """Keep a new object under a uid of its own; `body` is taken over."""
        stored = stamped(body, namespace, name, self._now())
        stored["metadata"]["resourceVersion"] = self._next_version()
        self._of(resource)[namespace, name] = stored
        self._sorted.pop(resource.plural, None)
        return stored

    def replace(self, resource: Resource, key: Key, body: Json) -> Json:
        """Put a body, which holds its metadata already, in the place of an object."""
        body["metadata"]["resourceVersion"] = self._next_version()
        self._of(resource)[key] = body
        return body

    def remove(self, resource: Resource, key: Key) -> None:
        """Forget an object; one that is not there is no error."""
        if self._of(resource).pop(key, None) is not None:
            self._next_version()
            self._sorted.pop(resource.plural, None)

    def get(self, resource: Resource, namespace: str, name: str) -> Json | None:
        """Return an object, None if there is none."""
        return self._of(resource).get((namespace, name))

    def keys(self, resource: Resource) -> Sequence[Key]:
        """Return the keys in the order of lists."""
        if resource.plural not in self._sorted:
            self._sorted[resource.plural] = sorted(self._of(resource))
        return self._sorted[resource.plural]

    def all(self, resource: Resource, namespace: str = "") -> Iterator[Json]:
        """Yield the objects in the order of lists, of one namespace if it is named."""
        objects = self._of(resource)
        for key in list(self.keys(resource)):
            if namespace in ("", key[0]):
                yield objects[key]

    def _of(self, resource: Resource) -> dict[Key, Json]:
        return self._objects.setdefault(resource.plural, {})

    def _next_version(self) -> str:
        self.version += 1
        return str(self.version)


def stamped(body: Json, namespace: str, name: str, now: datetime) -> Json:
    """Return a body whose metadata holds what the server sets: name, uid and time."""
    given = body.get("metadata") or {}
    metadata: Json = {"name": name}
    if namespace:
        metadata["namespace"] = namespace
    metadata["uid"] = str(uuid.uuid4())
    metadata["creationTimestamp"] = instant(now)
    for field in ("labels", "annotations", "finalizers", "managedFields"):
        if given.get(field):
            metadata[field] = given[field]
    rest = {name: value for name, value in body.items() if name not in _HEAD}
    return {"metadata": metadata, **rest}


def instant(moment: datetime) -> str:
    """Return an instant as Kubernetes writes it, in whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def encoded(text: str) -> str:
    """Return a text as the data of a Secret holds it."""
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")


_HEAD = frozenset({"kind", "apiVersion", "metadata"})
