"""Tokens of KKP's service accounts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kubermatic_connection import (
    account_named,
    connected,
    connection_to,
    listed,
    make,
)
from simulator_fixtures import start_simulator
from tokentui.domain.errors import (
    BadAnswer,
    Outcome,
    ProviderError,
    Refused,
)
from tokentui.domain.lifetime import Fixed, Months
from tokentui.domain.model import Account, CredentialState, EndSource
from tokentui.providers.kubermatic.provider import Kubermatic
from tokentui.providers.kubermatic.tokens import NAME
from tokentui.services.fields import check_fields
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.kubermatic.seeds import ADMIN, MANAGER_TOKEN
from tokentui.simulator.server import Simulator
from tokentui.testing.checks import pages_of
from traffic import Traffic


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Kubermatic]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


async def new_account(provider: Kubermatic, name: str = "robot", group: str = "Editor") -> Account:
    """Make a service account in the project shop."""
    offer = next(o for o in await provider.account_offers() if o.scope == "shop")
    return await provider.create_account(offer, {"name": name, "group": group})


def bodies(traffic: Traffic, method: str) -> list[object]:
    """Give what was sent by a method."""
    return [one.call.json for one in traffic.sent if one.call.method == method]


async def test_a_token_ends_three_calendar_years_on_whatever_is_asked(
    provider: Kubermatic, traffic: Traffic
) -> None:
    account = await account_named(provider)
    (offer,) = await provider.offers(account)
    assert offer.lifetime == Fixed(Months(36))
    issued = await make(provider, account, name="ci")
    assert bodies(traffic, "POST") == [{"name": "ci"}], "no field changes the lifetime"
    assert issued.ends_at is not None
    assert (issued.ends_at.year, issued.ends_at.month) == (
        issued.made_at.year + 3,
        issued.made_at.month,
    )
    assert issued.end_source is EndSource.CREDENTIAL
    assert (await listed(provider, account))["ci"].ends_at == issued.ends_at


async def test_renaming_leaves_the_secret_alone(provider: Kubermatic, traffic: Traffic) -> None:
    """PUT would regenerate: renaming is PATCH alone."""
    account = await account_named(provider)
    issued = await make(provider, account, name="one")
    await provider.rename((await listed(provider, account))["one"], "two")
    assert bodies(traffic, "PATCH") == [{"name": "two"}]
    assert bodies(traffic, "PUT") == []
    assert (await provider.verify(issued)).ok is True


async def test_regenerating_repeats_id_and_the_name_of_now(
    sim: Simulator, provider: Kubermatic, traffic: Traffic
) -> None:
    """The request has to carry both, and an old name would rename the token back."""
    account = await account_named(provider)
    old = await make(provider, account, name="one")
    credential = (await listed(provider, account))["one"]
    sim.world.kubermatic.main.token_named("one").name = "renamed-elsewhere"
    new = await provider.regenerate(credential)
    assert bodies(traffic, "PUT") == [{"id": old.remote_id, "name": "renamed-elsewhere"}]
    assert (new.remote_id, new.name) == (old.remote_id, "renamed-elsewhere")
    assert new.target == account
    assert (await provider.verify(old)).ok is False
    assert (await provider.verify(new)).ok is True


async def test_an_invalid_token_says_so_and_never_that_it_lives_for_ever(
    provider: Kubermatic,
) -> None:
    """A zero expiry is no end, and `invalidated` means that it has to be regenerated."""
    account = await account_named(provider, "old-ci")
    credential = (await listed(provider, account))["jenkins"]
    assert (credential.state, credential.ends_at) == (CredentialState.INVALID, None)
    assert "regenerate it" in credential.state_text
    await provider.regenerate(credential)
    renewed = (await listed(provider, account))["jenkins"]
    assert renewed.state is CredentialState.ACTIVE
    assert renewed.ends_at is not None


async def test_the_own_token_and_account_are_told_by_their_claims(
    sim: Simulator, tmp_path: Path
) -> None:
    async with connected(connection_to(sim, tmp_path, token=MANAGER_TOKEN)) as provider:
        accounts, _ = await pages_of(provider.accounts())
        assert [one.name for one in accounts if one.is_own] == ["tokentui-manager"]
        (own,) = (one for one in accounts if one.is_own)
        await make(provider, own, name="other")
        told = {name: one.is_own for name, one in (await listed(provider, own)).items()}
        assert told == {MANAGER_TOKEN: True, "other": False}


async def test_a_person_owns_none_of_the_tokens(provider: Kubermatic) -> None:
    accounts, _ = await pages_of(provider.accounts())
    assert not any(one.is_own for one in accounts)


async def test_a_name_that_is_taken_is_the_servers_word(provider: Kubermatic) -> None:
    await new_account(provider)
    with pytest.raises(Refused, match='service account "robot" already exists'):
        await new_account(provider)
    account = await account_named(provider)
    with pytest.raises(Refused, match='token "gitlab-ci" already exists'):
        await make(provider, account, name="gitlab-ci")


async def test_an_admin_may_make_one_name_twice_and_both_are_told_apart(
    sim: Simulator, tmp_path: Path
) -> None:
    """On an admin's path names are not checked: names are no keys."""
    async with connected(connection_to(sim, tmp_path, person=ADMIN)) as provider:
        account = await account_named(provider)
        one = await make(provider, account, name="twin")
        other = await make(provider, account, name="twin")
        found, _ = await pages_of(provider.credentials(account))
        assert {one.remote_id, other.remote_id} <= {str(row.id) for row in found}
        await provider.revoke(next(row for row in found if row.id == other.remote_id))
        assert (await provider.verify(one)).ok is True


