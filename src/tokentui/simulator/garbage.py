"""Bodies that no client expects under a success status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEPTH = 100_000

# Body and content type by variant.
GARBAGE: Final[Mapping[str, tuple[bytes, str]]] = {
    "text": (b"upstream connect error or disconnect/reset before headers", "text/plain"),
    "html": (b"<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>", "text/html"),
    "empty": (b"", "application/json"),
    "truncated": (b'{"instances": [{"id": "de', "application/json"),
    "list": (b"[1, 2, 3]", "application/json"),
    "string": (b'"a string"', "application/json"),
    "null": (b"null", "application/json"),
    "number": (b"9" * 5000, "application/json"),
    "nan": (b'{"token": NaN, "instances": Infinity}', "application/json"),
    "deep": (b"[" * _DEPTH + b"]" * _DEPTH, "application/json"),
    "utf8": (b'{"token": "\xff\xfe\xfa"}', "application/json"),
    "wrong-types": (
        json.dumps(
            {"instances": "none", "token": 7, "kubeconfig": [], "access_token": {"a": 1}}
        ).encode("ascii"),
        "application/json",
    ),
    "wrong-items": (
        json.dumps({"instances": [None, 3, {"id": 4, "displayName": [], "status": {}}]}).encode(
            "ascii"
        ),
        "application/json",
    ),
}
