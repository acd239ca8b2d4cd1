"""The contract suite accepts a right provider and catches wrong ones."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from datetime import timedelta

import pytest

from fake_provider import ABOUT, TOKEN, FakeWorld, Plugin, Right, thing
from tokentui.domain.about import About
from tokentui.domain.errors import OutcomeUnknown, Refused
from tokentui.domain.model import (
    Credential,
    Instance,
    Issued,
    Order,
    Page,
    Verification,
)
from tokentui.testing import ProviderContract


class TestRight(ProviderContract):
    @pytest.fixture
    def world(self) -> FakeWorld:
        return FakeWorld()

    @pytest.fixture
    def plugin(self) -> Plugin:
        return Plugin()

    @pytest.fixture
    def provider(self, world: FakeWorld) -> Right:
        return Right(world)

    @pytest.fixture
    def hostile_provider(self) -> Right:
        return Right(FakeWorld())


class RepeatsWhatMakes(Right):
    async def issue(self, order: Order) -> Issued:
        try:
            return await super().issue(order)
        except OutcomeUnknown:
            return await super().issue(order)


class RepeatsRefusals(Right):
    async def issue(self, order: Order) -> Issued:
        try:
            return await super().issue(order)
        except Refused:
            return await super().issue(order)


class CallsLostRefused(Right):
    async def issue(self, order: Order) -> Issued:
        try:
            return await super().issue(order)
        except OutcomeUnknown:
            raise Refused("it did not work", "try again") from None


class MakesTwo(Right):
    async def issue(self, order: Order) -> Issued:
        await super().issue(order)
        return await super().issue(order)


class LivesTooLong(Right):
    async def issue(self, order: Order) -> Issued:
        issued = await super().issue(order)
        assert issued.ends_at is not None
        return replace(issued, ends_at=issued.ends_at + timedelta(minutes=1))


class NeverEnds(Right):
    async def issue(self, order: Order) -> Issued:
        return replace(await super().issue(order), ends_at=None)


class TellsTheSecret(Right):
    async def issue(self, order: Order) -> Issued:
        issued = await super().issue(order)
        return replace(issued, remote_id=issued.secret.reveal())


class AcceptsAnything(Right):
    async def verify(self, issued: Issued) -> Verification:
        return Verification(True, "fine")


class Repeated(Right):
    async def instances(self) -> AsyncIterator[Page[Instance]]:
        yield Page((thing(1), thing(1)))


class Steering(Right):
    async def instances(self) -> AsyncIterator[Page[Instance]]:
        yield Page((replace(thing(1), description="\x1b]0;x\x07"),))


class Unstable(Right):
    calls = 0

    async def instances(self) -> AsyncIterator[Page[Instance]]:
        self.calls += 1
        yield Page((thing(self.calls),))


class MakesTheImpossible(Right):
    async def issue(self, order: Order) -> Issued:
        possible = replace(order, offer=replace(order.offer, impossible=""))
        return await super().issue(possible)


class RevokesUndeclared(Right):
    async def revoke(self, credential: Credential) -> None:
        return None


class LeavesTasks(Right):
    async def instances(self) -> AsyncIterator[Page[Instance]]:
        self.left = asyncio.create_task(self.world.answer_list())
        await asyncio.shield(self.left)
        yield Page()


async def run(name: str, provider: Right) -> None:
    """Run one test of the suite with what it takes."""
    test = getattr(ProviderContract(), name)
    supplies = {
        "provider": provider,
        "hostile_provider": provider,
        "world": provider.world,
        "plugin": Plugin(),
    }
    result = test(**{key: supplies[key] for key in inspect.signature(test).parameters})
    if isinstance(result, Awaitable):
        await result


@pytest.mark.parametrize(
    ("wrong", "test"),
    [
        (RepeatsWhatMakes, "test_a_lost_answer_is_an_unknown_outcome"),
        (CallsLostRefused, "test_a_lost_answer_is_an_unknown_outcome"),
        (RepeatsRefusals, "test_a_refusal_made_nothing"),
        (MakesTwo, "test_issue_sends_one_request"),
        (LivesTooLong, "test_issue_sends_one_request"),
        (NeverEnds, "test_issue_sends_one_request"),
        (TellsTheSecret, "test_a_secret_does_not_show"),
        (AcceptsAnything, "test_verify_tells_a_good_secret_from_a_spoiled_one"),
        (Repeated, "test_instances_are_well_formed_and_stable"),
        (Steering, "test_instances_are_well_formed_and_stable"),
        (Steering, "test_a_hostile_server_steers_nothing"),
        (Unstable, "test_instances_are_well_formed_and_stable"),
        (MakesTheImpossible, "test_an_impossible_offer_makes_nothing"),
        (RevokesUndeclared, "test_abilities_are_those_that_are_implemented"),
        (LeavesTasks, "test_a_listing_that_is_left_leaves_nothing_running"),
    ],
)
async def test_a_wrong_provider_is_caught(wrong: type[Right], test: str) -> None:
    provider = wrong(FakeWorld())
    with pytest.raises(AssertionError):
        await run(test, provider)
    if isinstance(provider, LeavesTasks):
        provider.left.cancel()


@pytest.mark.parametrize(
    "about",
    [
        replace(ABOUT, kinds=(TOKEN, TOKEN)),
        replace(ABOUT, kinds=()),
        replace(ABOUT, title="\x1b[31m"),
        replace(ABOUT, sign_ins=()),
    ],
    ids=["kind twice", "no kind", "steering title", "no sign-in"],
)
def test_a_wrong_about_is_caught(about: About) -> None:
    with pytest.raises(AssertionError):
        ProviderContract().test_about_is_consistent(Plugin(about))


def test_a_missing_reason_is_caught() -> None:
    silent = replace(ABOUT, kinds=(replace(TOKEN, cannot={}),))
    with pytest.raises(AssertionError, match="does not say why"):
        ProviderContract().test_missing_abilities_have_their_reason(Plugin(silent))
