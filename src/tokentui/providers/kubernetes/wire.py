"""Kubernetes' JSON in our words.

Sources: kubernetes/api 10b39a39, kubernetes/apimachinery eed236ce (meta/v1 types.go), the
description of v1.36; a kube-apiserver v1.20.2, measured. Every string that is shown is cleaned
here, and names are what Kubernetes allows as names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.http_errors import bad_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tokentui.domain.errors import BadAnswer
    from tokentui.providers.http_call import Answer, Call

T = TypeVar("T")

METADATA_LIST = "PartialObjectMetadataList"
SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
"""What most objects may be called (kubernetes.io, "Object Names and IDs", read 2026-08-21)."""

_LONGEST_NAME = 253
_UID = re.compile(r"[A-Za-z0-9-]{1,64}")


class _Misfit(Exception):
    """A part of an answer does not fit the description; its text names the part."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A call with its answer, which is read here."""

    call: Call
    answer: Answer


@dataclass(frozen=True, slots=True)
class Row:
    """The head of an object. Labels and annotations are as the server sent them."""

    namespace: str
    name: str
    uid: str
    created_at: datetime | None
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    annotations: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of a list; `following` asks for the next one, `failed` could not be read."""

    rows: tuple[Row, ...]
    following: str = ""
    failed: tuple[BadAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class User:
    """Who a call counts as."""

    name: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an act is allowed, and what the server says of it."""

    allowed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be done with what; `names` empty: with all of them."""

    verbs: tuple[str, ...]
    groups: tuple[str, ...]
    resources: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requested:
    """A token as it was made; what the answer does not say is None, 0 or empty."""

    secret: Secret
    ends_at: datetime | None
    seconds: int
    account_uid: str = ""


def version(reply: Reply) -> tuple[str, str]:
    """Read the version and the platform; only the version must be there. Raises `BadAnswer`."""

    def read(payload: object) -> tuple[str, str]:
        fields = _mapping(payload, "answer")
        return clean(_text(fields, "gitVersion"), 60), clean(_optional(fields, "platform"), 60)

    return _read(reply, read)


def user(reply: Reply) -> User:
    """Read who one is. Raises `BadAnswer`."""

    def read(payload: object) -> User:
        info = _mapping(_status(payload).get("userInfo"), "status.userInfo")
        groups = tuple(clean(group, 120) for group in _texts(info, "groups"))
        return User(clean(_text(info, "username"), 300), groups)

    return _read(reply, read)


def verdict(reply: Reply) -> Verdict:
    """Read whether an act is allowed. Raises `BadAnswer`."""

    def read(payload: object) -> Verdict:
        status = _status(payload)
        if not isinstance(status.get("allowed"), bool):
            raise _Misfit("has no true or false in status.allowed")
        words = (_optional(status, "reason"), _optional(status, "evaluationError"))
        reason = "; ".join(filter(None, words))
        return Verdict(status["allowed"] is True, clean(reason, 200))

    return _read(reply, read)


def rules(reply: Reply) -> tuple[Rule, ...]:
    """Read what is allowed inside a namespace. Raises `BadAnswer`."""

    def read(payload: object) -> tuple[Rule, ...]:
        listed = _status(payload).get("resourceRules") or []
        if not isinstance(listed, list):
            raise _Misfit("has no list in status.resourceRules")
        return tuple(_rule(_mapping(one, "status.resourceRules")) for one in listed)

    return _read(reply, read)


def rows(reply: Reply, kinds: tuple[str, ...]) -> Rows:
    """Read a list of one of these kinds; rows that cannot be used are one failure beside others.

    Raises `BadAnswer` for what is no such list.
    """
    listed, following = _read(reply, lambda payload: _list(payload, kinds))
    found: list[Row] = []
    misfits: list[str] = []
    for one in listed:
        try:
            found.append(_row(one))
        except _Misfit as error:
            misfits.append(str(error))
    if not misfits:
        return Rows(tuple(found), following)
    why = f"has {len(misfits)} of {len(listed)} rows that do not fit: one {misfits[0]}"
    return Rows(tuple(found), following, (_bad(reply, why, making=False),))


def found(reply: Reply) -> Row:
    """Read an object that was looked at. Raises `BadAnswer`."""
    return _read(reply, _row)


def made(reply: Reply) -> Row:
    """Read an object that was just made. Raises `BadAnswer`."""
    return _read(reply, _row, making=True)


def requested(reply: Reply) -> Requested:
    """Read a new token. Raises `BadAnswer` that keeps the answer: the secret comes once."""
    return _read(reply, _requested, making=True)


def uid_in(fields: object) -> str:
    """Read an object's id; empty if there is none."""
    uid = fields.get("uid") if isinstance(fields, dict) else None
    return uid if isinstance(uid, str) and _UID.fullmatch(uid) else ""


