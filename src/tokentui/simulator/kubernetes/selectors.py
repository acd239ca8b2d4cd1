"""Field and label selectors of lists.

Source: kubernetes.io "Labels and Selectors" and "Field Selectors", read 2026-08-21.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tokentui.simulator.kubernetes.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from tokentui.simulator.kubernetes.resources import Resource
    from tokentui.simulator.kubernetes.store import Json

    Filter = Callable[[Json], bool]

_SET: Final = re.compile(r"([^\s=!,()]+)\s+(in|notin)\s+\(([^()]*)\)")
_PAIR: Final = re.compile(r"([^\s=!,()]+)\s*(=|==|!=)\s*([^\s=!,()]*)")
_EXISTS: Final = re.compile(r"(!?)\s*([^\s=!,()]+)")
_COMMA_OUTSIDE: Final = re.compile(r",(?![^()]*\))")
_ALWAYS: Final = ("metadata.name", "metadata.namespace")


def field_filters(resource: Resource, selector: str) -> list[Filter]:
    """Return what an object must pass; a field that cannot be selected by is 400."""
    filters = []
    for term in filter(None, selector.split(",")):
        pair = re.fullmatch(r"([^=!]+)(=|==|!=)([^=!]*)", term.strip())
        if pair is None:
            raise bad_request(f"invalid selector: '{selector}'; can't understand '{term}'")
        field, sign, value = pair.groups()
        known = (*_ALWAYS[: 1 + resource.namespaced], *resource.selectable)
        if field not in known:
            raise _unknown_field(resource, selector, field, known)
        filters.append(_field_filter(field, value, wanted=sign != "!="))
    return filters


def label_filters(selector: str) -> list[Filter]:
    """Return what an object must pass; a selector that cannot be read is 400."""
    terms = [term.strip() for term in _COMMA_OUTSIDE.split(selector)]
    return [_label_filter(term) for term in terms if term]


def _field_filter(field: str, value: str, *, wanted: bool) -> Filter:
    path = field.split(".")

    def passes(one: Json) -> bool:
        found: object = one
        for step in path:
            found = found.get(step, "") if isinstance(found, dict) else ""
        return (found == value) == wanted

    return passes


def _label_filter(term: str) -> Filter:
    if among := _SET.fullmatch(term):
        key, sign, listed = among.groups()
        values = {one.strip() for one in listed.split(",")}
        return lambda one: (_labels(one).get(key) in values) == (sign == "in")
    if pair := _PAIR.fullmatch(term):
        key, sign, value = pair.groups()
        return lambda one: (_labels(one).get(key) == value) == (sign != "!=")
    if alone := _EXISTS.fullmatch(term):
        absent, key = alone.groups()
        return lambda one: (key in _labels(one)) != bool(absent)
    raise bad_request(f"unable to parse requirement: found '{term}'")


def _labels(one: Json) -> dict[str, str]:
    labels: dict[str, str] = one["metadata"].get("labels") or {}
    return labels


def _unknown_field(
    resource: Resource, selector: str, field: str, known: tuple[str, ...]
) -> Exception:
    names = ", ".join(f'"{one}"' for one in known)
    return bad_request(
        f'Unable to find "{resource.api_version}, Resource={resource.plural}" that match label '
        f'selector "", field selector "{selector}": "{field}" is not a known field selector: '
        f"only {names}"
    )
