"""What --name, --role, --group and --set say, as an offer's fields want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import UsageError
from tokentui.domain.model import FieldType
from tokentui.domain.text import clean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from tokentui.domain.model import FieldValue, OfferField

_FLAGS = {"name": "--name", "roles": "--role", "role": "--role", "group": "--group"}
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_WORDS = {"roles": "role"}
_LONGEST_ECHO = 60
_MOST_NAMED = 8
_GIVES_RIGHTS = frozenset({"group"})  # what an account kind calls its `group_label`
_MANY = frozenset({FieldType.TEXTS, FieldType.CHOICES})


def values_of(
    noun: str, fields: Sequence[OfferField], options: argparse.Namespace
) -> dict[str, FieldValue]:
    """Read the flags; raises `UsageError` that names what `noun` takes.

    Fields that it has not are left for the service to refuse, which knows better words.
    """
    known = {field.key: field for field in fields}
    given = _given(noun, known, options)
    values = {
        key: _converted(noun, known[key], texts) if key in known else texts[-1]
        for key, texts in given.items()
    }
    if values.keys() <= known.keys():
        _raise_if_missing(noun, fields, values)
    return values


def unknown_words(
    place: str, fields: Sequence[OfferField], values: Mapping[str, FieldValue]
) -> list[str]:
    """Give a sentence for each word that `place` does not suggest for a field of free words."""
    return [
        f"{_WORDS.get(field.key, field.label)} {clean(word, _LONGEST_ECHO)} is not among those "
        f"that {place} knows: {_some(field.choices)}"
        for field in fields
        if field.type is FieldType.TEXTS and field.choices
        for word in _words(values.get(field.key))
        if word not in field.choices
    ]


def _words(value: FieldValue | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _some(choices: Sequence[str]) -> str:
    more = ", ..." if len(choices) > _MOST_NAMED else ""
    return ", ".join(choices[:_MOST_NAMED]) + more


def _raise_if_missing(
    noun: str, fields: Sequence[OfferField], values: Mapping[str, FieldValue]
) -> None:
    missing = [one for one in fields if _is_missing(one, values)]
    if missing:
        labels = " and ".join(field.label for field in missing)
        raise UsageError(f"{noun} needs {labels}", f"give {', '.join(map(_asked, missing))}")


def _is_missing(field: OfferField, values: Mapping[str, FieldValue]) -> bool:
    """Say whether it has to be given; what gives rights is never taken from a default."""
    if field.key in _GIVES_RIGHTS:
        return not values.get(field.key)
    return field.required and not values.get(field.key, field.default)


def _asked(field: OfferField) -> str:
    """Give a field's flag, beside the field where the flag does not name it, and its choices."""
    flag = _FLAGS.get(field.key)
    asked = f"{flag} (the field {field.key!r})" if flag else _flag(field)
    return f"{asked}: {_some(field.choices)}" if field.key in _GIVES_RIGHTS else asked


def _given(
    noun: str, known: dict[str, OfferField], options: argparse.Namespace
) -> dict[str, list[str]]:
    name, group = getattr(options, "name", None), getattr(options, "group", None)
    roles = "role" if "role" in known else "roles"  # of a kind that takes one, or several
    by_flag = {
        "name": [] if name is None else [name],
        roles: list(getattr(options, "role", ())),
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
    return ", ".join(map(_flag, known.values())) or "nothing of that kind"


def _flag(field: OfferField) -> str:
    value = "PATH" if field.type is FieldType.FILE else "..."
    return _FLAGS.get(field.key, f"--set {field.key}={value}")


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
