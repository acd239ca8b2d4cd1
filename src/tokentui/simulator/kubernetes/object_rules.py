"""What the server checks and adds when an object of a kind is written.

Source: kubernetes/kubernetes 0411cc70 pkg/apis/core/validation and pkg/apis/rbac/validation,
read 2026-08-21.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final

from tokentui.simulator.kubernetes.bodies import Fields
from tokentui.simulator.kubernetes.errors import Cause, bad_request
from tokentui.simulator.kubernetes.resources import (
    CLUSTER_ROLE_BINDINGS,
    CLUSTER_ROLES,
    NAMESPACES,
    RBAC,
    ROLE_BINDINGS,
    ROLES,
    SECRETS,
    SERVICE_ACCOUNTS,
    Resource,
)
from tokentui.simulator.kubernetes.store import encoded
from tokentui.simulator.kubernetes.tokens import NAME_ANNOTATION, TOKEN_TYPE

if TYPE_CHECKING:
    from tokentui.simulator.kubernetes.store import Json

_SUBJECT_KINDS: Final = ("User", "Group", "ServiceAccount")
_RULE_LISTS: Final = ("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs")


def content_of(resource: Resource, body: Json) -> tuple[Json, list[Cause]]:
    """Return what is kept of a body beside its metadata, and what is wrong with it."""
    reader = Fields(body, resource.kind, resource.api_version)
    if resource is SERVICE_ACCOUNTS:
        return _account(reader, body), []
    if resource is SECRETS:
        return _secret(reader, body)
    if resource is NAMESPACES:
        return {"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}, []
    if resource in (ROLES, CLUSTER_ROLES):
        return _role(resource, reader)
    if resource in (ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS):
        return _binding(resource, reader)
    return {}, []


def _account(reader: Fields, body: Json) -> Json:
    kept: Json = {}
    for name in ("secrets", "imagePullSecrets"):
        if listed := reader.mappings(name):
            kept[name] = listed
    if isinstance(body.get("automountServiceAccountToken"), bool):
        kept["automountServiceAccountToken"] = body["automountServiceAccountToken"]
    return kept


def _secret(reader: Fields, body: Json) -> tuple[Json, list[Cause]]:
    data = dict(reader.texts("data"))
    for value in data.values():
        try:
            base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            message = (
                'Secret in version "v1" cannot be handled as a Secret: '
                "illegal base64 data at input byte 0"
            )
            raise bad_request(message) from None
    data |= {name: encoded(text) for name, text in reader.texts("stringData").items()}
    kind = reader.text("type") or "Opaque"
    kept: Json = {**({"data": data} if data else {}), "type": kind}
    if isinstance(body.get("immutable"), bool):
        kept["immutable"] = body["immutable"]
    annotations = reader.mapping("metadata").get("annotations") or {}
    causes = []
    if kind == TOKEN_TYPE and not annotations.get(NAME_ANNOTATION):
        place = f"metadata.annotations[{NAME_ANNOTATION}]"
        causes.append(Cause(place, "Required", "Required value"))
    return kept, causes


def _role(resource: Resource, reader: Fields) -> tuple[Json, list[Cause]]:
    rules = reader.mappings("rules")
    causes = []
    for number, rule in enumerate(rules):
        fields = Fields(rule, resource.kind, resource.api_version, "PolicyRule.rules.")
        lists = {name: fields.text_list(name) for name in _RULE_LISTS}
        place = f"rules[{number}]"
        if not lists["verbs"]:
            causes.append(_required(f"{place}.verbs", "verbs must contain at least one value"))
        if lists["nonResourceURLs"]:
            continue
        if not lists["apiGroups"]:
            told = "resource rules must supply at least one api group"
            causes.append(_required(f"{place}.apiGroups", told))
        if not lists["resources"]:
            told = "resource rules must supply at least one resource"
            causes.append(_required(f"{place}.resources", told))
    return {"rules": rules}, causes


def _binding(resource: Resource, reader: Fields) -> tuple[Json, list[Cause]]:
    given = reader.mapping("roleRef")
    ref = Fields(given, resource.kind, resource.api_version, "RoleRef.roleRef.")
    role = {
        "apiGroup": ref.text("apiGroup") or RBAC,
        "kind": ref.text("kind"),
        "name": ref.text("name"),
    }
    kinds = ("Role", "ClusterRole") if resource.namespaced else ("ClusterRole",)
    causes = []
    if role["kind"] not in kinds:
        causes.append(_unsupported("roleRef.kind", role["kind"], kinds))
    if not role["name"]:
        causes.append(_required("roleRef.name"))
    subjects = []
    for number, one in enumerate(reader.mappings("subjects")):
        kept, found = _subject(resource, one, f"subjects[{number}]")
        subjects.append(kept)
        causes += found
    return {**({"subjects": subjects} if subjects else {}), "roleRef": role}, causes


def _subject(resource: Resource, one: Json, place: str) -> tuple[Json, list[Cause]]:
    fields = Fields(one, resource.kind, resource.api_version, "Subject.subjects.")
    kind, name, namespace = (fields.text(field) for field in ("kind", "name", "namespace"))
    causes = []
    if not name:
        causes.append(_required(f"{place}.name"))
    if kind not in _SUBJECT_KINDS:
        causes.append(_unsupported(f"{place}.kind", kind, _SUBJECT_KINDS))
    if kind == "ServiceAccount":
        if not namespace:
            causes.append(_required(f"{place}.namespace"))
        return {"kind": kind, "name": name, "namespace": namespace}, causes
    return {"kind": kind, "apiGroup": RBAC, "name": name}, causes


def _required(field: str, told: str = "") -> Cause:
    return Cause(field, "Required", f"Required value: {told}" if told else "Required value")


def _unsupported(field: str, value: str, known: tuple[str, ...]) -> Cause:
    listed = ", ".join(f'"{one}"' for one in known)
    told = f'Unsupported value: "{value}": supported values: {listed}'
    return Cause(field, "NotSupported", told)
