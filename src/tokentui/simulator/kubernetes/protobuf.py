"""Request bodies in Kubernetes' protobuf form, which kubectl from 1.37 sends.

Source: kubernetes.io "API concepts", chapter on the Kubernetes Protobuf encoding, and the
generated.proto files of kubernetes/api (rbac/v1 at 426b1b9), read 2026-11-22.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tokentui.simulator.kubernetes.store import Json

MEDIA_TYPE: Final = "application/vnd.kubernetes.protobuf"
_MAGIC: Final = b"k8s\x00"
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

# A field is a name and a type: a message, or one of text, bytes, int, bool; `*` is a list,
# `%` a map from text.
_MESSAGES: Final[Mapping[str, Mapping[int, tuple[str, str]]]] = {
    "Unknown": {1: ("typeMeta", "TypeMeta"), 2: ("raw", "raw")},
    "TypeMeta": {1: ("apiVersion", "text"), 2: ("kind", "text")},
    "ObjectMeta": {
        1: ("name", "text"),
        2: ("generateName", "text"),
        3: ("namespace", "text"),
        5: ("uid", "text"),
        6: ("resourceVersion", "text"),
        11: ("labels", "%text"),
        12: ("annotations", "%text"),
    },
    "DeleteOptions": {2: ("preconditions", "Preconditions"), 5: ("dryRun", "*text")},
    "Preconditions": {1: ("uid", "text"), 2: ("resourceVersion", "text")},
    "Namespace": {1: ("metadata", "ObjectMeta")},
    "ServiceAccount": {
        1: ("metadata", "ObjectMeta"),
        2: ("secrets", "*ObjectReference"),
        3: ("imagePullSecrets", "*LocalObjectReference"),
        4: ("automountServiceAccountToken", "bool"),
    },
    "ObjectReference": {3: ("name", "text")},
    "LocalObjectReference": {1: ("name", "text")},
    "Secret": {
        1: ("metadata", "ObjectMeta"),
        2: ("data", "%bytes"),
        3: ("type", "text"),
        4: ("stringData", "%text"),
        5: ("immutable", "bool"),
    },
    "Role": {1: ("metadata", "ObjectMeta"), 2: ("rules", "*PolicyRule")},
    "ClusterRole": {1: ("metadata", "ObjectMeta"), 2: ("rules", "*PolicyRule")},
    "PolicyRule": {
        1: ("verbs", "*text"),
        2: ("apiGroups", "*text"),
        3: ("resources", "*text"),
        4: ("resourceNames", "*text"),
        5: ("nonResourceURLs", "*text"),
    },
    "RoleBinding": {
        1: ("metadata", "ObjectMeta"),
        2: ("subjects", "*Subject"),
        3: ("roleRef", "RoleRef"),
    },
    "ClusterRoleBinding": {
        1: ("metadata", "ObjectMeta"),
        2: ("subjects", "*Subject"),
        3: ("roleRef", "RoleRef"),
    },
    "Subject": {
        1: ("kind", "text"),
        2: ("apiGroup", "text"),
        3: ("name", "text"),
        4: ("namespace", "text"),
    },
    "RoleRef": {1: ("apiGroup", "text"), 2: ("kind", "text"), 3: ("name", "text")},
    "TokenRequest": {1: ("metadata", "ObjectMeta"), 2: ("spec", "TokenRequestSpec")},
    "TokenRequestSpec": {
        1: ("audiences", "*text"),
        3: ("boundObjectRef", "BoundObjectReference"),
        4: ("expirationSeconds", "int"),
    },
    "BoundObjectReference": {
        1: ("kind", "text"),
        2: ("apiVersion", "text"),
        3: ("name", "text"),
        4: ("uid", "text"),
    },
    "TokenReview": {2: ("spec", "TokenReviewSpec")},
    "TokenReviewSpec": {1: ("token", "text"), 2: ("audiences", "*text")},
    "SelfSubjectReview": {},
    "SelfSubjectAccessReview": {2: ("spec", "SelfSubjectAccessReviewSpec")},
    "SelfSubjectAccessReviewSpec": {
        1: ("resourceAttributes", "ResourceAttributes"),
        2: ("nonResourceAttributes", "NonResourceAttributes"),
    },
    "SelfSubjectRulesReview": {2: ("spec", "SelfSubjectRulesReviewSpec")},
    "SelfSubjectRulesReviewSpec": {1: ("namespace", "text")},
    "SubjectAccessReview": {2: ("spec", "SubjectAccessReviewSpec")},
    "LocalSubjectAccessReview": {2: ("spec", "SubjectAccessReviewSpec")},
    "SubjectAccessReviewSpec": {
        1: ("resourceAttributes", "ResourceAttributes"),
        2: ("nonResourceAttributes", "NonResourceAttributes"),
        3: ("user", "text"),
        4: ("groups", "*text"),
    },
    "ResourceAttributes": {
        1: ("namespace", "text"),
        2: ("verb", "text"),
        3: ("group", "text"),
        4: ("version", "text"),
        5: ("resource", "text"),
        6: ("subresource", "text"),
        7: ("name", "text"),
    },
    "NonResourceAttributes": {1: ("path", "text"), 2: ("verb", "text")},
}


def decode(raw: bytes) -> Json:
    """Return a body as its JSON form would be; raises ValueError."""
    if not raw.startswith(_MAGIC):
        raise ValueError("the prefix of a protobuf body is missing")
    outer = _message("Unknown", raw[len(_MAGIC) :])
    head: Json = outer.get("typeMeta", {})
    kind = head.get("kind", "")
    if kind not in _MESSAGES:
        message = f"the kind {kind!r} cannot be decoded"
        raise ValueError(message)
    return {**head, **_message(kind, outer.get("raw", b""))}


def _message(kind: str, raw: bytes) -> Json:
    known = _MESSAGES[kind]
    found: Json = {}
    for number, value in _fields(raw):
        if number not in known:
            continue
        name, shape = known[number]
        if shape.startswith("*"):
            found.setdefault(name, []).append(_value(shape[1:], value))
        elif shape.startswith("%"):
            entry = dict(_fields(_as_bytes(value)))
            key = _as_bytes(entry.get(1, b"")).decode()
            found.setdefault(name, {})[key] = _value(shape[1:], entry.get(2, b""))
        else:
            found[name] = _value(shape, value)
    return found


def _value(shape: str, value: int | bytes) -> Any:  # noqa: ANN401 - JSON
    match shape:
        case "int":
            return value if isinstance(value, int) else 0
        case "bool":
            return bool(value)
        case "raw":
            return _as_bytes(value)
        case "text":
            return _as_bytes(value).decode()
        case "bytes":
            return base64.b64encode(_as_bytes(value)).decode("ascii")
        case _:
            return _message(shape, _as_bytes(value))


def _as_bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise ValueError("a number stands where a text is expected")  # noqa: TRY004 - bad input
    return value


def _fields(raw: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the number and value of every field of a message."""
    at = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(raw, at)
            yield number, value - (1 << 64) if value >= 1 << 63 else value
            continue
        if wire == _BYTES:
            length, at = _varint(raw, at)
        elif wire in (_FIXED32, _FIXED64):
            length = 4 if wire == _FIXED32 else 8
        else:
            raise ValueError("the type of a protobuf field is unknown")
        if at + length > len(raw):
            raise ValueError("a protobuf field is cut short")
        yield number, raw[at : at + length]
        at += length


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(raw):
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("a protobuf number is cut short")
