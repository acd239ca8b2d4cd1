"""Who may do what: roles and their bindings, evaluated as a real server does.

Source: kubernetes/kubernetes 0411cc70 plugin/pkg/auth/authorizer/rbac, read 2026-08-21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tokentui.simulator.kubernetes.identity import service_account_name
from tokentui.simulator.kubernetes.resources import (
    CLUSTER_ROLE_BINDINGS,
    CLUSTER_ROLES,
    RBAC,
    ROLE_BINDINGS,
    ROLES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tokentui.simulator.kubernetes.identity import Identity
    from tokentui.simulator.kubernetes.store import Json, ObjectStore
    from tokentui.simulator.kubernetes.target import Target


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something is allowed, by what, and what could not be evaluated."""

    allowed: bool
    reason: str = ""
    error: str = ""


class Rbac:
    """The authorizer of one cluster."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def decide(self, user: Identity, target: Target) -> Verdict:
        """Return whether the user may do that."""
        errors: list[str] = []
        for rules, grant in self._grants(user, target.namespace, errors):
            if any(_covers(rule, target) for rule in rules):
                return Verdict(True, f"RBAC: allowed by {grant}")
        return Verdict(False, error=f"RBAC: {', '.join(errors)}" if errors else "")

    def rules(self, user: Identity, namespace: str) -> Sequence[Json]:
        """Return every rule that holds for the user in a namespace."""
        return [rule for rules, _ in self._grants(user, namespace, []) for rule in rules]

    def _grants(
        self, user: Identity, namespace: str, errors: list[str]
    ) -> Iterator[tuple[Sequence[Json], str]]:
        for binding in self._store.all(CLUSTER_ROLE_BINDINGS):
            subject = _matching(binding, user, "")
            if subject is not None:
                yield self._rules_of(binding, "", errors), _told(binding, "", subject)
        if not namespace:
            return
        for binding in self._store.all(ROLE_BINDINGS, namespace):
            subject = _matching(binding, user, namespace)
            if subject is not None:
                yield self._rules_of(binding, namespace, errors), _told(binding, namespace, subject)

    def _rules_of(self, binding: Json, namespace: str, errors: list[str]) -> Sequence[Json]:
        ref = binding["roleRef"]
        is_role = ref["kind"] == "Role"
        resource = ROLES if is_role else CLUSTER_ROLES
        role = self._store.get(resource, namespace if is_role else "", ref["name"])
        if role is None:
            errors.append(f'{ref["kind"].lower()}.{RBAC} "{ref["name"]}" not found')
            return ()
        rules: list[Json] = role.get("rules") or []
        return rules


def _matching(binding: Json, user: Identity, namespace: str) -> Json | None:
    for subject in binding.get("subjects") or []:
        if _is_subject(subject, user, namespace):
            one: Json = subject
            return one
    return None


def _is_subject(subject: Json, user: Identity, namespace: str) -> bool:
    match subject["kind"]:
        case "User":
            return bool(subject["name"] == user.name)
        case "Group":
            return subject["name"] in user.groups
        case _:
            home = subject.get("namespace") or namespace
            return user.name == service_account_name(home, subject["name"])


def _told(binding: Json, namespace: str, subject: Json) -> str:
    ref = binding["roleRef"]
    name = binding["metadata"]["name"]
    bound = f'RoleBinding "{name}/{namespace}"' if namespace else f'ClusterRoleBinding "{name}"'
    who = subject["name"]
    if subject["kind"] == "ServiceAccount":
        who = f"{who}/{subject.get('namespace') or namespace}"
    return f'{bound} of {ref["kind"]} "{ref["name"]}" to {subject["kind"]} "{who}"'


def _covers(rule: Json, target: Target) -> bool:
    if not _has(rule, "verbs", target.verb):
        return False
    if not target.resource:
        return any(_path_covers(one, target.path) for one in rule.get("nonResourceURLs") or [])
    names = rule.get("resourceNames") or []
    wanted = {target.full_resource}
    if target.subresource:
        wanted.add(f"*/{target.subresource}")
    return (
        _has(rule, "apiGroups", target.group)
        and any(_has(rule, "resources", one) for one in wanted)
        and (not names or target.name in names)
    )


def _has(rule: dict[str, Any], field: str, wanted: str) -> bool:
    given = rule.get(field) or []
    return wanted in given or "*" in given


def _path_covers(pattern: str, path: str) -> bool:
    return pattern in ("*", path) or (pattern.endswith("*") and path.startswith(pattern[:-1]))
