"""The service accounts inside clusters, and their kubeconfigs.

Source: kubermatic/dashboard c996f110, as of August 2026, and the release branches: there since
2.22. KKP lists those that it made, labelled as component clusterServiceAccount; each has one
Secret of type service-account token without an end, which is filled in about a second later.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tokentui.domain.account import AccountOffer
from tokentui.domain.errors import Forbidden, ProviderError, Refused
from tokentui.domain.lifetime import Never
from tokentui.domain.model import (
    Account,
    AccountId,
    Credential,
    CredentialId,
    CredentialState,
    Detail,
    EndSource,
    FieldType,
    Issued,
    Offer,
    OfferField,
    Page,
)
from tokentui.domain.text import clean
from tokentui.providers.kubermatic import wire
from tokentui.providers.kubermatic.about import ACCOUNT_KUBECONFIG, CLUSTER_ACCOUNT_NOUN, KEY
from tokentui.providers.kubermatic.api import (
    NoSecretYet,
    NoSuchPath,
    cluster_account_path,
    cluster_accounts_path,
)
from tokentui.providers.kubermatic.fields import label
from tokentui.providers.kubermatic.pages import page_of
from tokentui.providers.kubermatic.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from tokentui.domain.model import FieldValue, ProfileName
    from tokentui.providers.kubermatic.api import Api
    from tokentui.providers.kubermatic.clusters import Clusters
    from tokentui.providers.kubermatic.fields import Rows
    from tokentui.providers.kubermatic.patience import Patience
    from tokentui.providers.kubermatic.places import Places
    from tokentui.providers.kubermatic.wire import ClusterAccountRow, ClusterRow, Project

ONLY_ONE = "kubeconfig"
"""The id of the one kubeconfig that an account has."""

NAME = OfferField(
    "name",
    "Name",
    FieldType.TEXT,
    "lower-case letters, digits, dashes and dots",
    required=True,
    pattern="[a-z0-9]([a-z0-9.-]*[a-z0-9])?",
    longest=253,
)
NAMESPACE = OfferField(
    "namespace",
    "Namespace",
    FieldType.TEXT,
    "a namespace that exists in the cluster",
    required=True,
    default="default",
    pattern="[a-z0-9]([a-z0-9-]*[a-z0-9])?",
    longest=63,
)
NO_RIGHTS = "it may do nothing until a role is bound to it: see its recipes"
WARNINGS = (
    "it never ends: only deleting the cluster service account ends it",
    "all who download it get the same one, with the rights of the roles that are bound to it",
)
AT_ONCE = 4
"""Clusters of one project that are asked side by side."""
SHUT_OUT = "the sign-in may not see the clusters of this project"


class ClusterAccounts:
    """Lists, makes and deletes service accounts of clusters and downloads their kubeconfigs."""

    def __init__(
        self,
        profile: ProfileName,
        api: Api,
        places: Places,
        patience: Patience,
        clock: Callable[[], datetime],
    ) -> None:
        self._profile = profile
        self._api = api
        self._places = places
        self._patience = patience
        self._clock = clock

    async def list(self, project: Project, clusters: Clusters) -> Page[Account]:
        """List the accounts in all clusters of a project. Raises `ProviderError`.

        Nothing where the server is too old. Who may not see the clusters is told so once.
        """
        rows, missing = await clusters.rows(project)
        if not rows:
            return Page(failed=missing)
        try:
            first = await self._of_cluster(project, rows[0])
        except NoSuchPath:
            return Page(failed=missing)
        except Forbidden as error:
            return Page(failed=(*missing, _forbidden(error, project)))
        gate = asyncio.Semaphore(AT_ONCE)

        async def behind(row: ClusterRow) -> Page[Account]:
            async with gate:
                return await page_of(self._of_cluster(project, row))

        pages = [first, *await asyncio.gather(*map(behind, rows[1:]))]
        return Page(
            tuple(account for page in pages for account in page.items),
            (*missing, *(error for page in pages for error in page.failed)),
        )

    async def account_offers(
        self, project: Project, clusters: Clusters
    ) -> tuple[AccountOffer, ...]:
        """Offer an account in each cluster of a project; nothing where the server is too old."""
        try:
            rows, _ = await clusters.rows(project)
            impossible = ""
            if rows:
                await self._rows(project, rows[0])
        except Forbidden:
            impossible = SHUT_OUT
        except ProviderError:
            return ()
        return tuple(self._account_offer(project, one, impossible) for one in rows)

    async def create(self, offer: AccountOffer, values: Mapping[str, FieldValue]) -> Account:
        """Make one with one request."""
        place = self._places.place_of(offer.scope_id, offer.scope)
        name, namespace = values.get(NAME.key), values.get(NAMESPACE.key, NAMESPACE.default)
        if not (isinstance(name, str) and name and isinstance(namespace, str) and namespace):
            raise Refused("a cluster service account needs a name and a namespace", "fill them in")
        what = f"make the cluster service account {clean(name, 60)} in {offer.scope}"
        body = {"name": name, "namespace": namespace}
        reply = await self._api.once("POST", what, *cluster_accounts_path(place), json=body)
        row = wire.new_cluster_account(reply)
        account = self._of_row(row, place, offer.scope)
        self._patience.made(account.id)
        return account

    async def delete(self, account: Account) -> None:
        """Delete one with its token and bindings. Raises `NotFound` for one that is gone."""
        place = self._places.place_of(account.id, account.name)
        what = f"delete the cluster service account {account.name} of {account.scope}"
        await self._api.once("DELETE", what, *cluster_account_path(place))

    def credentials(self, account: Account) -> Page[Credential]:
        """Give the one kubeconfig that every account has."""
        self._places.place_of(account.id, account.name)
        return Page(
            (
                Credential(
                    profile=account.profile,
                    provider=KEY,
                    kind=ACCOUNT_KUBECONFIG.key,
                    id=CredentialId(ONLY_ONE),
                    name=account.name,
                    state=CredentialState.ACTIVE,
                    made_at=account.created_at,
                    target_id=account.id,
                    target_name=account.name,
                    target_noun=CLUSTER_ACCOUNT_NOUN,
                    scope=account.scope,
                    description="without an end, with the rights of the roles that are bound",
                ),
            )
        )

    def offer(self, account: Account) -> Offer:
        """Offer the kubeconfig."""
        return Offer(ACCOUNT_KUBECONFIG, account, Never(), warnings=WARNINGS)

    async def issue(self, account: Account) -> Issued:
        """Download the kubeconfig; for a new account once its secret is there."""
        place = self._places.place_of(account.id, account.name)
        made_at = self._clock()
        what = f"download the kubeconfig of {account.name} in {account.scope}"
        path = (*cluster_account_path(place), "kubeconfig")
        reply = await self._patience.ask(
            (account.id,), lambda: self._api.once("GET", what, *path, is_text=True), NoSecretYet
        )
        return Issued(
            kind=ACCOUNT_KUBECONFIG,
            target=account,
            secret=wire.kubeconfig(reply),
            ends_at=None,
            end_source=EndSource.ANSWER,
            made_at=made_at,
            remote_id=ONLY_ONE,
            name=account.name,
        )

    async def details(self, account: Account) -> tuple[Detail, ...]:
        """Tell which roles are bound to it. Raises `ProviderError`."""
        place = self._places.place_of(account.id, account.name)
        what = f"list the roles of {account.name} in {account.scope}"
        reply = await self._api.read(what, *cluster_account_path(place), "permissions")
        bound = [
            Detail("roles", f"in {namespace}" if namespace else "in the whole cluster", role)
            for role, namespace in wire.permissions(reply).items
            if role
        ]
        own = Detail("account", "namespace", label(place.namespace))
        return (own, *(bound or [Detail("roles", "bound", f"none: {NO_RIGHTS}")]))

    async def _of_cluster(self, project: Project, row: ClusterRow) -> Page[Account]:
        listed = await self._rows(project, row)
        unique = {(one.namespace, one.name): one for one in listed.items}
        return Page(
            tuple(self._account(one, project, row) for one in unique.values()), listed.failed
        )

    async def _rows(self, project: Project, row: ClusterRow) -> Rows[ClusterAccountRow]:
        what = f"list the cluster service accounts of {row.name} in {project.name}"
        path = cluster_accounts_path(Place(project.id, row.id))
        return wire.cluster_accounts(await self._api.read(what, *path))

    def _account_offer(self, project: Project, row: ClusterRow, impossible: str) -> AccountOffer:
        return AccountOffer(
            self._profile,
            KEY,
            CLUSTER_ACCOUNT_NOUN,
            f"{project.name}/{row.name}",
            self._places.id_of(Place(project.id, row.id)),
            (NAME, NAMESPACE),
            (NO_RIGHTS,),
            impossible,
        )

    def _account(self, row: ClusterAccountRow, project: Project, cluster: ClusterRow) -> Account:
        return self._of_row(row, Place(project.id, cluster.id), f"{project.name}/{cluster.name}")

    def _of_row(self, row: ClusterAccountRow, cluster: Place, scope: str) -> Account:
        place = Place(cluster.project, cluster.cluster, row.name, row.namespace)
        return Account(
            profile=self._profile,
            provider=KEY,
            id=AccountId(self._places.id_of(place)),
            native_id=label(f"{row.namespace}/{row.name}"),
            name=label(row.name),
            noun=CLUSTER_ACCOUNT_NOUN,
            scope=scope,
            created_at=row.created_at,
            also_ends="its kubeconfig, and the role bindings that name it",
        )


def _forbidden(error: Forbidden, project: Project) -> Forbidden:
    return Forbidden(
        f"cannot list the cluster service accounts of {project.name}: {SHUT_OUT}",
        "owners, editors and viewers see clusters, project managers do not",
        trace_id=error.trace_id,
    )
