"""What is masked in a server's words: the call's own secrets, however they are spelled."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from fault_server import FaultServer, reply
from tokentui.domain.errors import ProviderError
from tokentui.domain.secret import Secret
from tokentui.providers.http import Http
from tokentui.providers.http_call import Call, JournalLine
from tokentui.providers.http_echo import unechoed
from tokentui.providers.http_tls import tls_context

VALUE = 'sécret/+"=1234'
BEARER = Call("GET", "http://x", "x", headers={"Authorization": Secret(f"Bearer {VALUE}")})


@pytest.mark.parametrize(
    "spelling",
    [
        VALUE,
        f"Bearer {VALUE}",
        quote(VALUE),
        quote(VALUE, safe=""),
        json.dumps(VALUE),
        VALUE.replace("/", "\\/"),
        b64encode(VALUE.encode()).decode(),
        b64encode(f"Bearer {VALUE}".encode()).decode(),
    ],
)
def test_each_spelling_is_masked(spelling: str) -> None:
    left = unechoed(BEARER, f"no: {spelling} is wrong")

    assert "[secret]" in left
    assert "1234" not in left
    assert left.startswith("no: ")


def test_the_password_of_basic_authentication_is_masked() -> None:
    pair = b64encode(b"user:p4ss:word").decode()
    call = Call("GET", "http://x", "x", headers={"Authorization": Secret(f"Basic {pair}")})

    assert unechoed(call, f"{pair}, p4ss:word of user") == "[secret], [secret] of user"


def test_a_form_encoded_password_is_masked_as_it_was_before() -> None:
    """RFC 6749, section 2.3.1."""
    pair = b64encode(b"user:p4%26ss%2Bword").decode()
    call = Call("POST", "http://x", "x", headers={"Authorization": Secret(f"Basic {pair}")})

    assert unechoed(call, "p4&ss+word of user") == "[secret] of user"


def test_what_is_no_secret_stays() -> None:
    call = Call("GET", "http://x", "x", headers={"X-A": "shown"}, form={"a": Secret("abc")})

    assert unechoed(call, "shown abc") == "shown abc"


async def test_words_are_masked_before_they_are_cut_and_so_is_the_head() -> None:
    secret = "s3cr3t" * 20
    lines: list[JournalLine] = []
    http = Http(tls=tls_context(), clock=lambda: datetime.now(UTC), on_call=lines.append)
    body = json.dumps({"m": f"no {secret}"}).encode()
    async with FaultServer(reply(400, body, x_trace_id=f"t-{secret}")) as server:
        call = Call(
            "POST",
            f"{server.url}/a",
            "do it",
            form={"assertion": Secret(secret)},
            error_text=lambda payload: str(payload["m"])[:40],  # type: ignore[index]
        )
        with pytest.raises(ProviderError) as caught:
            await http.once(call)
    await http.aclose()

    assert "(no [secret])" in caught.value.message
    assert caught.value.trace_id == "t-[secret]"
    assert "s3cr3t" not in repr(lines) + caught.value.sentence
