"""The ingestion token: role, permissions and token in one go, or nothing of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from simulator_fixtures import start_simulator
from stackstate_connection import connected, connection_to, listed, offer_of, order
from tokentui.domain.errors import (
    Outcome,
    OutcomeUnknown,
    ProviderError,
    Refused,
    Unreachable,
)
from tokentui.domain.model import FieldValue, Issued
from tokentui.providers.stackstate.provider import Stackstate
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackstate.world import LAB

SUBJECT = "/security/subjects/edge-7$"
GRANT = "/security/permissions/edge-7$"
TOKEN = "/security/tokens$"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Stackstate]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


def roles(sim: Simulator) -> set[str]:
    return {subject.handle for subject in sim.world.stackstate.prod.subjects.all()}


async def issue(provider: Stackstate, **values: FieldValue) -> Issued:
    given: dict[str, FieldValue] = {"name": "edge-7", **values}
    end = datetime(2027, 3, 31, tzinfo=UTC)
    return await provider.issue(await order(provider, "ingestion-token", end, **given))


def send(sim: Simulator, issued: Issued) -> int:
    """Send data with the new token in the three ways; give the one status."""
    url, secret = sim.world.stackstate.prod.url, issued.secret.reveal()
    write = f"{url}/receiver/prometheus/api/v1/write"
    with httpx.Client(trust_env=False) as client:
        answers = [
            client.post(write, headers={"sts-api-key": secret}),
            client.post(write, auth=("apikey", secret)),
            client.post(f"{url}/receiver/stsAgent/intake", params={"api_key": secret}),
            client.post(
                f"{url}/otlp/v1/traces", headers={"authorization": f"SUSEObservability {secret}"}
            ),
        ]
    (status,) = {answer.status_code // 100 for answer in answers}
    return status


async def test_it_is_made_used_and_ended_with_its_role(
    sim: Simulator, provider: Stackstate
) -> None:
    issued = await issue(provider)
    prod = sim.world.stackstate.prod
    assert dict(prod.subjects.grants("edge-7")) == {"system": {"update-metrics"}}
    credential = (await listed(provider))["edge-7"]
    assert (credential.kind, credential.id) == ("ingestion-token", issued.remote_id)
    assert credential.also_ends == "the role edge-7 with all its permissions"
    assert send(sim, issued) == 2
    assert (await provider.verify(issued)).ok is True
    await provider.revoke(credential)
    assert send(sim, issued) == 4
    assert "edge-7" not in roles(sim)


async def test_it_may_update_scoped_permissions_of_its_cluster(
    sim: Simulator, provider: Stackstate
) -> None:
    grants = sim.world.stackstate.prod.subjects.grants
    await issue(provider, scoped=True)
    assert grants("edge-7")["edge-7"] == {"update-scoped-permissions"}
    await issue(provider, name="edge-7-b", scoped=True, cluster="edge-7")
    assert grants("edge-7-b")["edge-7"] == {"update-scoped-permissions"}
    await issue(provider, name="edge-8", scoped=False, cluster="edge-8")
    assert set(grants("edge-8")) == {"system"}


async def test_an_old_server_keeps_the_role(sim: Simulator, tmp_path: Path) -> None:
    lab = sim.world.stackstate.lab
    async with connected(connection_to(sim, tmp_path, server=LAB)) as provider:
        offer = await offer_of(provider, "ingestion-token")
        assert any("the role stays" in warning for warning in offer.warnings)
        issued = await issue(provider)
        credential = (await listed(provider))["edge-7"]
        assert (credential.kind, credential.id) == ("ingestion-token", issued.remote_id)
        assert credential.also_ends == ""
        await provider.revoke(credential)
    assert lab.subjects.sources("edge-7")


@pytest.mark.parametrize("name", ["agent-ham", "suse-observability-instance-admin"])
async def test_a_role_that_exists_is_left_alone(
    sim: Simulator, provider: Stackstate, name: str
) -> None:
    before = roles(sim)
    with pytest.raises(Refused, match="exists on sts-prod already"):
        await issue(provider, name=name)
    assert roles(sim) == before
    assert sim.requests.count("PUT") == sim.requests.count("DELETE") == 0


async def test_a_role_that_appears_meanwhile_is_left_alone(
    sim: Simulator, provider: Stackstate
) -> None:
    sim.faults.add(
        Fault(kind=FaultKind.STATUS, method="GET", path="/security/subjects$", status=403)
    )
    with pytest.raises(Refused, match="Subject agent-ham exists already.*no token was made"):
        await issue(provider, name="agent-ham")
    assert "agent-ham" in roles(sim)
    assert sim.requests.count("DELETE") == 0


@pytest.mark.parametrize("name", ["stackstate-guest", " "])
async def test_names_that_cannot_be_its_own_are_refused(
    sim: Simulator, provider: Stackstate, name: str
) -> None:
    with pytest.raises(Refused, match="cannot have the name"):
        await issue(provider, name=name)
    assert sim.requests.count("PUT") == 0


def refuse(sim: Simulator, method: str, path: str, skip: int = 0) -> None:
    """Refuse a request; the first ones of its sort are let through."""
    if skip:
        sim.faults.add(Fault(kind=FaultKind.DELAY, method=method, path=path, times=skip))
    sim.faults.add(
        Fault(kind=FaultKind.STATUS, method=method, path=path, status=403, times=1, body="{}")
    )


@pytest.mark.parametrize(
    ("method", "path", "skip", "undone"),
    [
        ("PUT", SUBJECT, 0, []),
        ("POST", GRANT, 0, ["subjects"]),
        ("POST", GRANT, 1, ["permissions", "subjects"]),
        ("POST", TOKEN, 0, ["permissions", "permissions", "subjects"]),
    ],
)
async def test_a_step_that_is_refused_leaves_nothing(
    sim: Simulator, provider: Stackstate, method: str, path: str, skip: int, undone: list[str]
) -> None:
    before = roles(sim)
    refuse(sim, method, path, skip)
    with pytest.raises(ProviderError, match="403 Forbidden.*no token was made") as caught:
        await issue(provider, scoped=True)
    assert caught.value.outcome is Outcome.REFUSED
    assert ("removed again" in caught.value.message) is bool(undone)
    deleted = [one.path.split("/")[-2] for one in sim.requests.all() if one.method == "DELETE"]
    assert deleted == undone, "newest first"
    assert roles(sim) == before
    assert sim.stackstate.mints() == 0


async def test_a_step_whose_answer_is_lost_makes_no_token(
    sim: Simulator, provider: Stackstate
) -> None:
    sim.faults.add(Fault(kind=FaultKind.CUT, method="POST", path=GRANT, times=1, acts=True))
    with pytest.raises(Unreachable, match="no token was made, the role edge-7 removed") as caught:
        await issue(provider)
    assert caught.value.outcome is Outcome.REFUSED
    assert "edge-7" not in roles(sim)


async def test_a_role_whose_answer_is_lost_is_named(sim: Simulator, provider: Stackstate) -> None:
    """It is not deleted: it could be another's by now."""
    sim.faults.add(Fault(kind=FaultKind.CUT, method="PUT", path=SUBJECT, times=1, acts=True))
    with pytest.raises(Unreachable, match="there may still be the role edge-7") as caught:
        await issue(provider)
    assert caught.value.next_step.startswith("delete what is left by hand")
    assert sim.requests.count("DELETE") == 0


