"""Asking a Kubernetes API server about a new credential."""

from __future__ import annotations

import base64
import json
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from fault_server import FaultServer, close, reply, silent
from tokentui.domain.secret import Secret
from tokentui.providers.http import Http
from tokentui.providers.http_tls import tls_context
from tokentui.providers.kube import access_of, check_token

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fault_server import Behaviour

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
VERSION = b'{"gitVersion": "v1.33.4\\u001b"}'
CA_DATA = "certificate-authority-data"
TOKEN = Secret("canary-of-kubernetes")


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    http = Http(tls=tls_context(), clock=lambda: NOW, timeout_s=2.0)
    yield http
    await http.aclose()


async def test_a_good_credential(http: Http) -> None:
    date = "Mon, 05 Oct 2026 12:00:05 GMT"
    async with FaultServer(reply(body=VERSION, Date=date)) as server:
        found = await check_token(http, f"{server.url}/edge/x/", TOKEN)
    assert found.ok is True
    assert "v1.33.4\N{REPLACEMENT CHARACTER}" in found.sentence
    assert found.took is not None
    assert found.clock_off == timedelta(seconds=5)
    assert server.requests[0].path == "/edge/x/version"
    assert server.requests[0].headers["authorization"] == "Bearer canary-of-kubernetes"


@pytest.mark.parametrize(
    ("behaviour", "ok", "words"),
    [
        (reply(401), False, "does not accept it"),
        (reply(403), False, "forbids"),
        (reply(307, Location="https://elsewhere.example"), None, "elsewhere.example"),
        (reply(500), None, "500"),
        (reply(404), None, "404"),
        (close, None, "broke the connection off"),
        (silent, None, "did not answer"),
        (reply(body=b"<html>"), None, "not JSON"),
        (reply(body=b'{"version": 1}'), None, "does not answer as a Kubernetes"),
        (reply(body=b"[]"), None, "does not answer as a Kubernetes"),
    ],
)
async def test_everything_else_is_an_answer_too(
    http: Http, behaviour: Behaviour, ok: bool | None, words: str
) -> None:
    async with FaultServer(behaviour) as server:
        found = await check_token(http, server.url, TOKEN)
    assert found.ok is ok
    assert words in found.sentence
    assert "canary" not in found.sentence
    assert len(server.requests) == 1


async def test_an_authority_that_is_not_trusted_is_no_verdict(http: Http) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    async with FaultServer(reply(body=VERSION), tls=context) as server:
        found = await check_token(http, server.url, TOKEN)
    assert found.ok is None
    assert "not trusted" in found.sentence
    assert not server.requests


def kubeconfig() -> dict[str, Any]:
    ca = base64.b64encode(b"PEM text").decode()
    return {
        "current-context": "here",
        "contexts": [
            {"name": "there", "context": {"cluster": "c2", "user": "u2"}},
            {"name": "here", "context": {"cluster": "c", "user": "u"}},
        ],
        "clusters": [
            {"name": "c2", "cluster": {"server": "https://other"}},
            {
                "name": "c",
                "cluster": {"server": "https://server", CA_DATA: ca},
            },
        ],
        "users": [{"name": "u2", "user": {}}, {"name": "u", "user": {"token": "t"}}],
    }


def test_the_current_context_is_read() -> None:
    access = access_of(Secret(json.dumps(kubeconfig())))
    assert access is not None
    assert (access.server, access.ca_pem) == ("https://server", "PEM text")
    assert access.token == Secret("t")
    assert "'t'" not in repr(access)


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("current-context", "nowhere"),
        ("current-context", None),
        ("contexts", {}),
        ("contexts", [None, {"name": "here"}]),
        ("clusters", [{"name": "c", "cluster": {"server": 7}}]),
        (
            "clusters",
            [{"name": "c", "cluster": {"server": "s", "certificate-authority-data": "é"}}],
        ),
        ("users", [{"name": "u", "user": {"exec": {}}}]),
        ("users", [{"name": "u", "user": {"token": ""}}]),
    ],
)
def test_what_signs_in_without_a_token_is_none(section: str, value: object) -> None:
    assert access_of(Secret(json.dumps({**kubeconfig(), section: value}))) is None
    assert access_of(Secret("[" * 100_000)) is None
    assert access_of(Secret("[]")) is None
