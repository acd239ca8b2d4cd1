"""The state of the simulated STACKIT."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.simulator.stackit.accounts import Accounts
from tokentui.simulator.stackit.model import ACTIVE, DELETING, RECONCILING, EdgeInstance
from tokentui.simulator.stackit.observability_model import Observability

if TYPE_CHECKING:
    from collections.abc import Callable

    from tokentui.simulator.ground import Ground
    from tokentui.simulator.stackit.model import Mint, Plan, Project, ServiceAccountKey

EDGE_PREFIX = "/stackit/edge"
SERVICE_ACCOUNT_PREFIX = "/stackit/service-account"
OBSERVABILITY_PREFIX = "/stackit/observability"
RESOURCE_MANAGER_PREFIX = "/stackit/resource-manager"
IDENTITY_PROVIDER_PREFIX = "/stackit/idp"
EDGE_KUBERNETES_PREFIX = "/edge"
EDGE_UI_PREFIX = "/edge-ui"

_WORK_TIME = timedelta(seconds=30)
_MAX_ID = 16


class StackitWorld:
    """Projects, instances, identities and everything minted; `text` touches every free text.

    `made` counts by kind the credentials that were made besides those of Edge instances.
    """

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.projects: dict[str, Project] = {}
        self.plans: dict[str, Plan] = {}
        self.accounts = Accounts()
        self.observability = Observability()
        self.made: Counter[str] = Counter()
        self.mints: list[Mint] = []
        self.text: Callable[[str], str] = _unchanged
        self.access_token_life = timedelta(hours=1)
        self.refresh_token_life = timedelta(hours=24)
        self._instances: dict[tuple[str, str], EdgeInstance] = {}

    @property
    def service_account_audience(self) -> str:
        """The `aud` of assertions, which is the address of the service-account API."""
        return self.ground.base_url + SERVICE_ACCOUNT_PREFIX

    def key_of(self, *, may_write: bool) -> ServiceAccountKey:
        """Return the key of the admin or of the reader."""
        return self.accounts.key_of(may_write=may_write)

    def add_instance(self, instance: EdgeInstance) -> None:
        """Let an instance exist."""
        self._instances[instance.project_id, instance.id] = instance

    def instances(
        self, project_id: str | None = None, region: str | None = None
    ) -> list[EdgeInstance]:
        """Return what exists now, in order of creation here."""
        self._finish_work()
        return [
            instance
            for instance in self._instances.values()
            if project_id in (None, instance.project_id) and region in (None, instance.region)
        ]

    def instance(self, instance_id: str) -> EdgeInstance | None:
        """Return the instance with that id, of any project."""
        return next((one for one in self.instances() if one.id == instance_id), None)

    def instance_named(self, display_name: str) -> EdgeInstance:
        """Return the instance with that display name; raises KeyError."""
        for instance in self.instances():
            if instance.display_name == display_name:
                return instance
        raise KeyError(display_name)

    def create_instance(
        self, project_id: str, region: str, display_name: str, plan_id: str, description: str | None
    ) -> EdgeInstance:
        """Order an instance, which reconciles for a while before it is active."""
        now = self.ground.clock.now()
        instance_id = instance_id_of(display_name, project_id)
        instance = EdgeInstance(
            id=instance_id,
            display_name=display_name,
            project_id=project_id,
            region=region,
            plan_id=plan_id,
            status=RECONCILING,
            frontend_url=self.frontend_url(instance_id),
            created=now,
            description=description,
            ready_at=now + _WORK_TIME,
        )
        self.add_instance(instance)
        return instance

    def delete_instance(self, instance: EdgeInstance) -> None:
        """Order the end of an instance, which is deleting for a while before it is gone."""
        instance.status = DELETING
        instance.ready_at = None
        instance.gone_at = self.ground.clock.now() + _WORK_TIME

    def frontend_url(self, instance_id: str) -> str:
        """Return the address of an instance's own web interface."""
        return f"{self.ground.tls_url}{EDGE_UI_PREFIX}/{instance_id}"

    def cluster_url(self, instance_id: str) -> str:
        """Return the address of an instance's Kubernetes API."""
        return f"{self.ground.tls_url}{EDGE_KUBERNETES_PREFIX}/{instance_id}"

    def mint_count(self, instance_id: str | None = None) -> int:
        """Return how many Edge credentials were made, for one instance or for all."""
        return sum(1 for mint in self.mints if instance_id in (None, mint.instance_id))

    def _finish_work(self) -> None:
        now = self.ground.clock.now()
        for key, instance in list(self._instances.items()):
            if instance.gone_at is not None and instance.gone_at <= now:
                del self._instances[key]
            elif instance.ready_at is not None and instance.ready_at <= now:
                instance.status = ACTIVE
                instance.ready_at = None


def instance_id_of(display_name: str, project_id: str) -> str:
    """Return the display name with a hash of the project, at most 16 characters of a host name."""
    name = re.sub("[^a-z0-9-]", "", display_name) or "x"
    digest = hashlib.sha256(project_id.encode()).hexdigest()
    return f"{name}-{digest[: _MAX_ID - 1 - 8]}"[:_MAX_ID]


def uuid_of(name: str) -> str:
    """Return the same UUID for the same name in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://simulator.invalid/{name}"))


def _unchanged(text: str) -> str:
    return text
