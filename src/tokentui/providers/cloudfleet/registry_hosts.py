"""The hosts of Cloudfleet's container registry.

Source: cloudfleet.ai/docs/container-registry/authentication, read 2026-08-21.
"""

from __future__ import annotations

REGIONS = ("europe", "northamerica", "apac")


def host_in(region: str, organization_id: str) -> str:
    """Give the host of an organization's registry in a region."""
    return f"{organization_id}.{region}.registry.cloudfleet.dev"


def hosts_of(organization_id: str) -> tuple[tuple[str, str], ...]:
    """Give every region with its host."""
    return tuple((region, host_in(region, organization_id)) for region in REGIONS)
