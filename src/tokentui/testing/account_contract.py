"""The part of the contract suite for accounts."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.account import AccountAbility
from tokentui.domain.errors import NotFound
from tokentui.providers.base import (
    CreatesAccounts,
    DeletesAccounts,
    RegroupsAccounts,
    RenamesAccounts,
)
from tokentui.testing.checks import ACCOUNT_PROTOCOLS, assert_clean, pages_of
from tokentui.testing.driving import Driving

if TYPE_CHECKING:
    from tokentui.domain.model import Account
    from tokentui.providers.base import Provider, ProviderPlugin


class AccountContract(Driving):
    """Checks lists of accounts and every verb that a provider declares for them."""

    def test_accounts_are_declared(self, plugin: ProviderPlugin) -> None:
        about = plugin.about
        assert bool(about.account_kinds) != bool(about.no_accounts), (
            "a provider has accounts, or says why it has none"
        )
        nouns = [kind.noun for kind in about.account_kinds]
        assert len(set(nouns)) == len(nouns), f"two kinds of account have one noun: {nouns}"
        for kind in about.account_kinds:
            for ability in AccountAbility:
                reason = kind.cannot.get(ability, "")
                assert (ability in kind.abilities) != bool(reason), (
                    f"{kind.noun}: either it can {ability}, or it says why not"
                )

    def test_account_abilities_are_those_that_are_implemented(
        self, plugin: ProviderPlugin, provider: Provider
    ) -> None:
        declared = {one for kind in plugin.about.account_kinds for one in kind.abilities}
        for ability, protocol in ACCOUNT_PROTOCOLS.items():
            implemented = isinstance(provider, protocol)
            assert (ability in declared) == implemented, (
                f"{ability} is {'not ' * (ability not in declared)}declared, but "
                f"{protocol.__name__} is {'not ' * (not implemented)}implemented"
            )

    async def test_accounts_are_well_formed_and_stable(
        self, plugin: ProviderPlugin, provider: Provider
    ) -> None:
        nouns = {kind.noun for kind in plugin.about.account_kinds}
        first, failed = await pages_of(provider.accounts())
        second, _ = await pages_of(provider.accounts())
        assert not failed, f"a healthy system failed: {failed}"
        ids = [account.id for account in first]
        assert len(set(ids)) == len(ids), f"two accounts have the same id: {sorted(ids)}"
        assert sorted(ids) == sorted(account.id for account in second), "ids change"
        for account in first:
            assert account.name, "an account has no name"
            assert account.native_id, "an account has no native id"
            assert account.noun in nouns, f"the noun {account.noun} is not declared"
            assert account.provider == plugin.about.key
            assert account.created_at is None or account.created_at.utcoffset() == timedelta()
        assert_clean(first)

    async def test_an_account_is_made_listed_and_deleted(self, provider: Provider) -> None:
        if isinstance(provider, CreatesAccounts):
            account = await self._account(provider, provider)
            listed = await self._account_listed(provider, account)
            assert listed is not None, "a new account is not listed"
            assert listed.name == account.name
            assert not listed.is_own, "a new account is not the one that is signed in"
            await provider.offers(listed)
            if isinstance(provider, DeletesAccounts):
                await provider.delete_account(listed)
                assert await self._account_listed(provider, account) is None
                with suppress(NotFound):  # a server may also say that it is done
                    await provider.delete_account(listed)

    async def test_an_account_gets_another_name(self, provider: Provider) -> None:
        if isinstance(provider, CreatesAccounts) and isinstance(provider, RenamesAccounts):
            account = await self._account(provider, provider)
            await provider.rename_account(account, self.new_name)
            renamed = await self._account_listed(provider, account)
            assert renamed is not None
            assert renamed.name == self.new_name

    async def test_an_account_gets_other_rights(self, provider: Provider) -> None:
        if isinstance(provider, CreatesAccounts) and isinstance(provider, RegroupsAccounts):
            account = await self._account(provider, provider)
            other = next(group for group in account.groups if group != account.group)
            await provider.regroup_account(account, other)
            regrouped = await self._account_listed(provider, account)
            assert regrouped is not None
            assert regrouped.group == other

    async def _account(self, provider: Provider, creating: CreatesAccounts) -> Account:
        offers = await creating.account_offers()
        assert_clean(offers)
        offer = next(offer for offer in offers if not offer.impossible)
        assert "name" in [field.key for field in offer.fields], "an account is asked for its name"
        account = await creating.create_account(offer, self.account_values(offer))
        assert account.noun == offer.noun
        assert_clean(account)
        return account

    async def _account_listed(self, provider: Provider, account: Account) -> Account | None:
        accounts, _ = await pages_of(provider.accounts())
        return next((one for one in accounts if one.id == account.id), None)
