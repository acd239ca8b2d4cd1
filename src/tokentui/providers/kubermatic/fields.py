"""Reads fields of KKP's JSON by type; every string that is shown is cleaned here.

A Go zero time, `0001-01-01T00:00:00Z`, means that there is none, and a list that is `null` has
nothing in it (kubermatic/dashboard c996f110 api/v1/time.go, as of August 2026).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from tokentui.domain.text import clean
from tokentui.providers.http_errors import bad_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tokentui.domain.errors import BadAnswer
    from tokentui.providers.http_call import Answer, Call

T = TypeVar("T")

_ID = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_LONGEST_NAME = 200
_FIRST_YEAR = 1970


class Misfit(Exception):
    """A part of an answer does not fit the description; its text names the part."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A call with its answer."""

    call: Call
    answer: Answer


@dataclass(frozen=True, slots=True)
class Rows(Generic[T]):
    """A list; `failed` says that some of it could not be read."""

    items: tuple[T, ...]
    failed: tuple[BadAnswer, ...] = ()


def read(reply: Reply, reader: Callable[[Mapping[str, object]], T]) -> T:
    """Read an object. Raises `BadAnswer`."""
    try:
        return reader(mapping(reply.answer.payload, "the answer"))
    except Misfit as error:
        raise bad(reply, str(error)) from None


def rows(reply: Reply, listed: object, reader: Callable[[Mapping[str, object]], T]) -> Rows[T]:
    """Read a list; rows that cannot be used are one failure beside the others."""
    if listed is None and reply.answer.body:
        return Rows(())
    if not isinstance(listed, list):
        return Rows((), (bad(reply, "is no list"),))
    found: list[T] = []
    misfits: list[str] = []
    for one in listed:
        try:
            found.append(reader(mapping(one, "a row")))
        except Misfit as error:
            misfits.append(str(error))
    if not misfits:
        return Rows(tuple(found))
    why = f"has {len(misfits)} of {len(listed)} rows that do not fit: one {misfits[0]}"
    return Rows(tuple(found), (bad(reply, why),))


def bad(reply: Reply, why: str) -> BadAnswer:
    """Say that the answer to a read cannot be used."""
    return bad_answer(reply.call, why, making=False)


def bad_make(reply: Reply, why: str) -> BadAnswer:
    """Say that the answer to what makes something cannot be used, and keep it."""
    return bad_answer(reply.call, why, making=True, raw=reply.answer.body)


def mapping(value: object, name: str) -> Mapping[str, object]:
    """Take an object. Raises `Misfit`, as do all that follow."""
    if not isinstance(value, dict):
        raise Misfit(f"has no object where {name} should be")
    return value


def text(fields: Mapping[str, object], name: str) -> str:
    """Take a text as it is; empty if there is none."""
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise Misfit(f"has no text in the field {name}")
    return value or ""


def label(value: str) -> str:
    """Give a name as lists show it."""
    return clean(value, _LONGEST_NAME).strip()


def identifier(fields: Mapping[str, object], name: str) -> str:
    """Take an id or a name of Kubernetes, which is sent back as a part of a path.

    KKP's own ids are ten characters; others are let through as far as Kubernetes' names go.
    """
    value = text(fields, name)
    if not _ID.fullmatch(value):
        raise Misfit(f"has the {name} {clean(value, 40)!r}, which is no id")
    return value


def flag(fields: Mapping[str, object], name: str) -> bool:
    """Take a truth value; what is absent is false."""
    value = fields.get(name, False)
    if not isinstance(value, bool):
        raise Misfit(f"has neither true nor false in the field {name}")
    return value


def instant(fields: Mapping[str, object], name: str) -> datetime | None:
    """Take an instant as aware UTC; None if there is none."""
    value = text(fields, name)
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is None:
            raise Misfit(f"has no zone in the field {name}")
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Misfit(f"has no instant in the field {name}") from None
    return found if found.year >= _FIRST_YEAR else None
