"""The settings of a STACKIT profile, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean
from tokentui.providers import options
from tokentui.providers.http_check import url_fault
from tokentui.providers.stackit.about import EDGE_KUBERNETES_URL, EDGE_URL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.about import SettingValue

DEFAULT_REGION = "eu01"
_REGION = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PLACES = frozenset({"host", "id"})


@dataclass(frozen=True, slots=True)
class Project:
    """A project: its UUID, and the name that the profile gives it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the services are; `token` None: as the key file says.

    `edge_kubernetes` is a template with `{host}`, the host of an instance's Edge UI, or `{id}`,
    the instance's id.
    """

    edge: str
    token: str | None
    edge_kubernetes: str


@dataclass(frozen=True, slots=True)
class StackitSettings:
    """Which projects in which regions, and where the services are."""

    projects: tuple[Project, ...]
    regions: tuple[str, ...]
    endpoints: Endpoints


def read_settings(settings: Mapping[str, SettingValue], where: str) -> StackitSettings:
    """Check a profile's settings. Raises `ConfigError` that names `where` and the key."""
    return StackitSettings(
        projects=_projects(settings, where),
        regions=_regions(settings, where),
        endpoints=_endpoints(options.text_map(settings, "endpoints", where), where),
    )


def is_safe_url(url: str) -> bool:
    """Whether a credential may be sent there: over https, or to this host itself."""
    if url_fault(url):
        return False
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in _LOOPBACK


def is_loopback(url: str) -> bool:
    """Whether an address is on this host."""
    return urlsplit(url).hostname in _LOOPBACK


def checked_url(url: str, where: str) -> str:
    """Give an address without its last slash. Raises `ConfigError` if it is not safe."""
    if not is_safe_url(url):
        raise ConfigError(
            f"{where}: {clean(url, 120)} is no address that a credential may be sent to",
            "use an https:// address",
        )
    return url.rstrip("/")


def _projects(settings: Mapping[str, SettingValue], where: str) -> tuple[Project, ...]:
    one = options.optional_text(settings, "project_id", where)
    several = options.text_map(settings, "projects", where)
    if (one is None) == (not several):
        raise ConfigError(
            f"{where} needs either project_id or projects", "set exactly one of the two"
        )
    named = {one: one} if one is not None else several
    return tuple(Project(_uuid(text, where), clean(name, 60)) for name, text in named.items())


def _uuid(text: str, where: str) -> str:
    try:
        return str(UUID(text.strip()))
    except ValueError:
        raise ConfigError(
            f"{where}: {clean(text, 60)} is not the UUID of a project",
            "copy the project id from the portal",
        ) from None


def _regions(settings: Mapping[str, SettingValue], where: str) -> tuple[str, ...]:
    if settings.get("regions") is not None:
        regions = options.texts(settings, "regions", where)
    else:
        regions = (options.optional_text(settings, "region", where) or DEFAULT_REGION,)
    for region in regions:
        if not _REGION.fullmatch(region):
            raise ConfigError(f"{where}: {clean(region, 60)} is not a region", "write it as eu01")
    return tuple(dict.fromkeys(regions))


def _endpoints(given: Mapping[str, str], where: str) -> Endpoints:
    token = given.get("token")
    return Endpoints(
        edge=checked_url(given.get("edge", EDGE_URL), f"{where}, endpoints.edge"),
        token=None if token is None else checked_url(token, f"{where}, endpoints.token"),
        edge_kubernetes=_template(given.get("edge_kubernetes", EDGE_KUBERNETES_URL), where),
    )


def _template(template: str, where: str) -> str:
    """Check that a template gives a safe address when it is filled in."""
    where = f"{where}, endpoints.edge_kubernetes"
    try:
        places = {place for _, place, _, _ in Formatter().parse(template) if place is not None}
    except ValueError:
        places = {""}
    if not places <= _PLACES:
        raise ConfigError(
            f"{where}: {clean(template, 120)} has other places than {{host}} and {{id}}",
            "write it as https://{host}:6443",
        )
    checked_url(template.format(host="host", id="id"), where)
    return template.rstrip("/")
