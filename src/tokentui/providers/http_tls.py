"""Whom to trust: one TLS context for each choice, made once."""

from __future__ import annotations

import os
import re
import ssl
import sys
import tempfile
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokentui.domain.secret import Secret

_CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")


@lru_cache
def tls_context(ca_file: Path | None = None, *, insecure: bool = False) -> ssl.SSLContext:
    """Give the context for the system's authorities and those in `ca_file`.

    The same choice gives the same context: one takes 17 to 36 ms to make.
    Raises `ConfigError` for a file that cannot be used.
    """
    _check_environment()
    context = ssl.create_default_context()
    if ca_file is not None:
        _add(context, ca_file)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def certificates_in(text: str) -> str:
    """Give the certificates of a PEM text, each once, without what stands around them.

    Empty if there are none. What else such a text holds, in any language, is a remark.
    """
    return "".join(f"{one}\n" for one in dict.fromkeys(_CERTIFICATE.findall(text)))


def context_trusting(ca_pem: str) -> ssl.SSLContext:
    """Give a context that trusts the authorities in PEM text and no others.

    Raises `ValueError` if the text holds none.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _trust(context, ca_pem)
    return context


def cluster_context(
    *,
    ca_pem: str = "",
    also_trusted: str = "",
    certificate: Secret | None = None,
    key: Secret | None = None,
    insecure: bool = False,
) -> ssl.SSLContext:
    """Give a context as a kubeconfig describes it; without `ca_pem` the system's authorities.

    `also_trusted` are more of them; `certificate` and `key` sign in a client; all in PEM form.
    Raises `ValueError`, which says what cannot be used.
    """
    context = context_trusting(ca_pem) if ca_pem else ssl.create_default_context()
    if also_trusted:
        _trust(context, also_trusted)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if certificate is not None and key is not None:
        _sign_in_with(context, certificate, key)
    return context


def _sign_in_with(context: ssl.SSLContext, certificate: Secret, key: Secret) -> None:
    """Load a client certificate; the library reads it from files alone."""
    with _short_lived_file(f"{certificate.reveal()}\n{key.reveal()}\n".encode()) as path:
        try:
            context.load_cert_chain(path, password=_no_password)
        except ssl.SSLError:
            raise ValueError("the client certificate and its key do not fit") from None


def _no_password() -> str:
    """Stand in for the prompt on the terminal that an encrypted key would cause."""
    raise ValueError("the client key is encrypted")


@contextmanager
def _short_lived_file(data: bytes) -> Iterator[str]:
    """Give the path of a file in memory, where the system has such, or of a private one."""
    if sys.platform == "linux":
        descriptor = os.memfd_create("client-certificate", os.MFD_CLOEXEC)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            file.write(data)
            yield f"/proc/self/fd/{descriptor}"
    else:
        with tempfile.NamedTemporaryFile(prefix="tokentui-", buffering=0) as file:
            file.write(data)
            yield file.name


def _check_environment() -> None:
    named = os.environ.get("SSL_CERT_FILE")
    if named and not Path(named).is_file():
        raise ConfigError(
            f"the variable SSL_CERT_FILE names the file {clean(named)}, which does not exist",
            "correct the variable or unset it",
        )


def _add(context: ssl.SSLContext, ca_file: Path) -> None:
    shown = clean(str(ca_file))
    next_step = "set `ca_file` to a PEM file with the authority's certificate"
    try:
        context.load_verify_locations(cafile=ca_file.expanduser())
    except ssl.SSLError:
        raise ConfigError(f"the file {shown} holds no certificate", next_step) from None
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise ConfigError(f"the file {shown} cannot be used: {why}", next_step) from None
    _accept_private(context)


def _trust(context: ssl.SSLContext, pem: str) -> None:
    try:
        context.load_verify_locations(cadata=certificates_in(pem))
    except (ssl.SSLError, ValueError):
        raise ValueError("no certificate in PEM form") from None
    _accept_private(context)


def _accept_private(context: ssl.SSLContext) -> None:
    """Allow authorities as companies and clusters make them, and as Go's tools take them.

    Some have no key identifiers: Python 3.13 refuses those, as its `create_default_context` sets
    VERIFY_X509_STRICT. Some are below an authority that is not known: older ones refuse those,
    as they do not set VERIFY_X509_PARTIAL_CHAIN.
    """
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
