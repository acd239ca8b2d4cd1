"""Subjects and what they are granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.simulator.stackstate.model import SYSTEM, Subject, SubjectSource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Subjects:
    """The predefined roles, those that the API made and those of the cluster."""

    def __init__(self, predefined: Callable[[], Mapping[str, frozenset[str]]]) -> None:
        self._predefined = predefined
        self._made: dict[str, dict[str, frozenset[str]]] = {}
        self._kubernetes: dict[str, dict[str, frozenset[str]]] = {}

    def all(self) -> list[Subject]:
        """Return every subject; a handle comes once for each source that it has."""
        return [
            *(Subject(handle, SubjectSource.STATIC) for handle in self._predefined()),
            *(Subject(handle, SubjectSource.OBSERVABILITY) for handle in self._made),
            *(Subject(handle, SubjectSource.KUBERNETES) for handle in self._kubernetes),
        ]

    def sources(self, handle: str) -> list[SubjectSource]:
        """Return where a subject is kept; nowhere if it is unknown."""
        return [one.source for one in self.all() if one.handle == handle]

    def grants(self, handle: str) -> Mapping[str, frozenset[str]]:
        """Return the permissions of a subject by resource, of all its sources together."""
        granted = dict(self._made.get(handle, {}))
        for resource, permissions in self._kubernetes.get(handle, {}).items():
            granted[resource] = granted.get(resource, frozenset()) | permissions
        predefined = self._predefined().get(handle, frozenset())
        if predefined:
            granted[SYSTEM] = granted.get(SYSTEM, frozenset()) | predefined
        return granted

    def make(self, handle: str) -> None:
        """Let a subject of the server itself exist; one that does keeps its grants."""
        self._made.setdefault(handle, {})

    def add_from_kubernetes(self, handle: str, *permissions: str) -> None:
        """Let a subject exist that a role of the cluster brings."""
        self._kubernetes[handle] = {SYSTEM: frozenset(permissions)}

    def grant(self, handle: str, permission: str, resource: str) -> None:
        """Grant a permission to a subject of the server itself; raises KeyError."""
        granted = self._made[handle]
        granted[resource] = granted.get(resource, frozenset()) | {permission}

    def revoke(self, handle: str, permission: str | None, resource: str | None) -> None:
        """Take grants from a subject of the server itself; None: of any name; raises KeyError."""
        granted = self._made[handle]
        for one in [resource] if resource is not None else list(granted):
            taken = granted.get(one, frozenset()) if permission is None else {permission}
            granted[one] = granted.get(one, frozenset()) - taken

    def remove(self, handle: str) -> bool:
        """Remove a subject of the server itself with its grants; False: there is none."""
        return self._made.pop(handle, None) is not None
