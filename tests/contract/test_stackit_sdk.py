"""Our adapter and the vendor's own Python SDK see the same world and make the same things."""

from __future__ import annotations

import json
import os
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from simulator_fixtures import project_id, start_simulator
from stackit_connection import connected, connection_to, find, order
from tokentui.domain.jwt import claims, end_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tokentui.simulator.server import Simulator

# stackit-core 0.4.0 calls datetime.utcnow, which Python 3.12 warns about.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
HOUR = timedelta(hours=1)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
def sdk(sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give the SDK's client, signed in with the same key file as our adapter."""
    for name in [name for name in os.environ if name.startswith("STACKIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HOME", str(tmp_path))
    from stackit.core.configuration import Configuration
    from stackit.edge import DefaultApi

    connection_to(sim, tmp_path / "home")  # writes the key file
    api: Any = DefaultApi(
        Configuration(
            custom_endpoint=f"{sim.base_url}/stackit/edge",
            custom_token_endpoint=f"{sim.base_url}/stackit/service-account/token",
            service_account_key_path=str(tmp_path / "home" / "secrets" / "stackit-key.json"),
        )
    )
    yield api
    api.api_client.rest_client.session.auth.close()


async def test_lists_agree_field_by_field(sim: Simulator, sdk: Any, tmp_path: Path) -> None:  # noqa: ANN401
    async with connected(connection_to(sim, tmp_path / "home")) as provider:
        listed = [item async for page in provider.instances() for item in page.items]
    ours = [one for one in listed if one.noun == "edge"]
    theirs = {
        (project, region, one.id): one
        for project in ("ops-prod", "ops-dev")
        for region in ("eu01", "eu02")
        for one in sdk.list_instances(project_id(sim, project), region).instances
    }
    assert {(one.scope, one.region, one.native_id) for one in ours} == set(theirs)
    for one in ours:
        other = theirs[one.scope, one.region, one.native_id]
        assert one.name == other.display_name
        assert one.state_text == other.status
        assert one.plan == str(other.plan_id)
        assert one.description == (other.description or "")
        assert one.ui_url == other.frontend_url
        assert one.created_at == other.created.astimezone(UTC)


async def test_both_make_the_same_kind_of_token(sim: Simulator, sdk: Any, tmp_path: Path) -> None:  # noqa: ANN401
    async with connected(connection_to(sim, tmp_path / "home")) as provider:
        demo = await find(provider, "demo")
        issued = await provider.issue(await order(provider, "demo", "token", HOUR))
    other = sdk.get_token_by_instance_id(
        project_id(sim), "eu01", demo.native_id, expiration_seconds=3600
    ).token
    ours, theirs = claims(issued.secret.reveal()), claims(other)
    assert ours is not None
    assert theirs is not None
    assert {name: ours[name] for name in ("iss", "sub", "aud")} == {
        name: theirs[name] for name in ("iss", "sub", "aud")
    }
    assert issued.ends_at is not None
    their_end = end_of(other)
    assert their_end is not None
    assert abs(issued.ends_at - their_end) < timedelta(minutes=1)


async def test_both_make_the_same_kind_of_kubeconfig(
    sim: Simulator,
    sdk: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    async with connected(connection_to(sim, tmp_path / "home")) as provider:
        demo = await find(provider, "demo")
        issued = await provider.issue(await order(provider, "demo", "kubeconfig", HOUR))
    ours = json.loads(issued.secret.reveal())
    theirs = sdk.get_kubeconfig_by_instance_id(
        project_id(sim), "eu01", demo.native_id, expiration_seconds=3600
    ).kubeconfig
    for document in (ours, theirs):
        del document["users"][0]["user"]["token"]
    assert ours == theirs
