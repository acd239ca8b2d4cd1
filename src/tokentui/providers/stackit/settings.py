"""The settings of a STACKIT profile, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING
from uuid import UUID

from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean
from tokentui.providers import options
from tokentui.providers.http_check import checked_url
from tokentui.providers.stackit.about import SERVICES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.about import SettingValue

EDGE_URL = "https://edge.api.stackit.cloud"
EDGE_KUBERNETES_URL = "https://{host}:6443"
"""An assumption: the description names no API server, and 6443 is Kubernetes' usual port."""
OBSERVABILITY_URL = "https://argus.api.eu01.stackit.cloud"
SERVICE_ACCOUNT_URL = "https://service-account.api.stackit.cloud"
RESOURCE_MANAGER_URL = "https://resource-manager.api.stackit.cloud"
TOKEN_URL = f"{SERVICE_ACCOUNT_URL}/token"
IDENTITY_PROVIDER_URL = "https://accounts.stackit.cloud/oauth/v2/token"

DEFAULT_REGION = "eu01"
_REGION = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
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
    the instance's id. `token` and `identity_provider` are whole addresses, the others begin them.
    """

    edge: str
    observability: str
    service_account: str
    resource_manager: str
    identity_provider: str
    token: str | None
    edge_kubernetes: str


@dataclass(frozen=True, slots=True)
class StackitSettings:
    """Which projects in which regions, which services, and where they are."""

    projects: tuple[Project, ...]
    regions: tuple[str, ...]
    endpoints: Endpoints
    services: tuple[str, ...] = SERVICES
    legacy_tokens: bool = False


def read_settings(settings: Mapping[str, SettingValue], where: str) -> StackitSettings:
    """Check a profile's settings. Raises `ConfigError` that names `where` and the key."""
    return StackitSettings(
        projects=_projects(settings, where),
        regions=_regions(settings, where),
        endpoints=read_endpoints(settings, where),
        services=_services(settings, where),
        legacy_tokens=settings.get("legacy_tokens") is True,
    )


def read_endpoints(settings: Mapping[str, SettingValue], where: str) -> Endpoints:
    """Check where the services are. Raises `ConfigError`."""
    given = options.text_map(settings, "endpoints", where)
    token = given.get("token")

    def base(name: str, default: str) -> str:
        return checked_url(given.get(name, default), f"{where}, endpoints.{name}")

    return Endpoints(
        edge=base("edge", EDGE_URL),
        observability=base("observability", OBSERVABILITY_URL),
        service_account=base("service_account", SERVICE_ACCOUNT_URL),
        resource_manager=base("resource_manager", RESOURCE_MANAGER_URL),
        identity_provider=base("identity_provider", IDENTITY_PROVIDER_URL),
        token=None if token is None else base("token", token),
        edge_kubernetes=_template(given.get("edge_kubernetes", EDGE_KUBERNETES_URL), where),
    )


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


def _services(settings: Mapping[str, SettingValue], where: str) -> tuple[str, ...]:
    if settings.get("services") is None:
        return SERVICES
    asked = options.texts(settings, "services", where)
    for one in asked:
        if one not in SERVICES:
            raise ConfigError(
                f"{where}: {clean(one, 60)} is no service", f"use {', '.join(SERVICES)}"
            )
    return tuple(one for one in SERVICES if one in asked)


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
