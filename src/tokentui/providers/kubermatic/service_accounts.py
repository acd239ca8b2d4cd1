"""The service accounts of projects.

Source: kubermatic/dashboard c996f110 handler/v1/serviceaccount/sa.go, as of August 2026: groups
stand bare in requests and with the project's id behind them in answers, and PUT sets all fields.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tokentui.domain.account import AccountOffer
from tokentui.domain.errors import Forbidden, NotFound, Refused
from tokentui.domain.model import Account, AccountId, Detail, FieldType, OfferField, Page
from tokentui.domain.text import clean
from tokentui.providers.kubermatic import wire
from tokentui.providers.kubermatic.about import ACCOUNT_NOUN, GROUPS, KEY
from tokentui.providers.kubermatic.api import account_path, accounts_path
from tokentui.providers.kubermatic.fields import label
from tokentui.providers.kubermatic.places import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.model import FieldValue, ProfileName
    from tokentui.providers.kubermatic.api import Api
    from tokentui.providers.kubermatic.fields import Rows
    from tokentui.providers.kubermatic.own import Own
    from tokentui.providers.kubermatic.patience import Patience
    from tokentui.providers.kubermatic.places import Places
    from tokentui.providers.kubermatic.wire import AccountRow, Project

NAME = OfferField("name", "Name", FieldType.TEXT, "unique in its project", required=True)
GROUP = OfferField(
    "group",
    "Group",
    FieldType.CHOICE,
    "a Viewer reads, an Editor also changes clusters and downloads kubeconfigs, a Project Manager "
    "makes accounts and tokens but sees no cluster",
    required=True,
    default=GROUPS["viewers"],
    choices=tuple(GROUPS.values()),
)
_BARE = {word: bare for bare, word in GROUPS.items()}


class ServiceAccounts:
    """Lists, makes, renames, regroups and deletes service accounts."""

    def __init__(self, profile: ProfileName, api: Api, places: Places, patience: Patience) -> None:
        self._profile = profile
        self._api = api
        self._places = places
        self._patience = patience

    async def list(self, project: Project, own: Own) -> Page[Account]:
        """List the accounts of a project. Raises `ProviderError`."""
        listed = await self._rows(project.id, project.name)
        unique = {one.id: one for one in listed.items}
        is_whole = not listed.failed
        return Page(
            tuple(self._account(one, project, own) for one in unique.values()),
            listed.failed,
            whole_of=frozenset({(ACCOUNT_NOUN, project.name)} if is_whole else ()),
        )

    def offer(self, project: Project) -> AccountOffer:
        """Offer an account; who may make one is the server's to say."""
        return AccountOffer(
            self._profile, KEY, ACCOUNT_NOUN, project.name, project.id, (NAME, GROUP)
        )

    async def create(self, project: Project, values: Mapping[str, FieldValue], own: Own) -> Account:
        """Make one with one request."""
        name, group = values.get(NAME.key), values.get(GROUP.key, GROUP.default)
        if not isinstance(name, str) or not name.strip():
            raise Refused("a service account needs a name", "give it one")
        what = f"make the service account {clean(name, 60)} in {project.name}"
        body = {"name": name, "group": _bare(group)}
        reply = await self._api.once("POST", what, *accounts_path(project.id), json=body)
        account = self._account(wire.new_account(reply), project, own)
        self._patience.made(account.id)
        return account

    async def rename(self, account: Account, name: str) -> None:
        """Give another name, with the group as it is now."""
        what = f"rename the service account {account.name} of {account.scope}"
        row = await self._current(account)
        await self._change(account, what, replace(row, name=name))

    async def regroup(self, account: Account, group: str) -> None:
        """Give another group, with the name as it is now."""
        bare = _bare(group)
        what = f"put the service account {account.name} of {account.scope} into {clean(group, 40)}"
        row = await self._current(account)
        await self._change(account, what, replace(row, group=bare))

    async def delete(self, account: Account) -> None:
        """Delete one with its tokens. Raises `NotFound` for one that is gone."""
        place = self._places.place_of(account.id, account.name)
        what = f"delete the service account {account.name} of {account.scope}"
        await self._api.once("DELETE", what, *account_path(place))

    async def find(self, place: Place, name: str, project: Project, own: Own) -> Account:
        """Give the account of a place as it is listed now. Raises `NotFound`."""
        listed = await self._rows(project.id, project.name)
        for one in listed.items:
            if one.id == place.account:
                return self._account(one, project, own)
        raise NotFound(f"{project.name} has no service account {name} any more", "refresh the list")

    def details(self, account: Account) -> tuple[Detail, ...]:
        """Tell its ids."""
        place = self._places.place_of(account.id, account.name)
        return (
            Detail("account", "id", label(place.account)),
            Detail("account", "project", f"{account.scope} ({label(place.project)})"),
        )

    async def _change(self, account: Account, what: str, row: AccountRow) -> None:
        """Set all fields, again while a 403 says that the last change has not settled."""
        place = self._places.place_of(account.id, account.name)
        body = {"id": place.account, "name": row.name, "group": row.group}
        await self._patience.ask(
            (account.id,),
            lambda: self._api.once("PUT", what, *account_path(place), json=body),
            Forbidden,
            self._api.age(row.created_at),
        )
        self._patience.made(account.id)

    async def _current(self, account: Account) -> AccountRow:
        place = self._places.place_of(account.id, account.name)
        listed = await self._rows(place.project, account.scope)
        for one in listed.items:
            if one.id == place.account:
                return one
        raise NotFound(
            f"{account.scope} has no service account {account.name} any more", "refresh the list"
        )

    async def _rows(self, project_id: str, shown: str) -> Rows[AccountRow]:
        what = f"list the service accounts of {shown}"
        return wire.accounts(await self._api.read(what, *accounts_path(project_id)))

    def _account(self, row: AccountRow, project: Project, own: Own) -> Account:
        place = Place(project.id, account=row.id)
        return Account(
            profile=self._profile,
            provider=KEY,
            id=AccountId(self._places.id_of(place)),
            native_id=label(row.id),
            name=label(row.name) or label(row.id),
            noun=ACCOUNT_NOUN,
            scope=project.name,
            group=GROUPS.get(row.group, label(row.group)),
            groups=tuple(GROUPS.values()),
            state_text=row.status,
            created_at=row.created_at,
            is_own=own.is_account(place),
            also_ends="all its tokens",
        )


def _bare(group: object) -> str:
    """Give a group as requests name it."""
    bare = _BARE.get(group) if isinstance(group, str) else None
    if bare is None:
        raise Refused(
            f"a service account cannot be in {clean(str(group), 40) or 'no group'}",
            f"choose {', '.join(_BARE)}",
        )
    return bare
