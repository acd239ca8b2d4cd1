"""Our adapter and the vendor's SDKs see the same accounts, keys, technical users and projects."""

from __future__ import annotations

import os
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest

from simulator_fixtures import project_id, start_simulator
from stackit_connection import connected, connection_to, credentials_of, find
from tokentui.domain.model import CredentialState
from tokentui.providers.base import Suggests
from tokentui.providers.stackit import PROVIDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tokentui.simulator.server import Simulator

# stackit-core 0.4.0 calls datetime.utcnow, which Python 3.12 warns about.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
PROJECTS = ("ops-prod", "ops-dev")


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
def sdk(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Any]]:
    """Give a maker of SDK clients, signed in with the same key file as our adapter."""
    for name in [name for name in os.environ if name.startswith("STACKIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HOME", str(tmp_path))
    from stackit import observability, resourcemanager, serviceaccount
    from stackit.core.configuration import Configuration

    connection_to(sim, tmp_path / "home")  # writes the key file
    apis = {
        "observability": observability.DefaultApi,
        "service-account": serviceaccount.DefaultApi,
        "resource-manager": resourcemanager.DefaultApi,
    }
    made: list[Any] = []

    def client(service: str) -> Any:  # noqa: ANN401  # the SDK has no types
        configuration = Configuration(
            custom_endpoint=f"{sim.base_url}/stackit/{service}",
            custom_token_endpoint=f"{sim.base_url}/stackit/service-account/token",
            service_account_key_path=str(tmp_path / "home" / "secrets" / "stackit-key.json"),
        )
        made.append(apis[service](configuration))
        return made[-1]

    yield client
    for api in made:
        api.api_client.rest_client.session.auth.close()


async def test_observability_agrees(
    sim: Simulator, sdk: Callable[[str], Any], tmp_path: Path
) -> None:
    api = sdk("observability")
    async with connected(connection_to(sim, tmp_path / "home")) as provider:
        listed = [one async for page in provider.instances() for one in page.items]
        ours = {(one.scope, one.native_id): one for one in listed if one.noun == "obs"}
        theirs = {
            (name, one.instance): one
            for name in PROJECTS
            for one in api.list_instances(project_id(sim, name)).instances
        }
        assert set(ours) == set(theirs)
        for place, one in ours.items():
            other = theirs[place]
            assert (one.name, one.state_text, one.plan) == (
                other.name,
                other.status,
                other.plan_name,
            )
            users = api.list_credentials(one.native_id, project_id(sim, place[0])).credentials
            assert [
                (user.name, user.description) for user in await credentials_of(provider, one)
            ] == [(user.name, user.credentials_info["description"]) for user in users]


async def test_addresses_agree(sim: Simulator, sdk: Callable[[str], Any], tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path / "home")) as provider:
        prod = await find(provider, "obs-prod")
        ours = {one.value for one in await provider.details(prod)}
    detail = sdk("observability").get_instance(prod.native_id, project_id(sim))
    fields = detail.instance.to_dict().items()
    theirs = {value for name, value in fields if name.endswith("Url")} | {detail.dashboard_url}
    assert theirs <= ours
    assert len(theirs) > 10


async def test_accounts_and_keys_agree(
    sim: Simulator, sdk: Callable[[str], Any], tmp_path: Path
) -> None:
    api = sdk("service-account")
    async with connected(connection_to(sim, tmp_path / "home")) as provider:
        listed = [one async for page in provider.accounts() for one in page.items]
        ours = {(one.scope, one.native_id): one for one in listed}
        theirs = {
            (name, one.email): one
            for name in PROJECTS
            for one in api.list_service_accounts(project_id(sim, name)).items
        }
        assert set(ours) == set(theirs)
        for place, account in ours.items():
            assert (account.state_text == "internal") == theirs[place].internal
            rows = api.list_service_account_keys(project_id(sim, place[0]), place[1]).items
            keys = {str(key.id): key for key in await credentials_of(provider, account)}
            assert set(keys) == {str(row.id) for row in rows}
            for row in rows:
                key = keys[str(row.id)]
                facts = dict(key.facts)
                assert key.made_at == row.created_at.astimezone(UTC)
                assert key.ends_at == (row.valid_until and row.valid_until.astimezone(UTC))
                assert (key.state is CredentialState.ACTIVE) == row.active
                assert facts["algorithm"] == row.key_algorithm
                assert facts["origin"] == row.key_origin
                assert facts["managed"] == row.key_type


async def test_projects_agree(sim: Simulator, sdk: Callable[[str], Any], tmp_path: Path) -> None:
    connection = connection_to(sim, tmp_path / "home")
    assert isinstance(PROVIDER, Suggests)
    try:
        ours = await PROVIDER.suggest(connection, "project_id")
    finally:
        await connection.http.aclose()
    member = sim.world.stackit.key_of(may_write=True).identity.email
    theirs = sdk("resource-manager").list_projects(member=member).items
    assert {(one.value, one.label) for one in ours} == {
        (str(one.project_id), f"{one.name} ({one.container_id})") for one in theirs
    }
