"""Cloudfleet's JSON in our words, as the profile's wire format names it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from tokentui.providers.cloudfleet.fields import (
    Fields,
    Misfit,
    label,
    secret,
    shape,
    texts,
)
from tokentui.providers.cloudfleet.wire_format import READ_ONLY, Field
from tokentui.providers.http_errors import bad_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from tokentui.domain.errors import BadAnswer
    from tokentui.domain.secret import Secret
    from tokentui.providers.cloudfleet.wire_settings import WireFormat
    from tokentui.providers.http_call import Answer, Call

T = TypeVar("T")

_OVERRIDE = "set the names under `wire` in the profile: those shipped are not confirmed"
_LOOK_INSIDE = (
    "it was sent once and may have been done: look for the secret in the answer as it came, and "
    "set wire.token.secret in the profile to the name of its field"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A call with its answer and the wire format that it is read in."""

    call: Call
    answer: Answer
    wire: WireFormat

    def bad(self, why: str, part: object) -> BadAnswer:
        """Say that the answer to a read cannot be used, and how the part is that does not fit."""
        told = f"{why}; it is {shape(part)}"
        error = bad_answer(self.call, told, making=False, trace_id=self.answer.trace_id)
        error.next_step = _OVERRIDE
        return error

    def bad_make(self, why: str) -> BadAnswer:
        """Say that the answer to what made a secret cannot be used; it is kept for the user."""
        trace_id, raw = self.answer.trace_id, self.answer.body
        error = bad_answer(self.call, why, making=True, trace_id=trace_id, raw=raw)
        error.next_step = _LOOK_INSIDE
        return error


@dataclass(frozen=True, slots=True)
class Token:
    """An API token as it is listed; all but id and name can be missing.

    `row` is the whole of it as it came.
    """

    id: str
    name: str
    role: str
    created_at: datetime | None
    last_used_at: datetime | None
    row: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A CFKE cluster; all texts but id and name can be empty."""

    id: str
    name: str
    region: str
    tier: str
    status: str
    endpoint: str
    version: str
    channel: str
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Organization:
    """The organization, with what may be ordered in it: nothing without billing data."""

    name: str
    created_at: datetime | None
    regions: tuple[str, ...]
    versions: tuple[str, ...]
    tiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows(Generic[T]):
    """A list; `failed` says that some of it could not be read."""

    items: tuple[T, ...]
    failed: tuple[BadAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A new secret. `token_id` is empty where the answer names none.

    `is_bare`: the answer was a text alone, which nothing calls a secret.
    """

    secret: Secret
    token_id: str
    is_bare: bool = False


def error_text(payload: object) -> str:
    """Read the server's own words out of an error body, in any of the usual shapes.

    None is documented: message, error, detail, title and errors are tried in this order.
    """
    if not isinstance(payload, dict):
        return ""
    nested = payload.get("error")
    errors = payload.get("errors")
    listed = errors if isinstance(errors, list) else [nested]
    return _words(payload) or "; ".join(filter(None, map(_words, listed)))


def _words(one: object) -> str:
    if not isinstance(one, dict):
        return one if isinstance(one, str) else ""
    values = (one.get(name) for name in ("message", "error", "detail", "title"))
    return next((value for value in values if isinstance(value, str) and value), "")


def organization(reply: Reply) -> Organization:
    """Read the organization. Raises `BadAnswer`."""
    return _read(reply, _organization)


def tokens(reply: Reply) -> Rows[Token]:
    """Read the list of tokens; rows that cannot be used are one failure beside the others."""
    return _rows(reply, _token)


def clusters(reply: Reply) -> Rows[Cluster]:
    """Read the list of clusters, as that of the tokens."""
    return _rows(reply, _cluster)


def cluster(reply: Reply) -> Cluster:
    """Read one cluster. Raises `BadAnswer`."""
    return _read(reply, _cluster)


