"""The part of the contract suite for what happens to credentials after they were made."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotFound, Outcome
from tokentui.domain.lifetime import DateChosen, Endless, default_lifetime, resolve
from tokentui.domain.model import Ability, CredentialState
from tokentui.providers.base import MovesEnds, Regenerates, Renames, Revokes, Switches
from tokentui.testing.checks import assert_clean, failure_of, pages_of
from tokentui.testing.driving import Driving, same_end

if TYPE_CHECKING:
    from tokentui.domain.lifetime import Term
    from tokentui.domain.model import Credential, Issued, Target
    from tokentui.providers.base import Provider, ProviderPlugin
    from tokentui.testing.world import World


class CredentialContract(Driving):
    """Checks lists of credentials and every verb that a provider declares for them."""

    async def test_lists_of_credentials_are_well_formed_and_stable(
        self, plugin: ProviderPlugin, provider: Provider
    ) -> None:
        listable = {kind.key for kind in plugin.about.kinds if Ability.LIST in kind.abilities}
        for target in await self._targets(provider):
            first, failed = await pages_of(provider.credentials(target))
            second, _ = await pages_of(provider.credentials(target))
            assert not failed, f"a healthy system failed: {failed}"
            ids = [(credential.kind, credential.id) for credential in first]
            assert len(set(ids)) == len(ids), f"two credentials have the same id: {sorted(ids)}"
            assert sorted(ids) == sorted((one.kind, one.id) for one in second), "ids change"
            for credential in first:
                assert credential.kind in listable, f"{credential.kind} says that it has no list"
                _assert_belongs(credential, target)
            silent = {kind async for page in provider.credentials(target) for kind in page.silent}
            assert silent <= listable, f"silent of what has no list: {silent - listable}"
            assert not silent & {one.kind for one in first}, "it lists what it is silent of"
            assert_clean(first)

    async def test_a_new_credential_is_listed(self, provider: Provider) -> None:
        for issued in await self._issued(provider, Ability.LIST):
            listed = await self._surely_listed(provider, issued)
            assert same_end(listed.ends_at, issued.ends_at), (
                f"issued until {issued.ends_at}, listed until {listed.ends_at}"
            )
            assert listed.state is CredentialState.ACTIVE
            assert not issued.name or listed.name == issued.name

    async def test_what_is_revoked_is_gone(self, provider: Provider) -> None:
        for issued in await self._issued(provider, Ability.REVOKE):
            assert isinstance(provider, Revokes)
            listed = await self._surely_listed(provider, issued)
            await provider.revoke(listed)
            await self._assert_ended(provider, issued)
            await self._assert_accepted(provider, issued, False, "revoked")
            with suppress(NotFound):  # a server may also say that it is done
                await provider.revoke(listed)

    async def test_what_is_switched_off_can_be_switched_on(self, provider: Provider) -> None:
        for issued in await self._issued(provider, Ability.SWITCH):
            assert isinstance(provider, Switches)
            listed = await self._surely_listed(provider, issued)
            await provider.set_active(listed, False)
            off = await self._surely_listed(provider, issued)
            assert off.state is CredentialState.SWITCHED_OFF
            await self._assert_accepted(provider, issued, False, "switched off")
            await provider.set_active(off, True)
            on = await self._surely_listed(provider, issued)
            assert on.state is CredentialState.ACTIVE
            await self._assert_accepted(provider, issued, True, "switched on again")

    async def test_an_end_that_is_moved_is_listed(self, provider: Provider) -> None:
        for issued in await self._issued(provider, Ability.MOVE_END):
            assert isinstance(provider, MovesEnds)
            listed = await self._surely_listed(provider, issued)
            for term in _other_ends(provider, listed):
                await provider.move_end(listed, term)
                listed = await self._surely_listed(provider, issued)
                assert same_end(listed.ends_at, term.ends_at), (
                    f"moved to {term.ends_at}, listed until {listed.ends_at}"
                )
            await self._assert_accepted(provider, issued, True, "with another end")

    async def test_a_new_name_is_listed(self, provider: Provider) -> None:
        for issued in await self._issued(provider, Ability.RENAME):
            assert isinstance(provider, Renames)
            listed = await self._surely_listed(provider, issued)
            if Ability.RENAME in listed.cannot:
                error = await failure_of(provider.rename(listed, self.new_name))
                assert error.outcome is Outcome.REFUSED, "it says that it cannot, and tries"
                continue
            await provider.rename(listed, self.new_name)
            assert (await self._surely_listed(provider, issued)).name == self.new_name
            await self._assert_accepted(provider, issued, True, "renamed")

    async def test_what_is_regenerated_has_another_secret(
        self, provider: Provider, world: World
    ) -> None:
        for old in await self._issued(provider, Ability.REGENERATE):
            assert isinstance(provider, Regenerates)
            requests = world.mint_requests()
            new = await provider.regenerate(await self._surely_listed(provider, old))
            assert world.mint_requests() == requests + 1
            assert new.secret != old.secret
            assert new.kind == old.kind
            assert new.target == old.target
            assert_clean(new)
            await self._surely_listed(provider, new)
            await self._assert_accepted(provider, old, False, "regenerated")
            await self._assert_accepted(provider, new, True, "the new one")

    async def test_a_lost_answer_to_an_end_is_an_unknown_outcome(
        self, provider: Provider, world: World
    ) -> None:
        for issued in await self._issued(provider, Ability.REVOKE):
            assert isinstance(provider, Revokes)
            listed = await self._surely_listed(provider, issued)
            before = world.change_requests()
            world.cut_next_change()
            error = await failure_of(provider.revoke(listed))
            assert error.outcome is Outcome.UNKNOWN, f"it may be over: {error.sentence}"
            assert world.change_requests() == before + 1, "what changes something is not repeated"
            await self._assert_ended(provider, issued)
            assert_clean(error)

    async def _assert_ended(self, provider: Provider, issued: Issued) -> None:
        """It is not listed any more, or what all share has another in its place."""
        listed = await self._listed(provider, issued)
        if not issued.kind.shared:
            assert listed is None, "it is still listed"
            return
        assert listed is not None, "nothing is in the place of what all share"
        for offer in await provider.offers(issued.target):
            if offer.kind == issued.kind:
                new = await provider.issue(self._order(offer))
                assert new.secret != issued.secret, "what is in its place is the same"


def _assert_belongs(credential: Credential, target: Target) -> None:
    assert credential.id, "a credential has no id"
    assert credential.name, "a credential has no name"
    assert credential.provider == target.provider
    assert credential.profile == target.profile
    assert credential.target_id == target.id
    assert credential.target_name == target.name
    assert credential.target_noun == target.noun
    for instant in (credential.made_at, credential.ends_at):
        assert instant is None or instant.utcoffset() == timedelta(), "an instant is aware UTC"


def _other_ends(provider: MovesEnds, credential: Credential) -> list[Term]:
    """Give ends that differ from one another: never, if that is allowed, and the usual one."""
    policy, now = provider.new_ends(credential), datetime.now(UTC)
    wishes = [default_lifetime(policy)]
    if isinstance(policy, DateChosen) and policy.may_never_end and Endless() not in wishes:
        wishes.insert(0, Endless())
    return [resolve(wish, policy, now, UTC) for wish in wishes]
