"""The organization and its clusters, as what credentials open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import ProviderError, Refused
from tokentui.domain.model import Detail, Instance, InstanceId, InstanceState, Page
from tokentui.domain.text import clean
from tokentui.providers.cloudfleet import about, wire
from tokentui.providers.cloudfleet.registry_hosts import hosts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from tokentui.domain.model import ProfileName, Target
    from tokentui.providers.cloudfleet.api import Api
    from tokentui.providers.cloudfleet.settings import CloudfleetSettings
    from tokentui.providers.cloudfleet.wire import Cluster, Organization

_STATES: Mapping[str, InstanceState] = {
    "deployed": InstanceState.ACTIVE,
    "creating": InstanceState.BUSY,
    "updating": InstanceState.BUSY,
}
"""The states of clusters that the vendor's agent plug-in names; `disabled` is none of ours."""

_NO_BILLING = "nothing: the organization has no billing data, which says nothing of rights"


class Targets:
    """Reads what the tokens of one organization open."""

    def __init__(self, profile: ProfileName, api: Api, settings: CloudfleetSettings) -> None:
        self._profile = profile
        self._api = api
        self._settings = settings

    async def organization(self) -> Instance:
        """Read the organization. Raises `ProviderError`."""
        found = wire.organization(await self._api.organization())
        return Instance(
            profile=self._profile,
            provider=about.KEY,
            id=InstanceId(self._settings.place),
            native_id=self._settings.organization_id,
            name=found.name or self._settings.organization_id,
            noun=about.ORGANIZATION,
            state=InstanceState.ACTIVE,
            state_text="",
            ui_url=about.CONSOLE_URL if self._settings.is_vendors else "",
            created_at=found.created_at,
        )

    async def organization_page(self) -> Page[Instance]:
        """Give the organization as a page, which holds the error if that fails."""
        try:
            return Page((await self.organization(),))
        except ProviderError as error:
            return Page(failed=(error,))

    async def cluster_page(self) -> Page[Instance]:
        """List the clusters as a page, which holds the error if that fails."""
        try:
            listed = wire.clusters(await self._api.clusters())
        except ProviderError as error:
            return Page(failed=(error,))
        unique = {one.id: one for one in listed.items}
        return Page(tuple(self._cluster(one) for one in unique.values()), listed.failed)

    def check_is_own(self, target_id: str, name: str) -> None:
        """Refuse what belongs to an organization or a server that the profile had before."""
        place = self._settings.place
        if target_id != place and not target_id.startswith(self._cluster_id("")):
            raise Refused(
                f"{clean(name, 60)} is not in the organization that profile {self._profile} has "
                "now",
                "refresh the list, or give the profile its former url and organization_id again",
            )

    async def details(self, of: Target) -> tuple[Detail, ...]:
        """Say more of one of them. Raises `ProviderError`."""
        if of.noun == about.ORGANIZATION:
            return _shown(self._of_organization(wire.organization(await self._api.organization())))
        reply = await self._api.cluster(of.native_id, of.name)
        return _shown(_of_cluster(wire.cluster(reply)))

    def _cluster(self, found: Cluster) -> Instance:
        return Instance(
            profile=self._profile,
            provider=about.KEY,
            id=InstanceId(self._cluster_id(found.id)),
            native_id=found.id,
            name=found.name,
            noun=about.CLUSTER,
            state=_STATES.get(found.status, InstanceState.OTHER),
            state_text=found.status,
            region=found.region,
            plan=found.tier,
            created_at=found.created_at,
        )

    def _cluster_id(self, cluster_id: str) -> str:
        return f"{self._settings.place}/clusters/{cluster_id}"

    def _of_organization(self, found: Organization) -> Iterable[tuple[str, str, str]]:
        settings = self._settings
        has_quota = any((found.regions, found.versions, found.tiers))
        return (
            ("Organization", "id", settings.organization_id),
            ("Organization", "made", _day(found.created_at)),
            ("Can be ordered", "regions", ", ".join(found.regions)),
            ("Can be ordered", "versions", ", ".join(found.versions)),
            ("Can be ordered", "cluster tiers", ", ".join(found.tiers)),
            ("Can be ordered", "now", "" if has_quota else _NO_BILLING),
            ("Addresses", "API", settings.url),
            ("Addresses", "sign-in", settings.token_url),
            *(("Registry", region, host) for region, host in hosts_of(settings.organization_id)),
        )


def _of_cluster(found: Cluster) -> Iterable[tuple[str, str, str]]:
    return (
        ("Cluster", "status", found.status),
        ("Cluster", "region", found.region),
        ("Cluster", "tier", found.tier),
        ("Cluster", "made", _day(found.created_at)),
        ("Cluster", "changed", _day(found.updated_at)),
        ("Kubernetes", "version", found.version),
        ("Kubernetes", "channel", found.channel),
        ("Addresses", "API server", found.endpoint),
    )


def _shown(told: Iterable[tuple[str, str, str]]) -> tuple[Detail, ...]:
    return tuple(Detail(*one) for one in told if one[2])


def _day(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant:%Y-%m-%d %H:%M} UTC"