@pytest.mark.parametrize("body", ["{}", '{"token": 7}', "[]", '"text"', "<html>"])
async def test_an_unusable_answer_to_making_is_kept(
    sim: Simulator, provider: Kubermatic, body: str
) -> None:
    account = await account_named(provider)
    spoiled = Fault(kind=FaultKind.STATUS, status=201, path="/tokens$", body=body, method="POST")
    sim.faults.add(spoiled)
    with pytest.raises(BadAnswer) as caught:
        await make(provider, account, name="ci")
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw is not None
    assert caught.value.raw.reveal() == body


async def test_the_secret_counts_though_the_rest_does_not_fit(
    sim: Simulator, provider: Kubermatic
) -> None:
    account = await account_named(provider)
    body = json.dumps({"token": "opaque-token", "id": 7})
    answer = Fault(kind=FaultKind.STATUS, status=201, path="/tokens$", body=body, method="POST")
    sim.faults.add(answer)
    issued = await make(provider, account, name="ci")
    assert (issued.secret.reveal(), issued.remote_id) == ("opaque-token", "")
    assert issued.end_source is EndSource.COMPUTED


@pytest.mark.parametrize("status", [401, 403, 404, 409, 422, 429])
async def test_a_definite_refusal_of_a_token(
    sim: Simulator, provider: Kubermatic, status: int
) -> None:
    account = await account_named(provider)
    words = json.dumps({"error": {"code": status, "message": "said so"}})
    refusal = Fault(kind=FaultKind.STATUS, status=status, path="/tokens$", body=words)
    sim.faults.add(refusal)
    with pytest.raises(ProviderError, match="said so") as caught:
        await make(provider, account, name="ci")
    assert caught.value.outcome is Outcome.REFUSED
    assert sim.world.kubermatic.main.mints == 0


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.STATUS, status=500, path="/tokens$", method="POST"),
        Fault(kind=FaultKind.HALF, path="/tokens$", method="POST"),
        Fault(kind=FaultKind.GARBAGE, path="/tokens$", method="POST"),
        Fault(kind=FaultKind.HOLD, path="/tokens$", method="POST"),
    ],
    ids=["500", "half", "garbage", "timeout"],
)
async def test_a_lost_answer_is_asked_for_once(
    sim: Simulator, tmp_path: Path, fault: Fault
) -> None:
    """KKP answers what it cannot read with 500, too: that is no reason to send it again."""
    async with connected(connection_to(sim, tmp_path, timeout_s=1.0)) as provider:
        account = await account_named(provider)
        sim.faults.add(fault)
        with pytest.raises(ProviderError) as caught:
            await make(provider, account, name="ci")
    assert caught.value.outcome is Outcome.UNKNOWN
    assert sim.requests.count("POST", "/tokens") == 1


async def test_what_belongs_to_another_installation_is_not_touched(
    sim: Simulator, tmp_path: Path, provider: Kubermatic
) -> None:
    account = await account_named(provider)
    credential = (await listed(provider, account))["gitlab-ci"]
    async with connected(connection_to(sim, tmp_path, server="imke-2.23")) as other:
        for call in (
            other.revoke(credential),
            other.rename(credential, "x"),
            other.regenerate(credential),
            other.rename_account(account, "x"),
            other.regroup_account(account, "Viewer"),
            other.delete_account(account),
            other.offers(account),
        ):
            with pytest.raises(Refused, match="is not of the installation"):
                await call
    assert "gitlab-ci" in await listed(provider, account)


async def test_a_name_in_a_path_stays_one_part_of_it(provider: Kubermatic) -> None:
    account = await account_named(provider)
    credential = (await listed(provider, account))["gitlab-ci"]
    odd = replace(credential, id=type(credential.id)("../../../me?x=1"))
    with pytest.raises(ProviderError):
        await provider.revoke(odd)
    assert "gitlab-ci" in await listed(provider, account)


@pytest.mark.parametrize("name", ["deployer-2", "Gr\u00f6\u00dfe: x!", "\u00df", "a" * 80])
async def test_the_proposed_name_can_be_taken_as_it_is(
    provider: Kubermatic, traffic: Traffic, name: str
) -> None:
    account = await new_account(provider, name)
    made = await make(provider, account)
    assert bodies(traffic, "POST")[-1] == {"name": made.name}
    check_fields("token", (NAME,), {NAME.key: made.name})
