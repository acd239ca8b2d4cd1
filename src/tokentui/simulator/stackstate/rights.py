"""The permissions of servers by age, and the roles that every server has.

Source: StackVista/helm-charts 027b048 stable/suse-observability/sts-authz-permissions and, for
old servers, the page "Permissions" of StackVista/stackstate-docs, both read 2026-11-22. Of the
many other permissions a few stand here, so that lists have some length. Old servers' rights of
persons other than the administrator are an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tokentui.simulator.stackstate.model import ServerAge

if TYPE_CHECKING:
    from collections.abc import Mapping

ADMIN: Final = "stackstate-admin"
K8S_ADMIN: Final = "stackstate-k8s-admin"
POWER_USER: Final = "stackstate-power-user"
TROUBLESHOOTER: Final = "stackstate-k8s-troubleshooter"
GUEST: Final = "stackstate-guest"

UPDATE_METRICS: Final = "update-metrics"


@dataclass(frozen=True, slots=True)
class Rights:
    """What the API asks for; `roles` holds what each predefined role may do."""

    list_tokens: str
    create_tokens: str
    delete_tokens: str
    own_tokens: str
    read_permissions: str
    update_permissions: str
    ingestion_keys: str
    roles: Mapping[str, frozenset[str]]

    @property
    def names(self) -> list[str]:
        """Every permission there is, sorted."""
        return sorted(frozenset[str]().union(*self.roles.values()))


_READING = frozenset(
    {
        "get-api-tokens",
        "get-metrics",
        "get-monitors",
        "get-permissions",
        "get-settings",
        "get-topology",
        "get-traces",
        "get-views",
    }
)
_TROUBLESHOOTING = _READING | {"create-monitors", "create-views", "delete-views", "execute-ai"}
_POWER = _TROUBLESHOOTING | {"execute-scripts", "update-settings", UPDATE_METRICS}
_SECURITY = frozenset(
    {
        "get-service-tokens",
        "create-service-tokens",
        "update-service-tokens",
        "delete-service-tokens",
        "update-permissions",
        "update-scoped-permissions",
    }
)

_CURRENT: Final = Rights(
    list_tokens="get-service-tokens",
    create_tokens="create-service-tokens",
    delete_tokens="delete-service-tokens",
    own_tokens="get-api-tokens",
    read_permissions="get-permissions",
    update_permissions="update-permissions",
    ingestion_keys="",
    roles={
        ADMIN: _POWER | _SECURITY | {"execute-restricted-scripts", "update-stackpacks"},
        K8S_ADMIN: (_POWER | _SECURITY) - {"update-settings"},
        POWER_USER: _POWER,
        TROUBLESHOOTER: _TROUBLESHOOTING,
        GUEST: _READING,
    },
)

_OLD_GUEST = frozenset({"access-cli", "read-metrics", "read-permissions", "read-settings"})
_OLD_POWER = _OLD_GUEST | {"execute-scripts", "manage-monitors", UPDATE_METRICS}
_OLD_SECURITY = frozenset(
    {"manage-service-tokens", "manage-ingestion-api-keys", "update-permissions"}
)

_OLD: Final = Rights(
    list_tokens="manage-service-tokens",
    create_tokens="manage-service-tokens",
    delete_tokens="manage-service-tokens",
    own_tokens="access-cli",
    read_permissions="read-permissions",
    update_permissions="update-permissions",
    ingestion_keys="manage-ingestion-api-keys",
    roles={
        ADMIN: _OLD_POWER | _OLD_SECURITY,
        "stackstate-platform-admin": _OLD_GUEST | {"manage-stackpacks"},
        POWER_USER: _OLD_POWER,
        TROUBLESHOOTER: _OLD_GUEST | {"manage-monitors"},
        GUEST: _OLD_GUEST,
    },
)


def rights_of(age: ServerAge) -> Rights:
    """Return the rights of servers of that age."""
    return _CURRENT if age is ServerAge.CURRENT else _OLD
