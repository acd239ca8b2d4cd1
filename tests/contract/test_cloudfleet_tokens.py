"""API tokens: made, regenerated, renamed and deleted."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cloudfleet_connection import (
    RENAMING,
    connected,
    connection_to,
    listed,
    offer_of,
    order,
    the_organization,
)
from simulator_fixtures import start_simulator
from tokentui.domain.errors import Forbidden, NotFound, Refused
from tokentui.domain.lifetime import Never
from tokentui.domain.model import Ability
from tokentui.providers.cloudfleet.offers import ADMINISTRATOR_WARNING
from tokentui.providers.cloudfleet.provider import Cloudfleet
from tokentui.providers.cloudfleet.tokens import NO_RENAMING, ONLY_READS
from tokentui.simulator.cloudfleet.dialect import OTHER
from tokentui.simulator.cloudfleet.seeds import ADMIN_TOKEN, OWN_TOKEN, USER_TOKEN
from tokentui.simulator.cloudfleet.world import CloudfleetWorld
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator
from traffic import Traffic


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
def world(sim: Simulator) -> CloudfleetWorld:
    return sim.world.cloudfleet


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Cloudfleet]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


async def test_a_token_is_made_used_regenerated_and_deleted(
    sim: Simulator, world: CloudfleetWorld, provider: Cloudfleet
) -> None:
    issued = await provider.issue(await order(provider, name="story"))
    made = world.token_named("story")
    assert (issued.remote_id, issued.name) == (made.id, "story")
    assert issued.secret.reveal() == made.secret
    assert (made.role, issued.ends_at) == ("User", None)
    again = await provider.regenerate((await listed(provider))["story"])
    assert again.remote_id == issued.remote_id
    assert (await provider.verify(issued)).ok is False
    assert (await provider.verify(again)).ok is True
    await provider.revoke((await listed(provider))["story"])
    assert (await provider.verify(again)).ok is False
    assert "story" not in await listed(provider)
    assert sim.cloudfleet.mints() == 2


async def test_trap_8_roles_are_spelled_as_the_vendor_does(
    provider: Cloudfleet, traffic: Traffic
) -> None:
    await provider.issue(await order(provider, role="Administrator"))
    (mint,) = traffic.posted()
    assert mint.call.json == {"name": "ci", "role": "Administrator"}
    for role in ("administrator", "Admin", ("User",)):
        with pytest.raises(Refused, match="one of two roles"):
            await provider.issue(await order(provider, role=role))


async def test_trap_11_what_an_administrator_may_is_said_before(provider: Cloudfleet) -> None:
    offer = await offer_of(provider)
    assert ADMINISTRATOR_WARNING in offer.warnings
    assert "cluster-admin on every cluster" in ADMINISTRATOR_WARNING
    assert isinstance(offer.lifetime, Never)
    (role,) = [field for field in offer.fields if field.key == "role"]
    assert (role.default, role.choices) == ("User", ("User", "Administrator"))


async def test_a_token_needs_a_name(sim: Simulator, provider: Cloudfleet) -> None:
    with pytest.raises(Refused, match="needs a name"):
        await provider.issue(await order(provider, name=" "))
    assert sim.cloudfleet.mints() == 0


async def test_a_list_shows_role_age_use_and_the_kubernetes_user(
    world: CloudfleetWorld, sim: Simulator, tmp_path: Path
) -> None:
    """Trap 4: the Kubernetes user is in lower case, the id is not."""
    world.dialect = OTHER
    async with connected(connection_to(sim, tmp_path)) as provider:
        own = (await listed(provider))[OWN_TOKEN]
    assert own.id == world.token_named(OWN_TOKEN).id
    assert own.id != own.id.lower()
    facts = dict(own.facts)
    assert facts["K8s user"] == f"service-account-{own.id.lower()}"
    assert facts["last used"].endswith(" UTC")
    assert (own.roles, own.is_own, own.ends_at) == (("Administrator",), True, None)
    assert own.made_at is not None


async def test_only_the_token_that_is_signed_in_with_is_its_own(provider: Cloudfleet) -> None:
    """Trap 3: what becomes of the sign-in is said before, so it has to be known exactly."""
    assert [one.name for one in (await listed(provider)).values() if one.is_own] == [OWN_TOKEN]


async def test_a_user_is_told_why_nothing_can_be_made(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path
) -> None:
    for may_read in (False, True):
        world.user_reads_tokens = may_read
        async with connected(connection_to(sim, tmp_path, token=USER_TOKEN)) as provider:
            offer = await offer_of(provider)
            assert offer.impossible == ONLY_READS
            assert (await provider.identity()).may_issue is False
            with pytest.raises(Refused, match="role Administrator"):
                await provider.issue(await order(provider))
            organization = await the_organization(provider)
            (page,) = [page async for page in provider.credentials(organization)]
            if may_read:
                assert not page.failed
                assert {one.cannot[Ability.REVOKE] for one in page.items} == {ONLY_READS}
            else:
                (error,) = page.failed
                assert isinstance(error, Forbidden)
                assert "needs an API token with the role Administrator" in error.next_step
    assert sim.cloudfleet.mints() == 0


async def test_an_administrator_may_make_tokens(provider: Cloudfleet) -> None:
    identity = await provider.identity()
    assert (identity.name, identity.may_issue) == (OWN_TOKEN, True)
    assert dict(identity.facts)["role"] == "Administrator"


async def test_renaming_is_only_tried_where_the_profile_says_how(
    sim: Simulator, provider: Cloudfleet
) -> None:
    credential = (await listed(provider))[ADMIN_TOKEN]
    assert credential.cannot[Ability.RENAME] == NO_RENAMING
    before = sim.requests.count()
    with pytest.raises(Refused, match=r"wire\.update_token"):
        await provider.rename(credential, "boss")
    assert sim.requests.count() == before


async def test_trap_10_a_rename_sends_the_role_that_it_has_now(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path
) -> None:
    async with connected(connection_to(sim, tmp_path, wire=RENAMING)) as provider:
        credential = (await listed(provider))[USER_TOKEN]
        assert Ability.RENAME not in credential.cannot
        token = world.token_named(USER_TOKEN)
        world.change_token(token, token.name, "Administrator")  # by another, meanwhile
        await provider.rename(credential, "boss")
        renamed = world.token(credential.id)
        assert renamed is not None
        assert (renamed.name, renamed.role) == ("boss", "Administrator")
        world.delete_token(renamed)
        with pytest.raises(NotFound, match="not listed"):
            await provider.rename(credential, "x")


async def test_trap_10_a_rename_sends_all_that_can_be_changed(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path, traffic: Traffic
) -> None:
    async with connected(connection_to(sim, tmp_path, wire=RENAMING)) as provider:
        credential = (await listed(provider))[USER_TOKEN]
        read_only = {"status": "active", "created_at": "2026-11-02T09:15:30Z", "updated_at": ""}
        editable = {"display_name": USER_TOKEN, "role": "User", "scopes": ["registry"], "note": 7}
        row = {"token_id": credential.id, "last_used_at": None, **read_only, **editable}
        body = json.dumps([row])
        sim.faults.add(Fault(kind=FaultKind.STATUS, path="/v1/tokens$", status=200, body=body))
        with suppress(Refused):  # the simulator takes a name under one key alone
            await provider.rename(credential, "boss")
        (put,) = [one.call.json for one in traffic.sent if one.call.method == "PUT"]
        assert put == {**editable, "display_name": "boss"}


async def test_what_is_gone_is_not_found(world: CloudfleetWorld, provider: Cloudfleet) -> None:
    credential = (await listed(provider))[ADMIN_TOKEN]
    world.delete_token(world.token_named(ADMIN_TOKEN))
    for verb in (provider.revoke, provider.regenerate):
        with pytest.raises(NotFound, match="Token not found") as caught:
            await verb(credential)
        assert "wire." in caught.value.next_step, "the path may be wrong as well"


async def test_what_another_server_had_is_not_touched(
    sim: Simulator, provider: Cloudfleet, tmp_path: Path
) -> None:
    credential = (await listed(provider))[ADMIN_TOKEN]
    others: list[dict[str, Any]] = [
        {"url": "https://api.example/v1"},
        {"organization_id": "another"},
    ]
    for settings in others:
        async with connected(connection_to(sim, tmp_path, **settings)) as other:
            before = sim.requests.count()
            for verb in (other.revoke, other.regenerate):
                with pytest.raises(Refused, match="is not in the organization that"):
                    await verb(credential)
            assert sim.requests.count() == before
