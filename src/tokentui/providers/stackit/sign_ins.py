"""Builds the way in which a profile signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import unprintable
from tokentui.providers import options
from tokentui.providers.auth import sign_in
from tokentui.providers.http_check import checked_url
from tokentui.providers.stackit.about import CLI_SESSION, KEY_FLOW, WORKLOAD_IDENTITY

if TYPE_CHECKING:
    from tokentui.providers.auth import SignIn
    from tokentui.providers.base import Connection
    from tokentui.providers.stackit.settings import Endpoints


def own_sign_in(connection: Connection, endpoints: Endpoints, where: str) -> SignIn:
    """Build it; the modules of the methods are imported when one is used. Raises `ConfigError`."""
    match connection.auth.method:
        case method if method == KEY_FLOW:
            return _key_flow(connection, endpoints, where)
        case method if method == WORKLOAD_IDENTITY:
            return _workload(connection, endpoints, f"{where}, auth")
        case method if method == CLI_SESSION:
            from tokentui.providers.stackit.cli_session import from_cli

            return from_cli(connection.auth.options, connection.clock, f"{where}, auth")
        case _:
            return sign_in(connection.auth, connection)


def _key_flow(connection: Connection, endpoints: Endpoints, where: str) -> SignIn:
    from tokentui.providers.stackit.key_flow import KeyFlow

    auth = connection.auth.options
    token_url = options.optional_text(auth, "token_url", f"{where}, auth")
    if token_url is not None:
        token_url = checked_url(token_url, f"{where}, auth.token_url")
    return KeyFlow(
        options.path(auth, "path", f"{where}, auth"),
        connection.http,
        connection.clock,
        token_url=endpoints.token or token_url,
    )


def _workload(connection: Connection, endpoints: Endpoints, where: str) -> SignIn:
    from tokentui.providers.stackit.workload_identity import WorkloadIdentity

    auth = connection.auth.options
    email = options.text(auth, "email", where)
    if "@" not in email or unprintable(email):
        raise ConfigError(
            f"{where} has an email that is none", "set it to the service account's e-mail address"
        )
    path = options.path(auth, "path", where)
    return WorkloadIdentity(
        path, email, connection.http, connection.clock, endpoints.identity_provider
    )
