"""The wire format of a profile: what is shipped, and what its setting `wire` says instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import quote

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean
from tokentui.providers.cloudfleet.wire_format import (
    ALIASES,
    ID,
    ORGANIZATION_ID,
    REQUESTS,
    Field,
    Operation,
)
from tokentui.providers.http_check import url_fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokentui.providers.cloudfleet.wire_format import Request

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[!-+\--~]+")
_PARTS = 2


@dataclass(frozen=True, slots=True)
class Template:
    """Method and path of an operation; the path may hold `{id}` and `{organization_id}`."""

    method: str
    path: str

    def filled(self, organization_id: str, object_id: str) -> str:
        """Give the path, with the ids percent-encoded."""
        values = {ORGANIZATION_ID: organization_id, ID: object_id}
        return _PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), self.path)


@dataclass(frozen=True, slots=True)
class WireFormat:
    """What is sent and read; an operation that is not known is not among the templates."""

    templates: Mapping[Operation, Template]
    names: Mapping[Field, tuple[str, ...]]

    @property
    def can_rename(self) -> bool:
        """Whether the request that changes a token is known."""
        return Operation.UPDATE_TOKEN in self.templates


def read_wire(given: Mapping[str, str], where: str) -> WireFormat:
    """Put what is given over what is shipped. Raises `ConfigError` that names the key."""
    known = [*Operation, *Field]
    for key in given:
        if key not in known:
            near = get_close_matches(key, known, n=1) or known
            raise ConfigError(
                f"{where}: wire has no key {clean(key, 40)}", f"use {' or '.join(near)}"
            )
    requests = {
        operation: given.get(operation, request.shipped) for operation, request in REQUESTS.items()
    }
    return WireFormat(
        {
            operation: _template(operation, text, where)
            for operation, text in requests.items()
            if text.strip() or REQUESTS[operation].shipped
        },
        {field: _names(field, given.get(field, text), where) for field, text in ALIASES.items()},
    )


def _template(operation: Operation, text: str, where: str) -> Template:
    request = REQUESTS[operation]
    words = text.split()
    fault = _fault(request, words)
    if fault:
        raise ConfigError(
            f"{where}: wire.{operation} is {clean(text, 80)!r}, which {fault}",
            f"write it like {request.shipped or request.example}",
        )
    return Template(*words)


def _fault(request: Request, words: Sequence[str]) -> str:
    """Say why this is no request; empty: it is one."""
    if len(words) != _PARTS:
        return "is not a method and a path"
    method, path = words
    if method not in request.methods:
        return f"has not one of the methods {', '.join(request.methods)}"
    return _path_fault(path) or _placeholder_fault(request, path)


def _path_fault(path: str) -> str:
    if not path.startswith("/") or set(path) & set("?#%\\"):
        return "has no path that begins with / and holds none of ? # % \\"
    if {".", ".."} & set(path.split("/")):
        return "has a path with . or .. in it"
    plain = _PLACEHOLDER.sub("", path)
    if url_fault(f"https://host{plain}") or set(plain) & set("{}"):
        return "has a path with foreign characters or single braces"
    return ""


def _placeholder_fault(request: Request, path: str) -> str:
    found = _PLACEHOLDER.findall(path)
    known = [ORGANIZATION_ID, *([ID] if request.has_id else [])]
    unknown = [name for name in found if name not in known]
    if unknown:
        near = get_close_matches(unknown[0], known, n=1) or known
        return f"has {{{clean(unknown[0], 40)}}} where only {{{near[0]}}} can be filled in"
    return "names no {id}" if request.has_id and ID not in found else ""


def _names(field: Field, text: str, where: str) -> tuple[str, ...]:
    names = tuple(filter(None, (name.strip() for name in text.split(","))))
    if not names or not all(_NAME.fullmatch(name) for name in names):
        raise ConfigError(
            f"{where}: wire.{field} is {clean(text, 80)!r}, which names no field",
            f"write one name or several with commas between, like {ALIASES[field]}",
        )
    return names
