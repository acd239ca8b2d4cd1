"""One request that has passed the gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.simulator.kubernetes.errors import bad_request

if TYPE_CHECKING:
    from starlette.requests import Request

    from tokentui.simulator.kubernetes.cluster import KubernetesCluster
    from tokentui.simulator.kubernetes.identity import Identity
    from tokentui.simulator.kubernetes.target import Target


@dataclass(frozen=True, slots=True)
class Call:
    """The cluster, the request, what it is about and whose it is."""

    cluster: KubernetesCluster
    request: Request
    target: Target
    user: Identity

    @property
    def is_dry_run(self) -> bool:
        """Whether nothing must be kept; raises ApiError for a value that is unknown."""
        wishes = self.request.query_params.getlist("dryRun")
        if any(wish not in ("", "All") for wish in wishes):
            raise bad_request(f"dryRun: Unsupported value: {wishes}: supported values: All")
        return "All" in wishes
