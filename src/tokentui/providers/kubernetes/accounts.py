"""Service accounts: list, make and delete them.

Sources: the description of Kubernetes v1.36; a kube-apiserver v1.20.2, measured.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tokentui.domain.account import AccountAbility, AccountOffer
from tokentui.domain.errors import Forbidden, NotFound, ProviderError, Refused
from tokentui.domain.model import Account, FieldType, OfferField, Page
from tokentui.providers.kubernetes import about, wire
from tokentui.providers.kubernetes.ids import AccountRef
from tokentui.providers.kubernetes.own import own_names
from tokentui.providers.kubernetes.rights import CREATE_ACCOUNT, DELETE_ACCOUNT
from tokentui.providers.kubernetes.settings import NAMESPACE
from tokentui.providers.kubernetes.side_by_side import side_by_side
from tokentui.providers.kubernetes.wire import Rows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from tokentui.domain.model import FieldValue, ProfileName
    from tokentui.providers.kubernetes.api import Api
    from tokentui.providers.kubernetes.rights import Rights
    from tokentui.providers.kubernetes.session import Session
    from tokentui.providers.kubernetes.settings import KubernetesSettings
    from tokentui.providers.kubernetes.wire import Row

OWNED = {"app.kubernetes.io/managed-by": "tokentui"}
ALSO_ENDS = (
    "all its tokens, also those in Secrets; RoleBindings stay, and bind by name: a new account of "
    "this name has its rights"
)
NO_RIGHTS = "it has no rights yet: how to use it has a RoleBinding for it"
_DEFAULT = "default"
_MOST_CHOICES = 12
_MOST_NAMED = 5
_NAME = OfferField(
    "name",
    "Name",
    FieldType.TEXT,
    "lower-case letters and digits, inside also - and .",
    required=True,
    pattern=wire.SUBDOMAIN,
    longest=253,
)


class ServiceAccounts:
    """The service accounts of the namespaces that a profile shows."""

    def __init__(
        self,
        profile: ProfileName,
        settings: KubernetesSettings,
        session: Session,
        api: Api,
        rights: Rights,
    ) -> None:
        self._profile = profile
        self._namespaces = settings.namespaces
        self._session = session
        self._api = api
        self._rights = rights

    async def pages(self) -> AsyncIterator[Page[Account]]:
        """List them, of all namespaces at once where that is allowed."""
        seen: set[str] = set()
        try:
            own = await own_names(self._api, self._session)
            async for rows in self._lists():
                items = [await self._account(row, own) for row in rows.rows]
                new = [one for one in items if one.id not in seen]
                seen.update(one.id for one in new)
                yield Page(tuple(new), rows.failed)
        except ProviderError as error:
            yield Page(failed=(error,))

    async def offers(self) -> tuple[AccountOffer, ...]:
        """Offer one account in any namespace where the sign-in may make one."""
        context = await self._session.context()
        known = await self._known_namespaces()
        reasons = await asyncio.gather(
            *(self._rights.objection(CREATE_ACCOUNT, one) for one in known)
        )
        possible = [one for one, why in zip(known, reasons, strict=True) if not why]
        offer = AccountOffer(
            self._profile,
            about.KEY,
            about.ACCOUNT_NOUN,
            context.cluster.name,
            context.cluster.id,
            (_NAME, _namespace_field(possible or known, context.namespace)),
            (NO_RIGHTS,),
            "" if possible else reasons[0],
        )
        return (offer,)

    async def create(self, offer: AccountOffer, values: Mapping[str, FieldValue]) -> Account:
        """Make one with one request. Raises `Refused` for a place that is not the profile's."""
        context = await self._session.context()
        name, namespace = values.get("name"), values.get("namespace") or context.namespace
        if offer.scope_id != context.cluster.id:
            raise Refused("the profile has another cluster now", "list its accounts again")
        is_name = isinstance(name, str) and re.fullmatch(wire.SUBDOMAIN, name)
        is_place = isinstance(namespace, str) and re.fullmatch(NAMESPACE, namespace)
        if not is_name or not is_place:
            raise Refused("a service account needs a name and a namespace", _NAME.help)
        metadata = {"name": name, "namespace": namespace, "labels": OWNED}
        body = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}
        reply = await self._api.create_account(str(namespace), body, str(name))
        return self._as_account(wire.made(reply), context.cluster.id)

    async def delete(self, ref: AccountRef) -> None:
        """Delete one, and no other that has its name by now. Raises `NotFound` if it is gone."""
        what = f"delete the service account {ref.name} of {ref.namespace}"
        await self._api.delete(what, ref.namespace, "serviceaccounts", ref.name, ref.uid)

    async def _lists(self) -> AsyncIterator[Rows]:
        if not self._namespaces:
            try:
                async for rows in self._api.accounts(""):
                    yield rows
            except Forbidden:
                pass
            else:
                return
        closed: dict[str, Forbidden] = {}
        known = await self._known_namespaces()
        async for rows in side_by_side([partial(self._rows_of, one, closed) for one in known]):
            yield rows
        if closed:
            raise _not_shown([one for one in known if one in closed], next(iter(closed.values())))

    async def _rows_of(self, namespace: str, closed: dict[str, Forbidden]) -> Rows:
        """Read a namespace to its end, and note it if it may not be seen."""
        parts: list[Rows] = []
        try:
            parts.extend([rows async for rows in self._api.accounts(namespace)])
        except Forbidden as error:
            closed[namespace] = error
        return Rows(
            tuple(row for part in parts for row in part.rows),
            failed=tuple(error for part in parts for error in part.failed),
        )

    async def _known_namespaces(self) -> tuple[str, ...]:
        """Give the profile's namespaces, else all, else the context's alone."""
        if self._namespaces:
            return self._namespaces
        own = (await self._session.context()).namespace
        try:
            names = [row.name async for rows in self._api.namespaces() for row in rows.rows]
        except (Forbidden, NotFound):
            return (own,)
        return tuple(dict.fromkeys(names)) or (own,)

    async def _account(self, row: Row, own: frozenset[str]) -> Account:
        context = await self._session.context()
        account = self._as_account(row, context.cluster.id)
        why_not = await self._rights.objection(DELETE_ACCOUNT, row.namespace, row.name)
        return replace(
            account,
            is_own=account.native_id in own,
            cannot={AccountAbility.DELETE: why_not} if why_not else {},
        )

    def _as_account(self, row: Row, server: str) -> Account:
        ref = AccountRef(server, row.namespace, row.name, row.uid)
        anew = "; Kubernetes makes the account default anew at once"
        return Account(
            profile=self._profile,
            provider=about.KEY,
            id=ref.id,
            native_id=ref.user_name,
            name=ref.name,
            noun=about.ACCOUNT_NOUN,
            scope=ref.namespace,
            created_at=row.created_at,
            also_ends=ALSO_ENDS + (anew if ref.name == _DEFAULT else ""),
        )


def _namespace_field(names: tuple[str, ...] | list[str], usual: str) -> OfferField:
    """Ask for a namespace: among a few by choice, else as text."""
    default = usual if usual in names else names[0]
    if len(names) <= _MOST_CHOICES:
        return OfferField(
            "namespace",
            "Namespace",
            FieldType.CHOICE,
            required=True,
            default=default,
            choices=tuple(names),
        )
    return OfferField(
        "namespace",
        "Namespace",
        FieldType.TEXT,
        "one that exists",
        required=True,
        default=default,
        pattern=NAMESPACE,
        longest=63,
    )


def _not_shown(namespaces: Sequence[str], one: Forbidden) -> Forbidden:
    named = ", ".join(namespaces[:_MOST_NAMED])
    more = f" and {len(namespaces) - _MOST_NAMED} more" if len(namespaces) > _MOST_NAMED else ""
    return Forbidden(
        f"the service accounts of {named}{more} may not be listed: {one.why}",
        "set `namespaces` in the profile to those that you may see",
    )
