"""Takes fields out of Cloudfleet's JSON by any of the names that they may have.

Every string that is shown is cleaned here or in `wire.py`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tokentui.domain.secret import Secret
from tokentui.domain.text import clean, unprintable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokentui.providers.cloudfleet.wire_format import Field
    from tokentui.providers.cloudfleet.wire_settings import WireFormat

_LONGEST_NAME = 200
_LONGEST_ID = 200
_MOST_KEYS = 12
_KEY = re.compile(r"[A-Za-z_][A-Za-z_.-]{0,29}")


class Misfit(Exception):
    """A part of an answer is not what it is taken for; its text names the part."""


class Fields:
    """One object of an answer. What cannot be taken raises `Misfit`."""

    def __init__(self, value: object, wire: WireFormat) -> None:
        if not isinstance(value, dict):
            raise Misfit("is no object")
        self._values: Mapping[str, object] = value
        self._wire = wire

    def text(self, field: Field) -> str:
        """Take a text as it is; empty if there is none."""
        name, value = self._named(field)
        if value is not None and not isinstance(value, str):
            raise Misfit(f"has no text in the field {name}")
        return value or ""

    def label(self, field: Field) -> str:
        """Take a text as it is shown; empty if there is none."""
        return label(self.text(field))

    def identifier(self, field: Field) -> str:
        """Take an id that is sent back as it is, so it must be printable and no path."""
        value = self.text(field)
        if not value:
            raise Misfit(f"has no {self._told(field)}")
        if not is_identifier(value):
            raise Misfit(f"has the {self._named(field)[0]} {clean(value, 40)!r}, which is no id")
        return value

    def instant(self, field: Field) -> datetime | None:
        """Take an instant as aware UTC; None if there is none to be read."""
        try:
            found = datetime.fromisoformat(self.text(field))
            return found.astimezone(UTC) if found.tzinfo else None
        except (ValueError, OverflowError):
            return None

    def secret(self, field: Field) -> Secret:
        """Take a secret that must be there."""
        name, value = self._named(field)
        if value is None:
            raise Misfit(f"has no {self._told(field)}")
        return secret(value, f"the field {name}")

    def mapping(self, field: Field) -> Mapping[str, object]:
        """Take an object; empty if there is none."""
        name, value = self._named(field)
        if value is not None and not isinstance(value, dict):
            raise Misfit(f"has no object in the field {name}")
        return value or {}

    def all(self) -> Mapping[str, object]:
        """Take the whole object as it came."""
        return self._values

    def _named(self, field: Field) -> tuple[str, object]:
        """Find the first of a field's names that is there."""
        names = self._wire.names[field]
        found = (name for name in names if self._values.get(name) is not None)
        name = next(found, names[0])
        return name, self._values.get(name)

    def _told(self, field: Field) -> str:
        return " or ".join(self._wire.names[field])


def is_identifier(value: str) -> bool:
    """Whether a text can be an id, which is one segment of a path."""
    fits = value == value.strip() and not unprintable(value) and len(value) <= _LONGEST_ID
    return bool(value) and fits and "/" not in value and value not in (".", "..")


def secret(value: object, where: str) -> Secret:
    """Take a secret: printable ASCII without a blank. Raises `Misfit`."""
    if not isinstance(value, str) or not value:
        raise Misfit(f"has no secret in {where}")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise Misfit(f"has no secret in {where}, but other text")
    return Secret(value)


def texts(values: object, key: str = "") -> Sequence[str]:
    """Take the texts of a list, or those under a key of its objects; what is none is left out."""
    listed = values if isinstance(values, list) else []
    found = [one.get(key) if key and isinstance(one, dict) else one for one in listed]
    return [label(one) for one in found if isinstance(one, str)]


def shape(value: object) -> str:
    """Say what a part of an answer is made of: its type and names of fields, never a value.

    A name with a digit in it, or a long one, is only counted: it may be an id or a secret.
    """
    match value:
        case dict():
            names = [name for name in value if _KEY.fullmatch(name)][:_MOST_KEYS]
            hidden = len(value) - len(names)
            told = ", ".join([*names, *([f"{hidden} more"] if hidden else [])])
            return f"an object with {told}" if told else "an empty object"
        case list():
            return f"a list of {len(value)}" if value else "an empty list"
        case str():
            return "a text"
        case None:
            return "null"
        case _:
            return "a truth value" if isinstance(value, bool) else "a number"


def label(text: str) -> str:
    """Give a name as lists show it."""
    return clean(text, _LONGEST_NAME).strip()
