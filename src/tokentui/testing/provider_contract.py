"""The contract suite that every provider passes, those in this project and those of plug-ins.

Subclass `ProviderContract` in a test module and supply the fixtures that it describes. It needs
pytest and pytest-asyncio in automatic mode (`asyncio_mode = "auto"`).
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tokentui.domain.errors import Outcome
from tokentui.domain.model import Ability, Form
from tokentui.providers.base import CreatesAccounts, Describes
from tokentui.testing.account_contract import AccountContract
from tokentui.testing.checks import (
    ABILITY_PROTOCOLS,
    LONGEST_TEST_S,
    assert_clean,
    failure_of,
    pages_of,
)
from tokentui.testing.credential_contract import CredentialContract
from tokentui.testing.driving import SECOND, default_term
from tokentui.testing.recipe_contract import RecipeContract

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from tokentui.domain.lifetime import Term
    from tokentui.domain.model import Target
    from tokentui.providers.base import Provider, ProviderPlugin
    from tokentui.testing.world import World

_LEFT_WITHIN_S = 3.0
"""Far more than leaving takes, and less than a provider waits for an answer."""


class ProviderContract(CredentialContract, AccountContract, RecipeContract):
    """Checks one provider against a simulated system.

    A subclass supplies these fixtures, all for one and the same system:

    - `plugin`: the `ProviderPlugin`
    - `provider`: a fresh `Provider` that is signed in and may make credentials
    - `world`: a `World`, which counts requests and misbehaves on request
    - `hostile_provider`: a `Provider` whose server puts control characters into every text

    and may override what `Driving` has: how fields are filled in, what a new name is and how a
    secret is spoiled. The system must have at least one target for which a credential can be
    made, and one place for an account if accounts can be made.
    """

    def test_about_is_consistent(self, plugin: ProviderPlugin) -> None:
        about = plugin.about
        assert_clean(about)
        assert about.key
        assert about.title
        assert about.instance_noun
        assert about.kinds, "a provider makes at least one kind of credential"
        assert about.sign_ins, "a provider has at least one way to sign in"
        for what, keys in (
            ("kinds", [kind.key for kind in about.kinds]),
            ("settings", [setting.key for setting in about.settings]),
            ("sign-ins", [method.key for method in about.sign_ins]),
        ):
            assert len(set(keys)) == len(keys), f"two {what} have the same key: {keys}"
        for method in about.sign_ins:
            options = [setting.key for setting in method.settings]
            assert len(set(options)) == len(options), f"{method.key} has an option twice"

    def test_missing_abilities_have_their_reason(self, plugin: ProviderPlugin) -> None:
        for kind in plugin.about.kinds:
            for ability in Ability:
                reason = kind.cannot.get(ability, "")
                can = ability in kind.abilities
                assert not (can and reason), f"{kind.key} can {ability}, and says why not"
                assert can or reason or ability in (Ability.VERIFY, Ability.TWO_AT_ONCE), (
                    f"{kind.key} cannot {ability}, and does not say why"
                )

    def test_abilities_are_those_that_are_implemented(
        self, plugin: ProviderPlugin, provider: Provider
    ) -> None:
        declared = {ability for kind in plugin.about.kinds for ability in kind.abilities}
        for ability, protocol in ABILITY_PROTOCOLS.items():
            implemented = isinstance(provider, protocol)
            assert (ability in declared) == implemented, (
                f"{ability} is {'not ' * (ability not in declared)}declared, but "
                f"{protocol.__name__} is {'not ' * (not implemented)}implemented"
            )

    async def test_identity_has_a_name(self, provider: Provider) -> None:
        identity = await provider.identity()
        assert identity.name
        assert_clean(identity)

    async def test_instances_are_well_formed_and_stable(
        self, plugin: ProviderPlugin, provider: Provider
    ) -> None:
        first, failed = await pages_of(provider.instances())
        second, _ = await pages_of(provider.instances())
        assert not failed, f"a healthy system failed: {failed}"
        ids = [instance.id for instance in first]
        assert len(set(ids)) == len(ids), f"two instances have the same id: {sorted(ids)}"
        assert sorted(ids) == sorted(instance.id for instance in second), "ids change"
        for instance in first:
            assert instance.name, "an instance has no name"
            assert instance.native_id, "an instance has no native id"
            assert instance.provider == plugin.about.key
            assert instance.created_at is None or instance.created_at.utcoffset() == timedelta()
        assert_clean(first)

    async def test_offers_fit_what_is_declared(
        self, plugin: ProviderPlugin, provider: Provider
    ) -> None:
        possible = 0
        for target in await self._targets(provider):
            for offer in await provider.offers(target):
                assert offer.kind in plugin.about.kinds, f"{offer.kind.key} is not declared"
                assert offer.target == target
                assert offer.kind.fits(target), f"{offer.kind.key} is not made for {target.noun}"
                assert_clean(offer)
                keys = [field.key for field in offer.fields]
                assert len(set(keys)) == len(keys), f"two fields have the same key: {keys}"
                default_term(offer)
                possible += not offer.impossible
        assert possible, "the system has nothing for which a credential can be made"

    async def test_an_impossible_offer_makes_nothing(
        self, provider: Provider, world: World
    ) -> None:
        for target in await self._targets(provider):
            for offer in await provider.offers(target):
                if offer.impossible:
                    before = world.mints()
                    error = await failure_of(provider.issue(self._order(offer)))
                    assert error.outcome is Outcome.REFUSED
                    assert world.mints() == before
                    assert_clean(error)

    async def test_issue_sends_one_request(self, provider: Provider, world: World) -> None:
        for offer in await self._possible(provider):
            requests, mints = world.mint_requests(), world.mints()
            before = datetime.now(UTC)
            order = self._order(offer)
            issued = await provider.issue(order)
            assert world.mint_requests() == requests + 1
            assert world.mints() == mints + 1
            assert issued.kind == offer.kind
            assert issued.target == offer.target
            _assert_end_within(order.term, issued.ends_at, datetime.now(UTC))
            assert before <= issued.made_at <= datetime.now(UTC)
            assert_clean(issued)

    async def test_two_credentials_are_two(self, provider: Provider) -> None:
        for offer in await self._possible(provider):
            one = await provider.issue(self._order(offer))
            other = await provider.issue(self._order(offer))
            is_copy = offer.kind.shared
            assert (one.secret == other.secret) == is_copy, "copies are the same, others are not"

    async def test_a_secret_does_not_show(self, provider: Provider) -> None:
        for offer in await self._possible(provider):
            issued = await provider.issue(self._order(offer))
            assert issued.secret
            assert issued.secret.reveal() not in f"{issued!r} {issued} {vars(type(issued))}"
            if issued.kind.form is Form.TOKEN:
                assert issued.secret.reveal().isascii()
                assert issued.secret.reveal().isprintable()

    async def test_verify_tells_a_good_secret_from_a_spoiled_one(self, provider: Provider) -> None:
        for offer in await self._possible(provider):
            if Ability.VERIFY in offer.kind.abilities:
                issued = await provider.issue(self._order(offer))
                good = await provider.verify(issued)
                assert good.ok is True, f"a good secret is not accepted: {good.sentence}"
                bad = await provider.verify(self.spoiled(issued))
                assert bad.ok is False, f"a spoiled secret is accepted: {bad.sentence}"
                assert_clean(good, bad)

    async def test_a_lost_answer_is_an_unknown_outcome(
        self, provider: Provider, world: World
    ) -> None:
        for offer in await self._possible(provider):
            before = await self._listed_ids(provider, offer)
            requests, mints = world.mint_requests(), world.mints()
            world.cut_next_mint()
            error = await failure_of(provider.issue(self._order(offer)))
            if error.outcome is Outcome.REFUSED and Ability.LIST in offer.kind.abilities:
                after = await self._listed_ids(provider, offer)
                assert after == before, f"it exists: {error.sentence}"  # else it was taken back
            else:
                assert error.outcome is Outcome.UNKNOWN, f"it may exist: {error.sentence}"
            assert world.mint_requests() == requests + 1, "what makes something is never repeated"
            assert world.mints() == mints + 1, "the world did not do what it was asked for"
            assert_clean(error)

    async def test_a_refusal_made_nothing(self, provider: Provider, world: World) -> None:
        for offer in await self._possible(provider):
            requests, mints = world.mint_requests(), world.mints()
            world.refuse_next_mint()
            error = await failure_of(provider.issue(self._order(offer)))
            assert error.outcome is Outcome.REFUSED, f"nothing was made: {error.sentence}"
            assert world.mint_requests() == requests + 1, "a refusal is not asked again"
            assert world.mints() == mints, "the world did not do what it was asked for"
            assert error.message
            assert error.next_step, "an error says what to do next"

    async def test_a_hostile_server_steers_nothing(self, hostile_provider: Provider) -> None:
        assert_clean(await hostile_provider.identity())
        instances, failed = await pages_of(hostile_provider.instances())
        ids = [instance.id for instance in instances]
        assert len(set(ids)) == len(ids), "two instances have the same id"
        assert_clean(instances, failed)
        accounts, failed = await pages_of(hostile_provider.accounts())
        assert_clean(accounts, failed)
        if isinstance(hostile_provider, CreatesAccounts):
            assert_clean(await hostile_provider.account_offers())
        for target in await self._targets(hostile_provider):
            offers = await hostile_provider.offers(target)
            assert_clean(offers)
            credentials, failed = await pages_of(hostile_provider.credentials(target))
            assert_clean(credentials, failed)
            await self._assert_described(hostile_provider, target)
        for offer in await self._possible(hostile_provider):
            issued = await hostile_provider.issue(self._order(offer))
            assert_clean(issued, await hostile_provider.verify(issued))

    async def test_a_listing_that_is_left_leaves_nothing_running(
        self, provider: Provider, world: World
    ) -> None:
        await provider.identity()
        await self._assert_leaves_nothing(provider, world, lambda: pages_of(provider.instances()))

    async def test_a_list_of_accounts_that_is_left_leaves_nothing_running(
        self, plugin: ProviderPlugin, provider: Provider, world: World
    ) -> None:
        await provider.identity()
        if plugin.about.account_kinds:
            await self._assert_leaves_nothing(
                provider, world, lambda: pages_of(provider.accounts())
            )

    async def _assert_leaves_nothing(
        self, provider: Provider, world: World, read: Callable[[], Coroutine[None, None, object]]
    ) -> None:
        before = asyncio.all_tasks()
        world.hold_lists()
        listing = asyncio.create_task(read())
        await _until_held(world)
        listing.cancel()
        done, _ = await asyncio.wait([listing], timeout=_LEFT_WITHIN_S)
        assert done, "a listing that was cancelled waits for its server"
        await provider.aclose()
        assert asyncio.all_tasks() <= before, "a listing that was cancelled still runs"

    async def test_closing_twice_is_harmless(self, provider: Provider) -> None:
        await provider.identity()
        await provider.aclose()
        await provider.aclose()

    async def _assert_described(self, provider: Provider, target: Target) -> None:
        """Check all that is said of a target beside its list."""
        if isinstance(provider, Describes):
            assert_clean(await provider.details(target))
        for offer in await provider.offers(target):
            recipes = await provider.recipes(offer.kind, target)
            assert_clean([(recipe.title, recipe.note) for recipe in recipes])
            for recipe in recipes:
                for piece in recipe.pieces:
                    assert_clean(piece.split("\n") if isinstance(piece, str) else piece)


def _assert_end_within(term: Term, ends_at: datetime | None, now: datetime) -> None:
    """An end is never later than asked for; a duration begins when the server acts."""
    if ends_at is None:
        assert term.ends_at is None, "a credential never ends, though an end was asked for"
        return
    assert ends_at.utcoffset() == timedelta(), "an end is aware UTC"
    assert ends_at > now - SECOND, "a credential is over when it is made"
    if term.duration is not None:
        assert ends_at <= now + term.duration + SECOND, "a credential lives longer than asked for"


async def _until_held(world: World) -> None:
    async with asyncio.timeout(LONGEST_TEST_S):
        while not world.held():  # noqa: ASYNC110  # the world may live in another thread
            await asyncio.sleep(0.01)
