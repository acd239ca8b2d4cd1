"""A provider in memory that has every ability of the contract; tests break it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from fake_provider import ABOUT as SMALL_ABOUT
from fake_provider import KEY, FakeWorld, Right, thing
from tokentui.domain.about import AccountKind
from tokentui.domain.account import AccountAbility, AccountOffer
from tokentui.domain.errors import NotFound, OutcomeUnknown
from tokentui.domain.lifetime import DateChosen, LifetimePolicy, Term
from tokentui.domain.model import (
    Ability,
    Account,
    AccountId,
    Credential,
    CredentialId,
    CredentialState,
    Detail,
    EndSource,
    FieldType,
    FieldValue,
    Form,
    Instance,
    Issued,
    Kind,
    KindKey,
    Offer,
    OfferField,
    Order,
    Page,
    ProfileName,
    Target,
    Verification,
)
from tokentui.domain.recipe import Encoding, Part, Recipe, Slot, Syntax

FULL = Kind(KindKey("full"), "Full", "full token", Form.TOKEN, frozenset(Ability))
ABOUT = replace(
    SMALL_ABOUT,
    kinds=(FULL,),
    account_kinds=(AccountKind("robot", frozenset(AccountAbility), group_label="group"),),
    no_accounts="",
)
LIFETIME = DateChosen(timedelta(days=7), timedelta(days=1), None, None, may_never_end=True)


@dataclass
class Row:
    """A credential as the fake keeps it."""

    credential: Credential
    secret: str


class FullWorld(FakeWorld):
    """A system in memory whose credentials can be changed."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, Row] = {}
        self.accounts: dict[str, Account] = {}
        self.changes = 0
        self.cut = False

    def change_requests(self) -> int:
        return self.changes

    def cut_next_change(self) -> None:
        self.cut = True

    def changed(self) -> None:
        """Note a change; its answer may be lost."""
        self.changes += 1
        cut, self.cut = self.cut, False
        if cut:
            raise OutcomeUnknown("the answer was lost", "look first")


class FullRight(Right):
    """A provider with every ability, as it should be."""

    world: FullWorld

    def __init__(self, world: FullWorld) -> None:
        super().__init__(world)
        self.world = world

    async def instances(self) -> AsyncIterator[Page[Instance]]:
        await self.world.answer_list()
        yield Page((thing(1),))

    async def accounts(self) -> AsyncIterator[Page[Account]]:
        await self.world.answer_list()
        yield Page(tuple(self.world.accounts.values()))

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        rows = [row.credential for row in self.world.rows.values()]
        yield Page(tuple(row for row in rows if row.target_id == of.id))

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        return (Offer(FULL, of, LIFETIME),)

    async def issue(self, order: Order) -> Issued:
        now = datetime.now(UTC)
        secret = self.world.mint()
        target, key = order.offer.target, f"c-{len(self.world.secrets)}"
        credential = Credential(
            ProfileName("p"),
            KEY,
            FULL.key,
            CredentialId(key),
            f"credential {key}",
            CredentialState.ACTIVE,
            ends_at=order.term.ends_at,
            target_id=target.id,
            target_name=target.name,
            target_noun=target.noun,
        )
        self.world.rows[key] = Row(credential, secret.reveal())
        return Issued(FULL, target, secret, order.term.ends_at, EndSource.ANSWER, now, key)

    async def verify(self, issued: Issued) -> Verification:
        rows = self.world.rows.values()
        row = next((one for one in rows if one.secret == issued.secret.reveal()), None)
        good = row is not None and row.credential.state is CredentialState.ACTIVE
        return Verification(good, "it is accepted" if good else "it is refused")

    async def revoke(self, credential: Credential) -> None:
        self.world.rows.pop(credential.id, None)
        self.world.changed()

    async def regenerate(self, credential: Credential) -> Issued:
        secret = self.world.mint()
        row = self._row(credential)
        row.secret = secret.reveal()
        now, end = datetime.now(UTC), row.credential.ends_at
        target = thing(1)
        return Issued(FULL, target, secret, end, EndSource.ANSWER, now, credential.id)

    async def rename(self, credential: Credential, name: str) -> None:
        row = self._row(credential)
        row.credential = replace(row.credential, name=name)

    async def set_active(self, credential: Credential, active: bool) -> None:
        row = self._row(credential)
        state = CredentialState.ACTIVE if active else CredentialState.SWITCHED_OFF
        row.credential = replace(row.credential, state=state)

    def new_ends(self, credential: Credential) -> LifetimePolicy:
        return LIFETIME

    async def move_end(self, credential: Credential, term: Term) -> None:
        row = self._row(credential)
        row.credential = replace(row.credential, ends_at=term.ends_at)

    async def account_offers(self) -> tuple[AccountOffer, ...]:
        name = OfferField("name", "Name", FieldType.TEXT, required=True)
        return (AccountOffer(ProfileName("p"), KEY, "robot", "here", "here", (name,)),)

    async def create_account(
        self, offer: AccountOffer, values: Mapping[str, FieldValue]
    ) -> Account:
        key = AccountId(f"robot-{len(self.world.accounts)}")
        name = str(values["name"])
        groups = ("reader", "writer")
        account = Account(
            ProfileName("p"), KEY, key, key, name, "robot", group="reader", groups=groups
        )
        self.world.accounts[key] = account
        return account

    async def rename_account(self, account: Account, name: str) -> None:
        self.world.accounts[account.id] = replace(account, name=name)

    async def regroup_account(self, account: Account, group: str) -> None:
        self.world.accounts[account.id] = replace(account, group=group)

    async def delete_account(self, account: Account) -> None:
        self.world.accounts.pop(account.id, None)

    async def details(self, of: Target) -> tuple[Detail, ...]:
        return (Detail("facts", "name", of.name),)

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        pieces = ("token: ", Slot(Part.SECRET, Encoding.QUOTED), "\n")
        return (Recipe("yaml", "A file", Syntax.YAML, pieces),)

    def _row(self, credential: Credential) -> Row:
        if credential.id not in self.world.rows:
            raise NotFound("it is gone", "refresh the list")
        return self.world.rows[credential.id]
