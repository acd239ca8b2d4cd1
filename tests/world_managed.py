"""An invented provider with accounts and credentials that can be listed and changed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tokentui.domain.about import About, AccountKind
from tokentui.domain.account import AccountAbility, AccountOffer
from tokentui.domain.errors import NotFound
from tokentui.domain.ledger import Entry
from tokentui.domain.lifetime import DateChosen, LifetimePolicy, Never, Term
from tokentui.domain.model import (
    Ability,
    Account,
    AccountId,
    Credential,
    CredentialId,
    CredentialState,
    EndSource,
    FieldType,
    FieldValue,
    Form,
    Issued,
    Kind,
    KindKey,
    Offer,
    OfferField,
    Order,
    Page,
    ProfileName,
    Target,
)
from tokentui.domain.secret import Secret
from tokentui.services.held import Held
from world import ABOUT, KUBECONFIG, MONDAY, PROFILE, PROVIDER, TOKEN, TOKEN_VALUE, InventedProvider

GROUPS = ("Editor", "Viewer")
SERVICE_TOKEN = Kind(
    key=KindKey("service-token"),
    label="Service token",
    noun="service token",
    form=Form.TOKEN,
    abilities=frozenset(Ability),
    end_verb="revoke",
    made_for=("robot",),
)
KEY = Kind(
    key=KindKey("key"),
    label="Key",
    noun="key",
    form=Form.KEY_FILE,
    abilities=frozenset({Ability.LIST, Ability.VERIFY, Ability.REVOKE, Ability.TWO_AT_ONCE}),
    cannot={Ability.RENAME: "keys have no names"},
    made_for=("robot",),
)
USER = Kind(
    key=KindKey("user"),
    label="User",
    noun="user",
    form=Form.PASSWORD,
    abilities=frozenset({Ability.LIST, Ability.VERIFY, Ability.REVOKE, Ability.TWO_AT_ONCE}),
    made_for=("edge",),
)
ROBOT = AccountKind("robot", frozenset(AccountAbility), group_label="role")
MANAGED_ABOUT = replace(
    ABOUT, kinds=(TOKEN, KUBECONFIG, SERVICE_TOKEN, KEY, USER), account_kinds=(ROBOT,)
)
NAME = OfferField(
    "name", "Name", FieldType.TEXT, required=True, pattern=r"[a-z][a-z0-9-]*", longest=20
)
ENDS = DateChosen(
    default=timedelta(days=90),
    minimum=timedelta(minutes=1),
    maximum=None,
    whole_days_in=None,
    may_never_end=True,
)


def robot(name: str = "ci", **changes: object) -> Account:
    made = Account(
        profile=PROFILE,
        provider=PROVIDER,
        id=AccountId(f"ops-prod/{name}"),
        native_id=f"{name}@robots.example",
        name=name,
        noun="robot",
        scope="ops-prod",
        group="Viewer",
        groups=GROUPS,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name real fields


def credential(
    name: str = "deploy", kind: Kind = SERVICE_TOKEN, of: Target | None = None, **changes: object
) -> Credential:
    target = of or robot()
    made = Credential(
        profile=target.profile,
        provider=PROVIDER,
        kind=kind.key,
        id=CredentialId(f"id-{name}"),
        name=name,
        state=CredentialState.ACTIVE,
        made_at=MONDAY - timedelta(days=10),
        ends_at=MONDAY + timedelta(days=80),
        target_id=target.id,
        target_name=target.name,
        target_noun=target.noun,
        scope=target.scope,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name real fields


def held(listed: Credential, entry: Entry | None = None) -> Held:
    """Give a listed credential as the services hold it."""
    nouns = {kind.key: kind.noun for kind in MANAGED_ABOUT.kinds}
    return Held(
        key=f"{listed.profile}/{listed.kind}/{listed.id}",
        profile=listed.profile,
        provider=listed.provider,
        kind=listed.kind,
        noun=nouns[listed.kind],
        name=listed.name,
        target_id=listed.target_id,
        target_name=listed.target_name,
        target_noun=listed.target_noun,
        scope=listed.scope,
        roles=listed.roles,
        begun=listed.made_at,
        ends_at=listed.ends_at,
        credential=listed,
        entry=entry,
        is_stale=False,
    )


@dataclass
class ManagedProvider(InventedProvider):
    """Does what it is asked and remembers it in `calls`: the verb, then its object and value.

    `errors` are raised by verb instead of doing it: "revoke", "rename", "set_active",
    "move_end", "regenerate", "create_account", "rename_account", "regroup_account",
    "delete_account", "account_offers", "credentials".
    """

    about: About = MANAGED_ABOUT
    profile: ProfileName = PROFILE
    warnings: tuple[str, ...] = ()
    fields: tuple[OfferField, ...] = (NAME,)
    robots: list[Account] = field(default_factory=lambda: [robot()])
    listed: list[Credential] = field(default_factory=lambda: [credential()])
    silent: frozenset[KindKey] = frozenset()
    errors: dict[str, BaseException] = field(default_factory=dict)
    calls: list[tuple[str, ...]] = field(default_factory=list)

    async def accounts(self) -> AsyncIterator[Page[Account]]:
        yield Page(tuple(self.robots))

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        self._fail("credentials")
        found = tuple(one for one in self.listed if one.target_id == of.id)
        yield Page(found, silent=self.silent)

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        edge = await super().offers(of) if of.noun == "edge" else ()
        managed = (kind for kind in (SERVICE_TOKEN, KEY, USER) if kind.fits(of))
        return (
            *(replace(offer, fields=()) for offer in edge),
            *(self._offer(kind, of) for kind in managed),
        )

    async def issue(self, order: Order) -> Issued:
        issued = await super().issue(order)
        kind = order.offer.kind
        if Ability.LIST not in kind.abilities:
            return issued
        name = str(order.values.get("name", "")) or f"made-{len(self.orders)}"
        one = credential(
            name, kind, order.offer.target, made_at=self.clock(), ends_at=order.term.ends_at
        )
        self.listed.append(one)
        return replace(issued, secret=self._secret(kind), remote_id=one.id, name=name)

    async def revoke(self, credential: Credential) -> None:
        self._do("revoke", credential.id)
        if credential not in self.listed:
            raise NotFound("there is no such credential")
        self.listed.remove(credential)

    async def rename(self, credential: Credential, name: str) -> None:
        self._do("rename", credential.id, name)
        self._replace(credential, name=name)

    async def set_active(self, credential: Credential, active: bool) -> None:
        self._do("set_active", credential.id, str(active))
        state = CredentialState.ACTIVE if active else CredentialState.SWITCHED_OFF
        self._replace(credential, state=state)

    def new_ends(self, credential: Credential) -> LifetimePolicy:
        return ENDS

    async def move_end(self, credential: Credential, term: Term) -> None:
        self._do("move_end", credential.id, str(term.ends_at))
        self._replace(credential, ends_at=term.ends_at)

    async def regenerate(self, credential: Credential) -> Issued:
        self._do("regenerate", credential.id)
        return Issued(
            kind=SERVICE_TOKEN,
            target=next(one for one in self.robots if one.id == credential.target_id),
            secret=self._secret(SERVICE_TOKEN),
            ends_at=credential.ends_at,
            end_source=EndSource.ANSWER,
            made_at=self.clock(),
            remote_id=credential.id,
            name=credential.name,
        )

    async def account_offers(self) -> tuple[AccountOffer, ...]:
        self._fail("account_offers")
        role = OfferField("group", "Role", FieldType.CHOICE, default="Viewer", choices=GROUPS)
        return (AccountOffer(self.profile, PROVIDER, "robot", "ops-prod", "p-1", (NAME, role)),)

    async def create_account(
        self, offer: AccountOffer, values: Mapping[str, FieldValue]
    ) -> Account:
        name, group = str(values["name"]), str(values.get("group", "Viewer"))
        self._do("create_account", name, group)
        self.robots.append(robot(name, group=group, profile=self.profile))
        return self.robots[-1]

    async def rename_account(self, account: Account, name: str) -> None:
        self._do("rename_account", account.id, name)
        self.robots[self.robots.index(account)] = replace(account, name=name)

    async def regroup_account(self, account: Account, group: str) -> None:
        self._do("regroup_account", account.id, group)
        self.robots[self.robots.index(account)] = replace(account, group=group)

    async def delete_account(self, account: Account) -> None:
        self._do("delete_account", account.id)
        if account not in self.robots:
            raise NotFound("there is no such robot")
        self.robots.remove(account)
        self.listed = [one for one in self.listed if one.target_id != account.id]

    def _offer(self, kind: Kind, of: Target) -> Offer:
        lifetime = Never() if kind is USER else ENDS
        return Offer(kind, of, lifetime, self.fields, self.warnings, self.impossible)

    def _secret(self, kind: Kind) -> Secret:
        value = f"{TOKEN_VALUE}{len(self.orders) + len(self.calls)}"
        return Secret(json.dumps({"key": value}) if kind is KEY else value)

    def _replace(self, credential: Credential, **changes: object) -> None:
        place = self.listed.index(credential)
        self.listed[place] = replace(credential, **changes)  # type: ignore[arg-type]

    def _do(self, verb: str, *values: str) -> None:
        self.calls.append((verb, *values))
        self._fail(verb)

    def _fail(self, verb: str) -> None:
        if verb in self.errors:
            raise self.errors[verb]
