"""Reading a service-account key's file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from stackit_keys import CREDENTIALS, write_key
from tokentui.domain.errors import NotSignedIn
from tokentui.providers.stackit.key_file import read_key_file

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("field", ["kid", "iss", "sub", "aud", "privateKey"])
def test_a_missing_or_wrong_field_is_named(tmp_path: Path, field: str) -> None:
    for credentials, words in (
        ({name: CREDENTIALS[name] for name in CREDENTIALS if name != field}, "has no"),
        ({**CREDENTIALS, field: ""}, "has no"),
        ({**CREDENTIALS, field: 7}, "no text"),
    ):
        with pytest.raises(NotSignedIn, match=rf"(?=.*{words})(?=.*credentials\.{field})"):
            read_key_file(write_key(tmp_path, credentials), NOW)


@pytest.mark.parametrize(
    "text", ["", "apiVersion: v1\nkind: Config\n", "[]", '{"kind": "Config"}', "[" * 100_000]
)
def test_another_file_is_one_clear_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(NotSignedIn, match="is no service-account key") as caught:
        read_key_file(path, NOW)
    assert "auth.path" in caught.value.next_step


def test_a_key_that_is_over_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotSignedIn, match="ended on 2026-10-05 11:59 UTC"):
        read_key_file(write_key(tmp_path, validUntil="2026-10-05T13:59:00+02:00"), NOW)
    assert read_key_file(write_key(tmp_path, validUntil=None), NOW).valid_until is None
    never = read_key_file(write_key(tmp_path, validUntil="9999-01-01T01:01:01Z"), NOW)
    assert never.valid_until is not None
    for useless in ("soon", 7, "2027-01-01", "9999-12-31T23:59:59-14:00"):
        with pytest.raises(NotSignedIn, match="validUntil"):
            read_key_file(write_key(tmp_path, validUntil=useless), NOW)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = write_key(tmp_path)
    path.chmod(0o644)
    with pytest.raises(NotSignedIn, match="0644"):
        read_key_file(path, NOW)


def test_nothing_shows_the_key(tmp_path: Path) -> None:
    key = read_key_file(write_key(tmp_path), NOW)
    assert "PRIVATE" not in repr(key)
    assert "PRIVATE" in key.private_key.reveal()