def made(reply: Reply) -> Made:
    """Read the answer that holds a new secret: an object, or the secret as a bare string.

    Raises `BadAnswer` that keeps the answer, since the secret comes once.
    """
    payload = reply.answer.payload
    try:
        if isinstance(payload, str):
            return Made(secret(payload, "its text"), "", is_bare=True)
        fields = Fields(payload, reply.wire)
        found = fields.secret(Field.TOKEN_SECRET)
    except Misfit as error:
        raise reply.bad_make(str(error)) from None
    try:
        return Made(found, fields.identifier(Field.TOKEN_ID))
    except Misfit:
        # The secret is worth more than its id, which the list tells too.
        return Made(found, "")


def renamed(token: Token, name: str, wire: WireFormat) -> Mapping[str, object]:
    """Give what an update sends: all that it takes, as what is left out falls back.

    Source: updates of clusters in cloudfleetai/cloudfleet-plugin-claude 94912b0.
    """
    kept = (Field.TOKEN_ID, Field.TOKEN_SECRET, Field.TOKEN_CREATED, Field.TOKEN_LAST_USED)
    left_out = READ_ONLY.union(*(wire.names[one] for one in kept))
    sent = {key: value for key, value in token.row.items() if key not in left_out}
    names = wire.names[Field.TOKEN_NAME]
    key = next((one for one in names if sent.get(one) is not None), names[0])
    return sent | {key: name}


def _read(reply: Reply, reader: Callable[[Fields], T]) -> T:
    try:
        return reader(Fields(reply.answer.payload, reply.wire))
    except Misfit as error:
        raise reply.bad(str(error), reply.answer.payload) from None


def _rows(reply: Reply, reader: Callable[[Fields], T]) -> Rows[T]:
    listed = _listed(reply.answer.payload)
    if listed is None:
        why = "is no list and no object that holds one list"
        return Rows((), (reply.bad(why, reply.answer.payload),))
    found: list[T] = []
    misfits: list[tuple[str, object]] = []
    for one in listed:
        try:
            found.append(reader(Fields(one, reply.wire)))
        except Misfit as error:
            misfits.append((str(error), one))
    if not misfits:
        return Rows(tuple(found))
    first, row = misfits[0]
    why = f"has {len(misfits)} of {len(listed)} rows that do not fit: one {first}"
    return Rows(tuple(found), (reply.bad(why, row),))


def _listed(payload: object) -> list[object] | None:
    """Take a bare list, or the only one that an object holds."""
    if isinstance(payload, dict):
        lists = [value for value in payload.values() if isinstance(value, list)]
        return lists[0] if len(lists) == 1 else None
    return payload if isinstance(payload, list) else None


def _token(fields: Fields) -> Token:
    token_id = fields.identifier(Field.TOKEN_ID)
    return Token(
        id=token_id,
        name=fields.label(Field.TOKEN_NAME) or label(token_id),
        role=fields.label(Field.TOKEN_ROLE),
        created_at=fields.instant(Field.TOKEN_CREATED),
        last_used_at=fields.instant(Field.TOKEN_LAST_USED),
        row=fields.all(),
    )


def _cluster(fields: Fields) -> Cluster:
    cluster_id = fields.identifier(Field.CLUSTER_ID)
    return Cluster(
        id=cluster_id,
        name=fields.label(Field.CLUSTER_NAME) or label(cluster_id),
        region=fields.label(Field.CLUSTER_REGION),
        tier=fields.label(Field.CLUSTER_TIER),
        status=fields.label(Field.CLUSTER_STATUS),
        endpoint=fields.label(Field.CLUSTER_ENDPOINT),
        version=fields.label(Field.CLUSTER_VERSION),
        channel=fields.label(Field.CLUSTER_CHANNEL),
        created_at=fields.instant(Field.CLUSTER_CREATED),
        updated_at=fields.instant(Field.CLUSTER_UPDATED),
    )


def _organization(fields: Fields) -> Organization:
    quota: Mapping[str, object] = fields.mapping(Field.ORGANIZATION_QUOTA)
    return Organization(
        name=fields.label(Field.ORGANIZATION_NAME),
        created_at=fields.instant(Field.ORGANIZATION_CREATED),
        regions=tuple(texts(quota.get("regions"))),
        versions=tuple(texts(quota.get("versions"), "id")),
        tiers=tuple(texts(quota.get("cluster_tiers"))),
    )
