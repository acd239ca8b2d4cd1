"""The settings of a Cloudfleet profile, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean
from tokentui.providers import options
from tokentui.providers.cloudfleet import about
from tokentui.providers.cloudfleet.wire_format import ORGANIZATION_ID
from tokentui.providers.cloudfleet.wire_settings import read_wire
from tokentui.providers.http_check import canonical_url, checked_base, checked_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokentui.domain.about import SettingValue
    from tokentui.providers.cloudfleet.wire_settings import WireFormat

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""What ids look like; those seen are UUIDs and 22 characters of base 58."""


@dataclass(frozen=True, slots=True)
class CloudfleetSettings:
    """Which organization, where its API is, how one signs in, and the wire format.

    `token_url` is filled in; it and `token_id` are empty where they are not known.
    """

    organization_id: str
    url: str
    auth_mode: str
    token_url: str
    token_id: str
    client_auth: str
    scope: str
    audience: str
    wire: WireFormat

    @property
    def is_vendors(self) -> bool:
        """Whether the API is the vendor's own, to which its console belongs."""
        return canonical_url(self.url) == about.DEFAULT_URL

    @property
    def place(self) -> str:
        """The API's address and the organization, the same for each way to write it."""
        return f"{canonical_url(self.url)}/organizations/{self.organization_id.lower()}"


def read_settings(settings: Mapping[str, SettingValue], where: str) -> CloudfleetSettings:
    """Check a profile's settings. Raises `ConfigError` that names `where` and the key."""
    auth_mode = _choice(settings, "auth_mode", about.AUTH_MODES, where)
    organization_id = _checked_id(options.text(settings, "organization_id", where), where)
    token_id = options.optional_text(settings, "token_id", where) or ""
    if not token_id and auth_mode != about.BEARER:
        raise ConfigError(
            f"{where} needs token_id for auth_mode {auth_mode}",
            "set it to the id of the API token whose secret `auth` gives",
        )
    if token_id:
        _checked_id(token_id, where, "token_id")
    return CloudfleetSettings(
        organization_id=organization_id,
        url=checked_base(
            options.optional_text(settings, "url", where) or about.DEFAULT_URL, f"{where}, url"
        ),
        auth_mode=auth_mode,
        token_url=_token_url(settings, auth_mode, organization_id, where),
        token_id=token_id,
        client_auth=_choice(settings, "client_auth", about.CLIENT_AUTHS, where),
        scope=options.optional_text(settings, "scope", where) or "",
        audience=options.optional_text(settings, "audience", where) or "",
        wire=read_wire(options.text_map(settings, "wire", where), where),
    )


def _choice(
    settings: Mapping[str, SettingValue], key: str, choices: Sequence[str], where: str
) -> str:
    value = options.optional_text(settings, key, where) or choices[0]
    if value not in choices:
        raise ConfigError(
            f"{where}: {key} cannot be {clean(value, 40)}", f"use {' or '.join(choices)}"
        )
    return value


def _checked_id(value: str, where: str, key: str = "organization_id") -> str:
    if not _ID.fullmatch(value):
        raise ConfigError(
            f"{where}: {key} cannot be {clean(value, 60)!r}",
            "copy the id from the console: letters, digits, dots, dashes and underscores",
        )
    return value


def _token_url(
    settings: Mapping[str, SettingValue], auth_mode: str, organization_id: str, where: str
) -> str:
    """Fill in the template; the secret goes to https alone, or to this host itself."""
    template = options.optional_text(settings, "token_url", where)
    if template is None:
        if auth_mode == about.CLIENT_CREDENTIALS:
            raise ConfigError(
                f"{where} needs token_url for auth_mode {auth_mode}: the vendor documents none",
                "ask Cloudfleet for it, or use another auth_mode",
            )
        return ""
    filled = template.replace(f"{{{ORGANIZATION_ID}}}", quote(organization_id, safe=""))
    if set(filled) & set("{}"):
        raise ConfigError(
            f"{where}: token_url {clean(template, 120)} has braces that nothing fills",
            f"only {{{ORGANIZATION_ID}}} can be filled in",
        )
    checked_url(filled, f"{where}, token_url")
    return filled
