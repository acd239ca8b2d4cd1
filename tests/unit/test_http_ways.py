"""Text answers, kept headers, and other ways to a server."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from fault_server import FaultServer, reply
from tokentui.domain.errors import Unreachable
from tokentui.domain.secret import Secret
from tokentui.providers.http import Http
from tokentui.providers.http_call import Call
from tokentui.providers.http_tls import cluster_context, tls_context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOW = datetime(2026, 10, 5, 12, 22, 0, tzinfo=UTC)


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    http = Http(tls=tls_context(), clock=lambda: NOW)
    yield http
    await http.aclose()


async def test_a_text_answer_is_not_parsed(http: Http) -> None:
    behaviour = reply(body=b"apiVersion: v1\n", Content_Disposition='filename="a\x1bb"')
    async with FaultServer(behaviour) as server:
        call = Call("GET", server.url, "get a kubeconfig", is_text=True)
        answer = await http.read(call)
    assert answer.payload is None
    assert answer.body == Secret("apiVersion: v1\n")
    assert answer.headers["content-disposition"] == 'filename="a\N{REPLACEMENT CHARACTER}b"'


async def test_a_warning_comes_with_the_answer_and_echoes_no_secret(http: Http) -> None:
    behaviour = reply(Warning='299 - "shortened for geheim99"', X_Other="1")
    async with FaultServer(behaviour) as server:
        headers = {"Authorization": Secret("Bearer geheim99")}
        answer = await http.once(Call("POST", server.url, "make", headers=headers))
    assert answer.headers == {"warning": '299 - "shortened for [secret]"'}


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA, *names: str, asks: bool = False) -> ssl.SSLContext:
    """A server's own side; with `asks` it lets in clients of the authority alone."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names).configure_cert(context)
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        authority.configure_trust(context)
    return context


def pem_of(authority: trustme.CA) -> str:
    return authority.cert_pem.bytes().decode()


async def test_another_name_is_checked_where_it_is_asked_for(
    http: Http, authority: trustme.CA
) -> None:
    tls = server_context(authority, "cluster.example")
    context = cluster_context(ca_pem=pem_of(authority))
    named, unnamed = http.through(context, server_name="cluster.example"), http.through(context)
    async with FaultServer(reply(), tls=tls) as server:
        call = Call("GET", server.url, "look")
        assert (await named.read(call)).status == 200
        with pytest.raises(Unreachable, match="certificate"):
            await unnamed.read(call, attempts=1)
        await named.aclose()  # a server waits long for the end of an open TLS connection
        await unnamed.aclose()


async def test_a_client_certificate_signs_in_and_leaves_no_file(
    http: Http, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    client = authority.issue_cert("anna@example.org")
    certificate = Secret(client.cert_chain_pems[0].bytes().decode())
    key = Secret(client.private_key_pem.bytes().decode())
    context = cluster_context(ca_pem=pem_of(authority), certificate=certificate, key=key)
    with_it, without = (
        http.through(context),
        http.through(cluster_context(ca_pem=pem_of(authority))),
    )
    async with FaultServer(
        reply(), tls=server_context(authority, "127.0.0.1", asks=True)
    ) as server:
        call = Call("GET", server.url, "look")
        assert (await with_it.read(call)).status == 200
        with pytest.raises(Unreachable):
            await without.read(call, attempts=1)
        await with_it.aclose()
        await without.aclose()
    assert list(tmp_path.iterdir()) == []


def test_a_client_certificate_that_does_not_fit_is_said(authority: trustme.CA) -> None:
    one, other = authority.issue_cert("a@example.org"), authority.issue_cert("b@example.org")
    certificate = Secret(one.cert_chain_pems[0].bytes().decode())
    key = Secret(other.private_key_pem.bytes().decode())
    with pytest.raises(ValueError, match="do not fit"):
        cluster_context(certificate=certificate, key=key)


def test_an_encrypted_key_never_asks_on_the_terminal(authority: trustme.CA) -> None:
    client = authority.issue_cert("a@example.org")
    loaded = serialization.load_pem_private_key(client.private_key_pem.bytes(), None)
    encrypted = loaded.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"password"),
    )
    certificate = Secret(client.cert_chain_pems[0].bytes().decode())
    with pytest.raises(ValueError, match="encrypted"):
        cluster_context(certificate=certificate, key=Secret(encrypted.decode()))


def test_unchecked_means_unchecked() -> None:
    context = cluster_context(insecure=True)
    assert context.verify_mode is ssl.CERT_NONE
    assert context.check_hostname is False
