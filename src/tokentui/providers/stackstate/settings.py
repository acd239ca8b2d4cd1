"""The settings of a StackState profile, checked."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean
from tokentui.providers import options
from tokentui.providers.auth import HeaderForm
from tokentui.providers.http_check import canonical_url, checked_url, url_fault
from tokentui.providers.stackstate import about

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokentui.domain.about import SettingValue

_FORMS: Mapping[tuple[str, str], HeaderForm] = {
    (about.SERVICE_TOKEN, about.OWN_HEADERS): HeaderForm("X-API-Key"),
    (about.SERVICE_TOKEN, about.AUTHORIZATION): HeaderForm("Authorization", "ApiKey "),
    (about.API_TOKEN, about.OWN_HEADERS): HeaderForm("X-API-Token"),
    (about.API_TOKEN, about.AUTHORIZATION): HeaderForm("Authorization", "ApiToken "),
    (about.SERVICE_ACCOUNT, about.OWN_HEADERS): HeaderForm("X-API-ServiceBearer"),
    (about.SERVICE_ACCOUNT, about.AUTHORIZATION): HeaderForm("X-API-ServiceBearer"),
}
"""Where each type of token stands. Sources: StackVista/stackstate-cli e31157a client.go and, for
`Authorization`, StackVista/rancher-extension-stackstate and the page "MCP server" of
rancher/stackstate-product-docs 5975d81, read 2026-08-21."""


@dataclass(frozen=True, slots=True)
class StackstateSettings:
    """Where the server is, and in which headers tokens stand.

    `sign_in` is the header of the profile's own token, `service_token` that of a service token.
    """

    url: str
    api_path: str
    sign_in: HeaderForm
    service_token: HeaderForm

    @property
    def signs_in_with_service_token(self) -> bool:
        """Whether the profile's own token is a service token, and not a person's."""
        return self.sign_in == self.service_token

    @property
    def api_url(self) -> str:
        """The address that the API's paths are below."""
        return self.url + self.api_path

    @property
    def server_id(self) -> str:
        """The server's address, the same for each way to write it."""
        return canonical_url(self.url)

    @property
    def name(self) -> str:
        """A short name of the server: the end of its path, else the first label of its host."""
        parts = urlsplit(self.url)
        if parts.path.strip("/"):
            return clean(parts.path.rpartition("/")[2], 60)
        host = parts.hostname or ""
        return clean(host if _is_address(host) else host.partition(".")[0], 60)


def read_settings(
    settings: Mapping[str, SettingValue], auth: Mapping[str, SettingValue], where: str
) -> StackstateSettings:
    """Check a profile's settings. Raises `ConfigError` that names `where` and the key."""
    header = _choice(settings, "header", about.HEADERS, where)
    token_type = _choice(auth, "type", about.TOKEN_TYPES, f"{where}, auth")
    return StackstateSettings(
        url=_url(options.text(settings, "url", where), where),
        api_path=_api_path(settings.get("api_path", about.DEFAULT_API_PATH), where),
        sign_in=_FORMS[token_type, header],
        service_token=_FORMS[about.SERVICE_TOKEN, header],
    )


def _choice(
    values: Mapping[str, SettingValue], key: str, choices: Sequence[str], where: str
) -> str:
    value = options.optional_text(values, key, where) or choices[0]
    if value not in choices:
        raise ConfigError(
            f"{where}: {key} cannot be {clean(value, 40)}", f"use {' or '.join(choices)}"
        )
    return value


def _url(url: str, where: str) -> str:
    address = checked_url(url, f"{where}, url")
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise ConfigError(
            f"{where}: the address {clean(url, 120)} has a part after ? or #",
            "set url to the address of the server alone",
        )
    return address


def _api_path(path: SettingValue, where: str) -> str:
    if not isinstance(path, str) or not path.startswith("/") or set(path) & set("?#% "):
        raise ConfigError(f"{where}: api_path is no path", "write it like /api")
    if url_fault(f"https://host{path}"):
        raise ConfigError(f"{where}: api_path has foreign characters", "write it like /api")
    return path.rstrip("/")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
