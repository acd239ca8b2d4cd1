"""What is filled in for an offer, checked before anything is sent."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from tokentui.domain.errors import UsageError
from tokentui.domain.model import FieldType
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokentui.domain.model import FieldValue, OfferField
    from tokentui.services.ports import Documents

_LONGEST_ECHO = 60
_LONGEST_PATH = 1000
_CLOSED = frozenset({FieldType.CHOICE, FieldType.CHOICES})
_MANY = frozenset({FieldType.CHOICES, FieldType.TEXTS})


async def filled_in(
    noun: str,
    fields: Sequence[OfferField],
    values: Mapping[str, FieldValue],
    documents: Documents,
) -> Mapping[str, FieldValue]:
    """Check what was filled in and give it with the text of each file in place of its path.

    Raises `UsageError` naming the field or the file.
    """
    check_fields(noun, fields, values)
    texts: dict[str, FieldValue] = {}
    for item in fields:
        path = values.get(item.key)
        if item.type is FieldType.FILE and isinstance(path, str) and path.strip():
            text = await asyncio.to_thread(documents.read, path.strip())
            _check_given(noun, item, text)
            texts[item.key] = text
    return {**values, **texts}


def check_fields(noun: str, fields: Sequence[OfferField], values: Mapping[str, FieldValue]) -> None:
    """Check what was filled in; raises `UsageError` naming the field and what it takes.

    `noun` is what the fields are of. A field that is left out has its default. Files are not
    opened.
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
    elif item.type is not FieldType.FILE:
        _check_given(noun, item, text)
    elif len(text) > _LONGEST_PATH:
        raise UsageError(f"{item.label} of {noun} is no path", "name a file")


def _check_given(noun: str, item: OfferField, text: str) -> None:
    """Check a text as the provider gets it."""
    if len(text) > item.longest:
        raise UsageError(
            f"{item.label} of {noun} is {len(text)} characters long",
            f"at most {item.longest} are allowed",
        )
    if item.pattern and not re.fullmatch(item.pattern, text):
        is_file = item.type is FieldType.FILE
        what = "what the file holds" if is_file else repr(clean(text, _LONGEST_ECHO))
        raise UsageError(
            f"{item.label} of {noun} cannot be {what}",
            item.help or f"it must match {item.pattern}",
        )