def instant(text: str) -> datetime | None:
    """Read an instant as aware UTC; None if it is none."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _read(reply: Reply, reader: Callable[[object], T], *, making: bool = False) -> T:
    try:
        return reader(reply.answer.payload)
    except _Misfit as error:
        raise _bad(reply, str(error), making=making) from None


def _bad(reply: Reply, why: str, *, making: bool) -> BadAnswer:
    return bad_answer(reply.call, why, making=making, raw=reply.answer.body)


def _requested(payload: object) -> Requested:
    fields = _mapping(payload, "answer")
    status = _mapping(fields.get("status"), "status")
    token = _text(status, "token")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise _Misfit("has no token in the field status.token")
    # The token is worth more than what is said about it.
    spec = fields.get("spec")
    seconds = spec.get("expirationSeconds") if isinstance(spec, dict) else None
    is_number = isinstance(seconds, int) and not isinstance(seconds, bool)
    return Requested(
        Secret(token),
        instant(str(status.get("expirationTimestamp"))),
        seconds if is_number and seconds else 0,
        uid_in(fields.get("metadata")),
    )


def _list(payload: object, kinds: tuple[str, ...]) -> tuple[list[object], str]:
    fields = _mapping(payload, "answer")
    if fields.get("kind") not in kinds:
        raise _Misfit(f"is no {kinds[0]}")
    listed = fields.get("items")
    if listed is not None and not isinstance(listed, list):
        raise _Misfit("has no list in the field items")
    return listed or [], _optional(_mapping(fields.get("metadata") or {}, "metadata"), "continue")


def _row(value: object) -> Row:
    metadata = _mapping(_mapping(value, "object").get("metadata"), "metadata")
    name, uid = _text(metadata, "name"), _text(metadata, "uid")
    namespace = _optional(metadata, "namespace")
    for given in filter(None, (name, namespace)):
        if len(given) > _LONGEST_NAME or not re.fullmatch(SUBDOMAIN, given):
            raise _Misfit(f"has the name {clean(given, 40)!r}, which Kubernetes does not allow")
    if not name or not _UID.fullmatch(uid):
        raise _Misfit("has no name or no id in the fields metadata.name and metadata.uid")
    created = metadata.get("creationTimestamp")
    created_at = instant(str(created))
    if created is not None and created_at is None:
        raise _Misfit("has no instant in the field metadata.creationTimestamp")
    return Row(
        namespace, name, uid, created_at, _map(metadata, "labels"), _map(metadata, "annotations")
    )


def _rule(fields: Mapping[str, object]) -> Rule:
    lists = (_texts(fields, one) for one in ("verbs", "apiGroups", "resources", "resourceNames"))
    return Rule(*lists)


def _status(payload: object) -> Mapping[str, object]:
    return _mapping(_mapping(payload, "answer").get("status"), "status")


def _mapping(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _Misfit(f"has no object in the field {name}" if name != "answer" else "is no object")
    return value


def _map(fields: Mapping[str, object], name: str) -> Mapping[str, str]:
    found = _mapping(fields.get(name) or {}, f"metadata.{name}")
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _text(fields: Mapping[str, object], name: str) -> str:
    if fields.get(name) is None:
        raise _Misfit(f"has no {name}")
    return _optional(fields, name)


def _optional(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise _Misfit(f"has no text in the field {name}")
    return value or ""


def _texts(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    values = fields.get(name) or []
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise _Misfit(f"has no texts in the field {name}")
    return tuple(values)
