"""Reads a service-account key.

Its shape is the answer that makes a key, service-account API description v2, read 2026-08-21.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotSignedIn
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.private_file import read_private_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ANOTHER = "set auth.path to the JSON file that STACKIT gave when the key was made"


@dataclass(frozen=True, slots=True)
class ServiceAccountKey:
    """What a key file says. `subject` is the account's UUID, `issuer` its e-mail address.

    `token_endpoint` is empty, or where the file wants its tokens fetched.
    """

    key_id: str
    issuer: str
    subject: str
    audience: str
    private_key: Secret
    token_endpoint: str
    valid_until: datetime | None


def read_key_file(path: Path, now: datetime) -> ServiceAccountKey:
    """Read and check a key file. Raises `NotSignedIn`, naming the file and the field."""
    return parse_key(read_private_text(path), f"the file {clean(str(path), 200)}", now)


def parse_key(text: Secret, source: str, now: datetime) -> ServiceAccountKey:
    """Read and check a key. Raises `NotSignedIn`, naming the field and where the key is from."""
    document = _document(text, source)
    credentials = document.get("credentials")
    if not isinstance(credentials, dict):
        raise NotSignedIn(f"{source} is no service-account key", _ANOTHER)
    key = ServiceAccountKey(
        key_id=_text(credentials, "kid", source),
        issuer=_text(credentials, "iss", source),
        subject=_text(credentials, "sub", source),
        audience=_text(credentials, "aud", source),
        private_key=Secret(_text(credentials, "privateKey", source)),
        token_endpoint=_optional_text(credentials, "tokenEndpoint", source),
        valid_until=_valid_until(document, source),
    )
    if key.valid_until is not None and key.valid_until <= now:
        raise NotSignedIn(
            f"the key in {source} ended on {key.valid_until:%Y-%m-%d %H:%M} UTC",
            "make a new key for the service account",
        )
    return key


def _document(text: Secret, source: str) -> Mapping[str, object]:
    try:
        document: object = json.loads(text.reveal())
    except (ValueError, RecursionError):
        raise NotSignedIn(f"{source} is no service-account key: it is not JSON", _ANOTHER) from None
    if not isinstance(document, dict):
        raise NotSignedIn(f"{source} is no service-account key", _ANOTHER)
    return document


def _text(credentials: Mapping[str, object], field: str, source: str) -> str:
    value = _optional_text(credentials, field, source)
    if not value:
        raise NotSignedIn(f"{source} has no credentials.{field}", _ANOTHER)
    return value


def _optional_text(credentials: Mapping[str, object], field: str, source: str) -> str:
    value = credentials.get(field)
    if value is not None and not isinstance(value, str):
        raise NotSignedIn(f"in {source}, credentials.{field} is no text", _ANOTHER)
    return value or ""


def _valid_until(document: Mapping[str, object], source: str) -> datetime | None:
    value = document.get("validUntil")
    if value is None:
        return None
    try:
        end = datetime.fromisoformat(value) if isinstance(value, str) else None
        if end is not None and end.tzinfo is not None:
            return end.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise NotSignedIn(f"in {source}, validUntil is no instant", _ANOTHER)
