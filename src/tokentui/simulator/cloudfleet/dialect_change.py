"""Dialects as JSON: shown, and changed switch by switch."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Final

from tokentui.simulator.cloudfleet.dialect import (
    DIALECTS,
    Call,
    CallAuth,
    ClientAuth,
    Dialect,
    ErrorShape,
    Operation,
    SecretAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

_STATUSES: Final = range(200, 600)
_PARAMETER: Final = re.compile(r"\{[^}]*\}")


def dialect_json(dialect: Dialect) -> dict[str, object]:
    """Return a dialect with its calls as `METHOD /path`."""
    calls = {name: f"{one.method} {one.path}" for name, one in dialect.calls.items()}
    modes = {
        "client_auth": sorted(dialect.client_auth),
        "call_auth": sorted(dialect.call_auth),
    }
    return asdict(dialect) | modes | {"calls": calls}


def changed(dialect: Dialect, changes: Mapping[str, object]) -> Dialect:
    """Return the dialect with some switches set; a `name` alone or first chooses a named one.

    A mapping changes the entries that it names. Raises ValueError if a switch or its value is
    unknown.
    """
    rest = dict(changes)
    if "name" in rest:
        dialect = named(str(rest.pop("name")))
    unknown = set(rest) - set(_READERS)
    if unknown:
        message = f"Unknown switches: {', '.join(sorted(unknown))}; known: {', '.join(_READERS)}."
        raise ValueError(message)
    # Each reader returns the type of its own field.
    values = {name: _READERS[name](dialect, value) for name, value in rest.items()}
    return replace(dialect, **values)  # type: ignore[arg-type]


def named(name: str) -> Dialect:
    """Return a named dialect; raises ValueError."""
    if name not in DIALECTS:
        message = f"No dialect {name!r}; there are {', '.join(DIALECTS)}."
        raise ValueError(message)
    return DIALECTS[name]


def _calls(dialect: Dialect, value: object) -> object:
    calls = dict(dialect.calls)
    for name, text in _texts(value).items():
        operation = Operation(name)
        method, _, path = text.partition(" ")
        _check_path(path, calls[operation].path)
        if not method.isalpha():
            raise ValueError("A call is written as METHOD /path.")
        calls[operation] = Call(method.upper(), path)
    return calls


def _token_path(dialect: Dialect, value: object) -> object:
    del dialect
    path = str(value)
    _check_path(path, "{organization_id}" if "{" in path else "")
    return path


def _check_path(path: str, example: str) -> None:
    parameters = set(_PARAMETER.findall(example))
    if not path.startswith("/") or set(_PARAMETER.findall(path)) != parameters:
        named = ", ".join(sorted(parameters)) or "no parameter"
        message = f"A path begins with a slash and holds {named}."
        raise ValueError(message)


def _fields(which: str) -> Callable[[Dialect, object], object]:
    def read(dialect: Dialect, value: object) -> object:
        known: dict[str, str] = dict(getattr(dialect, which))
        given = _texts(value)
        if set(given) - set(known):
            message = f"{which} may name {', '.join(known)}."
            raise ValueError(message)
        return known | given

    return read


def _modes(kind: type[StrEnum]) -> Callable[[Dialect, object], object]:
    def read(dialect: Dialect, value: object) -> object:
        del dialect
        if not isinstance(value, list):
            raise ValueError("Ways to sign in are given as a list.")  # noqa: TRY004 - as others
        return frozenset(kind(str(one)) for one in value)

    return read


def _one_of(kind: type[StrEnum]) -> Callable[[Dialect, object], object]:
    return lambda _, value: kind(str(value))


def _status(dialect: Dialect, value: object) -> object:
    del dialect
    if isinstance(value, bool) or not isinstance(value, int) or value not in _STATUSES:
        raise ValueError("A status is a number from 200 to 599.")
    return value


def _text(dialect: Dialect, value: object) -> object:
    del dialect
    if not isinstance(value, str):
        raise ValueError("The value must be a text.")  # noqa: TRY004 - as for other values
    return value


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ValueError("The value must be an object of texts.")
    return value


_READERS: Final[Mapping[str, Callable[[Dialect, object], object]]] = {
    "calls": _calls,
    "token_path": _token_path,
    "token_fields": _fields("token_fields"),
    "cluster_fields": _fields("cluster_fields"),
    "organization_fields": _fields("organization_fields"),
    "create_answer": _one_of(SecretAnswer),
    "regenerate_answer": _one_of(SecretAnswer),
    "envelope": _text,
    "create_status": _status,
    "regenerate_status": _status,
    "update_status": _status,
    "delete_status": _status,
    "login_refusal_status": _status,
    "error_shape": _one_of(ErrorShape),
    "client_auth": _modes(ClientAuth),
    "call_auth": _modes(CallAuth),
}