async def test_what_cannot_be_undone_is_named(sim: Simulator, provider: Stackstate) -> None:
    refuse(sim, "POST", TOKEN)
    refuse(sim, "DELETE", SUBJECT)
    with pytest.raises(ProviderError) as caught:
        await issue(provider)
    assert "its permission update-metrics on system removed again" in caught.value.message
    assert "there may still be the role edge-7" in caught.value.message
    assert "edge-7" in roles(sim)


async def test_a_token_whose_answer_is_lost_keeps_its_role(
    sim: Simulator, provider: Stackstate
) -> None:
    sim.faults.add(Fault(kind=FaultKind.CUT, method="POST", path=TOKEN, times=1, acts=True))
    with pytest.raises(OutcomeUnknown, match="the role edge-7 with its permissions exists"):
        await issue(provider)
    assert sim.requests.count("DELETE") == 0
    assert (await listed(provider))["edge-7"].kind == "ingestion-token"


async def test_an_answer_that_cannot_be_read_keeps_the_role_and_the_answer(
    sim: Simulator, provider: Stackstate
) -> None:
    garbage = Fault(kind=FaultKind.GARBAGE, method="POST", path=TOKEN, times=1, acts=True)
    sim.faults.add(garbage)
    with pytest.raises(ProviderError) as caught:
        await issue(provider)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw is not None
    assert "edge-7" in roles(sim)
