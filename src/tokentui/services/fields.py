"""What is filled in for an offer, checked before anything is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tokentui.domain.errors import UsageError
from tokentui.domain.model import FieldType
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokentui.domain.model import FieldValue, OfferField

_LONGEST_ECHO = 60
_CLOSED = frozenset({FieldType.CHOICE, FieldType.CHOICES})
_MANY = frozenset({FieldType.CHOICES, FieldType.TEXTS})


def check_fields(noun: str, fields: Sequence[OfferField], values: Mapping[str, FieldValue]) -> None:
    """Check what was filled in; raises `UsageError` naming the field and what it takes.

    `noun` is what the fields are of. A field that is left out has its default.
    """
    known = {item.key for item in fields}
    for key in values:
        if key not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise UsageError(f"{noun} has no field {key!r}", f"fields that can be set: {listed}")
    for item in fields:
        value = values.get(item.key, item.default)
        if item.required and not _is_given(value):
            raise UsageError(f"{noun} needs {item.label}", f"set the field {item.key!r}")
        if item.key in values:
            _check(noun, item, value)


def _is_given(value: FieldValue) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _check(noun: str, item: OfferField, value: FieldValue) -> None:
    if item.type is not FieldType.FLAG:
        for text in _texts(noun, item, value):
            _check_text(noun, item, text)
    elif not isinstance(value, bool):
        raise UsageError(f"{item.label} of {noun} takes yes or no", f"set {item.key!r} anew")


def _texts(noun: str, item: OfferField, value: FieldValue) -> tuple[str, ...]:
    if isinstance(value, bool):
        raise UsageError(f"{item.label} of {noun} takes text", f"set {item.key!r} anew")
    texts = (value,) if isinstance(value, str) else value
    if len(texts) > 1 and item.type not in _MANY:
        raise UsageError(f"{item.label} of {noun} takes one value", f"set {item.key!r} once")
    return tuple(filter(None, texts))


def _check_text(noun: str, item: OfferField, text: str) -> None:
    if item.type in _CLOSED:
        if text not in item.choices:
            raise UsageError(
                f"{item.label} of {noun} cannot be {clean(text, _LONGEST_ECHO)!r}",
                f"choose from: {', '.join(item.choices) or 'nothing'}",
            )
        return
    if len(text) > item.longest:
        raise UsageError(
            f"{item.label} of {noun} is {len(text)} characters long",
            f"at most {item.longest} are allowed",
        )
    if item.pattern and not re.fullmatch(item.pattern, text):
        raise UsageError(
            f"{item.label} of {noun} cannot be {clean(text, _LONGEST_ECHO)!r}",
            item.help or f"it must match {item.pattern}",
        )
