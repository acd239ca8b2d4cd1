"""What STACKIT's JSON has in common over its services, in our words.

Sources: the API descriptions edge v1beta1, observability v1, service-account v2 and
resource-manager v2, read 2026-08-21. Every string that is shown is cleaned where it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.model import Page
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean, unprintable
from tokentui.providers.http_check import is_safe_url
from tokentui.providers.http_errors import bad_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tokentui.domain.errors import BadAnswer
    from tokentui.domain.model import ProfileName
    from tokentui.providers.http_call import Answer, Call
    from tokentui.providers.stackit.settings import Project

T = TypeVar("T")
_LONGEST_ID = 320


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are listed; `region` is empty for services that have no region in the path."""

    profile: ProfileName
    project: Project
    region: str = ""


class Misfit(Exception):
    """A part of an answer does not fit the description; its text names the part."""


def error_text(payload: object) -> str:
    """Read STACKIT's own words out of an error body, in any of the services' five shapes.

    The identity provider's errors have a shape of their own, RFC 6749 section 5.2.
    """
    if not isinstance(payload, dict):
        return ""
    nested = payload.get("error")
    if isinstance(nested, dict):
        return error_text(nested)
    words = [payload.get(name) for name in ("message", "detail", "error_description")]
    errors = payload.get("errors")
    words += errors if isinstance(errors, list) else []
    found = [word for word in words if isinstance(word, str) and word]
    return "; ".join(found) or (nested if isinstance(nested, str) else "")


def listed(
    call: Call, answer: Answer, field: str, read: Callable[[Mapping[str, object]], T | None]
) -> Page[T]:
    """Read a list; rows that cannot be used are one failure beside the others.

    `read` gives None for a row that is left out, and raises `Misfit`.
    """
    rows = answer.payload.get(field) if isinstance(answer.payload, dict) else None
    if not isinstance(rows, list):
        return Page(failed=(bad_list(call, answer, f"has no list in the field {field}"),))
    found: list[T] = []
    misfits: list[str] = []
    for row in rows:
        try:
            item = read(mapping(row, "it"))
        except Misfit as error:
            misfits.append(str(error))
        else:
            found += [item] if item is not None else []
    if not misfits:
        return Page(tuple(found))
    why = f"has {len(misfits)} of {len(rows)} rows that do not fit: one {misfits[0]}"
    return Page(tuple(found), (bad_list(call, answer, why),))


def mapping(value: object, name: str) -> Mapping[str, object]:
    """Take an object. Raises `Misfit`, as do all that follow."""
    if not isinstance(value, dict):
        raise Misfit(f"has no object where {name} should be")
    return value


def text(fields: Mapping[str, object], name: str) -> str:
    """Take a text that must be there, as it is."""
    if fields.get(name) is None:
        raise Misfit(f"has no {name}")
    return optional_text(fields, name)


def optional_text(fields: Mapping[str, object], name: str) -> str:
    """Take a text as it is; empty if there is none."""
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise Misfit(f"has no text in the field {name}")
    return value or ""


def identifier(fields: Mapping[str, object], name: str) -> str:
    """Take an id that is sent back as it is, so it must be printable."""
    value = text(fields, name)
    if not value or len(value) > _LONGEST_ID or unprintable(value) or value != value.strip():
        raise Misfit(f"has the {name} {clean(value, 40)!r}, which is no id")
    return value


def flag(fields: Mapping[str, object], name: str) -> bool:
    """Take a truth value that must be there."""
    value = fields.get(name)
    if not isinstance(value, bool):
        raise Misfit(f"has no true or false in the field {name}")
    return value


def token_in(fields: Mapping[str, object], name: str) -> Secret:
    """Take a token: printable ASCII without a blank."""
    value = text(fields, name)
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise Misfit(f"has no token in the field {name}")
    return Secret(value)


def instant(value: str) -> datetime | None:
    """Read an instant with a zone as aware UTC; None if it is none."""
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def safe_url(url: str) -> str:
    """Give an address that a person may be sent to; empty if it is none."""
    return url if is_safe_url(url) else ""


def bad_list(call: Call, answer: Answer, why: str) -> BadAnswer:
    """Say that the answer to a read cannot be used."""
    return bad_answer(call, why, making=False, trace_id=answer.trace_id)


def bad_make(call: Call, answer: Answer, why: Misfit) -> BadAnswer:
    """Say that the answer to what made something cannot be used; it is kept for the user."""
    return bad_answer(call, str(why), making=True, trace_id=answer.trace_id, raw=answer.body)
