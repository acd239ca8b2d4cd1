"""Reading a token's own words, whatever it holds."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokentui.domain.jwt import claims, end_of


def token(body: bytes) -> str:
    middle = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
    return f"eyJhbGciOiJub25lIn0.{middle}.signature"


def ending(end: object) -> str:
    return token(json.dumps({"exp": end}).encode())


def test_claims_are_read() -> None:
    assert claims(token(b'{"sub": "\xc3\xbc?>", "n": 1}')) == {"sub": "ü?>", "n": 1}


def test_the_end_is_read() -> None:
    assert end_of(ending(1_790_000_600)) == datetime(2026, 9, 21, 14, 23, 20, tzinfo=UTC)
    assert end_of(ending(1_790_000_600.0)) == datetime(2026, 9, 21, 14, 23, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "opaque",
        "a.b",
        "a.b.c.d",
        "a.!!.c",
        "ä.ä.ä",
        token(b"[]"),
        token(b"{"),
        token(b"\xff"),
        token(b"[" * 60_000),
        token(b'{"a": "' + b"x" * 100_000 + b'"}'),
    ],
    ids=range(11),
)
def test_what_is_no_token_has_no_claims(text: str) -> None:
    assert claims(text) is None
    assert end_of(text) is None


@pytest.mark.parametrize("end", [None, "1790000600", True, [], 1e400, -1e400, 10**30, -(10**18)])
def test_an_end_that_is_no_instant_is_none(end: object) -> None:
    assert end_of(ending(end)) is None
    assert end_of(token(b'{"exp": NaN}')) is None


@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert end_of(text) is None
    end_of(token(text.encode("utf-8", "surrogatepass")))
