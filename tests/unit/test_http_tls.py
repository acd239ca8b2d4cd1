"""Whom a cluster's connections trust."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
import trustme

from tokentui.providers.http_tls import certificates_in, cluster_context, context_trusting

HOST = "cluster.example"


async def accepted(context: ssl.SSLContext, ca: trustme.CA, folder: Path) -> bool:
    """Whether a context trusts a server that shows the last certificate of its chain alone."""
    issued = ca.issue_cert(HOST)
    alone, key = folder / "leaf.pem", folder / "key.pem"
    issued.cert_chain_pems[0].write_to_path(str(alone))
    issued.private_key_pem.write_to_path(str(key))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(alone, key)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", ssl=serving)
    port = server.sockets[0].getsockname()[1]
    try:
        _, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=context, server_hostname=HOST
        )
        writer.close()
    except ssl.SSLCertVerificationError:
        return False
    finally:
        server.close()
    return True


def pem_of(ca: trustme.CA) -> str:
    return ca.cert_pem.bytes().decode()


async def test_an_intermediate_authority_is_enough(tmp_path: Path) -> None:
    between = trustme.CA().create_child_ca()
    assert await accepted(cluster_context(ca_pem=pem_of(between)), between, tmp_path)
    beside = cluster_context(ca_pem=pem_of(trustme.CA()), also_trusted=pem_of(between))
    assert await accepted(beside, between, tmp_path)
    other = cluster_context(ca_pem=pem_of(trustme.CA()))
    assert not await accepted(other, between, tmp_path)


def test_both_ways_to_an_authority_take_private_ones() -> None:
    pem = pem_of(trustme.CA())
    for context in (cluster_context(ca_pem=pem), cluster_context(also_trusted=pem)):
        assert not context.verify_flags & ssl.VERIFY_X509_STRICT
        assert context.verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN
        assert context.check_hostname
        assert context.verify_mode is ssl.CERT_REQUIRED


async def test_remarks_around_a_certificate_do_not_count(tmp_path: Path) -> None:
    ca, other = trustme.CA(), trustme.CA()
    text = f"# Főtanúsítvány - Müller\n{pem_of(ca)}\n# der zweite\n{pem_of(other)}"
    assert await accepted(context_trusting(text), ca, tmp_path)
    assert await accepted(context_trusting(text), other, tmp_path)
    assert certificates_in(text) == pem_of(ca) + pem_of(other)


@pytest.mark.parametrize("text", ["", "Müller", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="no certificate in PEM form"):
        context_trusting(text)
    spoiled = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    with pytest.raises(ValueError, match="no certificate in PEM form"):
        cluster_context(also_trusted=spoiled)
