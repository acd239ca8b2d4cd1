"""The provider contract for KKP: one class for each of its things does the work."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.errors import NotSignedIn, ProviderError, Refused
from tokentui.domain.model import Account, Identity, Instance, Page, Verification
from tokentui.domain.text import clean
from tokentui.providers.auth import sign_in
from tokentui.providers.kube import check_kubeconfig
from tokentui.providers.kubermatic import about, wire
from tokentui.providers.kubermatic.api import Api
from tokentui.providers.kubermatic.cluster_accounts import ClusterAccounts
from tokentui.providers.kubermatic.clusters import Clusters
from tokentui.providers.kubermatic.own import own_of
from tokentui.providers.kubermatic.pages import page_of, side_by_side
from tokentui.providers.kubermatic.patience import Patience
from tokentui.providers.kubermatic.places import Places
from tokentui.providers.kubermatic.projects import Projects
from tokentui.providers.kubermatic.recipes import (
    account_recipes,
    kubeconfig_recipes,
    token_recipes,
)
from tokentui.providers.kubermatic.service_accounts import ServiceAccounts
from tokentui.providers.kubermatic.settings import read_settings
from tokentui.providers.kubermatic.tokens import Tokens, check_token

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from tokentui.domain.account import AccountOffer
    from tokentui.domain.model import (
        Credential,
        Detail,
        Facts,
        FieldValue,
        Issued,
        Kind,
        Offer,
        Order,
        Target,
    )
    from tokentui.domain.recipe import Recipe
    from tokentui.providers.auth import SignIn
    from tokentui.providers.base import Connection
    from tokentui.providers.kubermatic.settings import KubermaticSettings

T = TypeVar("T")


class Kubermatic:
    """One profile's connection to an installation; see `tokentui.providers.base.Provider`."""

    def __init__(
        self,
        connection: Connection,
        settings: KubermaticSettings,
        own_sign_in: SignIn,
        patience: Patience,
    ) -> None:
        self._http = connection.http
        self._settings = settings
        self._sign_in = own_sign_in
        profile, clock = connection.profile, connection.clock
        self._api = Api(connection.http, own_sign_in, settings, clock)
        self._places = Places(settings.server_id, profile)
        self._projects = Projects(self._api, settings)
        self._tokens = Tokens(self._api, self._places, patience, clock)
        self._accounts = ServiceAccounts(profile, self._api, self._places, patience)
        self._clusters = Clusters(profile, self._api, self._places, clock, settings.url)
        self._cluster_accounts = ClusterAccounts(profile, self._api, self._places, patience, clock)

    async def identity(self) -> Identity:
        reply = await self._api.me()
        me = wire.me(reply)
        return Identity(
            name=me.name or me.email or self._sign_in.title,
            may_issue=me.may_make_tokens or None,
            clock_off=reply.answer.clock_off,
            facts=(*await self._server_facts(), *self._facts_of(me)),
        )

    async def instances(self) -> AsyncIterator[Page[Instance]]:
        async for page in self._of_projects(lambda one: (partial(self._clusters.list, one),)):
            yield page

    async def accounts(self) -> AsyncIterator[Page[Account]]:
        try:
            own = await own_of(self._sign_in)
        except ProviderError as error:
            yield Page(failed=(error,))
            return

        def lists(project: wire.Project) -> tuple[Callable[[], Awaitable[Page[Account]]], ...]:
            return (
                partial(self._accounts.list, project, own),
                partial(self._cluster_accounts.list, project, self._clusters),
            )

        async for page in self._of_projects(lists):
            yield page

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        yield await page_of(self._credentials(of))

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        self._places.place_of(of.id, of.name)
        if isinstance(of, Instance):
            return (await self._clusters.offer(of),)
        if of.noun == about.CLUSTER_ACCOUNT_NOUN:
            return (self._cluster_accounts.offer(of),)
        return (self._tokens.offer(of),)

    async def issue(self, order: Order) -> Issued:
        offer = order.offer
        if offer.impossible:
            raise Refused(clean(offer.impossible, 300), "choose one that is offered")
        match offer.kind.key, offer.target:
            case about.TOKEN.key, Account() as account:
                return await self._tokens.issue(order, account)
            case about.KUBECONFIG.key, Instance() as cluster:
                return await self._clusters.issue(cluster)
            case about.ACCOUNT_KUBECONFIG.key, Account() as account:
                return await self._cluster_accounts.issue(account)
        raise Refused(
            f"KKP makes no {clean(offer.kind.noun, 40)} for this", "choose what is offered"
        )

    async def verify(self, issued: Issued) -> Verification:
        self._places.place_of(issued.target.id, issued.target.name)
        if issued.kind.key == about.TOKEN.key:
            return await check_token(self._http, issued, self._settings)
        return await check_kubeconfig(self._http, issued.secret)

    async def regenerate(self, credential: Credential) -> Issued:
        """Read whose token it is before its secret dies: the answer must not need more."""
        place = self._places.place_of(credential.target_id, credential.target_name)
        project = wire.Project(place.project, credential.scope)
        own = await own_of(self._sign_in)
        account = await self._accounts.find(place, credential.target_name, project, own)
        return await self._tokens.regenerate(credential, account)

    async def rename(self, credential: Credential, name: str) -> None:
        await self._tokens.rename(credential, name)

    async def revoke(self, credential: Credential) -> None:
        if credential.kind == about.TOKEN.key:
            await self._tokens.revoke(credential)
        elif credential.kind == about.KUBECONFIG.key:
            await self._clusters.revoke(credential)
        else:
            raise Refused(
                f"KKP cannot revoke the kubeconfig of {clean(credential.name, 60)} alone",
                "delete its cluster service account",
            )

    async def account_offers(self) -> tuple[AccountOffer, ...]:
        projects = (await self._projects.chosen()).projects
        inside = await asyncio.gather(
            *(self._cluster_accounts.account_offers(one, self._clusters) for one in projects)
        )
        return (
            *(self._accounts.offer(one) for one in projects),
            *(offer for offers in inside for offer in offers),
        )

    async def create_account(
        self, offer: AccountOffer, values: Mapping[str, FieldValue]
    ) -> Account:
        if offer.impossible:
            raise Refused(clean(offer.impossible, 300), "choose another place")
        if offer.noun == about.CLUSTER_ACCOUNT_NOUN:
            return await self._cluster_accounts.create(offer, values)
        project = wire.Project(offer.scope_id, offer.scope)
        return await self._accounts.create(project, values, await own_of(self._sign_in))

    async def rename_account(self, account: Account, name: str) -> None:
        await self._accounts.rename(account, name)

    async def regroup_account(self, account: Account, group: str) -> None:
        await self._accounts.regroup(account, group)

    async def delete_account(self, account: Account) -> None:
        if account.noun == about.CLUSTER_ACCOUNT_NOUN:
            await self._cluster_accounts.delete(account)
        else:
            await self._accounts.delete(account)

    async def details(self, of: Target) -> tuple[Detail, ...]:
        if isinstance(of, Instance):
            return await self._clusters.details(of)
        if of.noun == about.CLUSTER_ACCOUNT_NOUN:
            return await self._cluster_accounts.details(of)
        return self._accounts.details(of)

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        place = self._places.place_of(of.id, of.name)
        if kind.key == about.TOKEN.key:
            return token_recipes(self._settings, place.project)
        if kind.key == about.KUBECONFIG.key:
            return kubeconfig_recipes(place.cluster)
        return account_recipes(place) if kind.key == about.ACCOUNT_KUBECONFIG.key else ()

    async def aclose(self) -> None:
        await self._api.aclose()

    async def _credentials(self, of: Target) -> Page[Credential]:
        if isinstance(of, Instance):
            return self._clusters.credentials(of)
        if of.noun == about.CLUSTER_ACCOUNT_NOUN:
            return self._cluster_accounts.credentials(of)
        return await self._tokens.list(of, await own_of(self._sign_in))

    async def _of_projects(
        self, lists: Callable[[wire.Project], tuple[Callable[[], Awaitable[Page[T]]], ...]]
    ) -> AsyncIterator[Page[T]]:
        """Give the lists of each project; a sign-in that is missing is one failure, not many."""
        try:
            chosen = await self._projects.chosen()
        except ProviderError as error:
            yield Page(failed=(error,))
            return
        if chosen.failed:
            yield Page(failed=chosen.failed)
        reads = [read for project in chosen.projects for read in lists(project)]
        async for page in side_by_side(reads):
            yield page

    async def _server_facts(self) -> Facts:
        try:
            return (("KKP", wire.version(await self._api.version())),)
        except NotSignedIn:
            raise
        except ProviderError:
            return ()

    def _facts_of(self, me: wire.Me) -> Facts:
        groups = tuple(
            (f"in {self._projects.name_of(project)}", about.GROUPS.get(group, clean(group, 40)))
            for project, group in me.groups
        )
        mail = (("e-mail", me.email),) if me.email else ()
        return (*mail, *((("global admin", "yes"),) if me.is_admin else ()), *groups)


def connect(connection: Connection) -> Kubermatic:
    """Build the adapter. Raises `ConfigError`."""
    where = f"profile {clean(connection.profile, 60)}"
    settings = read_settings(connection.settings, where)
    own = sign_in(connection.auth, connection)
    return Kubermatic(connection, settings, own, Patience())
