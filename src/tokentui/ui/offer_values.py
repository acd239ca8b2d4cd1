"""What is filled in for fields that a provider asks for, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import UsageError
from tokentui.domain.model import FieldType
from tokentui.services.fields import check_fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokentui.domain.model import FieldValue, OfferField

NAME = "name"
_MANY = frozenset({FieldType.CHOICES, FieldType.TEXTS})
_CLOSED = frozenset({FieldType.CHOICE, FieldType.CHOICES})


def in_order(fields: Sequence[OfferField]) -> tuple[OfferField, ...]:
    """Give the fields as they are asked for: the name first."""
    return tuple(sorted(fields, key=lambda item: item.key != NAME))


def first_value(item: OfferField) -> FieldValue:
    """Give the default of a field as its type has it."""
    default = item.default
    if item.type is FieldType.FLAG:
        return default is True
    if item.type in _MANY:
        return default if isinstance(default, tuple) else as_texts(str(default or ""))
    return default if isinstance(default, str) else ""


def carried_over(
    fields: Sequence[OfferField],
    before: Sequence[OfferField],
    values: Mapping[str, FieldValue],
) -> dict[str, FieldValue]:
    """Give the values for these fields: what was filled in where the same was asked for before.

    The others, and what is no choice here, have their defaults.
    """
    known = {item.key: item for item in before}
    return {
        item.key: values[item.key]
        if item.key in known and _stays(item, known[item.key], values[item.key])
        else first_value(item)
        for item in fields
    }


def _stays(item: OfferField, before: OfferField, value: FieldValue) -> bool:
    if item.type is not before.type or value == first_value(before):
        return False
    texts = (value,) if isinstance(value, str) else () if isinstance(value, bool) else value
    return item.type not in _CLOSED or set(texts) <= set(item.choices)


def as_texts(text: str) -> tuple[str, ...]:
    """Take a line apart at its commas; each text counts once."""
    return tuple(dict.fromkeys(filter(None, map(str.strip, text.split(",")))))


def missing(fields: Sequence[OfferField], values: Mapping[str, FieldValue]) -> OfferField | None:
    """Give the first field that is needed and not filled in."""
    return next((item for item in fields if item.required and not _given(values[item.key])), None)


def misfit(noun: str, fields: Sequence[OfferField], values: Mapping[str, FieldValue]) -> str:
    """Say what is wrong with the first value that cannot be; what is left out is not wrong."""
    for item in fields:
        if _given(values[item.key]):
            try:
                check_fields(noun, [item], {item.key: values[item.key]})
            except UsageError as error:
                return error.sentence
    return ""


def problem(noun: str, fields: Sequence[OfferField], values: Mapping[str, FieldValue]) -> str:
    """Say why nothing can be made of these values; empty: something can."""
    needed = missing(fields, values)
    return f"{needed.label} is needed" if needed else misfit(noun, fields, values)


def _given(value: FieldValue) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)
