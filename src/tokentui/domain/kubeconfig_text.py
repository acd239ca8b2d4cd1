"""Kubeconfigs as YAML text that Go's reader takes word for word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TypeGuard

_WORDS = frozenset(
    word
    for base in ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
    for word in (base, base.capitalize(), base.upper())
) | {"", "~", ".nan", ".NaN", ".NAN"}
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)")
_PREFIXED = re.compile(r"[-+]?0([xX][0-9a-fA-F]+|[bB][01]+|[oO][0-7]+)")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SMALLEST_NUMBER = -(2**63)
_LARGEST_NUMBER = 2**64 - 1
_PLAIN_KEY = re.compile(r"[A-Za-z][A-Za-z-]*")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_STEP = 2


class Bare(str):
    """A value that stood unquoted and is no text to Go: quoting it would change what it means."""

    __slots__ = ()


def go_reads_text(unquoted: str) -> bool:
    """Tell whether Go takes this unquoted value as text, not as a number, boolean or null.

    Numbers may hold underscores, unless they start with one or with a point; those too large
    for 64 bits are text. Source: experiments with kubectl 1.37.1.
    """
    if unquoted in _WORDS or _INFINITY.fullmatch(unquoted):
        return False
    if unquoted.startswith("_"):
        return True
    number = unquoted if unquoted.startswith(".") else unquoted.replace("_", "")
    if _PREFIXED.fullmatch(number):
        return not _SMALLEST_NUMBER <= int(number, 0) <= _LARGEST_NUMBER
    return _DECIMAL.fullmatch(number) is None or not isfinite(float(number))


def quoted(text: str) -> str:
    """Give a double-quoted YAML scalar."""
    return '"' + "".join(_ESCAPES.get(c) or _printable(c) for c in text) + '"'


def to_yaml(value: object, indent: int = 0) -> str:
    """Give block-style YAML; every line starts with `indent` blanks and ends with a line feed."""
    pad = " " * indent
    if isinstance(value, Mapping) and value:
        return "".join(f"{pad}{_key(k)}:{_after_key(v, indent)}" for k, v in value.items())
    if _is_list(value) and value:
        return "".join(f"{pad}- {to_yaml(v, indent + _STEP).lstrip(' ')}" for v in value)
    return f"{pad}{_scalar(value)}\n"


def _after_key(value: object, indent: int) -> str:
    if isinstance(value, Mapping) and value:
        return "\n" + to_yaml(value, indent + _STEP)
    if _is_list(value) and value:
        return "\n" + to_yaml(value, indent)
    return f" {_scalar(value)}\n"


def _scalar(value: object) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if _is_list(value):
        return "[]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, Bare) else quoted(str(value))


def _key(key: object) -> str:
    text = str(key)
    if isinstance(key, Bare) or (_PLAIN_KEY.fullmatch(text) and go_reads_text(text)):
        return text
    return quoted(text)


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _printable(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
