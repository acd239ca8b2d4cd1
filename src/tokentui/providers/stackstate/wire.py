"""StackState's JSON in our words.

Sources: StackVista/stackstate-openapi 4d7c254 and, for ingestion keys, the description that
StackVista/stackstate-cli carried before its commit dd86ba6; read 2026-08-21. Every string that
is shown is cleaned here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.http_errors import bad_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tokentui.domain.errors import BadAnswer
    from tokentui.providers.http_call import Answer, Call

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
_LONGEST_NAME = 200
_LONGEST_KEY = 64


class _Misfit(Exception):
    """A part of an answer does not fit the description; its text names the part."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A call with its answer, which is read here."""

    call: Call
    answer: Answer


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a server says of itself; all but `version` can be empty.

    `version` is that of the platform where there is one.
    """

    version: str
    api_version: str
    commit: str = ""
    deployment_mode: str = ""
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A service token or an ingestion key as it is listed. `ends_at` None: it never ends."""

    id: int
    name: str
    changed_at: datetime | None
    ends_at: datetime | None
    description: str
    roles: tuple[str, ...] = ()
    dedicated_subject: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list; `failed` says that some of it could not be read."""

    rows: tuple[Row, ...]
    failed: tuple[BadAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Created:
    """The answer that makes a service token; it names no id."""

    secret: Secret
    ends_at: datetime | None


def error_text(payload: object) -> str:
    """Read the server's own words out of an error body."""
    if not isinstance(payload, dict):
        return ""
    errors = payload.get("errors")
    listed = [one.get("message") for one in errors or () if isinstance(one, dict)]
    words = [payload.get("message"), *listed]
    found = [word for word in words if isinstance(word, str) and word]
    name = payload.get("_type")
    return "; ".join(found) or (name if isinstance(name, str) else "")


def tracking_key(payload: object) -> str:
    """Read the key that the vendor's support asks for; empty if there is none."""
    key = payload.get("trackingKey") if isinstance(payload, dict) else None
    return clean(key, _LONGEST_KEY) if isinstance(key, str) else ""


def to_ms(instant: datetime) -> int:
    """Give an instant as the API takes it, in epoch milliseconds."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def server_info(reply: Reply) -> ServerInfo:
    """Read what a server says of itself. Raises `BadAnswer`."""
    return _read(reply, _server_info)


def roles(reply: Reply) -> tuple[str, ...]:
    """Read the caller's name and, behind it, the roles. Raises `BadAnswer`."""
    return _read(reply, lambda payload: _texts(_mapping(payload), "roles"))


def user_name(reply: Reply) -> str:
    """Read a person's name. Raises `BadAnswer`."""
    return _read(reply, lambda payload: label(_text(_mapping(payload), "name")))


def handles(reply: Reply) -> tuple[str, ...]:
    """Read the names of all subjects; one that has several sources comes once."""
    return _read(reply, _handles)


def rows(reply: Reply) -> Rows:
    """Read a list; rows that cannot be used are one failure beside the others."""
    listed = reply.answer.payload
    if not isinstance(listed, list):
        return Rows((), (_bad(reply, "is no list"),))
    found: dict[int, Row] = {}
    misfits: list[str] = []
    for one in listed:
        try:
            row = _row(one)
        except _Misfit as error:
            misfits.append(str(error))
        else:
            found[row.id] = row
    if not misfits:
        return Rows(tuple(found.values()))
    why = f"has {len(misfits)} of {len(listed)} rows that do not fit: one {misfits[0]}"
    return Rows(tuple(found.values()), (_bad(reply, why),))


def created(reply: Reply) -> Created:
    """Read a new token. Raises `BadAnswer` that keeps the answer: the secret comes once."""
    answer = reply.answer
    try:
        fields = _mapping(answer.payload)
        secret = _secret(fields, "token")
    except _Misfit as error:
        raise bad_answer(
            reply.call, str(error), making=True, trace_id=answer.trace_id, raw=answer.body
        ) from None
    try:
        return Created(secret, _optional_instant(fields, "expiration"))
    except _Misfit:
        # The token is worth more than its end, which the list tells too.
        return Created(secret, None)


def _read(reply: Reply, reader: Callable[[object], T]) -> T:
    try:
        return reader(reply.answer.payload)
    except _Misfit as error:
        raise _bad(reply, str(error)) from None


def _bad(reply: Reply, why: str) -> BadAnswer:
    return bad_answer(reply.call, why, making=False, trace_id=reply.answer.trace_id)


def _server_info(payload: object) -> ServerInfo:
    fields = _mapping(payload)
    version = fields.get("version")
    if not isinstance(version, dict):
        raise _Misfit("has no object in the field version")
    numbers = [version.get(part) for part in ("major", "minor", "patch")]
    if not all(isinstance(number, int) for number in numbers):
        raise _Misfit("has no numbers in the field version")
    own = ".".join(map(str, numbers))[:40]
    return ServerInfo(
        version=clean(_optional_text(fields, "platformVersion"), 40) or own,
        api_version=own,
        commit=clean(_optional_text(version, "commit"), 40),
        deployment_mode=clean(_optional_text(fields, "deploymentMode"), 40),
        domains=_texts(fields, "applicationDomains"),
    )


def _handles(payload: object) -> tuple[str, ...]:
    if not isinstance(payload, list):
        raise _Misfit("is no list")
    named = [label(_text(_mapping(one), "handle")) for one in payload]
    return tuple(sorted({name for name in named if name}))


def _row(value: object) -> Row:
    fields = _mapping(value)
    row_id = fields.get("id")
    if isinstance(row_id, bool) or not isinstance(row_id, int):
        raise _Misfit("has no whole number in the field id")
    return Row(
        id=row_id,
        name=label(_text(fields, "name")) or f"number {row_id}",
        changed_at=_optional_instant(fields, "lastUpdateTimestamp"),
        ends_at=_optional_instant(fields, "expiration"),
        description=clean(_optional_text(fields, "description"), 256),
        roles=_texts(fields, "roles"),
        dedicated_subject=label(_optional_text(fields, "dedicatedSubject")),
    )


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _Misfit("is no object")
    return value


def _text(fields: Mapping[str, object], name: str) -> str:
    if fields.get(name) is None:
        raise _Misfit(f"has no {name}")
    return _optional_text(fields, name)


def _optional_text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise _Misfit(f"has no text in the field {name}")
    return value or ""


def _texts(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    values = fields.get(name)
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise _Misfit(f"has no texts in the field {name}")
    return tuple(label(one) for one in values)


def _optional_instant(fields: Mapping[str, object], name: str) -> datetime | None:
    """Read epoch milliseconds; what no calendar holds becomes its first or last day."""
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Misfit(f"has no whole number in the field {name}")
    return _EPOCH + timedelta(milliseconds=min(max(value, 0), _LAST_MS))


def _secret(fields: Mapping[str, object], name: str) -> Secret:
    value = _text(fields, name)
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise _Misfit(f"has no token in the field {name}")
    return Secret(value)


def label(text: str) -> str:
    """Give a name as lists show it."""
    return clean(text, _LONGEST_NAME).strip()
