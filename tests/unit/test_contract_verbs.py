"""The contract suite accepts a provider with every ability and catches ones that break a verb."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import replace

import pytest

from fake_full_provider import ABOUT, FullRight, FullWorld, Row
from fake_provider import Plugin
from tokentui.domain.about import About, AccountKind
from tokentui.domain.account import AccountAbility, AccountOffer
from tokentui.domain.errors import NotFound, OutcomeUnknown, Refused
from tokentui.domain.lifetime import Term
from tokentui.domain.model import (
    Account,
    Credential,
    CredentialState,
    Detail,
    FieldValue,
    Issued,
    Kind,
    Order,
    Page,
    Target,
)
from tokentui.domain.recipe import Part, Recipe, Slot, Syntax
from tokentui.testing import ProviderContract


class TestFullRight(ProviderContract):
    @pytest.fixture
    def world(self) -> FullWorld:
        return FullWorld()

    @pytest.fixture
    def plugin(self) -> Plugin:
        return Plugin(ABOUT)

    @pytest.fixture
    def provider(self, world: FullWorld) -> FullRight:
        return FullRight(world)

    @pytest.fixture
    def hostile_provider(self) -> FullRight:
        return FullRight(FullWorld())


class ForgetsToList(FullRight):
    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        yield Page()


class ListsAnotherEnd(FullRight):
    async def issue(self, order: Order) -> Issued:
        issued = await super().issue(order)
        return replace(issued, ends_at=None)


class ListsForNobody(FullRight):
    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        async for page in super().credentials(of):
            yield Page(tuple(replace(one, target_id="") for one in page.items))


class RevokesNothing(FullRight):
    async def revoke(self, credential: Credential) -> None:
        self.world.changed()


class HidesWhatItRevokes(FullRight):
    async def revoke(self, credential: Credential) -> None:
        row = self.world.rows.pop(credential.id, None)
        if row is not None:
            away = replace(row.credential, target_id="elsewhere")
            self.world.rows[f"hidden-{credential.id}"] = Row(away, row.secret)
        self.world.changed()


class RefusesWhatIsGone(FullRight):
    async def revoke(self, credential: Credential) -> None:
        if credential.id not in self.world.rows:
            raise Refused("it is gone", "refresh")
        await super().revoke(credential)

    async def delete_account(self, account: Account) -> None:
        if account.id not in self.world.accounts:
            raise Refused("it is gone", "refresh")
        await super().delete_account(account)


class DoesNotFindWhatIsGone(FullRight):
    async def revoke(self, credential: Credential) -> None:
        if credential.id not in self.world.rows:
            raise NotFound("it is gone", "refresh")
        await super().revoke(credential)

    async def delete_account(self, account: Account) -> None:
        if account.id not in self.world.accounts:
            raise NotFound("it is gone", "refresh")
        await super().delete_account(account)


class CallsALostEndRefused(FullRight):
    async def revoke(self, credential: Credential) -> None:
        try:
            await super().revoke(credential)
        except OutcomeUnknown:
            raise Refused("it did not work", "try again") from None


class RepeatsAnEnd(FullRight):
    async def revoke(self, credential: Credential) -> None:
        try:
            await super().revoke(credential)
        except OutcomeUnknown:
            await super().revoke(credential)
            raise


class SwitchesNothing(FullRight):
    async def set_active(self, credential: Credential, active: bool) -> None:
        return None


class NeverSwitchesOn(FullRight):
    async def set_active(self, credential: Credential, active: bool) -> None:
        await super().set_active(credential, False)


class MovesNothing(FullRight):
    async def move_end(self, credential: Credential, term: Term) -> None:
        return None


class RenamesNothing(FullRight):
    async def rename(self, credential: Credential, name: str) -> None:
        return None


class KeepsTheOldSecret(FullRight):
    async def regenerate(self, credential: Credential) -> Issued:
        old = self.world.rows[credential.id]
        issued = await super().regenerate(credential)
        self.world.rows["old"] = Row(replace(old.credential), self.world.secrets[0])
        return issued


class RegeneratesTwice(FullRight):
    async def regenerate(self, credential: Credential) -> Issued:
        await super().regenerate(credential)
        return await super().regenerate(credential)


class ListsWhatIsOff(FullRight):
    async def issue(self, order: Order) -> Issued:
        issued = await super().issue(order)
        row = self.world.rows[issued.remote_id]
        row.credential = replace(row.credential, state=CredentialState.INVALID)
        return issued


class CreatesInVain(FullRight):
    async def create_account(
        self, offer: AccountOffer, values: Mapping[str, FieldValue]
    ) -> Account:
        account = await super().create_account(offer, values)
        self.world.accounts.clear()
        return account


class DeletesNoAccount(FullRight):
    async def delete_account(self, account: Account) -> None:
        return None


class RenamesNoAccount(FullRight):
    async def rename_account(self, account: Account, name: str) -> None:
        return None


class RegroupsNothing(FullRight):
    async def regroup_account(self, account: Account, group: str) -> None:
        return None


class WritesPlainYaml(FullRight):
    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        return (Recipe("yaml", "A file", Syntax.YAML, ("token: ", Slot(Part.SECRET), "\n")),)


class SteersInDetails(FullRight):
    async def details(self, of: Target) -> tuple[Detail, ...]:
        return (Detail("facts", "name", "\x1b[31m"),)


async def run(name: str, provider: FullRight) -> None:
    """Run one test of the suite with what it takes."""
    test = getattr(ProviderContract(), name)
    supplies = {"provider": provider, "world": provider.world, "plugin": Plugin(ABOUT)}
    result = test(**{key: supplies[key] for key in inspect.signature(test).parameters})
    if isinstance(result, Awaitable):
        await result


@pytest.mark.parametrize(
    ("wrong", "test"),
    [
        (ForgetsToList, "test_a_new_credential_is_listed"),
        (ListsAnotherEnd, "test_a_new_credential_is_listed"),
        (ListsWhatIsOff, "test_a_new_credential_is_listed"),
        (RevokesNothing, "test_what_is_revoked_is_gone"),
        (HidesWhatItRevokes, "test_what_is_revoked_is_gone"),
        (CallsALostEndRefused, "test_a_lost_answer_to_an_end_is_an_unknown_outcome"),
        (RepeatsAnEnd, "test_a_lost_answer_to_an_end_is_an_unknown_outcome"),
        (SwitchesNothing, "test_what_is_switched_off_can_be_switched_on"),
        (NeverSwitchesOn, "test_what_is_switched_off_can_be_switched_on"),
        (MovesNothing, "test_an_end_that_is_moved_is_listed"),
        (RenamesNothing, "test_a_new_name_is_listed"),
        (KeepsTheOldSecret, "test_what_is_regenerated_has_another_secret"),
        (RegeneratesTwice, "test_what_is_regenerated_has_another_secret"),
        (CreatesInVain, "test_an_account_is_made_listed_and_deleted"),
        (DeletesNoAccount, "test_an_account_is_made_listed_and_deleted"),
        (RenamesNoAccount, "test_an_account_gets_another_name"),
        (RegroupsNothing, "test_an_account_gets_other_rights"),
        (WritesPlainYaml, "test_recipes_are_right_texts_with_any_secret"),
        (SteersInDetails, "test_details_are_presentable"),
    ],
)
async def test_a_broken_verb_is_caught(wrong: type[FullRight], test: str) -> None:
    await run(test, FullRight(FullWorld()))
    with pytest.raises(AssertionError):
        await run(test, wrong(FullWorld()))


@pytest.mark.parametrize(
    "test", ["test_what_is_revoked_is_gone", "test_an_account_is_made_listed_and_deleted"]
)
async def test_what_is_gone_already_is_not_found_or_done(test: str) -> None:
    await run(test, DoesNotFindWhatIsGone(FullWorld()))
    with pytest.raises(Refused):
        await run(test, RefusesWhatIsGone(FullWorld()))


async def test_a_credential_of_nobody_is_caught() -> None:
    provider = ListsForNobody(FullWorld())
    for target in [one async for page in provider.instances() for one in page.items]:
        (offer,) = await provider.offers(target)
        await provider.issue(Order(offer, Term(None, None)))
    with pytest.raises(AssertionError):
        await run("test_lists_of_credentials_are_well_formed_and_stable", provider)


@pytest.mark.parametrize(
    "about",
    [
        replace(ABOUT, no_accounts="it has none"),
        replace(ABOUT, account_kinds=()),
        replace(ABOUT, account_kinds=(AccountKind("robot", frozenset()),)),
        replace(
            ABOUT,
            account_kinds=(
                AccountKind(
                    "robot", frozenset(AccountAbility), cannot={AccountAbility.RENAME: "no"}
                ),
            ),
        ),
    ],
    ids=["both", "neither", "silent", "can and cannot"],
)
def test_wrong_kinds_of_account_are_caught(about: About) -> None:
    with pytest.raises(AssertionError):
        ProviderContract().test_accounts_are_declared(Plugin(about))
