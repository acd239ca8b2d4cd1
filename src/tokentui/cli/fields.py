"""What --name, --role, --group and --set say, as an offer's fields want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import UsageError
from tokentui.domain.model import FieldType

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tokentui.domain.model import FieldValue, OfferField

_FLAGS = {"name": "--name", "roles": "--role", "group": "--group"}
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_MANY = frozenset({FieldType.TEXTS, FieldType.CHOICES})


def values_of(
    noun: str, fields: Sequence[OfferField], options: argparse.Namespace
) -> dict[str, FieldValue]:
    """Read the flags; raises `UsageError` that names what `noun` takes.

    Fields that it has not are left for the service to refuse, which knows better words.
    """
    known = {field.key: field for field in fields}
    given = _given(noun, known, options)
    return {
        key: _converted(noun, known[key], texts) if key in known else texts[-1]
        for key, texts in given.items()
    }


def _given(
    noun: str, known: dict[str, OfferField], options: argparse.Namespace
) -> dict[str, list[str]]:
    name, group = getattr(options, "name", None), getattr(options, "group", None)
    by_flag = {
        "name": [] if name is None else [name],
        "roles": list(getattr(options, "role", ())),
        "group": [] if group is None else [group],
    }
    given = {key: texts for key, texts in by_flag.items() if texts}
    for key in given:
        if key not in known:
            raise UsageError(f"{noun} takes no {_FLAGS[key]}", f"it takes: {_takes(known)}")
    for pair in options.set:
        key, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--set {pair!r} has no value", "write --set FIELD=VALUE")
        given.setdefault(key, []).append(value)
    return given


def _takes(known: dict[str, OfferField]) -> str:
    return ", ".join(_FLAGS.get(key, f"--set {key}=...") for key in known) or "nothing of that kind"


def _converted(noun: str, field: OfferField, texts: list[str]) -> FieldValue:
    if field.type in _MANY:
        parts = (part.strip() for text in texts for part in text.split(","))
        return tuple(filter(None, parts))
    if len(texts) > 1:
        raise UsageError(f"{field.label} of {noun} is given {len(texts)} times", "give it once")
    if field.type is not FieldType.FLAG:
        return texts[0]
    truth = _TRUTHS.get(texts[0].lower())
    if truth is None:
        raise UsageError(
            f"{field.label} of {noun} cannot be {texts[0]!r}",
            f"write --set {field.key}=true or {field.key}=false",
        )
    return truth
