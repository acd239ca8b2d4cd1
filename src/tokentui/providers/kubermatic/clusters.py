"""Clusters, and the kubeconfigs that their members share.

Sources: kubermatic/dashboard c996f110, kubermatic/kubermatic 2974df5b pkg/resources/kubeconfig.go
and KKP's changelogs, as of August 2026: a cluster has one static token for owners and editors,
which is a cluster-admin's, and one for viewers; neither ends. Revoking one makes another.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, ProviderError, Refused, Unreachable
from tokentui.domain.lifetime import Never
from tokentui.domain.model import (
    Credential,
    CredentialId,
    CredentialState,
    Detail,
    EndSource,
    Instance,
    InstanceId,
    InstanceState,
    Issued,
    Offer,
    Page,
)
from tokentui.domain.text import clean
from tokentui.providers.kubermatic import wire
from tokentui.providers.kubermatic.about import CLUSTER_NOUN, KEY, KUBECONFIG
from tokentui.providers.kubermatic.api import NoSuchPath
from tokentui.providers.kubermatic.fields import label
from tokentui.providers.kubermatic.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from tokentui.domain.model import ProfileName
    from tokentui.providers.kubermatic.api import Api
    from tokentui.providers.kubermatic.places import Places
    from tokentui.providers.kubermatic.wire import ClusterRow, Project

ADMIN, VIEWER = "admin", "viewer"
_RIGHTS: Mapping[str, tuple[str, str]] = {
    ADMIN: ("cluster-admin", "cluster-admin without an end, the same for all owners and editors"),
    VIEWER: ("viewer", "without an end, the same for all viewers"),
}
WARNINGS = (
    "owners and editors get the cluster-admin's: it may do everything in the cluster",
    "it never ends, and all members with the same role share it: revoking it ends it for all",
)
SHUT_OUT = (
    "the sign-in may not see this cluster: project managers are shut out of clusters, "
    "owners, editors and viewers are not"
)
SWITCHED_OFF = "the operator of this installation has switched the download of kubeconfigs off"
OLD_ONE = "it was revoked a moment ago: for a while KKP may still hand out the old one, so check it"
_MAY_BE_OLD = timedelta(minutes=5)
_BELIEVED_OFF = timedelta(minutes=5)


class Clusters:
    """Lists clusters, downloads their kubeconfigs and revokes them."""

    def __init__(
        self,
        profile: ProfileName,
        api: Api,
        places: Places,
        clock: Callable[[], datetime],
        ui_url: str,
    ) -> None:
        self._profile = profile
        self._api = api
        self._places = places
        self._clock = clock
        self._ui_url = ui_url
        self._revoked: dict[str, datetime] = {}
        self._off_since: datetime | None = None

    async def list(self, project: Project) -> Page[Instance]:
        """List the clusters of a project; a seed that is down is a failure beside the others."""
        rows, failed = await self.rows(project)
        return Page(tuple(self._instance(one, project) for one in rows), failed)

    async def rows(
        self, project: Project
    ) -> tuple[tuple[ClusterRow, ...], tuple[ProviderError, ...]]:
        """List the clusters as they are sent. Raises `ProviderError`."""
        listed, missing = wire.clusters(await self._api.clusters(project))
        failed: tuple[ProviderError, ...] = listed.failed
        if missing:
            error = Unreachable(
                f"cannot list all clusters of {project.name} because {self._api.name} says: "
                f"{missing}",
                "try again in a moment",
            )
            failed = (*failed, error)
        return tuple({one.id: one for one in listed.items}.values()), failed

    def credentials(self, cluster: Instance) -> Page[Credential]:
        """Give the two kubeconfigs that every cluster has."""
        self._places.place_of(cluster.id, cluster.name)
        return Page(tuple(_credential(role, cluster) for role in _RIGHTS))

    async def offer(self, cluster: Instance) -> Offer:
        """Offer the kubeconfig of the sign-in's role, if it may see the cluster."""
        place = self._places.place_of(cluster.id, cluster.name)
        impossible = SWITCHED_OFF if self._is_off() else ""
        try:
            await self._api.cluster(f"look at {cluster.name}", place)
        except Forbidden:
            impossible = SHUT_OUT
        except NoSuchPath:
            pass  # an old server, which will say it itself
        was_revoked = self._revoked.get(cluster.id)
        is_late = was_revoked is not None and self._clock() - was_revoked < _MAY_BE_OLD
        warnings = (*WARNINGS, OLD_ONE) if is_late else WARNINGS
        return Offer(KUBECONFIG, cluster, Never(), (), warnings, impossible)

    async def issue(self, cluster: Instance) -> Issued:
        """Download the kubeconfig of the sign-in's role; the file's name tells which it is."""
        place = self._places.place_of(cluster.id, cluster.name)
        made_at = self._clock()
        what = f"download the kubeconfig of {cluster.name}"
        try:
            reply = await self._api.kubeconfig(what, place)
        except Forbidden as error:
            raise await self._forbidden(error, cluster, place) from None
        role = wire.role_of(reply)
        return Issued(
            kind=KUBECONFIG,
            target=cluster,
            secret=wire.kubeconfig(reply),
            ends_at=None,
            end_source=EndSource.ANSWER,
            made_at=made_at,
            remote_id=role,
            facts=(("rights", _RIGHTS[role][0]),) if role else (),
            name=role,
        )

    async def revoke(self, credential: Credential) -> None:
        """Replace the token of a role: every kubeconfig with it stops working."""
        place = self._places.place_of(credential.target_id, credential.target_name)
        role = str(credential.id)
        if role not in _RIGHTS:
            raise Refused(
                f"{credential.target_name} has no kubeconfig {clean(role, 40)}",
                f"use {' or '.join(_RIGHTS)}",
            )
        what = f"revoke the {role} kubeconfig of {credential.target_name}"
        # Also after a lost answer it may have been revoked.
        self._revoked[credential.target_id] = self._clock()
        await self._api.revoke_kubeconfigs(what, place, role)

    async def details(self, cluster: Instance) -> tuple[Detail, ...]:
        """Tell the addresses and where it runs. Raises `ProviderError`."""
        place = self._places.place_of(cluster.id, cluster.name)
        row = wire.cluster(await self._api.cluster(f"look at {cluster.name}", place))
        told = (
            ("addresses", "API server", row.url),
            ("cluster", "id", cluster.native_id),
            ("cluster", "Kubernetes", row.version),
            ("cluster", "datacenter", label(row.dc)),
            ("cluster", "project", f"{cluster.scope} ({label(place.project)})"),
        )
        return tuple(Detail(*one) for one in told if one[2])

    async def _forbidden(self, error: Forbidden, cluster: Instance, place: Place) -> Forbidden:
        """Find out what a 403 means; since 2.31 it comes as a page that does not say it in JSON.

        Whoever may see a cluster may download a kubeconfig, unless the operator forbids it
        (DisableAdminKubeconfig, since 2.22.8).
        """
        try:
            await self._api.cluster(f"look at {cluster.name}", place)
        except ProviderError:
            return error
        self._off_since = self._clock()
        return Forbidden(
            f"{error.message}; {SWITCHED_OFF}, as the cluster itself may be seen",
            "make a cluster service account and use its kubeconfig, or ask the operator",
        )

    def _is_off(self) -> bool:
        since = self._off_since
        return since is not None and self._clock() - since < _BELIEVED_OFF

    def _instance(self, row: ClusterRow, project: Project) -> Instance:
        return Instance(
            profile=self._profile,
            provider=KEY,
            id=InstanceId(self._places.id_of(Place(project.id, row.id))),
            native_id=label(row.id),
            name=row.name,
            noun=CLUSTER_NOUN,
            state=InstanceState.ENDING if row.is_ending else InstanceState.ACTIVE,
            state_text="deleting" if row.is_ending else "listed",
            scope=project.name,
            region=label(row.dc),
            plan=row.version,
            ui_url=self._ui_url,
            created_at=row.created_at,
        )


def _credential(role: str, cluster: Instance) -> Credential:
    rights, description = _RIGHTS[role]
    return Credential(
        profile=cluster.profile,
        provider=KEY,
        kind=KUBECONFIG.key,
        id=CredentialId(role),
        name=role,
        state=CredentialState.ACTIVE,
        roles=(rights,),
        target_id=cluster.id,
        target_name=cluster.name,
        target_noun=CLUSTER_NOUN,
        scope=cluster.scope,
        description=description,
        also_ends="every copy of it that members with that role have; KKP makes another one",
    )
